/**
 * A running campaign of many people, made set-wise by SQL behind the backs of the use-cases: what status and the sweep are
 * measured on. Mails are three fifths accepted, some uncertain or failed, the rest waiting in chunks; a fifth of the people get
 * letters, most in lots; facts, blocks and charges as sending would have left them.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { scaffoldCampaign } from '../../src/campaign/folder/scaffold-campaign.ts';
import { planWaves } from '../../src/delivery/plan-waves.ts';
import { launchCampaign } from '../../src/desk/lifecycle/launch-campaign.ts';
import { approveCampaign } from '../../src/desk/plan/approve-campaign.ts';
import { chargeJournal } from '../../src/desk/upkeep/charge-journal.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { addDays, toDay } from '../../src/kernel/calendar.ts';
import type { App } from '../../src/platform/app.ts';
import { folderContent } from '../support/folder-content.ts';

const FIRST_PEOPLE = 5;
const BATCH = 50_000;
const MAILS_PER_FACT = 50;
const FACTS_PER_BLOCK = 100;
const PIECES_PER_LOT = 1_000;

async function launchSmall(app: App, dir: string): Promise<Campaign> {
  await scaffoldCampaign({ dir, today: addDays(toDay(app.clock()), -1), isTrial: true });
  const campaign = await ensureCampaign(app, await folderContent(dir));
  const rows = Array.from(
    { length: FIRST_PEOPLE },
    (_, n) => `K${n},見本　${n}子,ミホン ${n}コ,100-0001,東京都千代田区千代田1-1,user${n}@mail.example,氏名;住所,,`,
  );
  const file = join(mkdtempSync(`${dir}-roster-`), 'roster.csv');
  writeFileSync(
    file,
    `会員番号,氏名,フリガナ,郵便番号,住所,メールアドレス,漏えい項目,死亡,住所保護\n${rows.join('\n')}\n`,
  );
  await importRoster(app, { campaign, file });
  await freezeList(app, { campaign });
  for (const by of ['総務 花子', '法務 一郎']) {
    const answer = await approveCampaign(app, { campaign, by, language: 'en' });
    if (answer.kind !== 'recorded') throw new Error(`the approval was refused: ${JSON.stringify(answer)}`);
  }
  const approved = await getCampaign(app.pool, campaign.id);
  await launchCampaign(app, { campaign: approved, by: '総務 花子', withoutPublication: true });
  await planWaves(app, { campaignId: campaign.id });
  await chargeJournal(app, { campaignId: campaign.id });
  return await getCampaign(app.pool, campaign.id);
}

/** People `from` to `to` of list version 2 with their notices, places, attempts and events. */
const addPeople = `
  with fact as (insert into journal.fact (campaign_id, kind, occurred_at, events_sha256) values ($1, 'waves.planned', now(), repeat('0', 64)) returning id)
  , person as (
    insert into delivery.person (campaign_id, ref, term, outcome, step, due_on, letter_required, has_email, has_address, rank, segment, variant, site_key, listed_version)
    select $1, gen_random_uuid(), d.term, d.outcome, case d.term when 'underway' then 'email' end,
      case when d.term in ('underway', 'undecided') then current_date + 5 + n % 10 end, false, n % 5 <> 4, true, n, 'general', 'adult',
      case when n % 5 <> 4 then decode(lpad(to_hex(n % 300), 4, '0'), 'hex') end, 2
    from generate_series($2::int, $3::int) n cross join lateral (select
      case when n % 5 < 3 then 'told' when n % 5 = 3 then 'underway' when n % 100 = 4 then 'excluded' else 'underway' end as term,
      case when n % 5 < 3 then 'mail_accepted' when n % 5 = 3 then case n % 50 when 3 then 'mail_uncertain' when 13 then 'letter_returned' else 'mail_waiting' end
        when n % 100 = 4 then 'deceased' else 'letter_in_lot' end as outcome) d
    returning ref, rank, outcome, has_email, site_key)
  , listed as (
    insert into intake.list_member (campaign_id, version, rank, ref, leaf, kind, flags, leaked_items, has_email, has_address)
    select $1, 2, rank, ref, decode(repeat('00', 32), 'hex'), 'individual', '{}', '{}', has_email, true from person)
  , issued as (
    insert into notice.notice (id, campaign_id, wave_id, person_ref, purpose, variant, language, number, list_version, plan_id)
    select gen_random_uuid(), $1, case when has_email then 'email-1' else 'letter-1' end, ref, 'initial', 'adult', 'ja', lpad((100000000000 + rank)::text, 12, '0'), 2, $4
    from person returning id, person_ref, wave_id)
  , place as (
    insert into delivery.assignment (id, campaign_id, wave_id, person_ref, notice_id, rank, state, reason, site_key, chunk_id, attempt)
    select gen_random_uuid(), $1, i.wave_id, p.ref, i.id, p.rank,
      case p.outcome when 'mail_accepted' then 'accepted' when 'mail_uncertain' then 'uncertain' when 'letter_returned' then 'failed'
        when 'mail_waiting' then 'pending' else 'in_lot' end,
      case p.outcome when 'letter_returned' then 'bounced' end, p.site_key,
      case when p.outcome = 'mail_waiting' then md5((p.rank / 2500)::text)::uuid end,
      case when p.outcome in ('mail_accepted', 'mail_uncertain', 'letter_returned') then 1 else 0 end
    from person p join issued i on i.person_ref = p.ref returning id, person_ref, rank, state)
  select count(*) from place`;

