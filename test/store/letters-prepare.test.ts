// The files of a lot, from a roster of real rows to PDF, manifest and hashes in the private export folder.
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { getLot, listLotAccounts } from '../../src/delivery/letters/lot-store.ts';
import { listPieces } from '../../src/delivery/letters/piece-store.ts';
import { planLots } from '../../src/delivery/letters/plan-lots.ts';
import { type PreparedLot, prepareLot } from '../../src/delivery/letters/prepare-lot.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { listMembers } from '../../src/intake/list/list-members.ts';
import { parseCsv } from '../../src/platform/formats/csv.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';
import { aLetterCampaign, type LetterCampaign } from '../support/letter-campaign.ts';

const at = new Date('2026-11-24T03:00:00Z');
const app = useApp({ clock: () => at });

const ROSTER = `顧客番号,氏名,郵便番号,住所,メールアドレス
1,髙橋 太郎,100-0013,東京都千代田区霞が関1丁目3番2号 みほんビル503,
2,𠮷田 花子,530-0001,大阪府大阪市北区梅田2-4-9,
3,\ufa19山 﨑子,980-0811,宮城県仙台市青葉区一番町3-7-1,
4,𪚥野 一郎,100-0013,東京都千代田区霞が関1-1-1,
5,長谷川 ${'長'.repeat(60)},100-0013,東京都千代田区霞が関${'一二三四五六七八九十'.repeat(12)},
6,"=HYPERLINK(1)",460-0008,愛知県名古屋市中区栄1-2-3,
`;

let campaign: LetterCampaign;
let lotId: string;
let prepared: PreparedLot;

async function enlist(created: { id: string; slug: string }): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'owabi-roster-'));
  const file = join(folder, 'roster.csv');
  await writeFile(file, ROSTER);
  await importRoster(app, {
    campaign: created,
    file,
    incidentItems: aCampaignFile().incident.items,
    items: ['name', 'address'],
  });
  const frozen = await freezeList(app, { campaign: created });
  return (await listMembers(app.pool, created.id, frozen.version, { afterRank: -1, limit: 100 })).map(
    (member) => member.ref,
  );
}

beforeAll(async () => {
  campaign = await aLetterCampaign(app, { people: 0, enlist });
  const planning = await planLots(app, { campaignId: campaign.id, waveId: 'letters' });
  lotId = planning.lotIds[0] ?? '';
  prepared = await prepareLot(app, { lotId, epoch: 1 });
});

const folder = () => (prepared.kind === 'prepared' ? prepared.folder : '');
const sha256 = (data: Buffer) => createHash('sha256').update(data).digest('hex');

describe('a prepared lot', () => {
  it('has its files, private, with the hashes that are stored', async () => {
    expect((await readdir(folder())).sort()).toEqual([
      'SHA256SUMS',
      'characters.csv',
      'letters.pdf',
      'manifest.csv',
      'picklist.csv',
    ]);
    expect((await stat(join(folder(), 'letters.pdf'))).mode & 0o777).toBe(0o600);
    const lot = await getLot(app.pool, lotId);
    expect(sha256(await readFile(join(folder(), 'letters.pdf')))).toBe(lot.lettersSha256);
    expect(sha256(await readFile(join(folder(), 'manifest.csv')))).toBe(lot.manifestSha256);
    expect(await readFile(join(folder(), 'SHA256SUMS'), 'utf8')).toContain(`${lot.lettersSha256}  letters.pdf\n`);
  });

  it('holds back who cannot be printed faithfully and keeps the equation', async () => {
    expect(prepared).toMatchObject({ kind: 'prepared', pieces: 4, held: 2 });
    const accounts = await listLotAccounts(app.pool, campaign.id);
    expect(accounts[0]).toMatchObject({ manifest: 6, withdrawn: 2, open: 4 });
    const reasons = await app.pool.query(
      `select reason from delivery.assignment where campaign_id = $1 and state = 'failed' order by 1`,
      [campaign.id],
    );
    expect(reasons.rows).toEqual([{ reason: 'address_does_not_fit' }, { reason: 'missing_glyph' }]);
    const undecided = await app.pool.query(
      `select count(*)::int as n from delivery.person where campaign_id = $1 and term = 'undecided'`,
      [campaign.id],
    );
    expect(undecided.rows[0]).toEqual({ n: 2 });
  });

  it('writes a CP932 manifest, every field quoted, formulas neutralised, substitutes marked', async () => {
    const data = await readFile(join(folder(), 'manifest.csv'));
    const rows: string[][] = [];
    for await (const record of parseCsv(data, { encoding: 'cp932' })) rows.push(record.fields);
    const names = rows.slice(1).map((row) => row[10]);
    expect(names).toHaveLength(4);
    expect(names).toContain('吉田 花子 様');
    expect(names).toContain("'=HYPERLINK(1) 様");
    expect(names.some((name) => name?.includes('\ufa19'))).toBe(true);
    expect(new TextDecoder('shift_jis').decode(data).split('\r\n')[1]).toMatch(/^"[^"]*"(,"[^"]*")+$/);
    expect(rows.find((row) => row[10] === '吉田 花子 様')?.[13]).toBe('代替文字');
    const barcodes = rows.slice(1).map((row) => row[12]);
    expect(barcodes).toContain('1000013 1-3-2-503');
  });

  it('keeps original and printed form of a substituted name, sealed', async () => {
    const pieces = await app.pool.query(
      `select printed_sealed from delivery.piece where lot_id = $1 and printed_sealed is not null`,
      [lotId],
    );
    expect(pieces.rows).toHaveLength(1);
  });

  it('is the same, byte by byte, when a killed job runs again', async () => {
    const before = await readFile(join(folder(), 'letters.pdf'));
    await app.pool.query(`update delivery.lot set prepared_at = null, letters_sha256 = null where id = $1`, [lotId]);
    const again = await prepareLot(app, { lotId, epoch: 1 });
    expect(again.kind).toBe('prepared');
    expect((await readFile(join(folder(), 'letters.pdf'))).equals(before)).toBe(true);
    expect(await prepareLot(app, { lotId, epoch: 1 })).toEqual({ kind: 'already_prepared' });
    expect((await listLotAccounts(app.pool, campaign.id))[0]).toMatchObject({ manifest: 6, withdrawn: 2 });
    expect((await listPieces(app.pool, lotId)).filter((piece) => piece.sheets !== null)).toHaveLength(4);
  });
});
