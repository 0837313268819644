/**
 * SQL of the ledger's sums: charges by rate, and what entries say by statement line. Both are counters that the transactions keep
 * which charge and post; the rows themselves are summed for recounts only.
 */
import { z } from 'zod';
import { costCategorySchema } from '../campaign/policy/policy-terms.ts';
import { big, type Db, int8, rows, sql } from '../platform/postgres/db.ts';
import type { Tally } from '../platform/postgres/tally.ts';
import { type ChargeSum, type PostedSum, statementSides } from './statement.ts';

/** Charges come before the entries that they cause. A sum of nothing stays: the rate was charged, and its line is not unknown. */
export const ledgerTallies: readonly Tally[] = [
  {
    table: 'ledger.charge_tally',
    keys: ['rate_version_id', 'rate_id'],
    counts: ['quantity', 'exact_amount'],
    keepsZeros: true,
    sources: ['ledger.charge'],
    rows: (
      campaignId,
    ) => sql`select campaign_id, rate_version_id, rate_id, sum(quantity), sum(exact_amount) from ledger.charge
      where campaign_id = ${campaignId} group by 1, 2, 3`,
  },
  {
    table: 'ledger.entry_tally',
    keys: ['rate_id', 'category', 'side'],
    counts: ['quantity', 'exact_amount', 'net_yen', 'tax_yen', 'gross_yen'],
    keepsZeros: true,
    sources: ['ledger.entry'],
    rows: (campaignId) => sql`select campaign_id, rate_id, category, ledger.side_of(kind),
        sum(quantity), sum(exact_amount), sum(net_yen), sum(tax_yen), sum(gross_yen)
      from ledger.entry where campaign_id = ${campaignId} and kind <> 'invoice' group by 1, 2, 3, 4`,
  },
];

const chargeSumRow = z
  .object({ rate_version_id: z.string(), rate_id: z.string(), quantity: big, exact: big })
  .transform(
    (found): ChargeSum => ({
      rateVersionId: found.rate_version_id,
      rateId: found.rate_id,
      quantity: found.quantity,
      exact: found.exact,
    }),
  );

/** What was charged under each rate of each version; what was taken back is off. */
export async function sumCharges(db: Db, campaignId: string): Promise<ChargeSum[]> {
  return await rows(
    db,
    chargeSumRow,
    sql`select rate_version_id, rate_id, sum(quantity)::bigint as quantity, sum(exact_amount)::bigint as exact
        from ledger.charge_tally where campaign_id = ${campaignId} group by rate_version_id, rate_id`,
  );
}

const postedSumRow = z
  .object({
    rate_id: z.string(),
    category: costCategorySchema,
    side: z.enum(statementSides),
    quantity: big,
    exact: big,
    net: big,
    tax: big,
    gross: big,
  })
  .transform(
    (found): PostedSum => ({
      rateId: found.rate_id,
      category: found.category,
      side: found.side,
      quantity: found.quantity,
      exact: found.exact,
      money: { net: found.net, tax: found.tax, gross: found.gross },
    }),
  );

/** Posted sums by rate, category and side (accruals with adjustments, reversals). */
export async function sumPosted(db: Db, campaignId: string): Promise<PostedSum[]> {
  return await rows(
    db,
    postedSumRow,
    sql`select rate_id, category, side, sum(quantity)::bigint as quantity, sum(exact_amount)::bigint as exact,
          sum(net_yen)::bigint as net, sum(tax_yen)::bigint as tax, sum(gross_yen)::bigint as gross
        from ledger.entry_tally where campaign_id = ${campaignId} group by rate_id, category, side`,
  );
}

const differenceRow = z.object({ what: z.string(), counted: int8, found: int8 });

/** Every sum that its rows do not bear out: `counted` is the counter, `found` the rows. Grows with the campaign. */
export async function listSumDifferences(db: Db, campaignId: string): Promise<z.output<typeof differenceRow>[]> {
  return await rows(
    db,
    differenceRow,
    sql`with version as (select id, number from ledger.rate_version where campaign_id = ${campaignId}),
        counted as (
          select 'charges ' || t.rate_id || ' ' || v.number || ' ' || m.of as what, sum(m.n) as n
            from ledger.charge_tally t join version v on v.id = t.rate_version_id
            cross join lateral (values ('quantity', t.quantity), ('exact', t.exact_amount)) m(of, n)
            where t.campaign_id = ${campaignId} group by 1
          union all select 'posted ' || t.rate_id || ' ' || t.category || ' ' || t.side || ' ' || m.of, sum(m.n)
            from ledger.entry_tally t cross join lateral (values ('quantity', t.quantity), ('exact', t.exact_amount),
              ('net', t.net_yen), ('tax', t.tax_yen), ('gross', t.gross_yen)) m(of, n)
            where t.campaign_id = ${campaignId} group by 1),
        found as (
          select 'charges ' || c.rate_id || ' ' || v.number || ' ' || m.of as what, sum(m.n) as n
            from ledger.charge c join version v on v.id = c.rate_version_id
            cross join lateral (values ('quantity', c.quantity), ('exact', c.exact_amount)) m(of, n)
            where c.campaign_id = ${campaignId} group by 1
          union all select 'posted ' || e.rate_id || ' ' || e.category || ' ' || ledger.side_of(e.kind) || ' ' || m.of, sum(m.n)
            from ledger.entry e cross join lateral (values ('quantity', e.quantity), ('exact', e.exact_amount),
              ('net', e.net_yen), ('tax', e.tax_yen), ('gross', e.gross_yen)) m(of, n)
            where e.campaign_id = ${campaignId} and e.kind <> 'invoice' group by 1)
        select what, coalesce(c.n, 0) as counted, coalesce(f.n, 0) as found from counted c full join found f using (what)
        where coalesce(c.n, 0) <> coalesce(f.n, 0) order by what`,
  );
}
