// SQL of the notice room: which notice with which number went to whom in which wave.
import { z } from 'zod';
import { type NoticePurpose, noticePurposes } from '../campaign/wave/purpose.ts';
import { type Db, execute, instant, maybeRow, rows, type Sql, sql, type Tx } from '../platform/postgres/db.ts';
import type { Tally } from '../platform/postgres/tally.ts';
import type { NoticeLanguage } from './notice-person.ts';

/** A notice as issued. It names no one; `personRef` leads to the person only through intake and the keys. */
export type Notice = {
  id: string;
  campaignId: string;
  waveId: string;
  personRef: string;
  purpose: NoticePurpose;
  variant: string;
  language: NoticeLanguage;
  number: string;
  listVersion: number;
  planId: string;
  supersedesId: string | null;
  issuedAt: Date;
};

export type NewNotice = Omit<Notice, 'issuedAt' | 'supersedesId'>;

const noticeRow = z
  .object({
    id: z.string(),
    campaign_id: z.string(),
    wave_id: z.string(),
    person_ref: z.string(),
    purpose: z.enum(noticePurposes),
    variant: z.string(),
    language: z.enum(['ja', 'en']),
    number: z.string(),
    list_version: z.int(),
    plan_id: z.string(),
    supersedes_id: z.string().nullable(),
    issued_at: instant,
  })
  .transform(
    (found): Notice => ({
      id: found.id,
      campaignId: found.campaign_id,
      waveId: found.wave_id,
      personRef: found.person_ref,
      purpose: found.purpose,
      variant: found.variant,
      language: found.language,
      number: found.number,
      listVersion: found.list_version,
      planId: found.plan_id,
      supersedesId: found.supersedes_id,
      issuedAt: found.issued_at,
    }),
  );

const columns = sql`id, campaign_id, wave_id, person_ref, purpose, variant, language, number, list_version, plan_id, supersedes_id, issued_at`;

/** The notice with a number, written with or without hyphens and spaces; null when the campaign issued no such number. */
export async function findNotice(db: Db, campaignId: string, number: string): Promise<Notice | null> {
  const digits = number.normalize('NFKC').replace(/[^0-9]/g, '');
  return await maybeRow(
    db,
    noticeRow,
    sql`select ${columns} from notice.notice where campaign_id = ${campaignId} and number = ${digits}`,
  );
}

/** The numbers of notices by id. */
export async function listNoticeNumbers(db: Db, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await rows(
    db,
    z.object({ id: z.string(), number: z.string() }),
    sql`select id, number from notice.notice where id = any(${ids}::uuid[])`,
  );
  return new Map(found.map(({ id, number }) => [id, number]));
}

/** Every notice of one person in the order of issue: who was told what, when, in which words. */
export async function listNotices(db: Db, campaignId: string, personRef: string): Promise<Notice[]> {
  return await rows(
    db,
    noticeRow,
    sql`select ${columns} from notice.notice where campaign_id = ${campaignId} and person_ref = ${personRef}
        order by issued_at, id`,
  );
}

/** The notices of one wave for the given people, or for all of them. */
export async function listWaveNotices(
  db: Db,
  campaignId: string,
  waveId: string,
  refs?: readonly string[],
): Promise<Notice[]> {
  const chosen = refs ? sql`and person_ref = any(${refs}::uuid[])` : sql``;
  return await rows(
    db,
    noticeRow,
    sql`select ${columns} from notice.notice where campaign_id = ${campaignId} and wave_id = ${waveId} ${chosen} order by id`,
  );
}

/**
 * Inserts notices; those whose person already has one in the wave, or whose number is taken, are left out. A later purpose names the
 * person's latest earlier notice as the one it supersedes. Returns how many rows were new.
 */
export async function insertNotices(tx: Tx, notices: readonly NewNotice[]): Promise<number> {
  const column = <K extends keyof NewNotice>(key: K) => notices.map((notice) => notice[key]);
  const first = notices[0];
  if (!first) return 0;
  return await execute(
    tx,
    sql`insert into notice.notice
          (id, campaign_id, wave_id, person_ref, purpose, variant, language, number, list_version, plan_id, supersedes_id)
        select fresh.id, ${first.campaignId}::uuid, ${first.waveId}::text, fresh.person_ref, ${first.purpose}::text, fresh.variant,
               fresh.language, fresh.number, ${first.listVersion}::int, ${first.planId}::uuid, earlier.id
        from unnest(${column('id')}::uuid[], ${column('personRef')}::uuid[], ${column('variant')}::text[],
                    ${column('language')}::text[], ${column('number')}::text[])
             as fresh (id, person_ref, variant, language, number)
        left join lateral (
          select id from notice.notice
          where ${first.purpose}::text <> 'initial' and campaign_id = ${first.campaignId}::uuid
            and person_ref = fresh.person_ref and wave_id <> ${first.waveId}::text
          order by issued_at desc, id desc limit 1
        ) as earlier on true
        on conflict do nothing`,
  );
}

/** Tells the planner what a launch has issued; see delivery's planning. */
export async function analyzeNotices(db: Db): Promise<void> {
  await execute(db, sql`analyze notice.notice`);
}

const waveCountRow = z.object({ wave_id: z.string(), count: z.coerce.number() });

async function mapCounts(db: Db, query: Sql): Promise<Map<string, number>> {
  return new Map((await rows(db, waveCountRow, query)).map(({ wave_id, count }) => [wave_id, count]));
}

/**
 * Notices issued for each wave: the total of the wave equation, from counters that the notices keep, apart from those of the
 * places that are its terms.
 */
export async function countWaveNotices(db: Db, campaignId: string): Promise<Map<string, number>> {
  return await mapCounts(
    db,
    sql`select wave_id, sum(notices) as count from notice.notice_tally where campaign_id = ${campaignId}
        group by wave_id having sum(notices) <> 0`,
  );
}

/** The same, counted from the notices. Grows with the campaign. */
export async function recountWaveNotices(db: Db, campaignId: string): Promise<Map<string, number>> {
  return await mapCounts(
    db,
    sql`select wave_id, count(*) from notice.notice where campaign_id = ${campaignId} group by wave_id`,
  );
}

export const noticeTally: Tally = {
  table: 'notice.notice_tally',
  keys: ['wave_id'],
  counts: ['notices'],
  sources: ['notice.notice'],
  rows: (campaignId) => sql`select campaign_id, wave_id, count(*) from notice.notice
    where campaign_id = ${campaignId} group by 1, 2`,
};
