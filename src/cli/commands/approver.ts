/** `owabi approver add|list`: who may approve, each with a passphrase or a one-time code of their own. */
import { AppError } from '../../kernel/errors.ts';
import type { CommandContext, Run } from '../command.ts';
import { promptPassphrase, readPassphraseFile } from '../read-passphrase.ts';

export const runApproverAdd: Run = async (context) => {
  const { args, options, say, call } = context;
  const { totp, passphraseFile: _file, voucherPassphraseFile: _voucherFile, ...rest } = options;
  // Nobody types a passphrase for an option that was forgotten.
  if (rest.name === undefined) throw new AppError('USAGE_WRONG.option', { option: '--name NAME' });
  const passphrase = totp === true ? undefined : await choosePassphrase(context);
  const voucherCode = await readVoucherCode(context);
  const json = await call('register-approver', { campaign: args[0], ...rest, passphrase, voucherCode });
  const lines = [say('cli.approver.added')];
  if (json.otpauth !== null) lines.push(say('cli.approver.otpauth'), json.otpauth);
  return { json, text: lines.join('\n') };
};

/** The code of whoever vouches, from the option, the file or the terminal; undefined when nobody is named. */
async function readVoucherCode({ options, say }: CommandContext): Promise<unknown> {
  const { vouchedBy, voucherCode, voucherPassphraseFile: file } = options;
  if (vouchedBy === undefined || voucherCode !== undefined) return voucherCode;
  if (typeof file === 'string') return await readPassphraseFile(file);
  return await promptPassphrase(say('cli.approver.voucherPrompt'));
}

/** From the file, or typed twice, so that a slip of the finger does not lock an approver out. */
async function choosePassphrase({ options, config, say }: CommandContext): Promise<string> {
  const file = typeof options.passphraseFile === 'string' ? options.passphraseFile : config.passphraseFile;
  if (file) return await readPassphraseFile(file);
  const first = await promptPassphrase(say('cli.approver.prompt'));
  if ((await promptPassphrase(say('cli.approver.again'))) === first) return first;
  throw new AppError('USAGE_WRONG.passphrasesDiffer');
}

export const runApproverList: Run = async ({ args, say, call }) => {
  const json = await call('list-approvers', { campaign: args[0] });
  const names = json.approvers.map(({ name }) => name);
  return { json, text: names.length === 0 ? say('cli.approver.none') : names.join('\n') };
};
