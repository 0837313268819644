/** SQL of the home that sends, one row per campaign. */
import { z } from 'zod';
import { type Db, execute, int8, maybeRow, rows, sql, type Tx } from '../../platform/postgres/db.ts';
import { type CampaignState, campaignStates } from '../campaign-state.ts';
import { type HomeReason, homeReasons, type SendingHome } from './home-verdict.ts';

const homeRow = z
  .object({
    campaign_id: z.string(),
    slug: z.string(),
    state: z.enum(campaignStates),
    generation: z.number().nullable(),
    place: z.string().nullable(),
    beat: int8.nullable(),
    is_resting: z.boolean().nullable(),
    silent_ms: z.coerce.number().nullable(),
    suspended: z.enum(homeReasons).nullable(),
    in_doubt: z.boolean().nullable(),
  })
  .transform((found) => ({
    campaignId: found.campaign_id,
    slug: found.slug,
    state: found.state,
    isInDoubt: found.in_doubt === true,
    home:
      found.generation === null
        ? null
        : ({
            generation: found.generation,
            place: found.place ?? '',
            beat: found.beat ?? 0,
            isResting: found.is_resting === true,
            silentMs: found.silent_ms ?? 0,
            suspended: found.suspended,
          } satisfies SendingHome),
  }));
export type CampaignHome = {
  campaignId: string;
  slug: string;
  state: CampaignState;
  isInDoubt: boolean;
  home: SendingHome | null;
};

const found = sql`select c.id as campaign_id, c.slug, c.state, h.generation, h.place, h.beat, h.is_resting,
    extract(epoch from clock_timestamp() - h.seen_at) * 1000 as silent_ms, h.suspended, h.in_doubt
  from campaign.campaign c left join campaign.sending_home h on h.campaign_id = c.id`;

/** Every campaign that may send now or later, with its home; drafts have nothing to send, closed ones nothing left. */
export async function listCampaignHomes(db: Db): Promise<CampaignHome[]> {
  return await rows(db, homeRow, sql`${found} where c.state not in ('draft', 'closed') order by c.created_at, c.id`);
}

export async function findCampaignHome(db: Db, campaignId: string): Promise<CampaignHome | null> {
  return await maybeRow(db, homeRow, sql`${found} where c.id = ${campaignId}`);
}

/** The first home of a campaign; whoever comes second finds it there. */
export async function insertHome(db: Db, campaignId: string, place: string): Promise<void> {
  await execute(
    db,
    sql`insert into campaign.sending_home (campaign_id, place) values (${campaignId}, ${place}) on conflict (campaign_id) do nothing`,
  );
}

const beatRow = z
  .object({ campaign_id: z.string(), generation: z.number(), beat: int8 })
  .transform((row) => ({ campaignId: row.campaign_id, generation: row.generation, beat: row.beat }));
export type HomeBeat = z.output<typeof beatRow>;

/** A sign of life, or of its proper end, of the campaigns that this place sends for; returns what the mark must remember. */
export async function beatHomes(
  db: Db,
  campaignIds: readonly string[],
  { place, isResting }: { place: string; isResting: boolean },
): Promise<HomeBeat[]> {
  return await rows(
    db,
    beatRow,
    sql`update campaign.sending_home set beat = beat + 1, seen_at = clock_timestamp(), is_resting = ${isResting}
        where campaign_id = any(${campaignIds}::uuid[]) and place = ${place} and suspended is null
        returning campaign_id, generation, beat`,
  );
}

/** Nothing is sent from here any more. False when it was suspended before. */
export async function suspendHomeRow(
  tx: Tx,
  campaignId: string,
  { place, reason }: { place: string; reason: HomeReason },
): Promise<boolean> {
  const changed = await execute(
    tx,
    sql`insert into campaign.sending_home as h (campaign_id, place, suspended, in_doubt) values (${campaignId}, ${place}, ${reason}, true)
        on conflict (campaign_id) do update set suspended = ${reason}, in_doubt = true, is_resting = true
        where h.suspended is null`,
  );
  return changed === 1;
}

/** This place sends from now on. Returns the new generation; null when nobody had suspended the home. */
export async function takeHomeRow(tx: Tx, campaignId: string, place: string): Promise<HomeBeat | null> {
  return await maybeRow(
    tx,
    beatRow,
    sql`update campaign.sending_home set suspended = null, generation = generation + 1, place = ${place}, beat = beat + 1,
          is_resting = true, seen_at = clock_timestamp()
        where campaign_id = ${campaignId} and suspended is not null returning campaign_id, generation, beat`,
  );
}

export async function clearDoubt(tx: Tx, campaignId: string): Promise<void> {
  await execute(tx, sql`update campaign.sending_home set in_doubt = false where campaign_id = ${campaignId}`);
}
