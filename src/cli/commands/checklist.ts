/** `owabi checklist`: what is due in the first day, week and month, and a named person's tick. */
import type { ChecklistStep } from '../../campaign/law/checklist.ts';
import { checklistPhases } from '../../campaign/law/regime.ts';
import { campaignChecklist, tickStep } from '../../desk/campaign-checklist.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { formatTable } from '../render/ledger-table.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runChecklist: AppRun = async (context) => {
  const { app, args, options } = context;
  const campaign = await resolveCampaign(app, args[0]);
  const { done, reopen, by } = options;
  const step = typeof done === 'string' ? done : reopen;
  if (typeof step !== 'string') {
    const steps = await campaignChecklist(app, campaign);
    return { json: { steps }, text: renderSteps(context, steps) };
  }
  if (typeof by !== 'string') throw new AppError('USAGE_WRONG.tick');
  const steps = await tickStep(app, { campaign, step, by, isDone: typeof done === 'string' });
  return { json: { steps }, text: renderSteps(context, steps) };
};

function renderSteps({ say, language }: CommandContext, steps: readonly ChecklistStep[]): string {
  const stateOf = ({ done, isOverdue }: ChecklistStep) => {
    if (done !== null) return `✓ ${done.on} ${say(`checklist.done.${done.how}`)}`;
    return isOverdue ? say('status.clock.overdue') : '';
  };
  return checklistPhases
    .map((phase) => {
      const found = steps.filter((step) => step.phase === phase);
      const table = formatTable(
        [
          { title: say('checklist.column.due') },
          { title: say('checklist.column.state') },
          { title: say('checklist.column.owner') },
          { title: say('checklist.column.id') },
          { title: say('checklist.column.text') },
        ],
        found.map((step) => [
          step.dueAt === null ? say('checklist.promptly') : formatLocalTime(new Date(step.dueAt)),
          stateOf(step),
          say(`checklist.owner.${step.owner}`),
          step.id,
          step.text[language],
        ]),
      );
      return found.length === 0 ? '' : `${say(`checklist.phase.${phase}`)}\n${table}`;
    })
    .filter((block) => block !== '')
    .join('\n\n');
}
