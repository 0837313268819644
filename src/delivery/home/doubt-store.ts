/** SQL of what another home may have sent: attempts that it may have made, and letters and gifts in doubt. */

import { z } from 'zod';
import { printedChannels } from '../../campaign/wave/channel.ts';
import { type Db, execute, int8, row, rows, type Sql, sql, type Tx } from '../../platform/postgres/db.ts';
import { REPLY_TIMEOUT_MS } from '../../platform/smtp/smtp-submission.ts';

/** Stands in an attempt for the worker of another home, whose name nobody here can know. */
export const OTHER_HOME = '00000000-0000-0000-0000-000000000000';

const placeRow = z
  .object({ id: z.string(), attempt: z.number() })
  .transform((found) => ({ assignmentId: found.id, attempt: found.attempt + 1 }));
/** `attempt`: the one that the other home may have made. */
export type DoubtedMail = z.output<typeof placeRow>;

/** Mails that were still to be sent when the copy was made, locked in the order of their people. */
export async function claimOpenMails(
  tx: Tx,
  campaignId: string,
  { refs, limit }: { refs: readonly string[] | null; limit: number },
): Promise<DoubtedMail[]> {
  const chosen = refs === null ? sql`` : sql`and a.person_ref = any(${refs}::uuid[])`;
  return await rows(
    tx,
    placeRow,
    sql`select a.id, a.attempt from delivery.assignment a
          join delivery.wave w on w.campaign_id = a.campaign_id and w.wave_id = a.wave_id
        where a.campaign_id = ${campaignId} and w.channel = 'email' and a.state in ('pending', 'deferred') ${chosen}
        order by a.person_ref limit ${limit} for update of a`,
  );
}

/** Mails in flight when the copy was made: their worker works on the other database, so nobody here will hear its answer. */
export async function claimStrandedMails(tx: Tx, campaignId: string, limit: number): Promise<DoubtedMail[]> {
  return await rows(
    tx,
    z.object({ id: z.string(), attempt: z.number() }).transform(({ id, attempt }) => ({ assignmentId: id, attempt })),
    sql`select a.id, a.attempt from delivery.assignment a
        where a.campaign_id = ${campaignId} and a.state = 'submitting'
          and not exists (select 1 from delivery.live_worker l where l.id = a.owner_id)
        order by a.person_ref limit ${limit} for update of a`,
  );
}

/**
 * Puts the attempts on record that the other home may have made; a log, a bounce or two people say what became of them. No
 * reply to them can ever come here, so their time is over already and a decided resend waits for nothing.
 */
export async function insertDoubtedAttempts(
  tx: Tx,
  campaignId: string,
  mails: readonly (DoubtedMail & { returnToken: string })[],
): Promise<void> {
  await execute(
    tx,
    sql`with counted as (
          update delivery.assignment a set attempt = u.attempt, due_at = null
          from unnest(${mails.map((mail) => mail.assignmentId)}::uuid[], ${mails.map((mail) => mail.attempt)}::int[],
            ${mails.map((mail) => mail.returnToken)}::text[]) as u(id, attempt, token)
          where a.id = u.id returning a.id, a.attempt, u.token)
        insert into delivery.mail_attempt (assignment_id, attempt, campaign_id, owner_id, return_token, submitted_at, deadline_at)
        select id, attempt, ${campaignId}, ${OTHER_HOME}, token,
          clock_timestamp() - ${REPLY_TIMEOUT_MS + 2} * interval '1 ms', clock_timestamp() - ${REPLY_TIMEOUT_MS + 1} * interval '1 ms' from counted`,
  );
}

/**
 * SQL expression: what is known of the letters and gifts that another home may have sent to this person; null for nearly
 * everyone. The newest word counts.
 */
export const paperDoubt = (campaignId: Sql | string, personRef: Sql): Sql => sql`(
    select d.kind from delivery.person_event d where d.campaign_id = ${campaignId} and d.ref = ${personRef}
      and d.kind in ('paper_doubted', 'paper_assumed_posted', 'paper_released') order by d.id desc limit 1)`;

