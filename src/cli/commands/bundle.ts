/** `owabi bundle CAMPAIGN --out FILE`: the claim bundle for an audience. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buildBundle } from '../../evidence/bundle/build-bundle.ts';
import { type Audience, audiences } from '../../evidence/verify/audience.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runBundle: AppRun = async ({ app, args, options, say }) => {
  if (typeof options.out !== 'string') throw new AppError('USAGE_WRONG.option', { option: '--out FILE' });
  const receiverPem = await readReceiver(options);
  const asOf = readBlock(options.asOf);
  const result = await buildBundle(app, {
    campaign: await resolveCampaign(app, args[0]),
    out: resolve(options.out),
    audience: readAudience(options.for),
    isFinal: options.final === true,
    ...(asOf === undefined ? {} : { asOf }),
    ...(receiverPem === undefined ? {} : { receiverPem }),
  });
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

function readAudience(value: CommandContext['options'][string]): Audience {
  const found = audiences.find((audience) => audience === (value ?? 'insurer'));
  if (found === undefined)
    throw new AppError('USAGE_WRONG.word', { word: `--for ${String(value)}`, known: audiences.join(', ') });
  return found;
}

function readBlock(value: CommandContext['options'][string]): number | undefined {
  if (value === undefined) return undefined;
  const block = Number(value);
  if (!Number.isSafeInteger(block) || block < 1) throw new AppError('USAGE_WRONG.block', { text: String(value) });
  return block;
}

/** Per-person data leaves only encrypted to someone: --full and --to belong together. */
async function readReceiver(options: CommandContext['options']): Promise<string | undefined> {
  if (options.full !== true && options.to === undefined) return undefined;
  if (options.full !== true || typeof options.to !== 'string') {
    throw new AppError('USAGE_WRONG.fullAndTo');
  }
  const path = options.to;
  return await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new AppError('FILE_MISSING.unreadable', { file: path }, { cause });
  });
}
