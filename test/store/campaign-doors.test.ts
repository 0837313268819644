// Checklist, forecast and the list of campaigns, on a running campaign with letters and mails under way.
import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { termOfOutcome } from '../../src/delivery/outcome.ts';
import { planWaves } from '../../src/delivery/plan-waves.ts';
import { listWaitingPeople } from '../../src/delivery/standing-store.ts';
import { checkAudit } from '../../src/desk/audit/check-audit.ts';
import { MAX_NAMED } from '../../src/desk/open-names.ts';
import { campaignChecklist, tickStep } from '../../src/desk/overview/campaign-checklist.ts';
import { forecastCampaign } from '../../src/desk/overview/forecast-campaign.ts';
import { listCampaignLines } from '../../src/desk/overview/list-campaigns.ts';
import { runOperation } from '../../src/desk/run-operation.ts';
import { listFacts } from '../../src/journal/store.ts';
import { say } from '../../src/platform/words.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';
import { launchedCampaign, loadRoster, rosterRow } from '../support/launched-campaign.ts';

const now = new Date('2026-11-21T03:00:00Z');
const app = useApp({ clock: () => now });
const owner = { door: 'cli', role: 'owner' } as const;
let campaign: Campaign | undefined;

async function launched(): Promise<Campaign> {
  if (campaign === undefined) {
    const rows = Array.from({ length: 400 }, (_, index) => rosterRow(index, index % 2 ? {} : { email: '' }));
    ({ campaign } = await launchedCampaign(app, rows));
    await planWaves(app, { campaignId: campaign.id });
  }
  return await getCampaign(app.pool, campaign.id);
}

describe('the checklist of a campaign', () => {
  it('is ticked by what the records show and has the clocks’ legal days', async () => {
    const steps = Object.fromEntries(
      (await campaignChecklist(app, { campaign: await launched(), folder: null })).map((step) => [step.id, step]),
    );
    expect(steps.list?.done).toEqual({ on: '2026-11-21', how: 'fact' });
    expect(steps.preliminary?.done).toMatchObject({ how: 'fact' });
    expect(steps.centre?.done).toMatchObject({ how: 'fact' });
    expect(steps.final).toMatchObject({ dueOn: '2027-01-12', done: null });
    expect(steps.notify?.done).toBeNull();
    expect(steps.team).toMatchObject({ done: null, isOverdue: true });
  });

  it('takes a tick and its taking back under a name, once each, and no step that is not there', async () => {
    const at = await launched();
    const ticks = async () =>
      (await listFacts(app.pool, at.id)).filter((fact) => fact.kind.startsWith('checklist.')).map((fact) => fact.kind);
    const set = (isDone: boolean) =>
      tickStep(app, { campaign: at, folder: null, step: 'team', by: '危機 管理子', isDone });
    const team = (steps: Awaited<ReturnType<typeof set>>) => steps.find((step) => step.id === 'team')?.done;
    expect(team(await set(true))).toEqual({ on: '2026-11-21', how: 'name' });
    await set(true);
    expect(await ticks()).toEqual(['checklist.ticked']);
    expect(team(await set(false))).toBeNull();
    expect(await ticks()).toEqual(['checklist.ticked', 'checklist.reopened']);
    await expect(
      tickStep(app, { campaign: at, folder: null, step: 'taem', by: '危機 管理子', isDone: true }),
    ).rejects.toMatchObject({
      code: 'STEP_UNKNOWN',
      params: { known: 'team' },
    });
  });
});

describe('the forecast of a campaign', () => {
  it('expects contacts after the notices of its waves, and what the insurer will owe', async () => {
    const forecast = await forecastCampaign(app, { campaign: await launched(), days: 14 });
    expect(forecast.contacts).toHaveLength(14);
    expect(forecast.contacts[0]?.day).toBe('2026-11-21');
    const all = forecast.contacts.reduce((sum, one) => sum + one.expected, 0);
    // 200 mails and 200 letters: 0.7 % and 2 % of them in all, spread over weeks.
    expect(all).toBeGreaterThanOrEqual(1);
    expect(all).toBeLessThanOrEqual(9);
    expect(forecast.money).toMatchObject({ incurred: 0, payable: 0, paid: 0, outstanding: 0 });
  });
});

describe('the list of campaigns', () => {
  it('stands by client and says what is due next, also where no plan runs yet', async () => {
    await launched();
    await ensureCampaign(app, { dir: '/tmp/doors-none', file: aCampaignFile({ id: 'doors', client: 'いろは商会' }) });
    const lines = await listCampaignLines(app);
    expect(lines.map((line) => line.client)).toEqual(['いろは商会', '株式会社ためし堂']);
    // Its folder is nowhere: it has no clocks, and the list still stands.
    expect(lines[0]).toMatchObject({ campaign: 'doors', state: 'draft', people: 0, next: null, legalHold: false });
    expect(lines[1]).toMatchObject({ state: 'running', people: 400 });
    expect(lines[1]?.next?.label?.en).toMatch(/notice to the people/);
  });
});

describe('a work list', () => {
  const looks = async (id: string) =>
    (await checkAudit(app.pool, id)).events.filter(({ kind }) => kind === 'opened').map(({ refs }) => refs);

  it('has the people who wait with their due days, those due first in front', async () => {
    const { id } = await launched();
    const waiting = await listWaitingPeople(app.pool, id, ['mail_waiting', 'letter_waiting']);
    expect(waiting).toHaveLength(400);
    const days = waiting.map((person) => person.dueOn ?? '9999');
    expect(days).toEqual([...days].sort());
    expect(days[0]).toMatch(/^2026-1[12]-/);
  });

  it('opens no more names than a person reads at once, puts each look on record, and opens none unasked', async () => {
    const at = await launched();
    const list = (names: boolean) => {
      const input = { campaign: at.slug, outcome: 'mail_waiting', names, by: '危機 管理子' };
      return runOperation(app, owner, 'list-people', input);
    };
    const { people } = await list(false);
    expect(people).toHaveLength(200);
    expect(await looks(at.id)).toEqual([]);
    const { names = {} } = await list(true);
    expect(Object.values(names).every((name) => /^見本　\d+子$/.test(name))).toBe(true);
    expect(Object.keys(names).sort()).toEqual(people.slice(0, MAX_NAMED).sort());
    expect(await looks(at.id)).toEqual([Object.keys(names)]);
  });

  it('of rejected rows shows their cells, and each row that was opened is on record', async () => {
    const draft = await ensureCampaign(app, {
      dir: '/tmp/doors-rows',
      file: aCampaignFile({ id: 'doors-rows', client: 'いろは商会' }),
    });
    await loadRoster(app, draft, [rosterRow(1).replace('見本　1子', '見本〓子'), rosterRow(2)]);
    // No folder says which items leaked, so the other row waits as well.
    const { open } = await runOperation(app, owner, 'list-rows', { campaign: draft.slug, names: true });
    expect(open[0]?.cells).toContain('見本〓子');
    expect(await looks(draft.id)).toEqual([open.map(({ id }) => id)]);
    const unasked = await runOperation(app, owner, 'list-rows', { campaign: draft.slug });
    expect(unasked.open.map(({ cells }) => cells)).toEqual([undefined, undefined]);
  });

  it('has a word for every standing in both languages', () => {
    const missing = Object.keys(termOfOutcome).filter((outcome) =>
      (['ja', 'en'] as const).some((language) => say(language, `status.outcome.${outcome}`).startsWith('status.')),
    );
    expect(missing).toEqual([]);
  });
});
