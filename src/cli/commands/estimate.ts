/** `owabi estimate`: what a campaign would cost and what the insurer would pay, without a database. */
import { isAbsolute } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { type Estimate, estimateCampaign } from '../../ledger/estimate.ts';
import { readPolicy, readRates } from '../../ledger/read-terms.ts';
import type { CommandContext, ConfigRun } from '../command.ts';
import { formatTable, yenText } from '../render/ledger-table.ts';

/** More people than Japan has: beyond it a number is a slip of the keyboard. */
const MAX_PEOPLE = 200_000_000;

export const runEstimate: ConfigRun = async (context) => {
  const people = readPeople(context.options.people);
  const card = await readRates(String(context.options.rates));
  const policy = await readPolicy(String(context.options.policy));
  if (card.estimate.length === 0) {
    throw new AppError('RATES_INVALID.noEstimate', { card: card.id });
  }
  const estimate = estimateCampaign(card, policy, people);
  const english = new Map(card.estimate.map((line) => [line.what, line.en]));
  const title = `${card.title} · ${isAbsolute(String(context.options.policy)) ? '' : `${context.options.policy} · `}${policy.insurer}`;
  return { json: estimate, text: renderEstimate(context, { estimate, people, title, english }) };
};

function readPeople(value: unknown): number {
  const text = String(value ?? '').replace(/[,_]/g, '');
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_PEOPLE) return Number(text);
  throw new AppError('USAGE_WRONG.number', { text: `--people ${String(value)}`, from: 1, to: MAX_PEOPLE });
}

function renderEstimate(
  { say, language }: CommandContext,
  {
    estimate,
    people,
    title,
    english,
  }: { estimate: Estimate; people: number; title: string; english: ReadonlyMap<string, string> },
): string {
  const rows = estimate.lines.map((line) => [
    language === 'ja' ? line.what : (english.get(line.what) ?? line.what),
    line.label === '' ? say('ledger.no_label') : line.label,
    say(`ledger.approval.${line.priorApproval}`),
    yenText(line.yen),
  ]);
  const table = formatTable(
    [
      { title: say('ledger.column.what') },
      { title: say('ledger.column.label') },
      { title: say('ledger.column.approval') },
      { title: say('ledger.column.yen'), align: 'right' },
    ],
    [...rows, null, [say('cli.estimate.incurred'), '', '', yenText(estimate.incurred)]],
  );
  const waits = estimate.payableIfConsented - estimate.payableNow;
  const lines = [
    say('cli.estimate.title', { people: yenText(people) }),
    title,
    '',
    table,
    '',
    say('cli.estimate.now', { yen: yenText(estimate.payableNow) }),
    say('cli.estimate.consented', { yen: yenText(estimate.payableIfConsented) }),
  ];
  if (waits > 0) lines.push('', say('cli.estimate.waits', { yen: yenText(waits) }));
  if (estimate.lines.some((line) => line.priorApproval === 'UNKNOWN')) lines.push(say('cli.estimate.unknown'));
  return lines.join('\n');
}
