/** Pause, resume, stop and close: the state is a row that every worker asks before it acts. */
import { z } from 'zod';
import { actingName } from '../fields/operation-field.ts';
import { answerState, stateAnswer } from '../fields/state-answer.ts';
import { closeCampaign } from '../lifecycle/close-campaign.ts';
import { changeState } from '../lifecycle/launch-campaign.ts';
import { operationOf } from '../operation.ts';

const moves = {
  paused: { reason: 'paused' },
  running: { reason: 'resumed' },
  stopped: { reason: 'stopped' },
} as const;

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({ to: z.enum(['paused', 'running', 'stopped', 'closed']), by: actingName.optional() }),
  output: stateAnswer,
  run: async ({ app, campaign }, { to, by = null }) => {
    const answer =
      to === 'closed'
        ? await closeCampaign(app, { campaign, by })
        : await changeState(app, { campaign, to, by, ...moves[to] });
    return await answerState(app, answer);
  },
});
