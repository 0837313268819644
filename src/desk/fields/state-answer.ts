/** What launch, pause, resume, stop and close answer: the state, why not, and whether anything works on it. */
import { z } from 'zod';
import { campaignStates } from '../../campaign/campaign-state.ts';
import { countLiveWorkers } from '../../delivery/mail/live-workers.ts';
import type { App } from '../../platform/app.ts';
import type { StateAnswer } from '../lifecycle/launch-campaign.ts';
import { count } from './operation-field.ts';

export const stateAnswer = z.strictObject({
  state: z.enum(campaignStates),
  /** Codes of what stands against it; absent when it was done. */
  refused: z.array(z.string()).optional(),
  workers: count,
});

export async function answerState(app: Pick<App, 'pool'>, answer: StateAnswer) {
  const workers = await countLiveWorkers(app.pool);
  if (answer.kind === 'refused') return { state: answer.state, refused: answer.reasons, workers };
  return { state: answer.state, workers };
}
