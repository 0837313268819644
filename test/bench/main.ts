/**
 * `npm run bench` lists the cases; `npm run bench -- CASE [--size N] [--json]` runs one. Each figure is a ratio against a peer
 * that is measured in the same run on the same machine, so that it holds when the machine's speed drifts.
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { intakeCase } from './intake.ts';
import { lettersCase } from './letters.ts';
import { mailCase } from './mail.ts';
import { statusCase } from './status.ts';
import { verifyCase } from './verify.ts';

/** What a case measures: rates in its unit, higher is better; the first peer is the one of the ratio. */
export type Measured = {
  readonly ours: number;
  readonly peers: readonly { readonly name: string; readonly value: number }[];
  readonly peakMemoryMb?: number;
  /** Times behind the rates, by what was timed. */
  readonly milliseconds?: Readonly<Record<string, number>>;
};

export type BenchCase = {
  readonly name: string;
  readonly unit: string;
  readonly defaultSize: number;
  readonly run: (size: number) => Promise<Measured>;
};

const cases: readonly BenchCase[] = [lettersCase, mailCase, intakeCase, verifyCase, statusCase];
const EXIT_USAGE = 2;

const round = (value: number) => Math.round(value * 100) / 100;
const print = (text: string) => process.stdout.write(`${text}\n`);

async function main(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { size: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [name] = positionals;
  if (name === undefined) {
    for (const { name, unit, defaultSize } of cases)
      print(`${name.padEnd(10)} ${unit.padEnd(10)} --size ${defaultSize}`);
    print('\nnpm run bench -- CASE [--size N] [--json]');
    return 0;
  }
  const chosen = cases.find((found) => found.name === name);
  const size = values.size === undefined ? chosen?.defaultSize : Number(values.size);
  if (!chosen || size === undefined || !Number.isInteger(size) || size < 1) {
    process.stderr.write(`no such case or size; cases: ${cases.map((found) => found.name).join(', ')}\n`);
    return EXIT_USAGE;
  }
  const {
    ours,
    peers,
    milliseconds,
    peakMemoryMb = Math.round(process.resourceUsage().maxRSS / 1024),
  } = await chosen.run(size);
  const result = {
    case: chosen.name,
    size,
    unit: chosen.unit,
    ours: round(ours),
    peers: peers.map((peer) => ({ name: peer.name, value: round(peer.value) })),
    ratio: round(ours / (peers[0]?.value ?? Number.NaN)),
    ...(milliseconds === undefined
      ? {}
      : { milliseconds: Object.fromEntries(Object.entries(milliseconds).map(([what, ms]) => [what, round(ms)])) }),
    peakMemoryMb,
  };
  if (values.json) {
    print(JSON.stringify(result));
    return 0;
  }
  print(
    `${result.case} (${size}), ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node.js ${process.version}`,
  );
  print(`  ours  ${result.ours} ${result.unit}`);
  for (const peer of result.peers)
    print(`  peer  ${peer.value} ${result.unit}  ${peer.name}  (ours is ${round(ours / peer.value)} ×)`);
  for (const [what, ms] of Object.entries(milliseconds ?? {})) print(`  ${what}  ${round(ms)} ms`);
  print(`  peak memory ${peakMemoryMb} MB`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
