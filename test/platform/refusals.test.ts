// What the platform and the pure rooms refuse, each by its code: broken files, wrong keys, doors that are shut.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { needFolder } from '../../src/campaign/folder/campaign-folder.ts';
import { writeHomeMark } from '../../src/campaign/home/home-mark.ts';
import { textForPlace } from '../../src/campaign/wave/wave.ts';
import { emptyMapping, resolveColumns } from '../../src/intake/roster/column-mapping.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { compileNotice } from '../../src/notice/read-notice.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { open, seal } from '../../src/platform/crypto/crypt.ts';
import { openKeyStore } from '../../src/platform/crypto/keys.ts';
import { openFileStore } from '../../src/platform/files.ts';
import { encodeCp932 } from '../../src/platform/formats/cp932.ts';
import { readXlsxAsCsv } from '../../src/platform/formats/xlsx.ts';
import { inInsertOrder } from '../../src/platform/postgres/backup-tables.ts';
import { buildMailMessage, envelopeAddress } from '../../src/platform/smtp/mail-message.ts';
import { openConnection, smtpOptions } from '../../src/platform/smtp/smtp-connect.ts';
import { createThreadPool } from '../../src/platform/threads.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'owabi-refusals-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The key of what `act` refuses by. */
function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return (error as { key?: string }).key ?? String(error);
  }
  return 'nothing was refused';
}

it('a character that the print house’s encoding does not have', () => {
  expect(refusalOf(() => encodeCp932('髙𠮷'))).toBe('CHARACTER_UNENCODABLE');
});

it('a configuration with a faulty variable, or with keys inside the home that is copied', () => {
  expect(refusalOf(() => loadConfig({ OWABI_PORT: 'x' }))).toBe('CONFIG_INVALID.variables');
  expect(refusalOf(() => loadConfig({ OWABI_HOME: '/a', OWABI_KEYS: '/a/keys' }))).toBe('CONFIG_INVALID.keysInside');
});

it('keys that are there already, and a value under another key, at another place, or cut', () => {
  const keys = openKeyStore(join(dir, 'keys'));
  const campaign = newRef();
  keys.create(campaign);
  expect(refusalOf(() => keys.create(campaign))).toBe('KEY_EXISTS');
  const { proof, documents } = keys.open(campaign);
  const sealed = seal(proof, 'place', 'words');
  expect(open(proof, 'place', sealed).toString()).toBe('words');
  expect(refusalOf(() => open(documents, 'place', sealed))).toBe('KEY_WRONG.closed');
  expect(refusalOf(() => open(proof, 'another', sealed))).toBe('KEY_WRONG.closed');
  expect(refusalOf(() => open(proof, 'place', sealed.subarray(0, 20)))).toBe('KEY_WRONG.cut');
});

it('a stored file that was cut, or that goes on behind its end', async () => {
  const home = join(dir, 'files');
  const store = openFileStore(home);
  const key = Buffer.alloc(32, 7);
  const { id } = await store.put(key, [Buffer.from('words')]);
  const path = join(home, id.slice(0, 2), id);
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, 10));
  await expect(store.read(key, id)).rejects.toMatchObject({ key: 'FILE_CORRUPT.cut' });
  writeFileSync(path, Buffer.concat([whole, whole]));
  await expect(store.read(key, id)).rejects.toMatchObject({ key: 'FILE_CORRUPT.goesOn' });
});

it('an address or a Message-ID that no mail can carry', () => {
  expect(refusalOf(() => envelopeAddress('taro <taro@example.jp>'))).toBe('MAIL_INVALID.address');
  const mail = { from: { address: 'a@example.jp' }, to: { address: 'b@example.jp' }, subject: '', text: '', html: '' };
  const message = { ...mail, messageId: 'none', date: new Date(0), language: 'ja' };
  expect(refusalOf(() => buildMailMessage(message))).toBe('MAIL_INVALID.messageId');
});

it('a relay that nobody listens at', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const options = smtpOptions({ url: `smtp://127.0.0.1:${port}` } as Parameters<typeof smtpOptions>[0]);
  await expect(openConnection(options)).rejects.toMatchObject({ code: 'SMTP_DOWN' });
});

it('a thread that was never built', () => {
  expect(refusalOf(() => createThreadPool('src/no-such-thread', 1))).toBe('THREAD_FAILED.unbuilt');
});

it('the mark of a home where none can be written', () => {
  const keys = join(dir, 'marks');
  mkdirSync(join(keys, 'campaign'), { recursive: true });
  // Where the mark should stand is a folder: the rename fails, for root as well.
  writeHomeMark(keys, 'campaign', { generation: 1, beat: 1 });
  const [name = ''] = readdirSync(join(keys, 'campaign'));
  rmSync(join(keys, 'campaign', name));
  mkdirSync(join(keys, 'campaign', name, 'in-the-way'), { recursive: true });
  expect(refusalOf(() => writeHomeMark(keys, 'campaign', { generation: 1, beat: 2 }))).toBe('HOME_UNMARKED');
});

it('a mapping that names a column which is not there, by name or by place', () => {
  const mapped = { ...emptyMapping, columns: { ...emptyMapping.columns, name: '氏名2' } };
  expect(refusalOf(() => resolveColumns(['氏名', '住所'], mapped))).toBe('MAPPING_INVALID.column');
  const placed = { ...emptyMapping, header: false, columns: { ...emptyMapping.columns, name: 3 } };
  expect(refusalOf(() => resolveColumns(['見本', '東京都'], placed))).toBe('MAPPING_INVALID.place');
});

it('a list in a workbook that is too large to read', async () => {
  const file = join(dir, 'large.xlsx');
  writeFileSync(file, '');
  truncateSync(file, 41 << 20);
  await expect(readXlsxAsCsv(file)).rejects.toMatchObject({ key: 'ROSTER_TOO_LONG.bytes' });
});

it('a text, a folder and a place that the plan does not have', () => {
  const source = { file: 'notice/adult.ja.md', variant: 'adult', language: 'ja', text: 'no front matter' } as const;
  expect(refusalOf(() => compileNotice(source))).toBe('NOTICE_INVALID.first');
  expect(refusalOf(() => needFolder({ problems: [] } as never))).toBe('CAMPAIGN_INVALID.first');
  expect(refusalOf(() => textForPlace(aCampaignFile(), 'no-wave', 'no-segment'))).toBe('ROW_MISSING.wave');
});

it('tables whose keys run in a circle, which no restore could fill', () => {
  const tables = ['a', 'b'].map((table) => ({ table }) as Parameters<typeof inInsertOrder>[0][number]);
  const circle = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'a' },
  ];
  expect(refusalOf(() => inInsertOrder(tables, circle))).toBe('BACKUP_INVALID.circle');
});
