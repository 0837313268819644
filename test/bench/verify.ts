/**
 * How fast `verify` hashes a bundle, beside `sha256sum` over the same files (and `zip -1`, for scale). Size is people: a bundle
 * with the journal of their mails and 200 bytes of tables a person. All files are in the page cache.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { verifyBag } from '../../src/evidence/verify/verify-bag.ts';
import { verifyBundle } from '../../src/evidence/verify/verify-bundle.ts';
import { openZip } from '../../src/platform/formats/zip.ts';

export type Measured = {
  readonly ours: number;
  readonly peers: readonly { readonly name: string; readonly value: number }[];
};

const BUILDER = fileURLToPath(new URL('./build-sample-bundle.js', import.meta.url));
const ROUNDS = 3;

async function medianMs(work: () => Promise<unknown> | unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1] as number;
}

/** Unpacks with our own reader: a fresh machine has no unzip. */
async function unpack(file: string, dir: string): Promise<void> {
  const zip = await openZip(file);
  try {
    for (const entry of zip.entries) {
      const path = join(dir, entry.path);
      mkdirSync(dirname(path), { recursive: true });
      await pipeline(await entry.open(), createWriteStream(path));
    }
  } finally {
    zip.close();
  }
}

async function measure(people: number): Promise<Measured> {
  const dir = mkdtempSync(join(tmpdir(), 'owabi-bench-verify-'));
  try {
    const file = join(dir, 'bundle.zip');
    execFileSync(process.execPath, [BUILDER, file, String(people)], { stdio: 'inherit' });
    await unpack(file, dir);
    const folder = join(dir, readdirSync(dir).find((name) => name.startsWith('owabi-')) as string);
    const megabytes = statSync(file).size / 1e6;
    const rate = (ms: number) => (megabytes * 1000) / ms;

    const ours = await medianMs(async () => {
      const bag = await verifyBag(file, (code, path) => {
        throw new Error(`${code} ${path}`);
      });
      bag.close();
    });
    const whole = await medianMs(async () => {
      const verdict = await verifyBundle(file);
      if (!verdict.ok) throw new Error('the bundle does not verify');
    });
    const sha256sum = await medianMs(() =>
      execFileSync('sha256sum', ['--quiet', '-c', 'manifest-sha256.txt'], { cwd: folder }),
    );
    const peers = [{ name: 'sha256sum', value: rate(sha256sum) }];
    if (!spawnSync('zip', ['-v']).error) {
      const zip = await medianMs(() => {
        rmSync(join(dir, 'peer.zip'), { force: true });
        execFileSync('zip', ['-q', '-1', '-r', join(dir, 'peer.zip'), folder]);
      });
      peers.push({ name: 'zip -1', value: rate(zip) });
    }
    peers.push({ name: 'owabi verify with journal and contents', value: rate(whole) });
    return { ours: rate(ours), peers };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

export const verifyCase = { name: 'verify', unit: 'MB/s', defaultSize: 1_000_000, run: measure } as const;
