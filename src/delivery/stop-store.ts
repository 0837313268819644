/** SQL of what stops a place in a wave: a decision by name, the list's word about the person, or that the person is told. */
import { tellingPurposes } from '../campaign/wave/purpose.ts';
import { execute, type Sql, sql, type Tx } from '../platform/postgres/db.ts';

/**
 * SQL expression: the reason why nothing more may go out to this person, or null. The newest decision by name counts; without
 * one, the list's word that the person has died or that the address is protected. A decision shows in the person's term, so
 * that nearly everyone costs one look at their row.
 */
export const stopReason = (campaignId: Sql | string, personRef: Sql): Sql => sql`(
    select case d.kind when 'substituted' then 'person_substituted' when 'readmitted' then null else 'person_excluded' end
    from delivery.person s left join lateral (select e.kind from delivery.person_event e
      where e.campaign_id = s.campaign_id and e.ref = s.ref and e.kind in ('substituted', 'excluded', 'readmitted')
      order by e.id desc limit 1) d on true
    where s.campaign_id = ${campaignId} and s.ref = ${personRef}
      and (s.term in ('substitute', 'excluded') or s.unplaced is not null)
      and (s.unplaced in ('deceased', 'protected_address') or d.kind in ('substituted', 'excluded')))`;

/**
 * Mails of a chunk to people for whom a decision came while a mail was in flight: excluded now. Both transactions may have
 * missed each other, so it is asked again before each round.
 */
export async function excludeStoppedMails(tx: Tx, campaignId: string, chunkId: string): Promise<number> {
  return await execute(
    tx,
    sql`update delivery.assignment a set state = 'excluded', reason = o.reason, chunk_id = null, due_at = null, changed_at = clock_timestamp()
        from (select m.id, ${stopReason(sql`m.campaign_id`, sql`m.person_ref`)} as reason from delivery.assignment m
          where m.campaign_id = ${campaignId} and m.chunk_id = ${chunkId} and m.state in ('pending', 'deferred')) o
        where a.id = o.id and o.reason is not null and a.state in ('pending', 'deferred')`,
  );
}

/**
 * Letters of fallback waves that are not in a lot yet, of people who are told by mail after all. A letter that a lot takes at
 * this moment is left to it: waiting here would hold the people's rows against the lot.
 */
export async function excludeLettersOfTold(tx: Tx, campaignId: string, refs: readonly string[]): Promise<number> {
  if (refs.length === 0) return 0;
  return await execute(
    tx,
    sql`update delivery.assignment a set state = 'excluded', reason = 'person_told', changed_at = clock_timestamp()
        where a.id in (select m.id from delivery.assignment m
          join delivery.wave w on w.campaign_id = m.campaign_id and w.wave_id = m.wave_id
          where m.campaign_id = ${campaignId} and m.person_ref = any(${refs}::uuid[]) and m.state = 'pending'
            and w.channel = 'letter' and w.fallback_of is not null and w.purpose = any(${tellingPurposes}::text[])
          for update of m skip locked)`,
  );
}
