/** The last chapter: what is still undecided is decided by name, the campaign closes, the bundle is built and verified. */
import { join } from 'node:path';
import { ensureActor } from '../campaign/actors/ensure-actor.ts';
import { decidePeople } from '../delivery/decide-people.ts';
import { termOfOutcome } from '../delivery/outcome.ts';
import { countOutcomes, listPeopleByOutcome } from '../delivery/standing-store.ts';
import { chargeJournal } from '../desk/charge-journal.ts';
import { closeCampaign } from '../desk/close-campaign.ts';
import { buildBundle } from '../evidence/bundle/build-bundle.ts';
import { verifyBundle } from '../evidence/verify/verify-bundle.ts';
import { AppError } from '../kernel/errors.ts';
import { type DemoStage, demoPeople } from './demo-stage.ts';

/** Covers whoever cannot be told by the substitute measure (the publication), under the risk manager's name. */
export async function decideTheRest(stage: DemoStage): Promise<void> {
  const { app, voice } = stage;
  const { id } = await stage.campaign();
  const open = (await countOutcomes(app.pool, id)).filter(({ outcome }) => termOfOutcome[outcome] === 'undecided');
  if (open.length === 0) return;
  const actorId = await ensureActor(app, app.pool, { campaignId: id, name: demoPeople.riskManager });
  const refs = await listPeopleByOutcome(
    app.pool,
    id,
    open.map(({ outcome }) => outcome),
  );
  await decidePeople(app, { campaignId: id, refs, decision: { kind: 'substituted', code: 'public_notice' }, actorId });
  const parts = open.map(({ outcome, people }) => `${people} ${voice.say(`demo.outcome.${outcome}`)}`);
  voice.tell(
    voice.say('demo.substituted', { people: refs.length, parts: parts.join(', '), by: demoPeople.riskManager }),
  );
}

/** Closes; anything that stands against it is a fault of the demo and says so. */
export async function closeDemo(stage: DemoStage): Promise<void> {
  const answer = await closeCampaign(stage.app, { campaign: await stage.campaign(), by: demoPeople.riskManager });
  if (answer.kind === 'refused')
    throw new AppError('DEMO_STUCK.close', {
      reasons: answer.reasons.map((reason) => ({ word: `cli.refused.${reason}` })),
    });
  stage.voice.tell(stage.voice.say('demo.closed'));
}

/** Builds the insurer's bundle and verifies it as the insurer would, from the file alone. */
export async function bundleDemo(stage: DemoStage): Promise<string> {
  const { app, voice, folders } = stage;
  const campaign = await stage.campaign();
  await chargeJournal(app, { campaignId: campaign.id });
  const out = join(folders.export, `${campaign.slug}-insurer.zip`);
  const built = await buildBundle(app, { campaign, out, audience: 'insurer', isFinal: true });
  if (built.kind === 'refused')
    throw new AppError('DEMO_STUCK.bundle', {
      reasons: built.reasons.map((reason) => ({ word: `cli.bundle.refusal.${reason}` })),
    });
  const verdict = await verifyBundle(out);
  if (!verdict.ok)
    throw new AppError('DEMO_STUCK.verify', {
      problems: verdict.problems.slice(0, 3).map((problem) => ({ word: `evidence.problem.${problem.code}` })),
    });
  voice.tell(voice.say('demo.bundled', { files: built.files, block: built.block, head: built.head.slice(0, 16) }));
  return out;
}
