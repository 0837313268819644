/** SQL of the gifts that follow: people whose letter was posted without the card that its wave promises. */
import { z } from 'zod';
import { type Db, rows, sql } from '../platform/postgres/db.ts';

/** People of the wave's segments who got a letter without its gift, have no live card and no place in the gift wave yet. */
export async function listGiftDue(
  db: Db,
  campaignId: string,
  wave: { waveId: string; gift: string; segments: readonly string[] },
  limit: number,
): Promise<{ ref: string; rank: number; variant: string }[]> {
  return await rows(
    db,
    z.object({ ref: z.string(), rank: z.number(), variant: z.string() }),
    sql`select p.ref, p.rank, p.variant from delivery.person p
        where p.campaign_id = ${campaignId} and p.segment = any(${wave.segments}::text[]) and p.term = 'told'
          and exists (select 1 from delivery.assignment a join delivery.wave w on w.campaign_id = a.campaign_id and w.wave_id = a.wave_id
            where a.campaign_id = p.campaign_id and a.person_ref = p.ref and a.state = 'posted' and w.channel = 'letter' and w.gift = ${wave.gift})
          and not exists (select 1 from delivery.gift g where g.campaign_id = p.campaign_id and g.person_ref = p.ref and g.state in ('reserved', 'posted'))
          and not exists (select 1 from delivery.assignment a where a.campaign_id = p.campaign_id and a.wave_id = ${wave.waveId} and a.person_ref = p.ref)
        order by p.rank limit ${limit}`,
  );
}
