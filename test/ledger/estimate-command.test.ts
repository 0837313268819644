// `owabi estimate` as a person and a script see it: exact keys, both languages, and a faulty file named by line.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runEstimate } from '../../src/cli/commands/estimate.ts';
import { openContext } from '../../src/cli/open-context.ts';
import { displayWidth } from '../../src/cli/render/ledger-table.ts';
import { listShippedTerms } from '../../src/ledger/read-terms.ts';
import { loadConfig } from '../../src/platform/config.ts';
import type { Language } from '../../src/platform/language.ts';
import { say } from '../../src/platform/words.ts';
import { saidBy } from '../support/said.ts';

const folder = mkdtempSync(join(tmpdir(), 'owabi-estimate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(options: Record<string, string>, language: Language = 'ja') {
  const context = openContext({
    config: loadConfig({ OWABI_HOME: folder, OWABI_KEYS: `${folder}-keys` }),
    language,
    args: [],
    options: { people: '5000', rates: 'seed1-2022', policy: 'sample', ...options },
    wantsJson: true,
    openHome: () => Promise.reject(new Error('an estimate needs no database')),
    progress: () => {},
    tell: () => {},
  });
  return await runEstimate(context);
}

describe('owabi estimate', () => {
  it('answers with exactly the keys of the contract', async () => {
    const { json } = await run({});
    expect(Object.keys(json as object).sort()).toEqual(['incurred', 'lines', 'payableIfConsented', 'payableNow']);
    const { lines } = json as { lines: object[] };
    expect(Object.keys(lines[0] ?? {}).sort()).toEqual(['category', 'label', 'priorApproval', 'what', 'yen']);
  });

  it('prints a table whose yen end in one column, in Japanese and in English', async () => {
    for (const language of ['ja', 'en'] as const) {
      const { text } = await run({}, language);
      expect(text).toContain('12,150,000');
      expect(text).not.toMatch(/ledger\.|cli\./);
      const ends = text.split('\n').filter((line) => /(2,500,000|6,000,000|12,150,000)$/.test(line));
      expect(new Set(ends.map(displayWidth)).size).toBe(1);
    }
  });

  it('says that a category is not covered where the policy does not list it, and sends nobody to ask for it', async () => {
    const policy = join(folder, 'narrow.yaml');
    const terms = 'period: { from: 2026-04-01, to: 2027-03-31 }\nsteps: [categoryCap]\n';
    const gifts = '- { category: CONDOLENCE, label: 見舞費用, priorApproval: CONSENT }';
    writeFileSync(policy, `insurer: Minato\npolicyNumber: M-1\n${terms}categories:\n  ${gifts}\n`);
    const { text } = await run({ policy }, 'en');
    expect(text).toMatch(/Consultants +\(none\) +not covered by the policy +500,000/);
    expect(text).toMatch(/Prepaid cards, sent +見舞費用 +consent first/);
    expect(text).not.toContain('ask the insurer.');
  });

  it('names every rate card and policy that ships in its help', async () => {
    for (const kind of ['rates', 'policy'] as const)
      for (const name of await listShippedTerms(kind))
        for (const language of ['ja', 'en'] as const) expect(say(language, `cli.estimate.${kind}`)).toContain(name);
  });

  it('names file, line and remedy of a faulty rate card and policy', async () => {
    const rates = join(folder, 'rates.yaml');
    writeFileSync(
      rates,
      'id: mine\ntitle: t\nsource: s\nvalidFrom: 2026-01-01\ncheckedOn: 2026-01-01\nrates:\n  - id: a\n',
    );
    expect(await saidBy(() => run({ rates }))).toMatchObject({
      code: 'RATES_INVALID',
      message: expect.stringContaining('rates.yaml:7:'),
    });
    const policy = join(folder, 'policy.yaml');
    writeFileSync(policy, 'insurer: x\npolicyNumbr: 1\n');
    expect(await saidBy(() => run({ policy }))).toMatchObject({
      code: 'POLICY_INVALID',
      message: expect.stringContaining('policy.yaml:2:'),
    });
    await expect(run({ policy: 'nobody' })).rejects.toMatchObject({ code: 'FILE_MISSING' });
    await expect(run({ people: 'many' })).rejects.toMatchObject({ code: 'USAGE_WRONG' });
  });
});
