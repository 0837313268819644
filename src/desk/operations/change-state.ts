/** Pause, resume, stop and close: the state is a row that every worker asks before it acts. */
import { z } from 'zod';
import { closeCampaign } from '../close-campaign.ts';
import { changeState } from '../launch-campaign.ts';
import { operationOf } from '../operation.ts';
import { actingName } from '../operation-field.ts';
import { answerState, stateAnswer } from '../state-answer.ts';

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
