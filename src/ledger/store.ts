/** SQL of rate versions and charges. Entries and invoices have stores of their own. */
import { z } from 'zod';
import { canonicalJson } from '../kernel/canonical.ts';
import { type Db, execute, instant, int8, row, rows, sql, type Tx } from '../platform/postgres/db.ts';
import { lockUntilCommit } from '../platform/postgres/locks.ts';
import type { Charge } from './charge.ts';
import { readRateVersion } from './rate-card.ts';
import type { RateVersion } from './statement.ts';

/** One writer of a campaign's ledger at a time, until the transaction ends. */
export async function lockLedger(tx: Tx, campaignId: string): Promise<void> {
  await lockUntilCommit(tx, { lock: 'ledger', campaignId });
}

const versionRow = z
  .object({
    id: z.string(),
    number: z.number().int(),
    sha256: z.string(),
    card: z.unknown().transform(readRateVersion),
    adopted_at: instant,
  })
  .transform(
    (found): RateVersion => ({
      id: found.id,
      number: found.number,
      sha256: found.sha256,
      card: found.card,
      adoptedAt: found.adopted_at,
    }),
  );

/** Every rate version of the campaign, oldest first; the last one counts. */
export async function listRateVersionRows(db: Db, campaignId: string): Promise<RateVersion[]> {
  return await rows(
    db,
    versionRow,
    sql`select id, number, sha256, card, adopted_at from ledger.rate_version where campaign_id = ${campaignId} order by number`,
  );
}

export async function insertRateVersion(
  tx: Tx,
  version: RateVersion & { campaignId: string; factId: string },
): Promise<void> {
  await execute(
    tx,
    sql`insert into ledger.rate_version (id, campaign_id, number, card_id, sha256, card, adopted_at, fact_id)
        values (${version.id}, ${version.campaignId}, ${version.number}, ${version.card.id}, ${version.sha256},
          ${canonicalJson(version.card)}, ${version.adoptedAt}, ${version.factId})`,
  );
}

const lastCharged = (of: { campaignId: string; rateVersionId: string }) => sql`(select coalesce(max(block), 0)
  from ledger.charged_block where campaign_id = ${of.campaignId} and rate_version_id = ${of.rateVersionId})`;

/** Sealed blocks that are not charged under the version yet, in order; `wasCharged` under an earlier one. */
export async function listUnchargedBlocks(
  db: Db,
  campaignId: string,
  rateVersionId: string,
): Promise<{ block: number; wasCharged: boolean }[]> {
  const schema = z.object({ block: z.number().int(), was_charged: z.boolean() });
  const found = await rows(
    db,
    schema,
    sql`select b.number as block,
          exists (select 1 from ledger.charged_block o where o.campaign_id = b.campaign_id and o.block = b.number) as was_charged
        from journal.block b
        where b.campaign_id = ${campaignId} and b.number > ${lastCharged({ campaignId, rateVersionId })}
        order by b.number`,
  );
  return found.map((item) => ({ block: item.block, wasCharged: item.was_charged }));
}

/** The last block charged under the newest rates, and how many are: the same number, because they are charged in order. */
export async function countChargedBlocks(db: Db, campaignId: string): Promise<{ last: number; charged: number }> {
  return await row(
    db,
    z.object({ last: z.number().int(), charged: int8 }),
    sql`select coalesce(max(block), 0) as last, count(*) as charged from ledger.charged_block where campaign_id = ${campaignId}
          and rate_version_id = (select id from ledger.rate_version where campaign_id = ${campaignId} order by number desc limit 1)`,
  );
}

/** Blocks in which this version left a line unpriced. */
export async function listUnpricedBlocks(db: Db, campaignId: string, rateVersionId: string): Promise<number[]> {
  const found = await rows(
    db,
    z.object({ block: z.number().int() }),
    sql`select block from ledger.charged_block
        where campaign_id = ${campaignId} and rate_version_id = ${rateVersionId} and unpriced_lines > 0 order by block`,
  );
  return found.map((item) => item.block);
}

/** Writes the block's receipt; false when another run was faster, or a block before it is not charged yet: none is ever left out. */
export async function insertChargedBlock(
  tx: Tx,
  receipt: { campaignId: string; block: number; rateVersionId: string; unpricedLines: number },
): Promise<boolean> {
  const inserted = await execute(
    tx,
    sql`insert into ledger.charged_block (campaign_id, block, rate_version_id, unpriced_lines)
        select ${receipt.campaignId}, ${receipt.block}::int, ${receipt.rateVersionId}, ${receipt.unpricedLines}
        where ${receipt.block}::int = ${lastCharged(receipt)} + 1 on conflict do nothing`,
  );
  return inserted === 1;
}

/** Charges lines of facts, each once; returns how many were new. */
export async function insertCharges(
  tx: Tx,
  campaignId: string,
  rateVersionId: string,
  charges: readonly Charge[],
): Promise<number> {
  if (charges.length === 0) return 0;
  return await execute(
    tx,
    sql`insert into ledger.charge (campaign_id, fact_id, line_no, rate_version_id, rate_id, quantity, exact_amount)
        select ${campaignId}, f, l, ${rateVersionId}, r, q, e
        from unnest(${charges.map((c) => c.factId)}::bigint[], ${charges.map((c) => c.lineNo)}::integer[],
          ${charges.map((c) => c.rateId)}::text[], ${charges.map((c) => String(c.quantity))}::bigint[],
          ${charges.map((c) => String(c.exact))}::bigint[]) as u(f, l, r, q, e)
        on conflict on constraint charge_once do nothing`,
  );
}

/** Takes back, once, what earlier rate versions charged for the facts of a block. */
export async function reverseEarlierCharges(
  tx: Tx,
  place: { campaignId: string; block: number; rateVersionId: string },
): Promise<number> {
  return await execute(
    tx,
    sql`insert into ledger.charge (campaign_id, fact_id, line_no, rate_version_id, rate_id, is_reversal, quantity, exact_amount)
        select c.campaign_id, c.fact_id, c.line_no, c.rate_version_id, c.rate_id, true, -c.quantity, -c.exact_amount
        from ledger.charge c join journal.block_fact b on b.fact_id = c.fact_id
        where b.campaign_id = ${place.campaignId} and b.block = ${place.block} and c.campaign_id = ${place.campaignId}
          and c.rate_version_id <> ${place.rateVersionId} and not c.is_reversal
        on conflict on constraint charge_once do nothing`,
  );
}
