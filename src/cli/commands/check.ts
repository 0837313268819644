/** `owabi check CAMPAIGN`: every fault of the folder at once, with file, line and remedy. Opens no database. */
import type { Problem } from '../../kernel/problem.ts';
import type { Run } from '../command.ts';

/** One line a fault, in the form that editors jump to: `campaign.yaml:12: waves.0.latest: …`. */
export function formatProblem({ file, line, path, message }: Problem): string {
  return [line > 0 ? `${file}:${line}` : file, path, message].filter((part) => part !== '').join(': ');
}

export const runCheck: Run = async ({ args, say, call }) => {
  const json = await call('check-folder', { folder: args[0] ?? '.' });
  const lines = [
    ...json.problems.map(formatProblem),
    ...json.warnings.map((warning) => `${say('cli.check.warning')} ${formatProblem(warning)}`),
    json.ok ? say('cli.check.ok') : say('cli.check.faults', { count: json.problems.length }),
  ];
  return { json, text: lines.join('\n'), exitCode: json.ok ? 0 : 1 };
};
