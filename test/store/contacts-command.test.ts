// `owabi contacts add` takes what names a caller from a file only, and keeps it sealed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureActor } from '../../src/campaign/actors/ensure-actor.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { commands } from '../../src/cli/command-table.ts';
import { runContactsAdd } from '../../src/cli/commands/contacts.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { listOpenRows } from '../../src/intake/rejected/list-open-rows.ts';
import { settleRow } from '../../src/intake/rejected/settle-row.ts';
import { open } from '../../src/platform/crypto/crypt.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';
import { cliContext } from '../support/cli-context.ts';
import { saidBy } from '../support/said.ts';

const app = useApp();
const dir = mkdtempSync(join(tmpdir(), 'owabi-contacts-command-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

beforeAll(async () => {
  const campaign = await ensureCampaign(app, { dir, file: aCampaignFile({ id: 'window' }) });
  writeFileSync(
    join(dir, 'list.csv'),
    '氏名,メールアドレス\n見本 太郎,taro@mihon.example\n見本 花子,hanako@mihon.example\n',
  );
  await importRoster(app, { campaign, file: join(dir, 'list.csv'), items: ['name'] });
  await freezeList(app, { campaign });
});

async function add(details: string) {
  writeFileSync(join(dir, 'details.yaml'), details);
  const options = {
    topic: 'AM_I_AFFECTED',
    channel: 'phone',
    claimsAffected: true,
    detailsFile: join(dir, 'details.yaml'),
  };
  const { json } = await runContactsAdd(cliContext(app, ['window'], options));
  return json;
}

it('looks the caller of the file up, and keeps what was said out of the tables’ clear text', async () => {
  expect(await add('email: taro@mihon.example\nnote: "電話は夜に"\n')).toMatchObject({ answer: 'on_version' });
  expect(await add('{"email": "someone@else.example"}')).toMatchObject({ answer: 'not_on_version' });
  const { rows } = await app.pool.query('select c::text as line from contacts.contact c');
  expect(JSON.stringify(rows)).not.toMatch(/夜に|mihon/);
  const noted = await app.pool.query('select 1 from contacts.contact where note_sealed is not null');
  expect(noted.rowCount).toBe(1);
});

it('names the line of what cannot be read, and records nothing', async () => {
  expect(await saidBy(() => add('email: taro@mihon.example\nphone: 0312345678\n'))).toMatchObject({
    code: 'USAGE_WRONG',
    message: expect.stringContaining('details.yaml:2:'),
  });
  await expect(add(' \n')).rejects.toMatchObject({ code: 'USAGE_WRONG' });
});

it('has no option of any command that would put a note or a caller into the process list', () => {
  const flags = commands.flatMap(({ options = [] }) => options.map(([flag]) => flag.split(' ')[0]));
  expect(
    flags.filter((flag) => /^--(email|phone|kana|customer-key|promise|address|details|note)$/.test(flag ?? '')),
  ).toEqual([]);
});

it('seals the note of a settled row under the key that goes with the addresses', async () => {
  const campaign = await ensureCampaign(app, { dir: join(dir, 'rows'), file: aCampaignFile({ id: 'rows' }) });
  const list = join(dir, 'rows.csv');
  writeFileSync(list, '氏名,メールアドレス\n見本 太郎,taro@mihon.example\n,nobody@mihon.example\n');
  await importRoster(app, { campaign, file: list, items: ['name'] });
  const [row] = await listOpenRows(app, { campaign });
  const rowId = row?.id ?? '';
  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: '情報 守' });
  const note = '本人の妻に電話で確認';
  await settleRow(app, { campaign, rowIds: [rowId], settlement: 'substitute_measure', actorId, note });
  const { rows } = await app.pool.query<{ note_sealed: Buffer }>(
    'select note_sealed from intake.row_event where ref = $1',
    [rowId],
  );
  const sealed = rows.find((event) => event.note_sealed !== null)?.note_sealed ?? Buffer.alloc(0);
  const { address } = app.keys.open(campaign.id);
  expect(open(address, `${campaign.id}|${rowId}|note_sealed`, sealed).toString('utf8')).toBe(note);
});
