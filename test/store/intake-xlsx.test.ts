// Spreadsheets take the same path as text files: days, lost zeros, row numbers as Excel shows them.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { findPersonBy, getPeople } from '../../src/intake/get-people.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { listOpenRows } from '../../src/intake/rejected/list-open-rows.ts';
import { useApp } from '../support/app.ts';

const app = useApp();
const folder = mkdtempSync(join(tmpdir(), 'owabi-xlsx-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('reads a workbook', async () => {
  const campaign = { id: randomUUID(), slug: 'xlsx' };
  app.keys.create(campaign.id);
  const file = join(folder, 'roster.xlsx');
  const text = (value: string) => ({ value, type: String });
  const rows = [
    ['会員番号', '氏名', '郵便番号', '住所', '電話番号', '生年月日'].map(text),
    [
      text('A1'),
      text('見本 \u{20bb7}郎'),
      { value: 600042, type: Number },
      text('北海道札幌市中央区大通西1'),
      { value: 9000001234, type: Number },
      { value: new Date('1985-04-01T00:00:00Z'), type: Date, format: 'yyyy/mm/dd' },
    ],
    [null, null, null, null, null, null],
    [text('A2'), text('見本〓郎'), null, null, null, null],
  ];
  await writeXlsxFile(rows as never).toFile(file);
  const result = await importRoster(app, { campaign, file });
  expect(result).toMatchObject({
    rows: 2,
    people: 1,
    rejected: 1,
    encoding: 'xlsx',
    warnings: { postcode_repaired: 1, phone_repaired: 1 },
  });
  const refs = await findPersonBy(app, campaign, { customerKey: 'A1' });
  expect([...(await getPeople(app, campaign, refs)).values()][0]).toMatchObject({
    name: '見本 \u{20bb7}郎',
    postcode: '0600042',
    phone: '09000001234',
    birthDate: '1985-04-01',
  });
  expect((await listOpenRows(app, { campaign }))[0]?.line).toBe(4);
});
