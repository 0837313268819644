/** `owabi problems list|settle`: lines of vendors' files that could not be used as they were, and the decision about each, by name. */
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext, Run } from '../command.ts';
import { readPrivateFile } from '../read-private-file.ts';

type Say = CommandContext['say'];
type Answer = OperationOutput<'settle-lines'>['settled'][number];
type Effect = Extract<Answer, { kind: 'settled' }>['effect'];

export const runProblemsList: Run = async ({ args, options, say, call }) => {
  const json = await call('list-lines', { campaign: args[0], ...options });
  const lines = json.problems.map(({ id, kind, file, line, code, text, verdict }) => {
    const place = { id, kind: say(`cli.problems.kind.${kind}`), file, line, piece: text };
    const what = say(`cli.lots.problem.${code}`);
    return verdict === null
      ? say('cli.problems.list.line', { ...place, what, remedy: say(`cli.problems.remedy.${code}`) })
      : say('cli.problems.list.settled', { ...place, what, verdict: say(`cli.problems.verdict.${verdict}`) });
  });
  return { json, text: lines.length === 0 ? say('cli.problems.list.none') : lines.join('\n') };
};

/** What names a person comes from a file, never from the command line. */
export const runProblemsSettle: Run = async ({ args, options, say, call }) => {
  const { noteFile, ...given } = options;
  const note = typeof noteFile === 'string' ? await readPrivateFile(noteFile) : undefined;
  const json = await call('settle-lines', { campaign: args[0], verb: args[1], ...given, note });
  const isDone = json.settled.every(({ kind }) => kind === 'settled');
  const lines = json.settled.map((answer) => describe(answer, say));
  return { json, text: lines.join('\n'), exitCode: isDone ? 0 : 1 };
};

function describe(answer: Answer, say: Say): string {
  const { id } = answer;
  switch (answer.kind) {
    case 'settled_before':
      return say('cli.problems.settledBefore', { id, verdict: say(`cli.problems.verdict.${answer.verdict}`) });
    case 'refused':
      return say('cli.problems.refused', {
        id,
        what: say(`cli.lots.problem.${answer.code}`),
        remedy: say(`cli.problems.remedy.${answer.code}`),
      });
    case 'settled': {
      const effects = describeEffect(answer.effect, answer.yen, say);
      return say('cli.problems.settled', {
        id,
        verdict: say(`cli.problems.verdict.${answer.verdict}`),
        effect: effects.length === 0 ? say('cli.problems.effect.none') : effects.join(' / '),
      });
    }
  }
}

function describeEffect({ term, card, reprintLots, charged }: Effect, yen: number, say: Say): string[] {
  const lines = charged.map(({ driver, count }) => `${driver} ${count}`).join(', ');
  return [
    ...(term === null ? [] : [say('cli.problems.effect.person', { term: say(`cli.problems.person.${term}`) })]),
    ...(card === null ? [] : [say('cli.problems.effect.card', { state: say(`cli.problems.card.${card}`) })]),
    ...(reprintLots === 0 ? [] : [say('cli.problems.effect.reprint', { lots: reprintLots })]),
    ...(lines === '' ? [] : [say('cli.problems.effect.charged', { lines, yen: yen.toLocaleString('en-US') })]),
  ];
}
