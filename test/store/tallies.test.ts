// The counters against the rows that they stand for: under random moves of several workers, rollbacks, killed sessions and adding
// up at the same time; with letters, decisions and the print house's files; and when somebody has tampered with them.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { decidePeople } from '../../src/delivery/decide-people.ts';
import { listLotAccounts, listLotCounts } from '../../src/delivery/letters/lot-store.ts';
import { formatPieceNumber } from '../../src/delivery/letters/piece-code.ts';
import { countPiecesToPull, listPieces, listPiecesToPull } from '../../src/delivery/letters/piece-store.ts';
import { planLots } from '../../src/delivery/letters/plan-lots.ts';
import { recordVendorFile } from '../../src/delivery/letters/record-vendor-file.ts';
import { planWaves } from '../../src/delivery/plan-waves.ts';
import { countOutcomes } from '../../src/delivery/standing-store.ts';
import {
  deliveryTallies,
  listCountDifferences,
  recountOutcomes,
  recountWaves,
} from '../../src/delivery/tally-store.ts';
import { countWaves } from '../../src/delivery/wave-store.ts';
import { campaignStatus } from '../../src/desk/overview/campaign-status.ts';
import { recountCampaign, recountCampaigns } from '../../src/desk/upkeep/recount-campaigns.ts';
import { compareRooms } from '../../src/evidence/figures/compare-rooms.ts';
import { countAccounting } from '../../src/evidence/figures/count-accounting.ts';
import { recount } from '../../src/evidence/figures/count-source.ts';
import { listFacts } from '../../src/journal/store.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { formatCsv } from '../../src/platform/formats/csv.ts';
import { type Client, readSnapshot, sql, transaction } from '../../src/platform/postgres/db.ts';
import { foldTally, rebuildTallies } from '../../src/platform/postgres/tally.ts';
import { useApp } from '../support/app.ts';
import { launchedCampaign, rosterRow } from '../support/launched-campaign.ts';
import { aLetterCampaign } from '../support/letter-campaign.ts';
import { callCli } from '../support/run-cli.ts';

let now = new Date('2026-11-24T03:00:00Z');
const app = useApp({ clock: () => now });

/** A long run takes what a night of a campaign may bring. */
const TURNS = process.env.OWABI_TEST_LONG ? 200 : 25;

/** A small generator of its own, so that a failure can be run again. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const states = ['pending', 'deferred', 'uncertain', 'accepted', 'in_lot', 'posted'];
const standings = [
  ['underway', 'mail_waiting'],
  ['underway', 'letter_in_lot'],
  ['told', 'letter_posted'],
  ['undecided', 'unreachable'],
  ['excluded', 'deceased'],
];

/** One transaction of one to four statements in the order of the refs, as the rooms keep it; kept, taken back, or cut off. */
async function moveAtRandom(campaignId: string, below: (limit: number) => number): Promise<void> {
  const chosen = () => below(7);
  const moves = [
    (tx: Client) =>
      tx.query(sql`update delivery.assignment set state = ${states[below(states.length)]}, changed_at = clock_timestamp()
        where id in (select id from delivery.assignment where campaign_id = ${campaignId} and rank % 7 = ${chosen()}
          order by person_ref for update)`),
    (tx: Client) => {
      const [term, outcome] = standings[below(standings.length)] ?? [];
      const due = `2026-12-0${1 + below(9)}`;
      return tx.query(sql`update delivery.person set term = ${term}, outcome = ${outcome}, step = 'letter', due_on = ${due}::date
        where ref in (select ref from delivery.person where campaign_id = ${campaignId} and rank % 7 = ${chosen()} order by ref for update)`);
    },
    (tx: Client) =>
      tx.query(sql`with added as (
          insert into delivery.person (campaign_id, ref, term, outcome, step, due_on, letter_required, has_email, has_address, rank)
          values (${campaignId}, ${newRef()}, 'undecided', 'no_channel', null, null, false, false, false, ${below(1000)}) returning ref, rank)
        insert into delivery.assignment (id, campaign_id, wave_id, person_ref, rank)
        select ${newRef()}, ${campaignId}, 'letters', ref, rank from added`),
    (tx: Client) =>
      tx.query(sql`delete from delivery.assignment where id in (select id from delivery.assignment
        where campaign_id = ${campaignId} and notice_id is null order by person_ref limit 1 for update)`),
  ];
  const end = below(10);
  const work = transaction(app.pool, async (tx) => {
    for (let step = 0; step <= below(4); step++) await moves[below(moves.length)]?.(tx);
    if (end === 0) throw new Error('taken back');
    if (end === 1) await tx.query('select pg_terminate_backend(pg_backend_pid())');
  });
  // Taken back, cut off, or the loser of two that waited for each other.
  await work.catch(() => {});
}

