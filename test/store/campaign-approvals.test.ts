import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { listActors } from '../../src/campaign/actors/ensure-actor.ts';
import { registerApprover } from '../../src/campaign/actors/register-approver.ts';
import { totpCode, totpStep } from '../../src/campaign/actors/totp.ts';
import { approvePlan, exportApprovals } from '../../src/campaign/approvals/approve-plan.ts';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { getCampaign, getCampaignFolder } from '../../src/campaign/find-campaign.ts';
import { scaffoldCampaign } from '../../src/campaign/folder/scaffold-campaign.ts';
import { createPlan, getPlanSnapshot } from '../../src/campaign/plan/create-plan.ts';
import { findPolicy } from '../../src/campaign/policy/adopt-policy.ts';
import { setState } from '../../src/campaign/set-state.ts';
import { listFacts } from '../../src/journal/store.ts';
import { sql, transaction } from '../../src/platform/postgres/db.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile, aPlanSnapshot } from '../support/campaign-file.ts';
import { folderContent } from '../support/folder-content.ts';

vi.mock('node:crypto', async (original) => {
  const { cheapScrypt } = await import('../support/cheap-scrypt.ts');
  return cheapScrypt(await original());
});

let now = new Date('2026-11-20T00:00:00Z');
const app = useApp({ clock: () => now });
let campaign: Campaign;
let count = 0;
const client = '株式会社ためし堂';

beforeEach(async () => {
  count += 1;
  campaign = await ensureCampaign(app, {
    dir: `/tmp/approvals-${count}`,
    file: aCampaignFile({ id: `approvals-${count}`, client }),
  });
});

const propose = (changes = {}) => createPlan(app, { campaign, snapshot: aPlanSnapshot(changes) });
const current = () => getCampaign(app.pool, campaign.id);

describe('a campaign', () => {
  it('is registered once, with keys of its own, and remembers where its folder is', async () => {
    const again = await ensureCampaign(app, { dir: '/tmp/moved', file: aCampaignFile({ id: campaign.slug, client }) });
    expect(again.id).toBe(campaign.id);
    expect(await getCampaignFolder(app, campaign.id)).toBe('/tmp/moved');
    expect(app.keys.has(campaign.id)).toBe(true);
  });

  it('is not taken over by another incident that uses the same id', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'owabi-same-'));
    await scaffoldCampaign({ dir: join(folder, 'one'), today: '2026-11-20', id: 'same-id', isTrial: true });
    await scaffoldCampaign({ dir: join(folder, 'two'), today: '2026-11-21', id: 'same-id', isTrial: true });
    const read = async (name: string) => folderContent(join(folder, name));
    const first = await ensureCampaign(app, await read('one'));
    await expect(ensureCampaign(app, await read('two'))).rejects.toMatchObject({ code: 'CAMPAIGN_EXISTS' });
    await cp(join(folder, 'one'), join(folder, 'copy'), { recursive: true });
    expect((await ensureCampaign(app, await read('copy'))).id).toBe(first.id);
    await rm(folder, { recursive: true });
    // The first folder is gone: nothing on disk tells any more whose id it is.
    const other = aCampaignFile({ id: 'same-id', client: '別の会社' });
    await expect(ensureCampaign(app, { dir: '/tmp/other', file: other })).rejects.toMatchObject({
      code: 'CAMPAIGN_EXISTS',
    });
  });

  it('untouched is not the same as another untouched one with the same id', async () => {
    const file = aCampaignFile({ id: `untouched-${count}` });
    await ensureCampaign(app, { dir: '/tmp/青葉商店', file });
    await expect(ensureCampaign(app, { dir: '/tmp/若葉商店', file })).rejects.toMatchObject({
      code: 'CAMPAIGN_EXISTS',
    });
  });

  it('takes a correction of its client’s name where its folder stands, not elsewhere', async () => {
    const dir = `/tmp/approvals-${count}`;
    const corrected = aCampaignFile({ id: campaign.slug, client: '株式会社見本（新社名）' });
    await expect(ensureCampaign(app, { dir: '/tmp/elsewhere', file: corrected })).rejects.toMatchObject({
      code: 'CAMPAIGN_EXISTS',
    });
    expect((await ensureCampaign(app, { dir, file: corrected })).id).toBe(campaign.id);
    expect((await ensureCampaign(app, { dir: '/tmp/elsewhere', file: corrected })).id).toBe(campaign.id);
  });

  it('registered by two at once is one campaign', async () => {
    const file = aCampaignFile({ id: `race-${count}` });
    const both = await Promise.all([1, 2, 3].map(() => ensureCampaign(app, { dir: '/tmp/race', file })));
    expect(new Set(both.map((one) => one.id)).size).toBe(1);
    expect(
      (await listFacts(app.pool, both[0]?.id ?? '')).filter((fact) => fact.kind === 'campaign.created'),
    ).toHaveLength(1);
  });
});

