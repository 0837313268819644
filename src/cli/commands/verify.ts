/** `owabi verify FILE`: checks a bundle offline; with --open it also decrypts the per-person file for its receiver. */
import type { OperationOutput } from '../../desk/operations.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { CommandContext, Run } from '../command.ts';

export const runVerify: Run = async ({ args, options, say, call }) => {
  const json = await call('verify-bundle', { file: args[0], ...options });
  const opened = (json.opened ?? []).map((path) => say('cli.verify.opened', { path }));
  return { json, text: [describeVerdict(json, say), ...opened].join('\n'), exitCode: json.ok ? 0 : 1 };
};

function describeVerdict(
  { ok, problems, bundle }: OperationOutput<'verify-bundle'>,
  say: CommandContext['say'],
): string {
  const lines = [say(ok ? 'cli.verify.ok' : 'cli.verify.broken', { count: problems.length })];
  if (bundle !== null) {
    lines.push(
      say('cli.verify.what', { campaign: bundle.campaign, audience: bundle.audience, files: bundle.files }),
      say('cli.verify.block', { block: bundle.block, sealedAt: japanese(bundle.sealedAt), status: bundle.status }),
      say('cli.verify.head', { head: bundle.head }),
      say('cli.verify.fingerprint', { fingerprint: bundle.keyFingerprint }),
      say('cli.verify.compare'),
    );
  }
  for (const problem of problems) {
    lines.push(
      `  ${problem.file === '' ? '' : `${problem.file}: `}${say(`evidence.problem.${problem.code}`)} (${problem.message})`,
    );
  }
  return lines.join('\n');
}

/** What a bundle says of its time may be anything: what is no time is shown as it stands. */
function japanese(text: string): string {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? text : formatLocalTime(instant);
}
