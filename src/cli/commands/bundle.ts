/** `owabi bundle CAMPAIGN --out FILE`: the claim bundle for an audience. */
import { AppError } from '../../kernel/errors.ts';
import type { CommandContext, Run } from '../command.ts';

export const runBundle: Run = async (context) => {
  const { say } = context;
  const result = await build(context);
  if (result.kind === 'refused') {
    const reasons = result.reasons.map((code) => `  ${say(`cli.bundle.refusal.${code}`)}`);
    return {
      json: { file: null, reasons: result.reasons },
      text: [say('cli.bundle.refused'), ...reasons].join('\n'),
      exitCode: 1,
    };
  }
  const { kind: _, ...json } = result;
  const text = [
    say('cli.bundle.built', { file: result.file, files: result.files, block: result.block }),
    say('cli.bundle.sha256', { sha256: result.sha256 }),
    say('cli.verify.head', { head: result.head }),
    say('cli.verify.fingerprint', { fingerprint: result.keyFingerprint }),
    say('cli.bundle.next', { file: result.file }),
  ].join('\n');
  return { json, text };
};

/** Per-person data leaves only encrypted to someone: --full and --to belong together. */
async function build({ args, options, call }: CommandContext) {
  const { full = false, to, ...given } = options;
  const input = { campaign: args[0], ...given };
  if (full === false && to === undefined) return await call('build-bundle', input);
  if (full === false || to === undefined) throw new AppError('USAGE_WRONG.fullAndTo');
  return await call('build-full-bundle', { ...input, to });
}
