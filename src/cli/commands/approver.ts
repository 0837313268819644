/** `owabi approver add|list`: who may approve, each with a passphrase or a one-time code of their own. */
import { listActors } from '../../campaign/actors/ensure-actor.ts';
import { registerApprover, type Voucher } from '../../campaign/actors/register-approver.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { promptPassphrase, readPassphraseFile } from '../read-passphrase.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runApproverAdd: AppRun = async (context) => {
  const { app, args, options, say } = context;
  const { name } = options;
  if (typeof name !== 'string') {
    throw new AppError('USAGE_WRONG.option', { option: '--name NAME' });
  }
  const campaign = await resolveCampaign(app, args[0]);
  const passphrase = options.totp === true ? undefined : await choosePassphrase(context);
  const voucher = await readVoucher(context);
  const registered = await registerApprover(app, {
    campaign,
    name,
    ...(voucher === null ? {} : { voucher }),
    ...(passphrase === undefined ? {} : { passphrase }),
  });
  const lines = [say('cli.approver.added')];
  if (registered.otpauthUri) lines.push(say('cli.approver.otpauth'), registered.otpauthUri);
  const proof = registered.otpauthUri ? 'totp' : 'passphrase';
  return { json: { actor: registered.actorId, proof, otpauth: registered.otpauthUri }, text: lines.join('\n') };
};

/** Who vouches, with the code from the option, the file or the terminal; null when nobody is named. */
async function readVoucher({ options, say }: CommandContext): Promise<Voucher | null> {
  const { vouchedBy: name, voucherCode, voucherPassphraseFile: file } = options;
  if (typeof name !== 'string') return null;
  if (typeof voucherCode === 'string') return { name, code: voucherCode };
  if (typeof file === 'string') return { name, code: await readPassphraseFile(file) };
  return { name, code: await promptPassphrase(say('cli.approver.voucherPrompt')) };
}

/** From the file, or typed twice, so that a slip of the finger does not lock an approver out. */
async function choosePassphrase({ options, config, say }: CommandContext): Promise<string> {
  const file = typeof options.passphraseFile === 'string' ? options.passphraseFile : config.passphraseFile;
  if (file) return await readPassphraseFile(file);
  const first = await promptPassphrase(say('cli.approver.prompt'));
  if ((await promptPassphrase(say('cli.approver.again'))) === first) return first;
  throw new AppError('USAGE_WRONG.passphrasesDiffer');
}

export const runApproverList: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const approvers = (await listActors(app, app.pool, campaign.id)).filter((actor) => actor.isApprover);
  const text = approvers.length === 0 ? say('cli.approver.none') : approvers.map((actor) => actor.name).join('\n');
  return { json: { approvers: approvers.map(({ id, name }) => ({ id, name })) }, text };
};
