/** A bundle for tests and benchmarks, built from a journal and files that only live in memory; no database. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { BundleContents } from '../../src/evidence/bundle/bundle-contents.ts';
import { writeBundle } from '../../src/evidence/bundle/write-bundle.ts';
import type { SealedFact } from '../../src/evidence/verify/journal-lines.ts';
import { ledgerColumns, ledgerRow } from '../../src/evidence/verify/ledger-table.ts';
import { formatCsvTable } from '../../src/evidence/verify/table.ts';
import { type Block, genesisHash, hashBlock } from '../../src/journal/chain.ts';
import { chainEntries, type Entry, hashEntry } from '../../src/journal/entry.ts';
import { type Fact, hashEvents, hashFact } from '../../src/journal/fact.ts';
import type { FactKind } from '../../src/journal/facts/fact-kind.ts';
import { sha256Hex } from '../../src/kernel/canonical.ts';
import { merkleRoot } from '../../src/platform/crypto/merkle.ts';
import type { SigningKey } from '../../src/platform/crypto/sign.ts';

export const CAMPAIGN_ID = '01935b3a-0000-7000-8000-000000000001';

export type SampleOptions = {
  readonly signing: SigningKey;
  /** Mails accepted, ten per fact. */
  readonly people?: number;
  readonly files?: Readonly<Record<string, string>>;
  readonly recipient?: string;
  /** More facts of the first block. */
  readonly facts?: readonly { readonly kind: FactKind; readonly over: Partial<Fact> }[];
};

function makeFact(id: number, kind: string, over: Partial<Fact> = {}): Fact {
  const at = new Date(Date.UTC(2026, 10, 21, 0, 0, id % 60));
  return {
    id,
    campaignId: CAMPAIGN_ID,
    kind: kind as FactKind,
    occurredAt: at,
    recordedAt: at,
    actorId: null,
    lines: [],
    personsFirst: 0,
    eventCount: 0,
    eventsSha256: hashEvents([]),
    body: {},
    reverses: null,
    ...over,
  };
}

function seal(facts: readonly Fact[], previous: Block | null): { block: Block; sealed: SealedFact[] } {
  const number = (previous?.number ?? 0) + 1;
  const sealed = facts.map((fact, ordinal) => ({ block: number, ordinal, hash: hashFact(fact), fact }));
  const place = {
    campaignId: CAMPAIGN_ID,
    number,
    previousHash: previous?.hash ?? genesisHash(CAMPAIGN_ID),
    sealedAt: new Date(Date.UTC(2026, 10, 21, 1, number)),
  };
  const hash = hashBlock({ ...place, factHashes: sealed.map((fact) => fact.hash) });
  return { block: { ...place, hash, factCount: facts.length }, sealed };
}

const PER_FACT = 10;

/** Contents of a small but complete bundle: `people` mails in one wave, all told. */
export async function sampleContents({
  signing,
  people = 40,
  files = {},
  recipient,
  facts = [],
}: SampleOptions): Promise<BundleContents> {
  const mails = Array.from({ length: Math.ceil(people / PER_FACT) }, (_, n) =>
    makeFact(n + 1, 'mails.accepted', {
      lines: [{ driver: 'mail.accepted', attributes: {}, count: Math.min(PER_FACT, people - n * PER_FACT) }],
      personsFirst: PER_FACT,
      eventCount: PER_FACT,
    }),
  );
  const leaves = Array.from({ length: people }, (_, n) => Buffer.from(sha256Hex(`salted leaf ${n}`), 'hex'));
  const { root, count } = await merkleRoot(leaves);
  const frozen = makeFact(mails.length + 1, 'list.frozen', {
    body: { version: 1, people, sha256: root, roster: { rows: people, people, merged: 0, rejected: 0, open: 0 } },
  });
  const more = facts.map(({ kind, over }, n) => makeFact(mails.length + 3 + n, kind, over));
  const first = seal([...mails, frozen, ...more], null);
  const all = { ...(await sampleFiles(people, { root, count })), ...files };
  const parts = Object.entries(all).map(([path, text]) => ({
    path,
    bytes: Buffer.byteLength(text),
    sha256: sha256Hex(text),
  }));
  const snapshot = makeFact(mails.length + 2, 'evidence.snapshot_taken', {
    body: { format: 1, covered: { block: first.block.number, facts: [] }, parts },
  });
  const second = seal([snapshot], first.block);
  return {
    campaign: { id: CAMPAIGN_ID, slug: 'sample', client: '株式会社サンプル' },
    block: second.block,
    snapshotBlock: second.block.number,
    audience: 'insurer',
    isFinal: false,
    recipient: recipient ?? null,
    files: Object.entries(all).map(([path, text]) => ({ path, open: () => [text] })),
    people: { count, root },
    blocks: () => [first.block, second.block],
    facts: () => [...first.sealed, ...second.sealed],
    signing,
    software: 'Owabi test',
  };
}

