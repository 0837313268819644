/** `owabi import`: a roster file becomes people. Exit 0 although rows are rejected: they are listed, counted and kept. */
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext, Run } from '../command.ts';

export const runImport: Run = async (context) => {
  const { args, options, call } = context;
  const json = await call('import-roster', { campaign: args[0], file: args[1], ...options });
  return { json, text: describeImport(context, json) };
};

function describeImport({ say, args }: CommandContext, result: OperationOutput<'import-roster'>): string {
  const { rows, people, merged, rejected } = result;
  const columns = Object.entries(result.columns).map(([field, header]) => `  ${header} → ${field}`);
  const lines = [
    say('cli.import.equation', { rows, people, merged, rejected }),
    say('cli.import.columns', { encoding: result.encoding }),
    ...columns,
  ];
  if (result.ignoredColumns.length > 0)
    lines.push(say('cli.import.ignored', { columns: result.ignoredColumns.join(', ') }));
  for (const [reason, count] of Object.entries(result.reasons))
    lines.push(`  ${say(`intake.reason.${reason}`)}: ${count}`);
  for (const [warning, count] of Object.entries(result.warnings))
    lines.push(`  ${say(`intake.warning.${warning}`)}: ${count}`);
  if (result.duplicateOf !== null) lines.unshift(say('cli.import.duplicate'));
  if (result.report !== null) lines.push(say('cli.import.report', { report: result.report, campaign: args[0] ?? '' }));
  return lines.join('\n');
}
