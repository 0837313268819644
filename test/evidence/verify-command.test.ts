// What `owabi verify` says to people and to programs, as a process of its own.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signingKey } from '../../src/platform/crypto/sign.ts';
import { callCli } from '../support/run-cli.ts';
import { sampleContents, writeBundleFile } from '../support/sample-bundle.ts';

const dir = mkdtempSync(join(tmpdir(), 'owabi-verify-command-'));
const signing = signingKey(dir, 'campaign');
const bundle = join(dir, 'bundle.zip');
const draft = join(dir, 'draft.zip');
beforeAll(async () => {
  await writeBundleFile(await sampleContents({ signing }), bundle);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('what is wrong with a bundle is said in the language of whoever asks, to people and to programs', async () => {
  const broken = { categories: [], total: { incurred: 12_150_000, eligible: 0, payable: 0, uncovered: 0 } };
  await writeBundleFile(await sampleContents({ signing, files: { 'data/claim.json': JSON.stringify(broken) } }), draft);
  const said = {
    ja: 'incurred: 合計は 12150000 円ですが、費目ごとの和は 0 円です',
    en: 'incurred: total 12150000, categories add up to 0',
  };
  for (const language of ['ja', 'en'] as const) {
    const env = { OWABI_LANG: language };
    const { code, json } = await callCli(['verify', draft, '--json'], { env });
    expect([code, json().problems]).toEqual([
      1,
      [{ code: 'CLAIM_WRONG', file: 'data/claim.json', message: said[language] }],
    ]);
    expect((await callCli(['verify', draft], { env })).stdout).toContain(`(${said[language]})`);
  }
  // A library's own words about a damaged ZIP are in its own language: they are not passed on.
  const cut = join(dir, 'cut.zip');
  writeFileSync(cut, readFileSync(bundle).subarray(0, 2_000));
  const { stdout } = await callCli(['verify', cut], { env: { OWABI_LANG: 'ja' } });
  expect(stdout).toContain('ファイルが壊れています');
  expect(stdout).not.toMatch(/[a-z]{3,} [a-z]{2,} [a-z]{2,}/);
});
