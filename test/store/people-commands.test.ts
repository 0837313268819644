// `owabi import | rows | merges | people` as they are typed: who decided about whom goes on record, and what is wrong is named as it was typed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import type { Run } from '../../src/cli/command.ts';
import { runImport } from '../../src/cli/commands/import.ts';
import { runPeopleDecide, runPeopleList, runPeopleResend } from '../../src/cli/commands/people.ts';
import { runMergesList, runMergesUndo, runRowsList, runRowsSettle } from '../../src/cli/commands/rows.ts';
import { planWaves } from '../../src/delivery/plan-waves.ts';
import { checkAudit } from '../../src/desk/audit/check-audit.ts';
import { listOpenRows } from '../../src/intake/rejected/list-open-rows.ts';
import { useApp } from '../support/app.ts';
import { cliContext } from '../support/cli-context.ts';
import { launchedCampaign, rosterHeader, rosterRow } from '../support/launched-campaign.ts';
import { saidBy } from '../support/said.ts';

const now = new Date('2026-11-21T03:00:00Z');
const app = useApp({ clock: () => now });
const dir = mkdtempSync(join(tmpdir(), 'owabi-people-commands-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const by = '危機 管理子';
let campaign: Campaign;
beforeAll(async () => {
  const rows = [rosterRow(1), rosterRow(2), rosterRow(3, { email: '', address: '' }), rosterRow(1)];
  ({ campaign } = await launchedCampaign(app, rows));
  await planWaves(app, { campaignId: campaign.id });
  campaign = await getCampaign(app.pool, campaign.id);
});

type Options = Parameters<typeof cliContext>[2];
const run = async (command: Run, args: readonly string[], options: Options = {}, asJson = true) =>
  await command({ ...cliContext(app, [campaign.slug, ...args], options), wantsJson: asJson });
const lastOpened = async () =>
  (await checkAudit(app.pool, campaign.id)).events.findLast(({ kind }) => kind === 'opened');

describe('owabi import', () => {
  it('loads a list under a name, tells how far it is, and says on a second time that nothing changed', async () => {
    const file = join(dir, 'more.csv');
    writeFileSync(file, `${rosterHeader}\n${rosterRow(8)}\n,,,,,,,,\n`);
    const seen: [string, number, number][] = [];
    const context = cliContext(app, [campaign.slug, file], { by, encoding: 'UTF-8' });
    const progress = (...shown: [string, number, number]) => seen.push(shown);
    const watched = cliContext(app, [campaign.slug, file], { by, encoding: 'UTF-8' }, { progress });
    expect((await runImport(watched)).json).toMatchObject({ rows: 2, people: 1, rejected: 1, dryRun: false });
    expect(seen.at(-1)).toEqual(['reading the roster', expect.any(Number), expect.any(Number)]);
    const again = await runImport(context);
    expect(again.json).toMatchObject({ duplicateOf: expect.any(String) });
    expect(again.text).toContain(`owabi import ${campaign.slug}`);
    const wrong = () => run(runImport, [file], { encoding: 'latin1' });
    expect(await saidBy(wrong)).toMatchObject({
      message: expect.stringContaining('--encoding: "latin1" is not one of'),
    });
  });
});

describe('owabi rows and merges', () => {
  it('show what a row says and who was merged, and name nobody in a document for a script', async () => {
    const rows = await run(runRowsList, [], {}, false);
    expect(rows.text).toMatch(/import 2 {2}line 3/);
    expect(JSON.stringify((await run(runRowsList, [])).json)).not.toContain('cells');
    const merges = await run(runMergesList, [], { by }, false);
    expect(merges.text).toMatch(/→ 見本　1子 /);
    expect(merges.text).toContain('Looking at names or contents was recorded (1).');
    expect(Object.keys((await run(runMergesList, [])).json as object)).toEqual(['merges']);
  });

  it('are settled and undone by name only, and whose rows they were is on record', async () => {
    const [row] = await listOpenRows(app, { campaign });
    const settle = (options: Options) => run(runRowsSettle, ['not-a-person'], options);
    expect(await saidBy(() => settle({ reason: 'empty' }))).toMatchObject({
      code: 'USAGE_WRONG',
      message: expect.stringContaining('--by: this value is missing'),
    });
    await expect(settle({ by })).rejects.toMatchObject({ key: 'USAGE_WRONG.rows' });
    await expect(settle({ by, row: ['nowhere'] })).rejects.toMatchObject({ key: 'USAGE_WRONG.rowsUnknown' });
    writeFileSync(join(dir, 'note'), '空の行');
    const settled = await settle({ by, row: [row?.id ?? ''], noteFile: join(dir, 'note') });
    expect(settled.json).toEqual({ settled: 1, open: 0 });
    expect(await lastOpened()).toMatchObject({ operation: 'settle-rows', refs: [row?.id] });
    const { merges } = (await run(runMergesList, [])).json as { merges: { ref: string }[] };
    const ref = merges[0]?.ref ?? '';
    expect(await run(runMergesUndo, [ref], { by })).toMatchObject({ json: { undone: true }, exitCode: 0 });
    expect(await run(runMergesUndo, [ref], { by })).toMatchObject({ json: { undone: false }, exitCode: 1 });
    const wrong = () => run(runMergesUndo, ['row-2'], { by });
    expect(await saidBy(wrong)).toMatchObject({ message: expect.stringContaining('"row-2" is not a reference') });
  });
});

describe('owabi people', () => {
  it('lists those who wait with due day and name, and counts before it decides', async () => {
    const list = await run(runPeopleList, ['undecided'], { by }, false);
    expect(list.text).toMatch(/2026-1\d-\d\d +見本　3子 +neither e-mail nor address/);
    expect(Object.keys((await run(runPeopleList, ['undecided'])).json as object)).toEqual(['people', 'waiting']);
    const decide = (options: Options) => run(runPeopleDecide, ['told-otherwise'], { by, ...options });
    expect((await decide({ outcome: 'no_channel', dryRun: true })).json).toEqual({ people: 1, decided: 0 });
    expect((await decide({ outcome: 'no_channel' })).json).toEqual({ people: 1, decided: 1, pull: [] });
    expect(await lastOpened()).toMatchObject({ operation: 'decide-people', people: 1, actorId: expect.any(String) });
    await expect(decide({})).rejects.toMatchObject({ key: 'USAGE_WRONG.nobody' });
    await expect(decide({ person: ['見本 太郎'] })).rejects.toMatchObject({ code: 'PERSON_MISSING' });
    const argNames = '<campaign> <decision>';
    const told = cliContext(app, [campaign.slug, 'told'], { by, outcome: 'gone' }, { argNames });
    expect(await saidBy(() => runPeopleDecide(told))).toMatchObject({
      message: expect.stringMatching(
        /<decision>: "told" is not one of substitute, [\s\S]*--outcome: "gone" is not one of/,
      ),
    });
  });

  it('refuses a second notice in a wave that is none for it', async () => {
    const { people } = (await run(runPeopleList, ['mail_waiting'])).json as { people: string[] };
    const resend = run(runPeopleResend, ['email-1'], { by, person: people });
    await expect(resend).rejects.toMatchObject({ code: 'WAVE_MISSING' });
    await expect(run(runPeopleResend, ['email-1'], { by })).rejects.toMatchObject({ code: 'USAGE_WRONG' });
  });
});
