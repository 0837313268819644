// What is left after a purge: the proof without a name, and a record of the purge whatever happened while it ran.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { approvePlan } from '../../src/campaign/approvals/approve-plan.ts';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import { createPlan } from '../../src/campaign/plan/create-plan.ts';
import { setLegalHold } from '../../src/campaign/set-legal-hold.ts';
import { setState } from '../../src/campaign/set-state.ts';
import { purgeCampaign } from '../../src/desk/lifecycle/purge-campaign.ts';
import { buildBundle } from '../../src/evidence/bundle/build-bundle.ts';
import { verifyBundle } from '../../src/evidence/verify/verify-bundle.ts';
import { listFacts } from '../../src/journal/store.ts';
import { transaction } from '../../src/platform/postgres/db.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile, aPlanSnapshot } from '../support/campaign-file.ts';

const app = useApp();
const dir = mkdtempSync(join(tmpdir(), 'owabi-purge-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let campaign: Campaign;
let count = 0;

/** A campaign with an approved plan that has come to its end. */
beforeEach(async () => {
  count += 1;
  const file = aCampaignFile({ id: `purge-${count}` });
  const made = await ensureCampaign(app, { dir: join(dir, file.id), file });
  await createPlan(app, { campaign: made, snapshot: aPlanSnapshot() });
  for (const by of ['青葉 一', '若葉 二']) await approvePlan(app, { campaign: made, by });
  for (const [to, reason] of [
    ['running', 'launched'],
    ['closed', 'closed'],
  ] as const)
    await transaction(app.pool, (tx) => setState(tx, { campaign: made, to, actorId: null, reason }));
  campaign = await getCampaign(app.pool, made.id);
});

const purge = (scope: 'addresses' | 'all', given: typeof app = app) =>
  purgeCampaign(given, { campaign, by: '青葉 一', and: '若葉 二', scope, dryRun: false });
const purgeFacts = async () =>
  (await listFacts(app.pool, campaign.id)).filter((fact) => fact.kind.startsWith('campaign.purge'));

const hold = (isHeld: boolean, and = '若葉 二') => setLegalHold(app, { campaign, isHeld, by: '青葉 一', and });

describe('a legal hold', () => {
  it('set and released by two names is on record, once each, and no purge passes it', async () => {
    expect(await hold(true, '青葉　一')).toEqual({ kind: 'refused', reasons: ['SAME_PERSON'] });
    expect(await hold(true)).toEqual({ kind: 'done', isHeld: true, isNew: true });
    expect(await hold(true)).toEqual({ kind: 'done', isHeld: true, isNew: false });
    // The campaign as the purge read it before the hold was set: the row says otherwise.
    expect(campaign.legalHold).toBe(false);
    expect(await purge('all')).toEqual({ kind: 'refused', reasons: ['LEGAL_HOLD'] });
    campaign = await getCampaign(app.pool, campaign.id);
    expect(await purge('all')).toEqual({ kind: 'refused', reasons: ['LEGAL_HOLD'] });
    expect(app.keys.has(campaign.id)).toBe(true);
    expect(await purgeFacts()).toEqual([]);
    expect(await hold(false)).toMatchObject({ isNew: true });
    campaign = await getCampaign(app.pool, campaign.id);
    expect(await purge('all')).toMatchObject({ kind: 'purged' });
    const facts = (await listFacts(app.pool, campaign.id)).filter((fact) => /hold|held/.test(fact.kind));
    expect(facts.map((fact) => [fact.kind, fact.actorId === null])).toEqual([
      ['campaign.held', false],
      ['campaign.hold_released', false],
    ]);
  });
});

describe('a purge', () => {
  it('of the addresses leaves the proof: the bundle is still made, names the client, and verifies', async () => {
    expect(await purge('addresses')).toMatchObject({ kind: 'purged' });
    expect(() => app.keys.open(campaign.id).file).toThrow(expect.objectContaining({ code: 'KEY_MISSING' }));
    const out = join(dir, `${campaign.slug}.zip`);
    expect(await buildBundle(app, { campaign, out, audience: 'insurer' })).toMatchObject({ kind: 'built' });
    expect((await verifyBundle(out)).problems).toEqual([]);
  });

  it.each(['addresses', 'all'] as const)('of %s that was cut off is on record, and is finished', async (scope) => {
    const dying = {
      ...app,
      keys: {
        ...app.keys,
        open: app.keys.open,
        destroy: (id: string, what: 'addresses' | 'all') => {
          app.keys.destroy(id, what);
          throw new Error('power cut');
        },
      },
    };
    await expect(purge(scope, dying)).rejects.toThrow('power cut');
    expect((await purgeFacts()).map((fact) => fact.kind)).toEqual(['campaign.purge_begun']);
    expect(await purge(scope)).toMatchObject({ kind: 'purged' });
    const [begun, done, ...more] = await purgeFacts();
    expect(done).toMatchObject({ kind: 'campaign.purged', actorId: begun?.actorId, body: begun?.body });
    expect(begun?.actorId).not.toBeNull();
    expect(more).toEqual([]);
  });
});
