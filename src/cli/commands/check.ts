/** `owabi check CAMPAIGN`: every fault of the folder at once, with file, line and remedy. Opens no database. */

import { checkFolder } from '../../desk/check-campaign.ts';
import { toDay } from '../../kernel/calendar.ts';
import type { Problem } from '../../kernel/problem.ts';
import type { ConfigRun } from '../command.ts';

/** One line a fault, in the form that editors jump to: `campaign.yaml:12: waves.0.latest: …`. */
export function formatProblem({ file, line, path, message }: Problem): string {
  return [line > 0 ? `${file}:${line}` : file, path, message].filter((part) => part !== '').join(': ');
}

export const runCheck: ConfigRun = async ({ args, language, say }) => {
  const { ok, problems, warnings } = await checkFolder(args[0] ?? '.', { language, today: toDay(new Date()) });
  const lines = [
    ...problems.map(formatProblem),
    ...warnings.map((warning) => `${say('cli.check.warning')} ${formatProblem(warning)}`),
    ok ? say('cli.check.ok') : say('cli.check.faults', { count: problems.length }),
  ];
  return { json: { ok, problems, warnings }, text: lines.join('\n'), exitCode: ok ? 0 : 1 };
};
