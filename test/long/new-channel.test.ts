// A new channel must make the compiler ask at every place that has to think: nothing takes it silently for a letter or a mail.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

it('draws an error at each of about twenty-five places when sms joins the channels', { timeout: 120_000 }, async () => {
  const copy = mkdtempSync(join(tmpdir(), 'owabi-channel-'));
  try {
    for (const name of ['src', 'workers', 'tsconfig.json', 'package.json']) {
      cpSync(join(root, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const file = join(copy, 'src/campaign/wave/channel.ts');
    const text = readFileSync(file, 'utf8');
    const row = "sms: { reach: 'phone', medium: 'sms', tells: true, gift: 'never', purposes: all },";
    const changed = text
      .replace("['email', 'letter', 'gift'] as const", "['email', 'letter', 'gift', 'sms'] as const")
      .replace("readonly reach: 'email' | 'address'", "readonly reach: 'email' | 'address' | 'phone'")
      .replace("readonly medium: 'email' | 'letter'", "readonly medium: 'email' | 'letter' | 'sms'")
      .replace('} as const satisfies Record<Channel', `  ${row}\n} as const satisfies Record<Channel`);
    expect(changed).toContain(row);
    writeFileSync(file, changed);
    const output = await new Promise<string>((done) => {
      const compiler = join(root, 'node_modules/typescript/bin/tsc');
      execFile(process.execPath, [compiler, '--noEmit', '-p', copy], (_error, stdout) => done(stdout));
    });
    const errors = [...output.matchAll(/^\S*(src\/[^(]+)\(\d+,\d+\): error/gm)].map(([, path]) => path ?? '');
    expect(errors.length, output).toBeGreaterThanOrEqual(20);
    // Where it is decided whom it reaches, how it opens, what telling by it means, what is previewed and checked.
    expect([...new Set(errors)].sort(), output).toEqual([
      'src/campaign/folder/check-waves.ts',
      'src/campaign/wave/channel.ts',
      'src/campaign/wave/wave.ts',
      'src/delivery/follow-up-store.ts',
      'src/delivery/insert-places.ts',
      'src/delivery/next-step.ts',
      'src/delivery/outcome.ts',
      'src/delivery/place-follow-ups.ts',
      'src/desk/overview/forecast-campaign.ts',
      'src/desk/plan/preview-notices.ts',
      'src/desk/upkeep/resume-work.ts',
      'src/notice/check-presence.ts',
      'src/notice/notice-source.ts',
    ]);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});
