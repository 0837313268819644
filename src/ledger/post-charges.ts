/**
 * Charges sealed blocks: each billable line of each fact once under the current rates, then the entries that bring every
 * statement line to its rounded sum. One transaction a block, so a kill leaves a block charged or untouched (promise 6).
 */

import { chainEntries, type EntryDraft } from '../journal/entry.ts';
import { listBlockFacts } from '../journal/store.ts';
import type { App } from '../platform/app.ts';
import { type Tx, transaction } from '../platform/postgres/db.ts';
import { chargeFact } from './charge.ts';
import { findEntryHead, insertEntries } from './entry-store.ts';
import { listSettlements } from './invoice-store.ts';
import { draftPostings, type PostingOrigin, type RateVersion } from './statement.ts';
import {
  insertChargedBlock,
  insertCharges,
  listRateVersionRows,
  listUnchargedBlocks,
  lockLedger,
  reverseEarlierCharges,
} from './store.ts';
import { sumCharges, sumPosted } from './sum-store.ts';

export type PostedCharges = {
  /** Blocks charged by this call. */
  readonly blocks: number;
  readonly charges: number;
  readonly entries: number;
  /** Fact lines of those blocks that no rate prices; they cost nothing until a card prices them. */
  readonly unpriced: number;
};

/** Charges every sealed block that the current rates have not charged yet. Idempotent; without adopted rates it does nothing. */
export async function postCharges(
  app: Pick<App, 'pool' | 'clock'>,
  { campaign }: { campaign: string },
): Promise<PostedCharges> {
  const done = { blocks: 0, charges: 0, entries: 0, unpriced: 0 };
  const version = (await listRateVersionRows(app.pool, campaign)).at(-1);
  if (version === undefined) return done;
  for (const { block, wasCharged } of await listUnchargedBlocks(app.pool, campaign, version.id)) {
    const posted = await transaction(app.pool, (tx) =>
      chargeBlock(tx, { campaign, block, wasCharged, version, at: app.clock() }),
    );
    if (posted === null) continue;
    done.blocks += 1;
    done.charges += posted.charges;
    done.entries += posted.entries;
    done.unpriced += posted.unpriced;
  }
  return done;
}

type BlockToCharge = {
  campaign: string;
  block: number;
  wasCharged: boolean;
  version: RateVersion;
  at: Date;
};

/** Null when another run charged the block, or other rates were adopted, in the meantime. */
async function chargeBlock(
  tx: Tx,
  { campaign, block, wasCharged, version, at }: BlockToCharge,
): Promise<{ charges: number; entries: number; unpriced: number } | null> {
  await lockLedger(tx, campaign);
  const current = (await listRateVersionRows(tx, campaign)).at(-1);
  if (current?.id !== version.id) return null;
  const facts = await listBlockFacts(tx, campaign, block);
  const priced = facts.map((fact) => chargeFact(version.card, fact));
  const unpriced = priced.reduce((sum, item) => sum + item.unpriced.length, 0);
  const receipt = { campaignId: campaign, block, rateVersionId: version.id, unpricedLines: unpriced };
  if (!(await insertChargedBlock(tx, receipt))) return null;
  await reverseEarlierCharges(tx, receipt);
  const charges = await insertCharges(
    tx,
    campaign,
    version.id,
    priced.flatMap((item) => item.charges),
  );
  const lastAt = new Date(Math.max(...facts.map((fact) => fact.occurredAt.getTime())));
  const entries = await settleStatements(tx, campaign, {
    kind: wasCharged ? 'adjustment' : 'accrual',
    block,
    invoiceId: null,
    invoiceLineNo: null,
    at: lastAt,
    postedAt: at,
  });
  return { charges, entries, unpriced };
}

/** Posts what charges and settlements still ask for. The caller holds the ledger's lock. Returns how many entries it wrote. */
export async function settleStatements(
  tx: Tx,
  campaign: string,
  origin: PostingOrigin & { readonly postedAt: Date },
): Promise<number> {
  const state = {
    versions: await listRateVersionRows(tx, campaign),
    charges: await sumCharges(tx, campaign),
    posted: await sumPosted(tx, campaign),
    settlements: await listSettlements(tx, campaign),
  };
  return await appendEntries(tx, campaign, draftPostings(state, origin), origin.postedAt);
}

/** Appends drafts to the chain. The caller holds the ledger's lock. */
export async function appendEntries(
  tx: Tx,
  campaign: string,
  drafts: readonly EntryDraft[],
  postedAt: Date,
): Promise<number> {
  if (drafts.length === 0) return 0;
  const head = await findEntryHead(tx, campaign);
  await insertEntries(tx, chainEntries(campaign, head, drafts, postedAt));
  return drafts.length;
}
