/** `owabi problems list|settle`: lines of vendors' files that could not be used as they were, and the decision about each, by name. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import {
  type LineAnswer,
  type LineDecision,
  listLineQuestions,
  settleLine,
} from '../../delivery/letters/settle-line.ts';
import { type LineCells, lineColumns } from '../../delivery/letters/vendor-file.ts';
import { termOfOutcome } from '../../delivery/outcome.ts';
import { AppError } from '../../kernel/errors.ts';
import { quoteLines } from '../../ledger/charge.ts';
import { listRateVersionRows } from '../../ledger/store.ts';
import type { App } from '../../platform/app.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { readPrivateFile } from '../read-private-file.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

const verbs = ['correct', 'accept', 'duplicate', 'not-ours'] as const;
type Verb = (typeof verbs)[number];

export const runProblemsList: AppRun = async ({ app, args, options, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const problems = await listLineQuestions(app, campaign.id, { isOpenOnly: options.all !== true });
  const lines = problems.map(({ id, kind, file, line, code, text, verdict }) => {
    const place = { id, kind: say(`cli.problems.kind.${kind}`), file, line, piece: text };
    const what = say(`cli.lots.problem.${code}`);
    return verdict === null
      ? say('cli.problems.list.line', { ...place, what, remedy: say(`cli.problems.remedy.${code}`) })
      : say('cli.problems.list.settled', { ...place, what, verdict: say(`cli.problems.verdict.${verdict}`) });
  });
  return { json: { problems }, text: lines.length === 0 ? say('cli.problems.list.none') : lines.join('\n') };
};

export const runProblemsSettle: AppRun = async (context) => {
  const { app, args, options } = context;
  const decision = await readDecision(args[1], options);
  const ids = Array.isArray(options.problem) ? (options.problem as readonly string[]) : [];
  if (ids.length === 0) throw new AppError('USAGE_WRONG.option', { option: '--problem ID' });
  if (decision.verb === 'correct' && ids.length > 1) throw new AppError('USAGE_WRONG.oneProblem');
  const campaign = await resolveCampaign(app, args[0]);
  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: nameOf(options) });
  const answers = [];
  const lines = [];
  for (const questionId of ids) {
    const answer = await settleLine(app, { campaign, questionId, decision, actorId });
    const yen = answer.kind === 'settled' ? await quote(app, campaign.id, answer) : null;
    answers.push({ id: questionId, ...answer, yen });
    lines.push(describe(context, questionId, answer, yen));
  }
  const isDone = answers.every(({ kind }) => kind === 'settled');
  return { json: { settled: answers }, text: lines.join('\n'), exitCode: isDone ? 0 : 1 };
};

function nameOf({ by }: CommandContext['options']): string {
  if (typeof by === 'string' && by.trim() !== '') return by;
  throw new AppError('USAGE_WRONG.byMissing');
}

async function readDecision(verb: string | undefined, options: CommandContext['options']): Promise<LineDecision> {
  const known = verbs.find((one) => one === verb);
  if (known === undefined) throw new AppError('USAGE_WRONG.word', { word: verb ?? '', known: verbs.join(', ') });
  const given = lineColumns.flatMap((column) =>
    typeof options[column] === 'string' ? [[column, options[column]]] : [],
  );
  if (known !== 'correct' && given.length > 0)
    throw new AppError('USAGE_WRONG.correctOnly', { option: `--${given[0]?.[0]}` });
  switch (known satisfies Verb) {
    case 'correct':
      if (given.length === 0)
        throw new AppError('USAGE_WRONG.correctWhat', {
          options: lineColumns.map((column) => `--${column}`).join(', '),
        });
      return { verb: 'correct', correction: Object.fromEntries(given) as LineCells };
    case 'accept':
      if (typeof options.noteFile !== 'string')
        throw new AppError('USAGE_WRONG.option', { option: '--note-file FILE' });
      return { verb: 'accept', note: await readPrivateFile(options.noteFile) };
    case 'duplicate':
      return { verb: 'duplicate' };
    case 'not-ours':
      return { verb: 'not_ours' };
  }
}

/** What the ledger will charge for the decision under the rates that count now. */
async function quote(app: App, campaignId: string, { effect }: LineAnswer & { kind: 'settled' }): Promise<number> {
  const rates = (await listRateVersionRows(app.pool, campaignId)).at(-1);
  return rates === undefined ? 0 : quoteLines(rates.card, effect.charged, app.clock()).grossYen;
}

function describe({ say }: CommandContext, id: string, answer: LineAnswer, yen: number | null): string {
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
      const { person, card, reprintLots, charged } = answer.effect;
      const effects = [
        ...(person === null
          ? []
          : [say('cli.problems.effect.person', { term: say(`cli.problems.person.${termOfOutcome[person]}`) })]),
        ...(card === null ? [] : [say('cli.problems.effect.card', { state: say(`cli.problems.card.${card}`) })]),
        ...(reprintLots === 0 ? [] : [say('cli.problems.effect.reprint', { lots: reprintLots })]),
        ...(charged.length === 0
          ? []
          : [
              say('cli.problems.effect.charged', {
                lines: charged.map(({ driver, count }) => `${driver} ${count}`).join(', '),
                yen: (yen ?? 0).toLocaleString('en-US'),
              }),
            ]),
      ];
      return say('cli.problems.settled', {
        id,
        verdict: say(`cli.problems.verdict.${answer.verdict}`),
        effect: effects.length === 0 ? say('cli.problems.effect.none') : effects.join(' / '),
      });
    }
  }
}
