import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCampaignFolder } from '../../src/campaign/folder/campaign-folder.ts';
import { scaffoldCampaign, shiftDays } from '../../src/campaign/folder/scaffold-campaign.ts';
import { listClocks } from '../../src/campaign/law/list-clocks.ts';
import { checkFolder } from '../../src/desk/plan/check-campaign.ts';

describe('a new campaign folder', () => {
  let dir = '';
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'owabi-folder-'));
  });
  afterEach(async () => {
    await rm(dir, { recursive: true, force: true });
  });

  const edit = async (file: string, from: string, to: string) => {
    const text = await readFile(join(dir, file), 'utf8');
    expect(text).toContain(from);
    await writeFile(join(dir, file), text.replaceAll(from, to));
  };

  it.each(['2026-11-20', '2027-02-28', '2028-02-29'])('of the trial company made on %s has no fault', async (today) => {
    const files = await scaffoldCampaign({ dir, today, id: 'aoba-2027', isTrial: true });
    expect(files).toContain('notice/adult.ja.md');
    const check = await checkFolder(dir, { language: 'en', today });
    expect(check.problems).toEqual([]);
    expect(check.ok).toBe(true);
    expect(check.warnings.map((one) => one.path)).toEqual(expect.arrayContaining(['client', 'callCentre.phone']));
    const { folder } = await readCampaignFolder(dir);
    expect(folder?.file.id).toBe('aoba-2027');
    expect(folder?.file.waves[0]?.start).toBe(`${today} 09:00`);
  });

  it.each(['2026-11-20', '2028-03-01'])(
    'left untouched on %s is at fault wherever a value is the sample’s',
    async (today) => {
      await scaffoldCampaign({ dir, today, id: 'aoba-2027' });
      const { ok, problems } = await checkFolder(dir, { language: 'en', today });
      expect(ok).toBe(false);
      const places = problems.map((one) => `${one.file} ${one.path}`);
      for (const path of [
        'client',
        'parties.0.name',
        'incident.knownAt',
        'incident.period.from',
        'incident.types.1.since',
        'incident.secondaryDamage.asOf',
        'incident.summary',
        'incident.cause',
        'incident.secondaryDamage.source',
        'sender.name',
        'sender.representative',
        'sender.address.0',
        'sender.phone',
        'sender.email.from',
        'sender.email.returnDomain',
        'callCentre.phone',
        'callCentre.url',
        'gifts.0.vendor',
      ])
        expect(places).toContain(`campaign.yaml ${path}`);
      for (const path of ['insurer', 'policyNumber']) expect(places).toContain(`policy.yaml ${path}`);
      const phone = problems.find((one) => one.path === 'callCentre.phone');
      const lines = (await readFile(join(dir, 'campaign.yaml'), 'utf8')).split('\n');
      expect(lines[(phone?.line ?? 0) - 1]).toContain('0120-000-000');
      expect(phone?.message).toContain('write your own');
    },
  );

  it('has filed no report yet: what nobody did is open on every clock', async () => {
    await scaffoldCampaign({ dir, today: '2026-11-20' });
    const { folder } = await readCampaignFolder(dir);
    expect(folder?.file.incident.reports).toEqual({});
    const clocks = folder ? listClocks(folder.file, new Date('2026-11-20T00:00:00Z')) : [];
    expect(clocks.map((clock) => clock.doneOn).filter((day) => day !== null)).toEqual([]);
  });

  it('is found at fault for a sample value in a text, and for a domain where nothing arrives', async () => {
    await scaffoldCampaign({ dir, today: '2026-11-20', isTrial: true });
    await edit('notice/adult.ja.md', '{{addressee}}', '{{addressee}} みほん商店より');
    await edit('campaign.yaml', 'oshirase@tameshido.test', 'oshirase@ourshop.example');
    const { problems } = await checkFolder(dir, { language: 'ja', today: '2026-11-20' });
    expect(problems.map((one) => [one.file, one.path])).toEqual([
      ['campaign.yaml', 'sender.email.from'],
      ['notice/adult.ja.md', ''],
    ]);
  });

  it('takes the days of a real incident although one of them is where the sample has it', async () => {
    await scaffoldCampaign({ dir, today: '2026-11-20', isTrial: true });
    await edit('campaign.yaml', 'type: R7-3, since: 2026-11-13', 'type: R7-3, since: 2026-11-14');
    expect((await checkFolder(dir, { language: 'en', today: '2026-11-20' })).problems).toEqual([]);
  });

  it('lets nothing into git but what is meant to be there', async () => {
    await scaffoldCampaign({ dir, today: '2026-11-20' });
    const lines = (await readFile(join(dir, '.gitignore'), 'utf8')).split('\n');
    expect(lines).toContain('*');
    expect(lines).toContain('!campaign.yaml');
    expect(lines.some((line) => line.includes('csv'))).toBe(false);
  });

  it('is refused where something is already', async () => {
    await writeFile(join(dir, 'mine.txt'), 'x');
    await expect(scaffoldCampaign({ dir, today: '2026-11-20' })).rejects.toMatchObject({ code: 'FOLDER_NOT_EMPTY' });
    expect(await readFile(join(dir, 'mine.txt'), 'utf8')).toBe('x');
  });

  it('moves dates and nothing that only looks like one', () => {
    expect(shiftDays('2026-11-20 09:00, 2026-13-01, 03-0000-0000, 100-0001', 12)).toBe(
      '2026-12-02 09:00, 2026-13-01, 03-0000-0000, 100-0001',
    );
  });

  it('reports faults of every file at once', async () => {
    await scaffoldCampaign({ dir, today: '2026-11-20', isTrial: true });
    await edit('campaign.yaml', 'fallbackOf: email-1', 'fallbackOf: email-2');
    await edit('policy.yaml', 'costLimitYen: 300000000', 'costLimitYen: plenty');
    await edit('rates.yaml', "unitPrice: '110'", "unitPrice: 'cheap'");
    await edit('notice/adult.ja.md', '{{addressee}}', '{{adressee}}');
    const { ok, problems } = await checkFolder(dir, { language: 'ja', today: '2026-11-20' });
    expect(ok).toBe(false);
    expect(new Set(problems.map((one) => one.file))).toEqual(
      new Set(['campaign.yaml', 'policy.yaml', 'rates.yaml', 'notice/adult.ja.md']),
    );
    for (const problem of problems.filter((one) => one.file.endsWith('.yaml'))) expect(problem.line).toBeGreaterThan(0);
  });

  it('says what is missing, and refuses a folder without campaign.yaml', async () => {
    await expect(checkFolder(dir, { language: 'en' })).rejects.toMatchObject({ code: 'FOLDER_UNREADABLE' });
    await scaffoldCampaign({ dir, today: '2026-11-20', isTrial: true });
    await rm(join(dir, 'policy.yaml'));
    await rm(join(dir, 'notice/card.ja.md'));
    const { problems } = await checkFolder(dir, { language: 'en', today: '2026-11-20' });
    expect(problems.map((one) => [one.file, one.path])).toEqual([
      ['policy.yaml', ''],
      ['campaign.yaml', 'segments.0.variant'],
    ]);
  });
});
