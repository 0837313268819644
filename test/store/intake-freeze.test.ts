// List versions on a real database: frozen is frozen, whatever is imported, merged or separated afterwards.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeSampleRosters } from '../../src/demo/sample-roster.ts';
import { countRoster } from '../../src/intake/count-roster.ts';
import { findPersonBy, getPeople } from '../../src/intake/get-people.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { diffVersions } from '../../src/intake/list/diff-versions.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { exportListLeaves, getListVersion, listMembers } from '../../src/intake/list/list-members.ts';
import { listMerges, undoMerge } from '../../src/intake/match/undo-merge.ts';
import { listOpenRows } from '../../src/intake/rejected/list-open-rows.ts';
import { merkleRoot } from '../../src/platform/crypto/merkle.ts';
import { sql } from '../../src/platform/postgres/db.ts';
import { useApp } from '../support/app.ts';

const app = useApp();
const folder = mkdtempSync(join(tmpdir(), 'owabi-freeze-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const items = [
  { code: 'name', label: '氏名' },
  { code: 'address', label: '住所' },
  { code: 'email', label: 'メールアドレス' },
  { code: 'phone', label: '電話番号' },
  { code: 'purchase_history', label: '購入履歴' },
  { code: 'card_number', label: 'クレジットカード番号' },
  { code: 'card_expiry', label: 'クレジットカードの有効期限' },
];

/** A campaign row of its own; the version is set on it by freezing. */
async function newCampaign() {
  const id = randomUUID();
  app.keys.create(id);
  const slug = `c-${id.slice(0, 8)}`;
  await app.pool.query(
    sql`insert into campaign.campaign (id, slug, folder_sealed) values (${id}, ${slug}, ${Buffer.from('x')})`,
  );
  return { id, slug };
}

function roster(text: string): string {
  const path = join(folder, `${randomUUID()}.csv`);
  writeFileSync(path, text);
  return path;
}

const HEADER = '会員番号,氏名,郵便番号,住所1,メールアドレス,電話番号,漏えい項目';

describe('freezing a list', () => {
  it('gives every person a rank, a leaf and the united items, and a root that anyone can recompute', async () => {
    const campaign = await newCampaign();
    const text = [
      HEADER,
      'A,見本 一郎,100-0005,東京都千代田区丸の内1,a@mail.example,,email',
      'A,見本一郎,,,,,card_number',
      'B,見本 次郎,,,,,email',
    ].join('\n');
    await importRoster(app, { campaign, file: roster(text), incidentItems: items });
    const frozen = await freezeList(app, { campaign });
    expect(frozen).toMatchObject({ version: 1, people: 2, isNew: true });
    const members = await listMembers(app.pool, campaign.id, 1, { afterRank: -1, limit: 10 });
    expect(members.map((member) => member.rank)).toEqual([0, 1]);
    expect(members.map((member) => member.leakedItems.join('+')).sort()).toEqual(['card_number+email', 'email']);
    expect(members.filter((member) => member.hasEmail)).toHaveLength(1);
    const leaves = await exportListLeaves(app.pool, campaign.id, 1, { afterRank: -1, limit: 10 });
    expect((await merkleRoot(leaves.map(({ leaf }) => Buffer.from(leaf, 'hex')))).root).toBe(frozen.sha256);
    expect(await getListVersion(app.pool, campaign.id, 1)).toMatchObject({ people: 2, sha256: frozen.sha256 });
    expect(await freezeList(app, { campaign })).toEqual({ ...frozen, isNew: false });
  });

  it('keeps version 1 as it was when later files add, unite and move people', async () => {
    const campaign = await newCampaign();
    await importRoster(app, {
      campaign,
      file: roster([HEADER, 'A,見本 一郎,,,a@mail.example,,email', 'B,見本 次郎,,,b@mail.example,,email'].join('\n')),
      incidentItems: items,
    });
    await freezeList(app, { campaign });
    const later = [
      HEADER,
      'A,見本 一郎,100-0005,東京都千代田区丸の内1,a@mail.example,,card_number',
      'C,見本 三郎,,,c@mail.example,,email',
    ].join('\n');
    await importRoster(app, { campaign, file: roster(later), incidentItems: items });
    const second = await freezeList(app, { campaign });
    expect(second).toMatchObject({ version: 2, people: 3, isNew: true });
    const { counts, differences } = await diffVersions(app.pool, campaign.id, 1, 2);
    expect(counts).toEqual({ added: 1, removed: 0, items_changed: 1, address_changed: 1, record_changed: 0 });
    expect(differences.map((one) => one.proposed).sort()).toEqual(['initial', 'supplement']);
    const [ref = ''] = await findPersonBy(app, campaign, { email: 'a@mail.example' });
    expect((await getPeople(app, campaign, [ref], { version: 1 })).get(ref)).toMatchObject({
      address: [],
      leakedItems: ['email'],
    });
    expect((await getPeople(app, campaign, [ref], { version: 2 })).get(ref)).toMatchObject({
      postcode: '1000005',
      leakedItems: ['card_number', 'email'],
    });
  });

  it('lets a merge be undone, by name, without touching what is frozen', async () => {
    const campaign = await newCampaign();
    await importRoster(app, {
      campaign,
      file: roster([HEADER, 'A,見本 一郎,,,a@mail.example,,email', ',見本 一郎,,,a@mail.example,,email'].join('\n')),
      incidentItems: items,
    });
    await freezeList(app, { campaign });
    const [merge] = await listMerges(app.pool, campaign.id);
    expect(merge).toMatchObject({ rule: 'name_email', rowNumber: 2 });
    const actorId = randomUUID();
    expect(await undoMerge(app, { campaign, ref: merge?.ref ?? '', actorId })).toBe(true);
    expect(await undoMerge(app, { campaign, ref: merge?.ref ?? '', actorId })).toBe(false);
    expect(await countRoster(app.pool, campaign.id)).toEqual({ rows: 2, people: 2, merged: 0, rejected: 0, open: 0 });
    expect(await freezeList(app, { campaign })).toMatchObject({ version: 2, people: 2 });
    expect(await listMembers(app.pool, campaign.id, 1, { afterRank: -1, limit: 10 })).toHaveLength(1);
  });

  it('refuses an empty list and one whose import was interrupted', async () => {
    const campaign = await newCampaign();
    await expect(freezeList(app, { campaign })).rejects.toMatchObject({ code: 'LIST_EMPTY' });
    const file = roster(
      [HEADER, ...Array.from({ length: 20 }, (_, n) => `K${n},見本 ${n}郎,,,k${n}@mail.example,,email`)].join('\n'),
    );
    const interrupt = () => {
      throw new Error('interrupted');
    };
    await expect(
      importRoster(app, { campaign, file, incidentItems: items, rowsPerBatch: 5, onProgress: interrupt }),
    ).rejects.toThrow();
    await expect(freezeList(app, { campaign })).rejects.toMatchObject({ code: 'IMPORT_BUSY' });
    await importRoster(app, { campaign, file, incidentItems: items, rowsPerBatch: 5 });
    expect(await freezeList(app, { campaign })).toMatchObject({ people: 20 });
  });
});

describe('the sample roster', () => {
  let campaign: Awaited<ReturnType<typeof newCampaign>>;
  beforeAll(async () => {
    campaign = await newCampaign();
  });

  it('is read whole: every row a person, merged or rejected, with all the trouble it was made for', async () => {
    const { files, rows } = await writeSampleRosters({ dir: join(folder, 'sample'), rows: 3000 });
    const reasons: Record<string, number> = {};
    const warnings: Record<string, number> = {};
    for (const file of files) {
      const result = await importRoster(app, { campaign, file, incidentItems: items });
      for (const [reason, count] of Object.entries(result.reasons)) reasons[reason] = (reasons[reason] ?? 0) + count;
      for (const [warning, count] of Object.entries(result.warnings))
        warnings[warning] = (warnings[warning] ?? 0) + count;
    }
    const count = await countRoster(app.pool, campaign.id);
    expect(count.rows).toBe(rows);
    expect(count.rows).toBe(count.people + count.merged + count.rejected);
    expect(count.merged).toBeGreaterThan(60);
    expect(Object.keys(reasons).sort()).toEqual([
      'character_lost',
      'columns_extra',
      'columns_missing',
      'empty',
      'name_missing',
      'quote',
      'undecodable',
    ]);
    expect(Object.keys(warnings).sort()).toEqual([
      'postcode_mismatch',
      'postcode_missing',
      'postcode_repaired',
      'postcode_unknown',
    ]);
    expect(await listOpenRows(app, { campaign })).toHaveLength(count.rejected);
    const frozen = await freezeList(app, { campaign });
    expect(frozen.people).toBe(count.people);
    const members = await listMembers(app.pool, campaign.id, 1, { afterRank: -1, limit: 5000 });
    const people = await getPeople(
      app,
      campaign,
      members.map((member) => member.ref),
    );
    expect(people.size).toBe(count.people);
    const names = [...people.values()].map((person) => person.name).join('');
    for (const rare of ['髙', '﨑', '\u{20bb7}', '\ufa19', '濵', '\u845b\u{e0100}']) expect(names).toContain(rare);
    const flags = new Set(members.flatMap((member) => member.flags));
    expect([...flags].sort()).toEqual(['deceased', 'minor', 'protected_address']);
    expect(new Set(members.map((member) => member.kind))).toEqual(
      new Set(['customer', 'former_customer', 'delivery_addressee', 'corporate_contact']),
    );
    expect(members.some((member) => !member.hasEmail && !member.hasAddress)).toBe(true);
  });
});