const addAttempts = `
  insert into delivery.mail_attempt (assignment_id, attempt, campaign_id, owner_id, return_token, submitted_at, deadline_at)
  select id, 1, campaign_id, gen_random_uuid(), substr(translate(replace(id::text, '-', ''), '0189', 'xyzw'), 17, 16), now() - interval '1 hour', now()
  from delivery.assignment where campaign_id = $1 and attempt = 1 on conflict do nothing`;

/** One fact per window of mails over its events, as recording them leaves it. */
const addEvents = `
  with mail as (select id, state, (row_number() over (order by rank) - 1) / ${MAILS_PER_FACT} as part from delivery.assignment where campaign_id = $1 and attempt = 1)
  , fact as (
    insert into journal.fact (campaign_id, kind, occurred_at, events_sha256, event_count, lines)
    select $1, 'mails.recorded', now() + part * interval '1 ms', repeat('0', 64), count(*),
      jsonb_build_array(jsonb_build_object('driver', 'mail.accepted', 'attributes', '{}'::jsonb, 'count', count(*) filter (where state <> 'uncertain')))
    from mail group by part returning id, (extract(milliseconds from occurred_at - now()))::int as part)
  insert into delivery.mail_event (campaign_id, ref, kind, cycle, at, code, fact_id)
  select $1, m.id, k.kind, 1, now(), '250', f.id
  from (select id, row_number() over (order by id) - 1 as part from fact) f join mail m using (part)
  cross join lateral unnest(case m.state when 'accepted' then array['relay_accepted'] when 'failed' then array['relay_accepted', 'bounced'] else array['uncertain'] end) k(kind)`;

const addChunks = `
  insert into delivery.chunk (id, campaign_id, wave_id, site_key, state, due_at)
  select distinct chunk_id, campaign_id, wave_id, '\\x00'::bytea, 'open', now() + interval '1 hour' from delivery.assignment
  where campaign_id = $1 and chunk_id is not null on conflict do nothing`;

const addLots = `
  with place as (select id, person_ref, notice_id, (row_number() over (order by rank) - 1) as n from delivery.assignment where campaign_id = $1 and state = 'in_lot')
  , lot as (
    insert into delivery.lot (id, campaign_id, wave_id, number, plan_id, piece_count, is_reprint, letter_date, formed_at, prepared_at, pages, letters_sha256)
    select gen_random_uuid(), $1, 'letter-1', n / ${PIECES_PER_LOT} + 1, $2, count(*), false, current_date, now(), now(), 1, repeat('0', 64) from place
    group by n / ${PIECES_PER_LOT} returning id, number)
  insert into delivery.piece (id, campaign_id, lot_id, seq, assignment_id, person_ref, notice_number, cycle, has_gift)
  select gen_random_uuid(), $1, l.id, p.n % ${PIECES_PER_LOT} + 1, p.id, p.person_ref, t.number, 1, false
  from place p join lot l on l.number = p.n / ${PIECES_PER_LOT} + 1 join notice.notice t on t.id = p.notice_id`;

const sealBlocks = `
  with fact as (select f.id, (row_number() over (order by f.id) - 1) / ${FACTS_PER_BLOCK} + 1 + h.number as block,
      (row_number() over (order by f.id) - 1) % ${FACTS_PER_BLOCK} as ordinal
    from journal.fact f, (select max(number) as number from journal.block where campaign_id = $1) h
    where f.campaign_id = $1 and not exists (select from journal.block_fact b where b.fact_id = f.id))
  , block as (
    insert into journal.block (campaign_id, number, previous_hash, hash, fact_count, sealed_at)
    select $1, block, encode(sha256((block - 1)::text::bytea), 'hex'), encode(sha256(block::text::bytea), 'hex'), count(*), now() from fact group by block)
  insert into journal.block_fact (fact_id, campaign_id, block, ordinal, fact_hash) select id, $1, block, ordinal, repeat('0', 64) from fact`;

const chargeBlocks = `
  with version as (select id from ledger.rate_version where campaign_id = $1)
  , charged as (
    insert into ledger.charged_block (campaign_id, block, rate_version_id, unpriced_lines)
    select b.campaign_id, b.number, v.id, 0 from journal.block b, version v where b.campaign_id = $1 order by b.number on conflict do nothing)
  insert into ledger.charge (campaign_id, fact_id, line_no, rate_version_id, rate_id, quantity, exact_amount)
  select $1, f.id, 0, v.id, 'mail', 50, 100 from journal.fact f, version v where f.campaign_id = $1 and f.kind = 'mails.recorded' on conflict do nothing`;

/** Makes the campaign; the app's database must be empty. */
export async function buildLargeCampaign(app: App, dir: string, people: number): Promise<Campaign> {
  const campaign = await launchSmall(app, dir);
  const run = (text: string, ...values: unknown[]) => app.pool.query(text, [campaign.id, ...values]);
  await run(
    `insert into intake.list_version (campaign_id, version, people_count, sha256, content_sha256, roster, frozen_at)
     values ($1, 2, $2, repeat('0', 64), repeat('1', 64), '{}', now())`,
    people,
  );
  for (let from = 0; from < people; from += BATCH) {
    await run(addPeople, from + FIRST_PEOPLE, Math.min(from + BATCH, people) + FIRST_PEOPLE - 1, campaign.planId);
  }
  await run(addAttempts);
  await run(addEvents);
  await run(addChunks);
  await run(addLots, campaign.planId);
  await run(sealBlocks);
  await run(chargeBlocks);
  await run('update campaign.campaign set list_version = 2 where id = $1');
  await app.pool.query('vacuum analyze');
  return await getCampaign(app.pool, campaign.id);
}
