/** `owabi verify FILE`: checks a bundle offline; with --open it also decrypts the per-person file for its receiver. */

import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BundleProblem } from '../../evidence/verify/bundle-problem.ts';
import { type BundleVerdict, verifyBundle } from '../../evidence/verify/verify-bundle.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import { openSealed } from '../../platform/crypto/seal-to.ts';
import { openZip } from '../../platform/formats/zip.ts';
import type { CommandContext, ConfigRun } from '../command.ts';

export const runVerify: ConfigRun = async ({ args, options, say }) => {
  const file = args[0] ?? '';
  const verdict = await verifyBundle(file);
  const problems = verdict.problems.map(({ detail, ...problem }) => ({
    ...problem,
    message: say(detail.word, detail.params),
  }));
  const opened = verdict.ok && typeof options.open === 'string' ? await openFiles(file, options) : [];
  return {
    json: { ok: verdict.ok, problems, bundle: verdict.bundle, ...(options.open ? { opened } : {}) },
    text: [
      describeVerdict({ ...verdict, problems }, say),
      ...opened.map((path) => say('cli.verify.opened', { path })),
    ].join('\n'),
    exitCode: verdict.ok ? 0 : 1,
  };
};

/** A problem as people and scripts get it: its code, the file, and in words what exactly was met there. */
type SaidProblem = Omit<BundleProblem, 'detail'> & { readonly message: string };

type SaidVerdict = Omit<BundleVerdict, 'problems'> & { readonly problems: readonly SaidProblem[] };

function describeVerdict({ ok, problems, bundle }: SaidVerdict, say: CommandContext['say']): string {
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

/** Writes the opened files into a private folder. Throws KEY_INVALID when the key is not the receiver's. */
async function openFiles(file: string, options: CommandContext['options']): Promise<string[]> {
  if (typeof options.out !== 'string') throw new AppError('USAGE_WRONG.option', { option: '--out FOLDER' });
  const key = await readFile(String(options.open), 'utf8').catch((cause: unknown) => {
    throw new AppError('FILE_MISSING.unreadable', { file: String(options.open) }, { cause });
  });
  await mkdir(options.out, { recursive: true, mode: 0o700 });
  const zip = await openZip(file);
  const opened: string[] = [];
  try {
    for (const entry of zip.entries.filter((item) => item.path.endsWith('.sealed'))) {
      const path = join(options.out, basename(entry.path, '.sealed'));
      await pipeline(openSealed(key, await entry.open()), createWriteStream(path, { mode: 0o600 }));
      opened.push(path);
    }
  } finally {
    zip.close();
  }
  return opened;
}

/** What a bundle says of its time may be anything: what is no time is shown as it stands. */
function japanese(text: string): string {
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? text : formatLocalTime(instant);
}