/** People whom another home may have sent something, and of whom nobody has said so yet; in rank order. */
export async function listUndoubtedPeople(
  db: Db,
  campaignId: string,
  page: { afterRank: number; limit: number },
): Promise<{ ref: string; rank: number }[]> {
  return await rows(
    db,
    z.object({ ref: z.string(), rank: z.number() }),
    sql`select p.ref, p.rank from delivery.person p
        where p.campaign_id = ${campaignId} and p.rank > ${page.afterRank}
          and ${paperDoubt(sql`p.campaign_id`, sql`p.ref`)} is distinct from 'paper_doubted'
        order by p.rank limit ${page.limit}`,
  );
}

/** Those of the given people who are in doubt. */
export async function findDoubtedAmong(tx: Tx, campaignId: string, refs: readonly string[]): Promise<string[]> {
  const found = await rows(
    tx,
    z.object({ ref: z.string() }),
    sql`select u.ref from unnest(${refs}::uuid[]) as u(ref)
        where ${paperDoubt(campaignId, sql`u.ref`)} = 'paper_doubted'`,
  );
  return found.map(({ ref }) => ref);
}

/** People in doubt: of the given notices, of all (`'all'`), or those who have a letter or gift in doubt (`'with_place'`). */
export async function listDoubtedPeople(
  tx: Tx,
  campaignId: string,
  chosen: readonly string[] | 'all' | 'with_place',
): Promise<string[]> {
  const hasPlace = sql`exists (select 1 from delivery.assignment a join delivery.wave w on w.campaign_id = a.campaign_id and w.wave_id = a.wave_id
      where a.campaign_id = p.campaign_id and a.person_ref = p.ref and a.state = 'uncertain' and w.channel = any(${printedChannels}::text[]))`;
  const isChosen =
    chosen === 'all'
      ? sql`true`
      : chosen === 'with_place'
        ? hasPlace
        : sql`p.ref in (select a.person_ref from delivery.assignment a
            where a.campaign_id = p.campaign_id and a.notice_id = any(${chosen}::uuid[]))`;
  const found = await rows(
    tx,
    z.object({ ref: z.string() }),
    sql`select p.ref from delivery.person p where p.campaign_id = ${campaignId}
          and ${paperDoubt(sql`p.campaign_id`, sql`p.ref`)} = 'paper_doubted' and ${isChosen} order by p.ref`,
  );
  return found.map(({ ref }) => ref);
}

/**
 * Gives letters and gifts that are not in a lot the state that the newest word about their person asks for. Returns the
 * people behind those that it changed.
 */
export async function applyPaperDoubts(tx: Tx, campaignId: string, refs: readonly string[]): Promise<string[]> {
  if (refs.length === 0) return [];
  const found = await rows(
    tx,
    z.object({ person_ref: z.string() }),
    sql`with wanted as (
          select a.id, case ${paperDoubt(sql`a.campaign_id`, sql`a.person_ref`)} when 'paper_doubted' then 'uncertain'
              when 'paper_assumed_posted' then 'posted' else 'pending' end as state
          from delivery.assignment a join delivery.wave w on w.campaign_id = a.campaign_id and w.wave_id = a.wave_id
          where a.campaign_id = ${campaignId} and a.person_ref = any(${refs}::uuid[]) and w.channel = any(${printedChannels}::text[])
            and a.state in ('pending', 'uncertain')
          order by a.person_ref for update of a)
        update delivery.assignment a set state = wanted.state, reason = null, changed_at = clock_timestamp()
        from wanted where a.id = wanted.id and a.state <> wanted.state returning a.person_ref`,
  );
  return found.map(({ person_ref }) => person_ref);
}

/** Letters and gifts in doubt. */
export async function countDoubtedLetters(db: Db, campaignId: string): Promise<number> {
  const found = await row(
    db,
    z.object({ count: int8 }),
    sql`select count(*) as count from delivery.assignment a join delivery.wave w on w.campaign_id = a.campaign_id and w.wave_id = a.wave_id
        where a.campaign_id = ${campaignId} and a.state = 'uncertain' and w.channel = any(${printedChannels}::text[])`,
  );
  return found.count;
}
