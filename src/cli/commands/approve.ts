/** `owabi approve CAMPAIGN --by NAME`: one person's approval of what the draft says now, by its hash. */
import type { OperationOutput } from '../../desk/operations.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { CommandContext, Run } from '../command.ts';
import { canPrompt, promptPassphrase, readPassphraseFile } from '../read-passphrase.ts';
import { effectsText } from '../render/plan-effects.ts';
import { formatProblem } from './check.ts';

type Approval = OperationOutput<'approve-plan'>;

export const runApprove: Run = async ({ args, options, config, say, tell, call }) => {
  const { passphraseFile, code: typed, ...rest } = options;
  const file = typeof passphraseFile === 'string' ? passphraseFile : config.passphraseFile;
  const given = typed ?? (file ? await readPassphraseFile(file) : undefined);
  const attempt = (code: unknown) => call('approve-plan', { campaign: args[0], ...rest, code });
  let json = await attempt(given);
  if (json.refused === 'CODE_MISSING' && canPrompt()) {
    if (json.effects !== undefined) tell([effectsText(json.effects, say), ...warningLines(json, say)].join('\n'));
    json = await attempt(await promptPassphrase(say('cli.approve.prompt')));
  }
  const text = approvalText(json, say);
  return json.refused === undefined ? { json, text } : { json, text, exitCode: 1 };
};

function approvalText({ refused, problems = [], retryAt, ...approval }: Approval, say: CommandContext['say']): string {
  if (refused === 'FOLDER_FAULTY')
    return [...problems.map(formatProblem), say('cli.check.faults', { count: problems.length })].join('\n');
  if (refused !== undefined)
    return say(`cli.approve.refused.${refused}`, { retryAt: retryAt ? formatLocalTime(new Date(retryAt)) : '' });
  const { plan, journalHead, proof, isLoaderKnown, missing, effects } = approval;
  return [
    ...(effects === undefined ? [] : [effectsText(effects, say), ...warningLines(approval, say), '']),
    say('cli.approve.recorded', { sha256: plan ?? '' }),
    say('cli.approve.head', { head: journalHead ?? '-' }),
    proof === 'declared' ? say('cli.approve.declared') : say('cli.approve.proven'),
    ...(isLoaderKnown === true ? [] : [say('cli.approve.loaderUnknown')]),
    missing === 0 ? say('cli.approve.complete') : say('cli.approve.missing', { missing: missing ?? 0 }),
  ].join('\n');
}

function warningLines({ warnings = [] }: Pick<Approval, 'warnings'>, say: CommandContext['say']): string[] {
  return warnings.map((warning) => `${say('cli.check.warning')} ${formatProblem(warning)}`);
}
