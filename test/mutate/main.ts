/**
 * `npm run mutate`: makes one small thing wrong at a time in the pure nouns and asks the tests whether they notice. Prints each
 * mutant that survives, then the part noticed per file and over all; ends with 1 when that is less than the house asks for.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { draw } from './draw.ts';
import { createMutantRunner, type MutantRunner } from './mutant-runner.ts';
import { listMutations, type Mutation, mutate } from './mutation.ts';
import { listNouns, type Noun } from './noun.ts';

/** Which part of the mutants must be noticed, over all and in the nouns where a fault costs money or hides a loss. */
const FLOOR_OVER_ALL = 0.85;
const FLOOR = 0.8;
const floors: Readonly<Record<string, RegExp>> = {
  claim: /^src\/ledger\/(claim|round-claim|corporation-limit)\.ts$/,
  'eligible-cost': /^src\/ledger\/eligible-cost\.ts$/,
  statement: /^src\/ledger\/statement\.ts$/,
  'next-step': /^src\/delivery\/next-step\.ts$/,
  'mail-outcome': /^src\/delivery\/mail\/mail-outcome\.ts$/,
  verify: /^src\/evidence\/verify\//,
};

/** A mutant's tests may take so many times as long as without it; what takes longer does not end. */
const PATIENCE = 3;
const LEAST_LIMIT_MS = 10_000;
/** The first run of a test also starts vitest and reads every source. */
const START_LIMIT_MS = 120_000;

type Score = { readonly file: string; readonly all: number; readonly drawn: number; readonly noticed: number };

const root = process.cwd();
const print = (text: string) => process.stdout.write(`${text}\n`);
const percent = (part: number) => `${(part * 100).toFixed(1)} %`;

async function main(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { seed: { type: 'string' }, count: { type: 'string', default: '8' } },
  });
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
  const count = Number(values.count);
  const nouns = listNouns(root).filter(({ file }) => isChosen(file, positionals));
  if (!Number.isInteger(seed) || !Number.isInteger(count) || count < 1 || nouns.length === 0) {
    print(
      'npm run mutate -- [NOUN …] [--seed N] [--count N]: at most N mutants of each file whose path holds one of the words',
    );
    return 2;
  }
  print(`seed ${seed}, at most ${count} mutants of a file`);
  const startedAt = Date.now();
  const runner = createMutantRunner(root);
  const scores: Score[] = [];
  try {
    for (const noun of nouns) {
      const score = await scoreOf(noun, { seed, count, runner });
      if (score !== null) scores.push(score);
    }
  } finally {
    runner.close();
  }
  return report(scores, Date.now() - startedAt);
}

const isChosen = (file: string, words: readonly string[]) =>
  words.length === 0 || words.some((word) => floors[word]?.test(file) ?? file.includes(word));

/** Runs the file's drawn mutants; null when there is nothing in it that could be wrong. */
async function scoreOf(
  noun: Noun,
  { seed, count, runner }: { seed: number; count: number; runner: MutantRunner },
): Promise<Score | null> {
  const path = join(root, noun.file);
  const source = readFileSync(path, 'utf8');
  const mutations = listMutations(source);
  if (mutations.length === 0) return null;
  const drawn = draw(mutations, count, seed, noun.file);
  const direct = await quickestFirst(noun.tests.direct, runner);
  const indirect = await quickestFirst(noun.tests.indirect, runner);
  // The quickest alone, because it mostly tells; the others together, because each start of a run costs as much as a test.
  const [first, ...others] = [...direct, ...indirect].map(({ test }) => test);
  const tests = [first === undefined ? [] : [first], others].filter((group) => group.length > 0);
  if (tests.length === 0) {
    print(`${noun.file}  no test reaches it`);
    return { file: noun.file, all: mutations.length, drawn: drawn.length, noticed: 0 };
  }
  const usualMs = [...direct, ...indirect].reduce((sum, { ms }) => sum + ms, 0);
  const limitMs = Math.max(LEAST_LIMIT_MS, PATIENCE * usualMs);
  const broken = await runner.run({ file: path, text: "throw new Error('mutant');\n", tests }, limitMs);
  if (broken.noticedBy === null) throw new Error(`the tests of ${noun.file} do not load it`);
  let noticed = 0;
  for (const mutation of drawn) {
    const answer = await runner.run({ file: path, text: mutate(source, mutation), tests }, limitMs);
    if (answer.noticedBy === null) print(survivorLine(noun.file, source, mutation));
    else noticed++;
  }
  return { file: noun.file, all: mutations.length, drawn: drawn.length, noticed };
}

/** How long each test takes by itself, with nothing wrong; measured once. */
const usualMsOf = new Map<string, number>();

async function quickestFirst(tests: readonly string[], runner: MutantRunner): Promise<{ test: string; ms: number }[]> {
  for (const test of tests.filter((each) => !usualMsOf.has(each))) {
    const startedAt = Date.now();
    const { noticedBy } = await runner.run({ file: '', text: null, tests: [[test]] }, START_LIMIT_MS);
    if (noticedBy !== null) throw new Error(`${test} fails without a mutant: ${noticedBy}`);
    usualMsOf.set(test, Date.now() - startedAt);
  }
  return tests.map((test) => ({ test, ms: usualMsOf.get(test) ?? 0 })).sort((a, b) => a.ms - b.ms);
}

function survivorLine(file: string, source: string, { kind, line, start, end, text }: Mutation): string {
  const short = (words: string) => words.replaceAll(/\s+/g, ' ').replace(/^(.{70}).+$/, '$1…');
  return `survives  ${file}:${line}  ${kind}: ${short(source.slice(start, end))}  →  ${short(text)}`;
}

/** Each file stands for all its mutants, not only for those drawn: a long file weighs more than a short one. */
function partNoticed(scores: readonly Score[]): number {
  const all = scores.reduce((sum, score) => sum + score.all, 0);
  return scores.reduce((sum, score) => sum + (score.noticed / score.drawn) * score.all, 0) / all;
}

function report(scores: readonly Score[], tookMs: number): number {
  print('');
  for (const score of scores)
    print(
      `${percent(score.noticed / score.drawn).padStart(8)}  ${score.noticed}/${score.drawn} of ${score.all}  ${score.file}`,
    );
  print('');
  const low: string[] = [];
  const judge = (name: string, group: readonly Score[], floor: number) => {
    if (group.length === 0) return;
    const part = partNoticed(group);
    const drawn = group.reduce((sum, score) => sum + score.drawn, 0);
    print(`${percent(part).padStart(8)}  ${name} (${drawn} mutants, at least ${percent(floor)})`);
    if (part < floor) low.push(name);
  };
  for (const [name, files] of Object.entries(floors))
    judge(
      name,
      scores.filter(({ file }) => files.test(file)),
      FLOOR,
    );
  judge('over all', scores, FLOOR_OVER_ALL);
  print(`${Math.round(tookMs / 1000)} s`);
  return low.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