describe('a plan', () => {
  it('is the same plan when nothing changed, and opens as what was frozen', async () => {
    const first = await propose();
    const second = await propose();
    expect(second).toMatchObject({ planId: first.planId, sha256: first.sha256, isNew: false });
    expect(await getPlanSnapshot(app, first.planId)).toEqual(aPlanSnapshot());
    expect((await current()).planId).toBeNull();
  });

  it('adopts its policy when it is approved, never while it waits, and once per content', async () => {
    await propose();
    await propose({ listVersion: 2 });
    expect(await findPolicy(app.pool, campaign.id)).toBeNull();
    for (const by of ['青葉 一郎', '若葉 花子']) await approvePlan(app, { campaign, by });
    await propose();
    for (const by of ['青葉 一郎', '若葉 花子']) await approvePlan(app, { campaign, by });
    const facts = await listFacts(app.pool, campaign.id);
    expect(facts.filter((fact) => fact.kind === 'policy.adopted')).toHaveLength(1);
    expect(facts.filter((fact) => fact.kind === 'plan.proposed')).toHaveLength(2);
  });

  it('cannot be changed or deleted in the database', async () => {
    const { planId } = await propose();
    await expect(app.pool.query(sql`update campaign.plan set list_version = 9 where id = ${planId}`)).rejects.toThrow();
    await expect(app.pool.query(sql`delete from campaign.plan where id = ${planId}`)).rejects.toThrow();
  });
});

describe('an approval', () => {
  it('by two people without registration is declared, not authenticated, and approves the plan', async () => {
    const { planId, sha256 } = await propose();
    expect(await approvePlan(app, { campaign, by: '青葉 一郎' })).toMatchObject({
      kind: 'recorded',
      proof: 'declared',
      missing: 1,
    });
    expect((await current()).state).toBe('draft');
    expect(await approvePlan(app, { campaign, by: '若葉 花子' })).toMatchObject({
      kind: 'recorded',
      missing: 0,
      sha256,
    });
    expect(await current()).toMatchObject({ state: 'approved', planId });
    const facts = (await listFacts(app.pool, campaign.id)).filter((fact) => fact.kind === 'plan.approved');
    expect(facts.map((fact) => fact.body)).toEqual([
      expect.objectContaining({
        planSha256: sha256,
        proof: 'declared',
        approvals: 1,
        journalHead: expect.stringMatching(/^[0-9a-f]{64}$/),
      }),
      expect.objectContaining({ planSha256: sha256, proof: 'declared', approvals: 2 }),
    ]);
    expect(JSON.stringify(facts)).not.toContain('青葉');
  });

  it('by one person under two spellings is one approval', async () => {
    await propose();
    await approvePlan(app, { campaign, by: '青葉 一郎' });
    expect(await approvePlan(app, { campaign, by: '青葉　一郎 ' })).toEqual({
      kind: 'refused',
      reason: 'ALREADY_APPROVED',
    });
    expect((await current()).state).toBe('draft');
  });

  it('by whoever loaded the list is refused', async () => {
    await propose();
    await approvePlan(app, { campaign, by: '青葉 一郎' });
    const [loader] = await listActors(app, app.pool, campaign.id);
    const result = await approvePlan(app, { campaign, by: '青葉一郎', loadedBy: [loader?.id ?? ''] });
    expect(result).toEqual({ kind: 'refused', reason: 'LOADED_THE_LIST' });
  });

  it('of a plan that changed since it was shown is refused', async () => {
    const shown = await propose();
    await propose({ listVersion: 2 });
    const result = await approvePlan(app, { campaign, by: '青葉', expectSha256: shown.sha256 });
    expect(result).toEqual({ kind: 'refused', reason: 'PLAN_CHANGED' });
  });

  it('of a new plan leaves the old one running until two people approved the new one', async () => {
    const first = await propose();
    for (const by of ['a', 'b']) await approvePlan(app, { campaign, by });
    const second = await propose({ listVersion: 2 });
    await approvePlan(app, { campaign, by: 'a' });
    expect(await current()).toMatchObject({ planId: first.planId, proposedPlanId: second.planId });
    await approvePlan(app, { campaign, by: 'b' });
    expect(await current()).toMatchObject({ planId: second.planId, state: 'approved' });
  });

  it('given by many at once counts each person once', async () => {
    await propose();
    const results = await Promise.all(['a', 'a', 'a', 'b', 'b', 'b'].map((by) => approvePlan(app, { campaign, by })));
    expect(results.filter((one) => one.kind === 'recorded')).toHaveLength(2);
    expect(await exportApprovals(app.pool, campaign.id)).toHaveLength(2);
    const { rows } = await app.pool.query('select 1 from campaign.state_event where campaign_id = $1', [campaign.id]);
    expect(rows).toHaveLength(1);
  });

  it('without a plan is refused', async () => {
    expect(await approvePlan(app, { campaign, by: 'a' })).toEqual({ kind: 'refused', reason: 'PLAN_MISSING' });
  });
});

