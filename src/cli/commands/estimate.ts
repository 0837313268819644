/** `owabi estimate`: what a campaign would cost and what the insurer would pay, without a database. */
import { isAbsolute } from 'node:path';
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext, Run } from '../command.ts';
import { formatTable, yenText } from '../render/ledger-table.ts';

export const runEstimate: Run = async (context) => {
  const { people, ...terms } = context.options;
  const json = await context.call('estimate-campaign', { people, ...terms });
  const { title, insurer, lines } = await context.call('describe-terms', terms);
  const policy = String(terms.policy);
  const heading = [title, ...(isAbsolute(policy) ? [] : [policy]), insurer].join(' · ');
  const english = new Map(lines.map(({ ja, en }) => [ja, en]));
  return { json, text: renderEstimate(context, { estimate: json, heading, english }) };
};

function renderEstimate(
  { say, language, options }: CommandContext,
  {
    estimate,
    heading,
    english,
  }: { estimate: OperationOutput<'estimate-campaign'>; heading: string; english: ReadonlyMap<string, string> },
): string {
  const rows = estimate.lines.map((line) => [
    language === 'ja' ? line.what : (english.get(line.what) ?? line.what),
    line.label === '' ? say('ledger.no_label') : line.label,
    line.label === '' ? say('ledger.reason.not_covered') : say(`ledger.approval.${line.priorApproval}`),
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
    say('cli.estimate.title', { people: yenText(Number(String(options.people).replace(/[,_]/g, ''))) }),
    heading,
    '',
    table,
    '',
    say('cli.estimate.now', { yen: yenText(estimate.payableNow) }),
    say('cli.estimate.consented', { yen: yenText(estimate.payableIfConsented) }),
  ];
  if (waits > 0) lines.push('', say('cli.estimate.waits', { yen: yenText(waits) }));
  if (estimate.lines.some((line) => line.label !== '' && line.priorApproval === 'UNKNOWN'))
    lines.push(say('cli.estimate.unknown'));
  return lines.join('\n');
}
