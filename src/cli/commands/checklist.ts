/** `owabi checklist`: what is due in the first day, week and month, and a named person's tick. */
import type { OperationOutput } from '../../desk/operations.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { CommandContext, Run } from '../command.ts';
import { formatTable } from '../render/ledger-table.ts';

type ChecklistStep = OperationOutput<'show-checklist'>['steps'][number];

const phases = ['first_day', 'first_week', 'first_month'] as const satisfies readonly ChecklistStep['phase'][];

export const runChecklist: Run = async (context) => {
  const { args, options, call } = context;
  const { done, reopen, ...rest } = options;
  const step = done ?? reopen;
  const json =
    step === undefined
      ? await call('show-checklist', { campaign: args[0] })
      : await call('tick-step', { campaign: args[0], step, isDone: done !== undefined, ...rest });
  return { json, text: renderSteps(context, json.steps) };
};

function renderSteps({ say, language }: CommandContext, steps: readonly ChecklistStep[]): string {
  const stateOf = ({ done, isOverdue }: ChecklistStep) => {
    if (done !== null) return `✓ ${done.on} ${say(`checklist.done.${done.how}`)}`;
    return isOverdue ? say('status.clock.overdue') : '';
  };
  return phases
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