async function sampleFiles(people: number, list: { root: string; count: number }): Promise<Record<string, string>> {
  const columns = ['driver', 'attributes', 'count'].map((key) => ({ key, ja: key, en: key, kind: 'text' as const }));
  let totals = '';
  for await (const chunk of formatCsvTable(columns, [['mail.accepted', '{}', people]])) totals += chunk;
  const wave = {
    id: 'email',
    channel: 'email',
    total: people,
    handedOver: people,
    failed: 0,
    excluded: 0,
    uncertain: 0,
    pending: 0,
  };
  const amounts = { incurred: 12_150_000, eligible: 12_150_000, payable: 10_000_000, uncovered: 2_150_000 };
  const reasons = [
    { code: 'deductible', yen: 100_000 },
    { code: 'ratio', yen: 1_205_000 },
    { code: 'limit', yen: 845_000 },
  ];
  return {
    'data/accounting.json': JSON.stringify({
      roster: { rows: people + 2, people, merged: 1, rejected: 1, open: 0 },
      waves: [wave],
      persons: { total: people, told: people, underway: 0, substitute: 0, excluded: 0, undecided: 0 },
    }),
    'data/claim.json': JSON.stringify({
      categories: [{ category: 'CALL_CENTER', label: '', ...amounts, reasons }],
      total: amounts,
    }),
    'data/ledger.csv': await sampleLedger(12_150_000n),
    'data/people/merkle.json': JSON.stringify({ version: 1, ...list }),
    'data/totals.csv': totals,
  };
}

/** One invoice line a record, chained: its yen, or what is different in it. */
export async function sampleLedger(...lines: readonly (bigint | Partial<Entry>)[]): Promise<string> {
  const drafts = lines.map((line) => ({
    kind: 'invoice' as const,
    category: 'CALL_CENTER' as const,
    vendor: '=サンプル',
    description: 'コールセンター',
    driver: null,
    rateVersionId: null,
    rateId: null,
    block: null,
    invoiceId: null,
    invoiceLineNo: null,
    factId: null,
    serviceDate: '2026-11-01',
    quantity: 1n,
    unitPrice: '100.5',
    exactAmount: null,
    netYen: typeof line === 'bigint' ? line : 0n,
    taxYen: 0n,
    grossYen: typeof line === 'bigint' ? line : 0n,
    ...(typeof line === 'bigint' ? {} : line),
  }));
  // chainEntries draws random ids; fixed ones keep two builds equal. What a line changes of its place is hashed as it says.
  const entries: Entry[] = [];
  for (const [at, draft] of drafts.entries()) {
    const last = entries.at(-1);
    const [chained] = chainEntries(CAMPAIGN_ID, last ?? null, [draft], new Date(0));
    const line = lines[at];
    const fixed = { ...(chained as Entry), id: `entry-${at + 1}`, ...(typeof line === 'bigint' ? {} : line) };
    entries.push({ ...fixed, hash: hashEntry(fixed) });
  }
  let text = '';
  for await (const chunk of formatCsvTable(ledgerColumns, entries.map(ledgerRow))) text += chunk;
  return text;
}

export async function writeBundleFile(contents: BundleContents, path: string): Promise<{ files: number }> {
  const { stream, done } = writeBundle(contents);
  await pipeline(stream, createWriteStream(path));
  return await done;
}
