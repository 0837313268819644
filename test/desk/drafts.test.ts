// Drafts in the database: two people and two hosts see one draft, and nobody overwrites what they have not seen.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scaffoldCampaign } from '../../src/campaign/folder/scaffold-campaign.ts';
import { runCampaignHistory } from '../../src/cli/commands/campaign-draft.ts';
import { pushDraft } from '../../src/desk/drafts/push-draft.ts';
import { readDraft } from '../../src/desk/drafts/read-draft.ts';
import { openCampaign } from '../../src/desk/open-campaign.ts';
import { runOperation } from '../../src/desk/run-operation.ts';
import { listFacts } from '../../src/journal/store.ts';
import { formatLocalTime, toDay } from '../../src/kernel/calendar.ts';
import { useApp } from '../support/app.ts';
import { cliContext } from '../support/cli-context.ts';

const app = useApp();
const root = mkdtempSync(join(tmpdir(), 'owabi-drafts-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const owner = { door: 'cli', role: 'owner' } as const;
const [hers, his] = [join(root, 'hers'), join(root, 'his')];
const campaign = 'draft-campaign';
const edit = (dir: string, file: string, more: string) =>
  writeFileSync(join(dir, file), `${readFileSync(join(dir, file), 'utf8')}${more}`);
const push = (dir: string, by: string, force = false) =>
  runOperation(app, owner, 'push-draft', { campaign: dir, by, force });
const pull = (dir: string, more = {}) => runOperation(app, owner, 'pull-draft', { campaign, dir, ...more });

beforeAll(async () => {
  await scaffoldCampaign({ dir: hers, today: toDay(new Date()), id: campaign });
});

describe('a draft', () => {
  it('is pushed as revision 1, and again only when something changed', async () => {
    const first = await push(hers, '起草 花子');
    expect(first).toMatchObject({ kind: 'pushed', revision: 1, base: null });
    expect(first.changes).toContainEqual({ path: 'campaign.yaml', change: 'added' });
    expect(await push(hers, '起草 花子')).toMatchObject({ kind: 'unchanged', revision: 1, changes: [] });
  });

  it('of a revision that nobody brought cannot be pulled', async () => {
    await expect(pull(his, { revision: 99 })).rejects.toMatchObject({ code: 'DRAFT_MISSING' });
  });

  it('is pulled on another host, byte for byte', async () => {
    expect(await pull(his)).toMatchObject({ kind: 'pulled', revision: 1 });
    for (const file of ['campaign.yaml', 'policy.yaml', 'rates.yaml', 'notice/adult.ja.md'])
      expect(readFileSync(join(his, file), 'utf8')).toBe(readFileSync(join(hers, file), 'utf8').replace(/^\uFEFF/, ''));
  });

  it('takes the first of two pushes; the second is told what moved, and may bring its own after a pull or by decision', async () => {
    edit(his, 'rates.yaml', '# his\n');
    edit(hers, 'policy.yaml', '# hers\n');
    expect(await push(his, '起草 太郎')).toMatchObject({ kind: 'pushed', revision: 2, base: 1 });
    const late = await push(hers, '起草 花子');
    expect(late).toEqual({
      kind: 'moved',
      revision: 2,
      base: 1,
      changes: [
        { path: 'policy.yaml', change: 'changed' },
        { path: 'rates.yaml', change: 'changed' },
      ],
    });
    expect(await pull(hers)).toMatchObject({ kind: 'changed', revision: 2 });
    expect(readFileSync(join(hers, 'policy.yaml'), 'utf8')).toContain('# hers');
    expect(await push(hers, '起草 花子', true)).toMatchObject({ kind: 'pushed', revision: 3 });
    expect(await pull(his)).toMatchObject({ kind: 'pulled', revision: 3 });
    expect(readFileSync(join(his, 'policy.yaml'), 'utf8')).toContain('# hers');
  });

  it('lets one of two pushes at once win', async () => {
    const { campaign: opened } = await openCampaign(app, campaign, { door: 'http', language: 'en' });
    const documents = (text: string) => new Map([['campaign.yaml', text]]);
    const both = await Promise.all(
      ['one', 'other'].map((text) =>
        pushDraft(app, {
          campaignId: opened.id,
          documents: documents(text),
          base: 3,
          by: '競争 する人',
          isForced: false,
        }),
      ),
    );
    expect(both.map(({ kind }) => kind).sort()).toEqual(['moved', 'pushed']);
  });

  it('shows who brought which revision, and every one is a fact', async () => {
    const { revisions } = await runOperation(app, owner, 'list-drafts', { campaign });
    expect(revisions.map(({ revision, author }) => [revision, author])).toEqual([
      [4, '競争 する人'],
      [3, '起草 花子'],
      [2, '起草 太郎'],
      [1, '起草 花子'],
    ]);
    const { text } = await runCampaignHistory(cliContext(app, [campaign]));
    expect(text.split('\n')[0]).toContain(formatLocalTime(new Date(revisions[0]?.at ?? '')));
    expect(text).not.toMatch(/\dT\d\d:/);
    const { campaign: opened } = await openCampaign(app, campaign, { door: 'http', language: 'en' });
    const facts = (await listFacts(app.pool, opened.id)).filter(({ kind }) => kind === 'draft.pushed');
    expect(facts.map(({ body }) => body)).toMatchObject([1, 2, 3, 4].map((revision) => ({ revision })));
  });

  it('counts for a command that is given an id; a folder counts when it is given', async () => {
    const { campaign: opened } = await openCampaign(app, campaign, { door: 'http', language: 'en' });
    await pull(his, { revision: 3, force: true });
    edit(his, 'rates.yaml', '# newest\n');
    await push(his, '起草 太郎', true);
    const byId = await readDraft(app, { campaignId: opened.id, folder: null });
    expect(byId.ratesText).toContain('# newest');
    const byFolder = await readDraft(app, { campaignId: opened.id, folder: hers });
    expect(byFolder.ratesText).not.toContain('# newest');
  });

  it('stands sealed in the database', async () => {
    const { rows } = await app.pool.query('select c::text as line from desk.draft_content c');
    const text = rows.map(({ line }) => line).join('\n');
    expect(text).not.toContain(Buffer.from('waves:').toString('hex'));
    expect(text).not.toContain('waves:');
  });
});

it('a folder that belongs to no push is never overwritten', async () => {
  const foreign = join(root, 'foreign');
  cpSync(hers, foreign, { recursive: true });
  rmSync(join(foreign, '.owabi-draft.json'));
  edit(foreign, 'policy.yaml', '# unseen\n');
  expect(await pull(foreign)).toMatchObject({ kind: 'changed' });
  expect(readFileSync(join(foreign, 'policy.yaml'), 'utf8')).toContain('# unseen');
});