describe('a registered approver', () => {
  it('proves with the passphrase; nobody else may approve then', async () => {
    await propose();
    await registerApprover(app, { campaign, name: '青葉 一郎', passphrase: 'correct horse' });
    expect(await approvePlan(app, { campaign, by: '若葉 花子' })).toEqual({
      kind: 'refused',
      reason: 'APPROVER_UNKNOWN',
    });
    expect(await approvePlan(app, { campaign, by: '青葉 一郎' })).toEqual({ kind: 'refused', reason: 'CODE_MISSING' });
    expect(await approvePlan(app, { campaign, by: '青葉 一郎', code: 'wrong horse' })).toEqual({
      kind: 'refused',
      reason: 'CODE_WRONG',
    });
    expect(await approvePlan(app, { campaign, by: '青葉 一郎', code: 'correct horse' })).toMatchObject({
      kind: 'recorded',
      proof: 'passphrase',
    });
  });

  it('is slowed down after three wrong codes, and let in again later', async () => {
    await propose();
    await registerApprover(app, { campaign, name: 'a', passphrase: 'correct horse' });
    const attempt = (code: string) => approvePlan(app, { campaign, by: 'a', code });
    for (const code of ['x1', 'x2', 'x3']) expect(await attempt(code)).toMatchObject({ reason: 'CODE_WRONG' });
    expect(await attempt('correct horse')).toEqual({
      kind: 'refused',
      reason: 'TOO_MANY_ATTEMPTS',
      retryAt: new Date(now.getTime() + 2_000),
    });
    now = new Date(now.getTime() + 2_000);
    expect(await attempt('x4')).toMatchObject({ reason: 'CODE_WRONG' });
    now = new Date(now.getTime() + 3_999);
    expect(await attempt('correct horse')).toMatchObject({ reason: 'TOO_MANY_ATTEMPTS' });
    now = new Date(now.getTime() + 1);
    expect(await attempt('correct horse')).toMatchObject({ kind: 'recorded' });
  });

  it('cannot use a one-time code twice', async () => {
    await propose();
    const { otpauthUri } = await registerApprover(app, { campaign, name: 'a' });
    const letters = /secret=([A-Z2-7]+)/.exec(otpauthUri ?? '')?.[1] ?? '';
    const bits = [...letters]
      .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
      .join('');
    const secret = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
    const code = totpCode(secret, totpStep(now));
    expect(await approvePlan(app, { campaign, by: 'a', code })).toMatchObject({ kind: 'recorded', proof: 'totp' });
    await propose({ listVersion: 2 });
    expect(await approvePlan(app, { campaign, by: 'a', code })).toMatchObject({ reason: 'CODE_WRONG' });
  });

  it('is not registered again by someone who forgot or never knew the passphrase', async () => {
    await registerApprover(app, { campaign, name: 'a', passphrase: 'correct horse' });
    await expect(registerApprover(app, { campaign, name: ' A', passphrase: 'other horse!' })).rejects.toMatchObject({
      code: 'APPROVER_EXISTS',
    });
  });

  it('is let in by one who may approve already, once there are enough, and never slips in between two approvals', async () => {
    const register = (name: string, voucher?: { name: string; code: string }) =>
      registerApprover(app, { campaign, name, passphrase: `passphrase of ${name}`, ...(voucher ? { voucher } : {}) });
    await propose();
    await register('a');
    await register('b');
    const unvouched = { code: 'APPROVER_UNVOUCHED' };
    await expect(register('c')).rejects.toMatchObject(unvouched);
    await expect(register('c', { name: 'c', code: 'passphrase of c' })).rejects.toMatchObject(unvouched);
    await expect(register('c', { name: 'a', code: 'passphrase of b' })).rejects.toMatchObject(unvouched);
    const { actorId } = await register('c', { name: 'a', code: 'passphrase of a' });
    const facts = (await listFacts(app.pool, campaign.id)).filter((fact) => fact.kind === 'approver.registered');
    expect(facts.map((fact) => (fact.body as { vouchedBy: string | null }).vouchedBy === null)).toEqual([
      true,
      true,
      false,
    ]);
    expect(facts.at(-1)).toMatchObject({ actorId, body: { vouchedBy: facts[0]?.actorId } });
    const race = await Promise.allSettled(['d', 'e'].map((name) => register(name)));
    expect(race.map((one) => one.status)).toEqual(['rejected', 'rejected']);
  });

  it('is not added by anyone to a lone one after a plan was approved', async () => {
    await propose();
    for (const by of ['x', 'y']) await approvePlan(app, { campaign, by });
    await registerApprover(app, { campaign, name: 'x', passphrase: 'correct horse' });
    await expect(registerApprover(app, { campaign, name: 'z', passphrase: 'other horse' })).rejects.toMatchObject({
      code: 'APPROVER_UNVOUCHED',
    });
  });

  it('leaves no name in clear in the table', async () => {
    await registerApprover(app, { campaign, name: '青葉 一郎', passphrase: 'correct horse' });
    const { rows } = await app.pool.query('select a::text as row from campaign.actor a');
    for (const name of ['青葉', Buffer.from('青葉').toString('hex'), 'correct horse'])
      expect(JSON.stringify(rows)).not.toContain(name);
    expect(await listActors(app, app.pool, campaign.id)).toEqual([
      expect.objectContaining({ name: '青葉 一郎', isApprover: true }),
    ]);
  });
});

