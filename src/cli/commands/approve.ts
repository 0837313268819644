/** `owabi approve CAMPAIGN --by NAME`: one person's approval of what is in the folder now, by its hash. */

import type { ApprovalResult } from '../../campaign/approvals/approve-plan.ts';
import { approveCampaign, type CampaignApproval } from '../../desk/approve-campaign.ts';
import type { PlanEffects } from '../../desk/describe-plan.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun, CommandContext, CommandResult } from '../command.ts';
import { canPrompt, promptPassphrase, readPassphraseFile } from '../read-passphrase.ts';
import { effectsText } from '../render/plan-effects.ts';
import { resolveCampaign } from '../resolve-campaign.ts';
import { formatProblem } from './check.ts';

export const runApprove: AppRun = async ({ app, args, options, config, language, say, tell }) => {
  const { by, plan } = options;
  if (typeof by !== 'string') {
    throw new AppError('USAGE_WRONG.byMissing');
  }
  const campaign = await resolveCampaign(app, args[0]);
  const file = typeof options.passphraseFile === 'string' ? options.passphraseFile : config.passphraseFile;
  const given = typeof options.code === 'string' ? options.code : file ? await readPassphraseFile(file) : undefined;
  const attempt = (code: string | undefined): Promise<CampaignApproval> =>
    approveCampaign(app, {
      campaign,
      by,
      language,
      ...(code === undefined ? {} : { code }),
      ...(typeof plan === 'string' ? { expectSha256: plan } : {}),
    });
  let result = await attempt(given);
  if (result.kind === 'refused' && result.reason === 'CODE_MISSING' && canPrompt()) {
    tell(effectsText(result.effects, say));
    result = await attempt(await promptPassphrase(say('cli.approve.prompt')));
  }
  if (result.kind === 'faulty') {
    const lines = [...result.problems.map(formatProblem), say('cli.check.faults', { count: result.problems.length })];
    return {
      json: { plan: null, approved: false, missing: null, refused: 'FOLDER_FAULTY', problems: result.problems },
      text: lines.join('\n'),
      exitCode: 1,
    };
  }
  return toResult(result, say);
};

function toResult(result: ApprovalResult & { effects: PlanEffects }, say: CommandContext['say']): CommandResult {
  if (result.kind === 'refused') {
    const retryAt = result.retryAt?.toISOString() ?? null;
    const text = say(`cli.approve.refused.${result.reason}`, {
      retryAt: result.retryAt ? formatLocalTime(result.retryAt) : '',
    });
    return { json: { plan: null, approved: false, missing: null, refused: result.reason, retryAt }, text, exitCode: 1 };
  }
  const { planId, sha256, proof, missing, isLoaderKnown, journalHead } = result;
  const lines = [
    effectsText(result.effects, say),
    '',
    say('cli.approve.recorded', { sha256 }),
    say('cli.approve.head', { head: journalHead ?? '-' }),
    proof === 'declared' ? say('cli.approve.declared') : say('cli.approve.proven'),
    ...(isLoaderKnown ? [] : [say('cli.approve.loaderUnknown')]),
    missing === 0 ? say('cli.approve.complete') : say('cli.approve.missing', { missing }),
  ];
  return {
    json: {
      plan: sha256,
      planId,
      approved: missing === 0,
      missing,
      proof,
      isLoaderKnown,
      journalHead,
      effects: result.effects,
    },
    text: lines.join('\n'),
  };
}
