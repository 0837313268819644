import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { campaignFileSchema } from '../../src/campaign/folder/campaign-file.ts';
import { parseYaml } from '../../src/platform/formats/yaml.ts';
import { packageRoot } from '../../src/platform/package-root.ts';

const sample = readFileSync(join(packageRoot, 'templates/campaign/campaign.yaml'), 'utf8');

function faults(from: string, to: string) {
  const changed = sample.replace(from, to);
  expect(changed).not.toBe(sample);
  return parseYaml('campaign.yaml', changed, campaignFileSchema).problems;
}

describe('a YAML file that a person wrote', () => {
  it('reads the sample campaign without a fault, and the value reads as itself again', () => {
    const { value, problems } = parseYaml('campaign.yaml', sample, campaignFileSchema);
    expect(problems).toEqual([]);
    expect(campaignFileSchema.parse(value)).toEqual(value);
  });

  it('is read anew each time, though it is kept open: what one reader changes, no other sees', () => {
    const read = () => parseYaml('campaign.yaml', sample, campaignFileSchema).value;
    const first = read() as { waves: unknown[]; incident: { knownAt: string } };
    first.waves.length = 0;
    first.incident.knownAt = 'changed';
    expect(read()?.waves.length).toBeGreaterThan(0);
    expect(read()?.incident.knownAt).not.toBe('changed');
  });

  it.each([
    ['knownAt', 'knowAt', 'incident.knowAt', 'did you mean "knownAt"?'],
    ['channel: gift', 'channel: gif', 'waves.3.channel', 'did you mean "gift"?'],
    ['pieces: 1000', 'pieces: 2000', 'lots.pieces', 'at most 1000'],
    ['phone: 0120-000-000', 'phone: 120', 'callCentre.phone', 'in quotes'],
    ['latest: 2026-12-04', 'latest: 2026-02-30', 'waves.1.latest', 'a day and time in Japan'],
    ['from: oshirase@', 'from: oshirase', 'sender.email.from', 'an e-mail address'],
    ['{ required: 2 }', '{ requird: 2 }', 'approvers.requird', 'did you mean "required"?'],
  ])('says where %s became %s and what to do', (from, to, path, remedy) => {
    const problem = faults(from, to).find((one) => one.path === path);
    expect(problem?.message).toContain(remedy);
    const line = (sample.replace(from, to).split('\n')[(problem?.line ?? 0) - 1] ?? '').trim();
    expect(line).toContain(to.split(':')[0]?.replace('{ ', '').trim());
  });

  it('reports every fault at once, in the order of the lines', () => {
    const { problems } = parseYaml(
      'campaign.yaml',
      sample.replace('knownAt', 'knowAt').replace('pieces: 1000', 'pieces: 0').replace('role: sole', 'role: solo'),
      campaignFileSchema,
    );
    expect(problems.map((one) => one.path)).toEqual([
      'parties.0.role',
      'incident.knownAt',
      'incident.knowAt',
      'lots.pieces',
    ]);
    expect(problems.map((one) => one.line)).toEqual(problems.map((one) => one.line).toSorted((a, b) => a - b));
  });

  it('speaks Japanese too', () => {
    const changed = sample
      .replace('knownAt', 'knowAt')
      .replace('pieces: 1000', 'pieces: 0')
      .replace('opensOn: 2026-11-20', 'opensOn: 11月20日');
    const { problems } = parseYaml('campaign.yaml', changed, campaignFileSchema, 'ja');
    expect(problems.map((one) => one.message)).toEqual([
      '値がありません。追加してください',
      '「knowAt」というキーはありません。「knownAt」ではありませんか',
      '"11月20日" は使えません。日付（2026-11-20 の形、実在する日）にしてください',
      '0 は小さすぎます（1 以上）',
    ]);
  });

  // How a duty's end is written in templates/law: by days, by hours, or as a word of the plan.
  it.each([
    ['{ hour: 72 }', 'due.hour', 'did you mean "hours"?'],
    ['{ day: 30 }', 'due.shiftsToWorkingDay', 'this value is missing: add it'],
    ['{ hours: 72h }', 'due.hours', 'instead of "72h", write a number'],
    ['{ plan: lastWave }', 'due.plan', '"lastWave" is not one of lastTellingWave'],
    ['{ weeks: 2 }', 'due.weeks', 'use one of day, shiftsToWorkingDay, hours, plan'],
    ['72', 'due', 'instead of 72, write a group of keys'],
  ])('of a value with several shapes says what %s lacks', (text, path, remedy) => {
    const due = z.union([
      z.strictObject({ day: z.int(), shiftsToWorkingDay: z.boolean() }),
      z.strictObject({ hours: z.int() }),
      z.strictObject({ plan: z.literal('lastTellingWave') }),
    ]);
    const { problems } = parseYaml('uk.yaml', `id: uk\ndue: ${text}\n`, z.object({ id: z.string(), due }));
    expect(problems).toEqual([{ file: 'uk.yaml', line: 2, path, message: expect.stringContaining(remedy) }]);
  });

  it('names a key that is written twice and a tab, with their lines', () => {
    expect(parseYaml('c.yaml', 'a: 1\nb: 2\na: 3\n', z.any()).problems).toEqual([
      { file: 'c.yaml', line: 3, path: '', message: 'this key is written twice: keep one of them' },
    ]);
    expect(parseYaml('c.yaml', 'a:\n\tb: 3\n', z.any()).problems[0]).toMatchObject({
      line: 2,
      message: expect.stringContaining('tab'),
    });
  });

  it('refuses aliases that expand without end', () => {
    let bomb = 'a0: &a0 [x, x, x, x, x, x, x, x, x]\n';
    for (let level = 1; level < 9; level++)
      bomb += `a${level}: &a${level} [${Array(9)
        .fill(`*a${level - 1}`)
        .join(', ')}]\n`;
    expect(parseYaml('c.yaml', bomb, z.any()).problems[0]?.message).toContain('anchors');
  });

  it('says that an empty file lacks everything', () => {
    expect(parseYaml('c.yaml', '', campaignFileSchema).problems.length).toBeGreaterThan(0);
  });
});
