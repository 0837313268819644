/**
 * Recomputes the journal of a bundle: the hash of each fact, of each block, the chain from its beginning to the head, and the
 * totals per driver that the snapshot must agree with.
 */
import { createInterface } from 'node:readline';
import { genesisHash, hashBlock } from '../../journal/chain.ts';
import { hashJson } from '../../kernel/canonical.ts';
import type { Report } from './bundle-problem.ts';
import {
  type BlockLine,
  blockLine,
  type DriverTotals,
  driverKey,
  factLine,
  readBody,
  type SealedFactLine,
  type SnapshotBody,
} from './journal-lines.ts';
import type { CheckedBag } from './verify-bag.ts';

export const BLOCKS_FILE = 'data/journal/blocks.ndjson';
export const FACTS_FILE = 'data/journal/facts.ndjson';

export type JournalCheck = {
  readonly head: BlockLine | null;
  /** The newest snapshot in the chain, with the block that sealed it. */
  readonly snapshot: { readonly block: number; readonly body: SnapshotBody } | null;
  /** Merkle roots of the list versions as their freezing recorded them. */
  readonly lists: ReadonlyMap<number, string>;
};

type Schema<T> = { safeParse(value: unknown): { success: true; data: T } | { success: false } };

/** The lines of a file through a schema; a line that is none is reported and ends the reading. */
async function* readLines<T>(bag: CheckedBag, file: string, schema: Schema<T>, report: Report): AsyncGenerator<T> {
  let number = 0;
  for await (const line of createInterface({ input: await bag.open(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const parsed = schema.safeParse(parseJson(line));
    if (!parsed.success) {
      report('JOURNAL_INVALID', file, { word: 'evidence.detail.line', params: { line: number } });
      return;
    }
    yield parsed.data;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Walks the whole chain once. */
export async function verifyJournal(bag: CheckedBag, report: Report): Promise<JournalCheck> {
  const blocks: BlockLine[] = [];
  for await (const block of readLines(bag, BLOCKS_FILE, blockLine, report)) blocks.push(block);
  checkLinks(blocks, bag.info.get('Owabi-Campaign') ?? '', report);

  let snapshot: JournalCheck['snapshot'] = null;
  const lists = new Map<number, string>();
  let at = 0;
  let hashes: string[] = [];
  const finishBlock = () => {
    const block = blocks[at];
    if (block !== undefined) checkBlock(block, hashes, report);
    at += 1;
    hashes = [];
  };
  for await (const line of readLines(bag, FACTS_FILE, factLine, report)) {
    while (at < blocks.length && blocks[at]?.number !== line.block) finishBlock();
    if (at >= blocks.length || line.ordinal !== hashes.length) {
      report('CHAIN_BROKEN', FACTS_FILE, { word: 'evidence.detail.factPlace', params: { fact: line.fact.id } });
      return { head: blocks.at(-1) ?? null, snapshot, lists };
    }
    checkFact(line, bag.info.get('Owabi-Campaign') ?? '', report);
    hashes.push(line.hash);
    const frozen = line.fact.kind === 'list.frozen' ? readBody('list.frozen', line.fact.body) : null;
    if (frozen) lists.set(frozen.version, frozen.sha256);
    if (line.fact.kind !== 'evidence.snapshot_taken') continue;
    const body = readBody('evidence.snapshot_taken', line.fact.body);
    if (body) snapshot = { block: line.block, body };
    else report('JOURNAL_INVALID', FACTS_FILE, { word: 'evidence.detail.snapshotIn', params: { block: line.block } });
  }
  while (at < blocks.length) finishBlock();
  checkHead(bag, blocks, report);
  return { head: blocks.at(-1) ?? null, snapshot, lists };
}

function checkLinks(blocks: readonly BlockLine[], campaignId: string, report: Report): void {
  let previous = genesisHash(campaignId);
  for (const [at, block] of blocks.entries()) {
    if (block.number !== at + 1 || block.previousHash !== previous || block.campaignId !== campaignId) {
      report('CHAIN_BROKEN', BLOCKS_FILE, { word: 'evidence.detail.blockLink', params: { block: block.number } });
      return;
    }
    previous = block.hash;
  }
}

function checkFact(line: SealedFactLine, campaignId: string, report: Report): void {
  if (line.fact.campaignId !== campaignId || hashJson(line.fact) !== line.hash) {
    report('FACT_HASH_WRONG', FACTS_FILE, {
      word: 'evidence.detail.factHash',
      params: { fact: line.fact.id, block: line.block },
    });
  }
}

function checkBlock(block: BlockLine, factHashes: readonly string[], report: Report): void {
  const hash = hashBlock({ ...block, sealedAt: new Date(block.sealedAt), factHashes });
  if (hash !== block.hash || factHashes.length !== block.factCount) {
    report('BLOCK_HASH_WRONG', BLOCKS_FILE, { word: 'evidence.detail.blockHash', params: { block: block.number } });
  }
}

function checkHead(bag: CheckedBag, blocks: readonly BlockLine[], report: Report): void {
  const head = blocks.at(-1);
  const isHead =
    head !== undefined &&
    bag.info.get('Owabi-Head-Hash') === head.hash &&
    bag.info.get('Owabi-Block') === String(head.number);
  if (!isHead) report('HEAD_WRONG', BLOCKS_FILE, { word: 'evidence.detail.head' });
}

export type CoveredFact = SealedFactLine['fact'];

/** What the facts that the snapshot covers add up to, in one pass: totals per driver, and the facts that tables repeat one by one. */
export async function readCovered(
  bag: CheckedBag,
  body: SnapshotBody,
  { kinds }: { kinds: ReadonlySet<string> },
  report: Report,
): Promise<{ totals: DriverTotals; facts: readonly CoveredFact[] }> {
  const alsoCovered = new Set(body.covered.facts);
  const totals: DriverTotals = new Map();
  const facts: CoveredFact[] = [];
  for await (const { block, fact } of readLines(bag, FACTS_FILE, factLine, report)) {
    if (block > body.covered.block && !alsoCovered.has(fact.id)) continue;
    if (kinds.has(fact.kind)) facts.push(fact);
    for (const line of fact.lines) {
      const key = driverKey(line.driver, line.attributes);
      totals.set(key, (totals.get(key) ?? 0) + line.count);
    }
  }
  return { totals, facts };
}