/** A letter campaign whose people stand on a frozen list, as a recount asks for it. */
async function aListedCampaign(options: Parameters<typeof aLetterCampaign>[1]) {
  const campaign = await aLetterCampaign(app, options);
  await app.pool.query(sql`insert into intake.list_version (campaign_id, version, people_count, sha256, content_sha256, roster, frozen_at)
    values (${campaign.id}, 1, ${options.people}, repeat('0', 64), repeat('0', 64), '{}', now())`);
  return campaign;
}

const countDifferences = (campaignId: string) => readSnapshot(app.pool, (db) => listCountDifferences(db, campaignId));

describe('the counters', () => {
  it.each([1, 2])(
    'are what the rows are, whatever workers move, take back and lose while they are added up and counted anew (seed %i)',
    async (seed) => {
      const campaign = await aListedCampaign({ people: 40 });
      let isOver = false;
      const workers = Array.from({ length: 4 }, async (_, index) => {
        const below = random(seed * 100 + index);
        for (let turn = 0; turn < TURNS; turn++) await moveAtRandom(campaign.id, below);
      });
      const folds: boolean[] = [];
      const sweep = async () => {
        while (!isOver) {
          for (const tally of deliveryTallies) folds.push(await foldTally(app.pool, tally, campaign.id, 20));
          expect(await countDifferences(campaign.id)).toEqual([]);
        }
      };
      const rebuild = async () => {
        while (!isOver) {
          await rebuildTallies(app.pool, deliveryTallies, campaign.id, async () => {});
          await sleep(50);
        }
      };
      const sweeping = Promise.all([sweep(), sweep(), rebuild()]);
      await Promise.all(workers);
      isOver = true;
      await sweeping;
      expect(folds).toContain(true);
      expect(await countDifferences(campaign.id)).toEqual([]);
      expect(await countWaves(app.pool, campaign.id)).toEqual(await recountWaves(app.pool, campaign.id));
      expect(await countOutcomes(app.pool, campaign.id)).toEqual(await recountOutcomes(app.pool, campaign.id));
    },
  );

  it('follow letters and decisions that meet: lots formed, people excluded and readmitted, pieces posted and spoiled at once', async () => {
    const campaign = await aListedCampaign({ people: 60, piecesPerLot: 10, needsConsent: false });
    const below = random(7);
    const some = () => campaign.refs.filter(() => below(5) === 0);
    const actorId = newRef();
    const decide = async () => {
      for (let turn = 0; turn < 6; turn++) {
        const excluded = { kind: 'excluded', code: 'not_affected' } as const;
        const decision = turn % 3 === 2 ? ({ kind: 'readmitted', code: 'none' } as const) : excluded;
        await decidePeople(app, { campaignId: campaign.id, refs: some(), decision, actorId });
      }
    };
    const produce = async () => {
      const { lotIds } = await planLots(app, { campaignId: campaign.id, waveId: 'letters' });
      for (const lotId of lotIds) {
        const lines = (await listPieces(app.pool, lotId))
          .filter((_, index) => index % 3 !== 2)
          .map((piece, index) => [
            formatPieceNumber(piece.noticeNumber, piece.cycle),
            index % 3 === 0 ? '損紙' : '投函済',
            '2026/11/24',
            'S-1',
            '見本郵便局',
            '',
          ]);
        const head = ['管理番号', '状態', '処理日', '差出票番号', '引受郵便局', 'カード'];
        await recordVendorFile(app, {
          campaign,
          data: formatCsv([head, ...lines], { encoding: 'cp932', quoteAll: true }),
        });
      }
    };
    await Promise.all([produce(), decide(), produce()]);
    expect(await countDifferences(campaign.id)).toEqual([]);
    const pull = await listPiecesToPull(app.pool, campaign.id, null);
    expect(pull.length).toBeGreaterThan(0);
    expect(await countPiecesToPull(app.pool, campaign.id)).toBe(pull.length);
    const counts = (await listLotAccounts(app.pool, campaign.id)).map(
      ({ lotId: _, returned: __, ...account }) => account,
    );
    expect(counts.some((lot) => lot.posted > 0) && counts.some((lot) => lot.spoiled > 0)).toBe(true);
    expect(await listLotCounts(app.pool, campaign.id)).toEqual(counts);
    const { differences } = await readSnapshot(app.pool, (db) => compareRooms(db, campaign.id));
    expect(differences.filter(({ what }) => /^counter|letters/.test(what))).toEqual([]);
  });
});

