/** SQL of what is held of a consent: one guarded update each, whose events recompute the counters. */
import { z } from 'zod';
import type { CostCategory } from '../../kernel/cost-category.ts';
import { type Db, execute, int8, row, rows, type Sql, sql, type Tx } from '../../platform/postgres/db.ts';

export type HoldRequest = {
  campaignId: string;
  category: CostCategory;
  vendor: string | null;
  quantity: number;
  yen: number;
  unitPriceYen: number | null;
  on: string;
  mustBeWritten: boolean;
};

/** Consents that might cover the request, those that end first in front; `holdOn` decides. */
export async function listCandidateIds(tx: Tx, request: HoldRequest): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ id: z.string() }),
    sql`select id from campaign.consent
        where campaign_id = ${request.campaignId} and category = ${request.category}
          and answer in ('granted', 'granted_with_conditions')
        order by valid_to nulls last, created_at, id`,
  );
  return found.map((one) => one.id);
}

/**
 * The hold itself: one guarded update. Whoever comes second waits for the row and is then measured against what the first
 * one left; no row, no card.
 */
export async function holdOn(tx: Tx, consentId: string, request: HoldRequest): Promise<boolean> {
  const { quantity, yen } = request;
  const changed = await execute(
    tx,
    sql`update campaign.consent set held_quantity = held_quantity + ${quantity}, held_yen = held_yen + ${yen}
        where id = ${consentId} and ${covers(request)}`,
  );
  return changed === 1;
}

/** How many pieces at the request's unit price one single consent would cover at this moment; nothing is held by asking. */
export async function countRoom(db: Db, request: HoldRequest): Promise<number> {
  const one = { ...request, quantity: 1, yen: request.unitPriceYen ?? 0 };
  const found = await row(
    db,
    z.object({ room: int8.nullable() }),
    sql`select max(least(quantity_cap - held_quantity, (amount_cap_yen - held_yen) / nullif(${one.yen}::bigint, 0), ${request.quantity}::bigint)) as room
        from campaign.consent
        where campaign_id = ${request.campaignId} and category = ${request.category} and ${covers(one)}`,
  );
  return found.room ?? 0;
}

/** SQL condition: this consent covers the request with what is not held yet. */
function covers({ quantity, yen, unitPriceYen, vendor, on, mustBeWritten }: HoldRequest): Sql {
  return sql`answer in ('granted', 'granted_with_conditions')
          and (valid_to is null or valid_to >= ${on}::date)
          and (vendor is null or vendor = ${vendor}::text)
          and (not ${mustBeWritten}::boolean or form = 'written')
          and (unit_price_cap_yen is null or (${unitPriceYen}::bigint is not null and ${unitPriceYen}::bigint <= unit_price_cap_yen))
          and (quantity_cap is null or held_quantity + ${quantity}::bigint <= quantity_cap)
          and (amount_cap_yen is null or held_yen + ${yen}::bigint <= amount_cap_yen)`;
}

/** False when less than that is held. */
export async function releaseFrom(
  tx: Tx,
  campaignId: string,
  consentId: string,
  quantity: number,
  yen: number,
): Promise<boolean> {
  const changed = await execute(
    tx,
    sql`update campaign.consent set held_quantity = held_quantity - ${quantity}, held_yen = held_yen - ${yen}
        where campaign_id = ${campaignId} and id = ${consentId} and held_quantity >= ${quantity}::bigint and held_yen >= ${yen}::bigint`,
  );
  return changed === 1;
}