describe('the state of a campaign', () => {
  const move = (
    to: 'running' | 'paused' | 'stopped' | 'closed',
    reason: 'launched' | 'paused' | 'stopped' | 'closed',
  ) =>
    transaction(app.pool, (tx) =>
      setState(tx, {
        campaign,
        to,
        actorId: null,
        reason,
        note: { text: '山田の判断', proofKey: app.keys.open(campaign.id).proof },
      }),
    );

  it('moves as the table says, and each move is a fact with its reason', async () => {
    expect(await move('running', 'launched')).toMatchObject({ kind: 'refused', state: 'draft', why: 'state' });
    await propose();
    for (const by of ['a', 'b']) await approvePlan(app, { campaign, by });
    expect(await move('running', 'launched')).toMatchObject({ kind: 'changed', from: 'approved' });
    expect(await move('running', 'launched')).toEqual({ kind: 'unchanged', state: 'running' });
    expect(await move('stopped', 'stopped')).toMatchObject({ kind: 'changed' });
    expect(await move('closed', 'closed')).toMatchObject({ kind: 'changed' });
    expect(await move('running', 'launched')).toMatchObject({ kind: 'refused', state: 'closed', why: 'state' });
    const bodies = (await listFacts(app.pool, campaign.id))
      .filter((fact) => fact.kind === 'campaign.state_changed')
      .map((fact) => fact.body);
    expect(bodies.map((body) => (body as { to: string }).to)).toEqual(['approved', 'running', 'stopped', 'closed']);
    expect(JSON.stringify(bodies)).not.toContain('山田');
    await expect(createPlan(app, { campaign, snapshot: aPlanSnapshot({ listVersion: 3 }) })).rejects.toMatchObject({
      code: 'CAMPAIGN_CLOSED',
    });
  });

  it('is changed by one of two operators at once', async () => {
    await propose();
    for (const by of ['a', 'b']) await approvePlan(app, { campaign, by });
    await move('running', 'launched');
    const changes = await Promise.all([move('paused', 'paused'), move('paused', 'paused'), move('paused', 'paused')]);
    expect(changes.filter((change) => change.kind === 'changed')).toHaveLength(1);
  });

  it('cannot leave draft in the database without an approved plan', async () => {
    await expect(
      app.pool.query(sql`update campaign.campaign set state = 'running' where id = ${campaign.id}`),
    ).rejects.toThrow(/campaign_needs_plan/);
  });
});