describe('the recount', () => {
  it('shows a tampered counter with both figures, in reconcile with exit 1, at night, and in the status until it is put right', async () => {
    const { campaign } = await launchedCampaign(
      app,
      Array.from({ length: 5 }, (_, index) => rosterRow(index)),
    );
    expect(await recountCampaigns(app)).toBeGreaterThan(0);
    const decisions = async () => (await campaignStatus(app, campaign.id)).decisions.map(({ code }) => code);
    expect(await decisions()).not.toContain('counts_differ');

    await planWaves(app, { campaignId: campaign.id });

    await app.pool.query(
      sql`insert into delivery.person_tally values (${campaign.id}, 'told', 'mail_accepted', 'infinity', 3)`,
    );
    expect(await recountCampaigns(app), 'once a night').toBe(0);
    now = new Date(now.getTime() + 24 * 60 * 60 * 1000);
    expect(await recountCampaigns(app)).toBeGreaterThan(0);
    expect(await decisions()).toContain('counts_differ');
    expect((await campaignStatus(app, campaign.id)).balanced).toBe(false);

    const env = {
      OWABI_HOME: app.config.home,
      OWABI_KEYS: app.config.keysDir,
      OWABI_EXPORT: app.config.exportDir,
      DATABASE_URL: app.databaseUrl,
      OWABI_LANG: 'en',
    };
    const reconciled = await callCli(['reconcile', campaign.slug], { env });
    expect(reconciled.code).toBe(1);
    expect(reconciled.stdout).toContain('counter.people: 8 (counters) – 5 (rows)');
    expect(reconciled.stdout).toContain('counter.people mail_accepted told infinity: 3 (counters) – 0 (rows)');
    const proven = await countAccounting(app.pool, campaign.id, recount);
    expect(proven, 'what leaves the company rests on the rows').toMatchObject({ balanced: true, persons: { told: 0 } });

    const rebuilt = await callCli(['reconcile', campaign.slug, '--rebuild-by', '総務 花子'], { env });
    expect(rebuilt, rebuilt.stdout + rebuilt.stderr).toMatchObject({ code: 0 });
    const facts = await listFacts(app.pool, campaign.id);
    expect(facts.filter(({ kind }) => kind === 'counters.rebuilt')).toMatchObject([{ actorId: expect.any(String) }]);
    expect(await decisions()).not.toContain('counts_differ');
  });

  it('shows a fact that would never be sealed because its line was taken away', async () => {
    const campaign = await aListedCampaign({ people: 1 });
    await app.pool.query(sql`delete from journal.unsealed_fact where campaign_id = ${campaign.id}`);
    const { differences } = await recountCampaign(app, campaign.id);
    expect(differences.map(({ what }) => what)).toContain('counter.facts.unsealed');
  });

  it('shows a state that the events do not bear out, though its counter agrees', async () => {
    const campaign = await aListedCampaign({ people: 3 });
    await app.pool.query(
      sql`update delivery.assignment set state = 'posted' where campaign_id = ${campaign.id} and person_ref = ${campaign.refs[0]}`,
    );
    const { differences } = await recountCampaign(app, campaign.id);
    expect(differences).toContainEqual(
      expect.objectContaining({
        what: 'letters.handed_over',
        left: { from: 'places', count: 1 },
        right: { from: 'events', count: 0 },
      }),
    );
    expect(differences.some(({ what }) => what.startsWith('counter.'))).toBe(false);
  });
});
