/** The ledger as it is read: every entry in the order of its chain, and totals that agree from any direction. */

import type { Entry } from '../journal/entry.ts';
import type { SealedReader } from '../platform/app.ts';
import { listEntryRows } from './entry-store.ts';
import { listRateVersionRows } from './store.ts';

/** An entry as `--json`, bundles and tables show it. Yen are whole; `unitPrice` is exact text. */
export type LedgerEntry = {
  readonly sequence: number;
  readonly kind: Entry['kind'];
  readonly serviceDate: string;
  readonly category: string;
  readonly vendor: string;
  readonly description: string;
  readonly driver: string | null;
  readonly quantity: number | null;
  readonly unitPrice: string | null;
  readonly netYen: number;
  readonly taxYen: number;
  readonly grossYen: number;
  readonly rateId: string | null;
  readonly rateVersion: number | null;
  readonly block: number | null;
  readonly invoiceId: string | null;
  readonly invoiceLineNo: number | null;
  readonly postedAt: string;
  readonly previousHash: string;
  readonly hash: string;
};

/** Whole yen, gross. total = openAccrual + invoiced = the sum of all entries. */
export type LedgerTotals = {
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
  /** Costs that events caused and no invoice has replaced yet: a forecast, never claimed. */
  readonly openAccrual: number;
  /** Credit notes taken off. */
  readonly invoiced: number;
};

export type Ledger = {
  readonly entries: readonly LedgerEntry[];
  /** The gross sum of all entries. */
  readonly total: number;
  readonly totals: LedgerTotals;
};

/** Every entry of the campaign (its uuid). */
export async function listEntries(
  app: Pick<SealedReader, 'pool'>,
  { campaign }: { campaign: string },
): Promise<Ledger> {
  const rows = await listEntryRows(app.pool, campaign);
  const versions = new Map(
    (await listRateVersionRows(app.pool, campaign)).map((version) => [version.id, version.number]),
  );
  const entries = rows.map((entry) => toLedgerEntry(entry, versions));
  const totals = sumEntries(entries);
  return { entries, total: totals.gross, totals };
}

/** The chained entries with all that their hashes cover, for the evidence. */
export async function exportEntries(app: Pick<SealedReader, 'pool'>, campaign: string): Promise<Entry[]> {
  return await listEntryRows(app.pool, campaign);
}

export function sumEntries(
  entries: readonly Pick<LedgerEntry, 'kind' | 'netYen' | 'taxYen' | 'grossYen'>[],
): LedgerTotals {
  const sum = (kinds: readonly string[] | null, key: 'netYen' | 'taxYen' | 'grossYen' = 'grossYen') =>
    entries.filter((entry) => kinds?.includes(entry.kind) ?? true).reduce((total, entry) => total + entry[key], 0);
  return {
    net: sum(null, 'netYen'),
    tax: sum(null, 'taxYen'),
    gross: sum(null),
    openAccrual: sum(['accrual', 'adjustment', 'reversal']),
    invoiced: sum(['invoice']),
  };
}

function toLedgerEntry(entry: Entry, versions: ReadonlyMap<string, number>): LedgerEntry {
  return {
    sequence: entry.sequence,
    kind: entry.kind,
    serviceDate: entry.serviceDate,
    category: entry.category,
    vendor: entry.vendor,
    description: entry.description,
    driver: entry.driver,
    quantity: entry.quantity === null ? null : Number(entry.quantity),
    unitPrice: entry.unitPrice,
    netYen: Number(entry.netYen),
    taxYen: Number(entry.taxYen),
    grossYen: Number(entry.grossYen),
    rateId: entry.rateId,
    rateVersion: entry.rateVersionId === null ? null : (versions.get(entry.rateVersionId) ?? null),
    block: entry.block,
    invoiceId: entry.invoiceId,
    invoiceLineNo: entry.invoiceLineNo,
    postedAt: entry.postedAt.toISOString(),
    previousHash: entry.previousHash,
    hash: entry.hash,
  };
}
