// A roster file on a real database: every row ends somewhere, a killed import goes on, the same file changes nothing.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { afterAll, describe, expect, it } from 'vitest';
import { countRoster } from '../../src/intake/count-roster.ts';
import { findPersonBy, getPeople } from '../../src/intake/get-people.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { listMerges } from '../../src/intake/match/undo-merge.ts';
import { settleRow } from '../../src/intake/rejected/settle-row.ts';
import { listRejectedRows } from '../../src/intake/store.ts';
import { sql } from '../../src/platform/postgres/db.ts';
import { underLock } from '../../src/platform/postgres/locks.ts';
import { useApp } from '../support/app.ts';
import { saidBy } from '../support/said.ts';

const app = useApp();
const folder = mkdtempSync(join(tmpdir(), 'owabi-intake-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEADER = '会員番号,氏名,フリガナ,郵便番号,住所1,住所2,メールアドレス,電話番号,生年月日';
const items = [{ code: 'email', label: 'メールアドレス' }];

function newCampaign(slug = 'sample') {
  const id = randomUUID();
  app.keys.create(id);
  return { id, slug: `${slug}-${id.slice(0, 8)}` };
}

function roster(content: string | Buffer, name = `${randomUUID()}.csv`): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function line(n: number, over: Partial<Record<'key' | 'name' | 'kana' | 'email' | 'birth', string>> = {}): string {
  const name = over.name ?? `見本 ${n}郎`;
  return [
    over.key ?? `C${n}`,
    name,
    over.kana ?? `ミホン ${n}ロウ`,
    '100-0005',
    '東京都千代田区丸の内1-1',
    '',
    over.email ?? `p${n}@mail.example`,
    '',
    over.birth ?? '',
  ].join(',');
}

/** Recounts the rows themselves, against the counters. */
async function recount(campaignId: string) {
  const { rows } = await app.pool.query(sql`select
    (select count(*) from intake.record where campaign_id = ${campaignId} and merge_rule is null)::int as people,
    (select count(*) from intake.record where campaign_id = ${campaignId} and merge_rule is not null)::int as merged,
    (select count(*) from intake.rejected_row where campaign_id = ${campaignId})::int as rejected`);
  return rows[0] as { people: number; merged: number; rejected: number };
}

describe('importing a roster', () => {
  it('has every look-up index again when the first import has ended', async () => {
    const indexes = async () => {
      const { rows } = await app.pool.query(
        sql`select indexname, indexdef from pg_indexes where schemaname = 'intake' and tablename = 'record' order by 1`,
      );
      return rows;
    };
    const asMigrated = await indexes();
    await importRoster(app, { campaign: newCampaign(), file: roster(`${HEADER}\n${line(1)}\n`), incidentItems: items });
    expect(await indexes()).toEqual(asMigrated);
  });

  it('reads CP932 with broken rows and loses nobody', async () => {
    const campaign = newCampaign();
    const good = iconv.encode([HEADER, line(1, { name: '髙橋 﨑子' }), line(2)].join('\r\n'), 'cp932');
    const broken = Buffer.concat([
      Buffer.from('\r\nC3,'),
      Buffer.from([0x88, 0x9f, 0xfd]),
      Buffer.from(',,,,,x@mail.example,,\r\n'),
    ]);
    const rest = iconv.encode(
      [
        ',,,,,,,,',
        'C5,見本 五郎',
        `${line(6)}${',余分'.repeat(31)}`,
        '',
        line(7),
        'C8,"見本, 八郎,,,,,,,',
        line(9),
      ].join('\r\n'),
      'cp932',
    );
    const result = await importRoster(app, {
      campaign,
      file: roster(Buffer.concat([good, broken, rest])),
      incidentItems: items,
    });
    expect(result).toMatchObject({ rows: 9, people: 4, merged: 0, rejected: 5, encoding: 'cp932', duplicateOf: null });
    expect(result.reasons).toEqual({ undecodable: 1, empty: 1, columns_missing: 1, columns_extra: 1, quote: 1 });
    expect(await countRoster(app.pool, campaign.id)).toEqual({ rows: 9, people: 4, merged: 0, rejected: 5, open: 5 });
    const [ref = ''] = await findPersonBy(app, campaign, { customerKey: 'c1' });
    const person = (await getPeople(app, campaign, [ref])).get(ref);
    expect(person).toMatchObject({ name: '髙橋 﨑子', postcode: '1000005', leakedItems: ['email'], kind: 'customer' });
    expect(statSync(result.report ?? '').mode & 0o777).toBe(0o600);
  });

  it('changes nothing when the same file comes again', async () => {
    const campaign = newCampaign();
    const file = roster([HEADER, line(1), line(1), line(2)].join('\n'));
    const first = await importRoster(app, { campaign, file, incidentItems: items });
    const again = await importRoster(app, { campaign, file, incidentItems: items });
    expect(first).toMatchObject({ rows: 3, people: 2, merged: 1, rejected: 0, duplicateOf: null });
    expect(again).toMatchObject({ rows: 3, people: 2, merged: 1, rejected: 0, duplicateOf: first.importId });
    expect(await countRoster(app.pool, campaign.id)).toMatchObject({ rows: 3, people: 2, merged: 1 });
  });

  it('gives the same people and merges whatever the batches and wherever it was interrupted', async () => {
    const lines = Array.from({ length: 120 }, (_, n) => line(n % 50, n % 7 === 0 ? { key: '' } : {}));
    const file = roster([HEADER, ...lines, ',,,,,,,,'].join('\n'));
    const outcomes: string[] = [];
    for (const [rowsPerBatch, failAt] of [
      [1000, 0],
      [7, 0],
      [7, 40],
      [1, 13],
    ] as const) {
      const campaign = newCampaign();
      const input = { campaign, file, incidentItems: items, rowsPerBatch };
      if (failAt > 0) {
        const interrupt = (progress: { rows: number }) => {
          if (progress.rows >= failAt) throw new Error('interrupted');
        };
        await expect(importRoster(app, { ...input, onProgress: interrupt })).rejects.toThrow('interrupted');
        const midway = await countRoster(app.pool, campaign.id);
        expect(midway.rows).toBeGreaterThanOrEqual(failAt);
        expect(midway.rows).toBe(midway.people + midway.merged + midway.rejected);
        expect(await recount(campaign.id)).toMatchObject({
          people: midway.people,
          merged: midway.merged,
          rejected: midway.rejected,
        });
      }
      const result = await importRoster(app, input);
      expect(result).toMatchObject({ rows: 121, people: 50, merged: 70, rejected: 1 });
      expect(await recount(campaign.id)).toEqual({ people: 50, merged: 70, rejected: 1 });
      const merges = await listMerges(app.pool, campaign.id);
      const { rows } = await app.pool.query(
        sql`select ref, row_number from intake.record where campaign_id = ${campaign.id}`,
      );
      const rowOf = new Map(rows.map((row: { ref: string; row_number: number }) => [row.ref, row.row_number]));
      outcomes.push(JSON.stringify(merges.map((merge) => [merge.rowNumber, rowOf.get(merge.personRef), merge.rule])));
    }
    expect(new Set(outcomes).size).toBe(1);
  });

  it('lets a corrected report settle the rejected rows', async () => {
    const campaign = newCampaign();
    const first = await importRoster(app, {
      campaign,
      file: roster([HEADER, line(1), line(2, { name: '見本〓郎' }), line(3, { name: '' }), ',,,,,,,,'].join('\n')),
      incidentItems: items,
    });
    expect(first).toMatchObject({ people: 1, rejected: 3 });
    const report = readFileSync(first.report ?? '', 'utf8');
    const corrected = roster(report.replace('見本〓郎', '見本 次郎'));
    const second = await importRoster(app, { campaign, file: corrected, incidentItems: items });
    expect(second).toMatchObject({ rows: 3, people: 1, rejected: 2 });
    expect(await countRoster(app.pool, campaign.id)).toEqual({ rows: 7, people: 2, merged: 0, rejected: 5, open: 2 });
    const open = await listRejectedRows(app.pool, campaign.id, { isOpenOnly: true });
    const settled = await settleRow(app, {
      campaign,
      rowIds: open.map((row) => row.id),
      settlement: 'not_a_person',
      actorId: randomUUID(),
      note: '試験行',
    });
    expect(settled).toEqual({ settled: 2, open: 0 });
    const again = await settleRow(app, {
      campaign,
      rowIds: open.map((row) => row.id),
      settlement: 'substitute_measure',
      actorId: randomUUID(),
    });
    expect(again).toEqual({ settled: 0, open: 0 });
  });

  it('meets people of earlier files and unites what leaked', async () => {
    const campaign = newCampaign();
    const both = [...items, { code: 'card', label: 'カード番号' }];
    const header = `${HEADER},漏えい項目`;
    await importRoster(app, {
      campaign,
      file: roster([header, `${line(1)},メールアドレス`].join('\n')),
      incidentItems: both,
    });
    const second = await importRoster(app, {
      campaign,
      file: roster([header, `${line(1, { key: '', name: '見本　１郎', kana: 'みほん1ろう' })},カード番号`].join('\n')),
      incidentItems: both,
    });
    expect(second).toMatchObject({ people: 0, merged: 1 });
    const refs = await findPersonBy(app, campaign, { email: 'P1@MAIL.example' });
    expect(refs).toHaveLength(1);
    const person = [...(await getPeople(app, campaign, refs)).values()][0];
    expect(person?.leakedItems).toEqual(['card', 'email']);
    expect(person?.name).toBe('見本 1郎');
  });

  it('does a dry run without storing anything', async () => {
    const campaign = newCampaign();
    const result = await importRoster(app, {
      campaign,
      file: roster([HEADER, line(1), line(1), ',,,,,,,,'].join('\n')),
      incidentItems: items,
      dryRun: true,
    });
    expect(result).toMatchObject({ rows: 3, people: 1, merged: 1, rejected: 1, importId: null, report: null });
    expect(await countRoster(app.pool, campaign.id)).toEqual({ rows: 0, people: 0, merged: 0, rejected: 0, open: 0 });
  });

  it('refuses a second import at the same time', async () => {
    const campaign = newCampaign();
    await underLock(app.pool, { lock: 'roster', campaignId: campaign.id }, async () => {
      await expect(importRoster(app, { campaign, file: roster([HEADER, line(1)].join('\n')) })).rejects.toMatchObject({
        code: 'IMPORT_BUSY',
      });
    });
  });

  it('refuses unreadable files with a remedy and stores nothing', async () => {
    const campaign = newCampaign();
    const attempt = (file: string) => importRoster(app, { campaign, file });
    await expect(attempt(join(folder, 'absent.csv'))).rejects.toMatchObject({ code: 'ROSTER_UNREADABLE' });
    await expect(attempt(roster(''))).rejects.toMatchObject({ code: 'ROSTER_UNREADABLE' });
    await expect(attempt(roster(Buffer.from('\ufeff氏名,住所', 'utf16le')))).rejects.toMatchObject({
      code: 'ROSTER_UNREADABLE',
    });
    expect(await saidBy(() => attempt(roster('foo,bar\n1,2')))).toMatchObject({
      code: 'ROSTER_HEADER_UNKNOWN',
      message: expect.stringContaining('"foo", "bar"'),
    });
    expect(await saidBy(() => attempt(roster('見本 太郎,100-0005,a@mail.example\n')))).toMatchObject({
      code: 'ROSTER_HEADER_UNKNOWN',
      message: expect.not.stringContaining('見本'),
    });
    await expect(
      attempt(roster(Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(100)]), 'broken.xlsx')),
    ).rejects.toMatchObject({ code: 'ROSTER_UNREADABLE' });
    expect(await countRoster(app.pool, campaign.id)).toMatchObject({ rows: 0 });
  });

  it('keeps no personal data in clear', async () => {
    const campaign = newCampaign();
    await importRoster(app, {
      campaign,
      file: roster(
        [HEADER, line(77, { name: '秘密 花子', kana: 'ヒミツ ハナコ' }), line(78, { name: '秘密〓子' })].join('\n'),
      ),
      incidentItems: items,
    });
    for (const table of ['import', 'record', 'rejected_row']) {
      const { rows } = await app.pool.query(`select t::text as text from intake.${table} t`);
      for (const { text } of rows) expect(text).not.toMatch(/秘密|ヒミツ|p77@|丸の内/);
    }
  });
});
