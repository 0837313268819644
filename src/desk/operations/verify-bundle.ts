/** Checks a bundle offline; with its receiver's key it also opens the people's data in it. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { bundleProblemCodes } from '../../evidence/verify/bundle-problem.ts';
import { verifyBundle } from '../../evidence/verify/verify-bundle.ts';
import { openSealed } from '../../platform/crypto/seal-to.ts';
import { openZip } from '../../platform/formats/zip.ts';
import { say } from '../../platform/words.ts';
import { count } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';
import { readNamedFile } from '../read-named-file.ts';

export const operation = operationOf({
  kind: 'local',
  input: z
    .strictObject({
      file: z.string(),
      /** The receiver's private key; the opened files go into the folder `out`. */
      open: z.string().optional(),
      out: z.string().optional(),
    })
    .refine(({ open, out }) => open === undefined || out !== undefined, {
      path: ['out'],
      message: 'desk.fault.folder',
    }),
  output: z.strictObject({
    ok: z.boolean(),
    problems: z.array(
      z.strictObject({
        code: z.enum(bundleProblemCodes),
        /** Path inside the bundle, or "" for the whole of it. */
        file: z.string(),
        /** What exactly was met there. */
        message: z.string(),
      }),
    ),
    /** What the bundle says it is; null when it could not be read. */
    bundle: z
      .strictObject({
        campaign: z.string(),
        audience: z.string(),
        status: z.string(),
        block: z.number(),
        sealedAt: z.string(),
        head: z.string(),
        keyFingerprint: z.string(),
        files: count,
        bytes: count,
      })
      .nullable(),
    opened: z.array(z.string()).optional(),
  }),
  run: async ({ language }, { file, open, out = '' }) => {
    const { ok, problems: found, bundle } = await verifyBundle(file);
    const problems = found.map(({ detail, ...problem }) => ({
      ...problem,
      message: say(language, detail.word, detail.params),
    }));
    if (open === undefined) return { ok, problems, bundle };
    return { ok, problems, bundle, opened: ok ? await openFiles(file, open, out) : [] };
  },
});

/** Writes the opened files into a private folder. Throws KEY_INVALID when the key is not the receiver's. */
async function openFiles(file: string, keyFile: string, out: string): Promise<string[]> {
  const key = (await readNamedFile(keyFile)).toString('utf8');
  await mkdir(out, { recursive: true, mode: 0o700 });
  const zip = await openZip(file);
  const opened: string[] = [];
  try {
    for (const entry of zip.entries.filter((item) => item.path.endsWith('.sealed'))) {
      const path = join(out, basename(entry.path, '.sealed'));
      await pipeline(openSealed(key, await entry.open()), createWriteStream(path, { mode: 0o600 }));
      opened.push(path);
    }
  } finally {
    zip.close();
  }
  return opened;
}
