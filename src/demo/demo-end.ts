/** The last chapter: what is still undecided is decided by name, the campaign closes, the bundle is built and verified. */
import { join } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import { DEMO_CAMPAIGN as campaign, type DemoStage, demoPeople } from './demo-stage.ts';

/** Covers whoever cannot be told by the substitute measure (the publication), under the risk manager's name. */
export async function decideTheRest({ desk, voice }: DemoStage): Promise<void> {
  const { outcomes } = await desk('show-status', { campaign });
  const open = outcomes.filter(({ term }) => term === 'undecided');
  if (open.length === 0) return;
  const by = demoPeople.riskManager;
  const { decided } = await desk('decide-people', { campaign, decision: 'substitute', by, outcome: 'undecided' });
  const parts = open.map(({ outcome, people }) => `${people} ${voice.say(`demo.outcome.${outcome}`)}`);
  voice.tell(voice.say('demo.substituted', { people: decided, parts: parts.join(', '), by }));
}

/** Closes; anything that stands against it is a fault of the demo and says so. */
export async function closeDemo({ desk, voice }: DemoStage): Promise<void> {
  const { refused } = await desk('change-state', { campaign, to: 'closed', by: demoPeople.riskManager });
  if (refused !== undefined)
    throw new AppError('DEMO_STUCK.close', { reasons: refused.map((reason) => ({ word: `cli.refused.${reason}` })) });
  voice.tell(voice.say('demo.closed'));
}

/** Builds the insurer's bundle and verifies it as the insurer would, from the file alone. */
export async function bundleDemo({ desk, voice, folders }: DemoStage): Promise<string> {
  const out = join(folders.export, `${campaign}-insurer.zip`);
  await desk('list-ledger', { campaign });
  const built = await desk('build-bundle', { campaign, out, for: 'insurer', final: true });
  if (built.kind === 'refused')
    throw new AppError('DEMO_STUCK.bundle', {
      reasons: built.reasons.map((reason) => ({ word: `cli.bundle.refusal.${reason}` })),
    });
  const { ok, problems } = await desk('verify-bundle', { file: out });
  if (!ok)
    throw new AppError('DEMO_STUCK.verify', {
      problems: problems.slice(0, 3).map(({ code }) => ({ word: `evidence.problem.${code}` })),
    });
  voice.tell(voice.say('demo.bundled', { files: built.files, block: built.block, head: built.head.slice(0, 16) }));
  return out;
}
