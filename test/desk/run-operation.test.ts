// The wrapper of every operation: rights, both ends, the audit log under the chain, and requests that are made twice.
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { checkAudit } from '../../src/desk/audit/check-audit.ts';
import { coverAudit } from '../../src/desk/audit/cover-audit.ts';
import { openAudit } from '../../src/desk/audit/note-audit.ts';
import type { OperationEntry } from '../../src/desk/operation.ts';
import { operations } from '../../src/desk/operations.ts';
import { hasRight, roles } from '../../src/desk/rights.ts';
import { runOperation } from '../../src/desk/run-operation.ts';
import { importRoster } from '../../src/intake/import-roster.ts';
import { freezeList } from '../../src/intake/list/freeze-list.ts';
import { listMembers } from '../../src/intake/list/list-members.ts';
import { sealFacts } from '../../src/journal/seal-facts.ts';
import { listFacts } from '../../src/journal/store.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { readWords } from '../../src/platform/compile-words.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';
import { launchedCampaign, rosterRow } from '../support/launched-campaign.ts';
import { saidBy } from '../support/said.ts';

const app = useApp();
const dir = mkdtempSync(join(tmpdir(), 'owabi-desk-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const owner = { door: 'cli', role: 'owner' } as const;
const entries: [string, OperationEntry][] = Object.entries(operations);

let campaign: Campaign;
let ref = '';
beforeAll(async () => {
  campaign = await ensureCampaign(app, { dir, file: aCampaignFile({ id: 'desk' }) });
  writeFileSync(join(dir, 'list.csv'), '氏名,メールアドレス\n見本 太郎,taro@mihon.example\n');
  await importRoster(app, { campaign, file: join(dir, 'list.csv'), items: ['name'] });
  await freezeList(app, { campaign });
  ref = (await listMembers(app.pool, campaign.id, 1, { afterRank: -1, limit: 1 }))[0]?.ref ?? '';
});

const events = async () => (await checkAudit(app.pool, campaign.id)).events;
const lastEvents = async (count: number) => (await events()).slice(-count);

describe('the catalogue', () => {
  const words = readWords();

  it('has words in both languages for every operation', () => {
    expect(entries.map(([name]) => `operation.${name}`).filter((key) => !words.has(key))).toEqual([]);
  });

  it('holds what each operation says of itself', async () => {
    for (const [name, entry] of entries)
      expect([name, (await entry.load()).operation.kind]).toEqual([name, entry.kind]);
  });

  it('lets nobody but those who may see people open what names them', () => {
    const without = (Object.keys(roles) as (keyof typeof roles)[]).filter((role) => !hasRight(role, 'read-people'));
    const open = entries.filter(([, entry]) => entry.people && entry.kind === 'read');
    const allowed = open.flatMap(([name, { right }]) =>
      without.filter((role) => hasRight(role, right)).map((role) => `${role} ${name}`),
    );
    // The print house sees the pieces of its lots, the window the person who calls: that is their work.
    expect(allowed.filter((each) => !/^(print_house|window) /.test(each))).toEqual([]);
  });
});

describe('a call', () => {
  it('is refused without the right, and the refusal is on record', async () => {
    const viewer = { door: 'http', role: 'viewer' } as const;
    const input = { campaign: 'desk', person: ref };
    await expect(runOperation(app, viewer, 'tell-story', input)).rejects.toMatchObject({ code: 'RIGHT_MISSING' });
    expect(await lastEvents(1)).toMatchObject([
      { kind: 'refused', operation: 'tell-story', door: 'http', role: 'viewer', code: 'RIGHT_MISSING', people: 0 },
    ]);
  });

  it('over the network cannot name a folder of this machine', async () => {
    const viewer = { door: 'http', role: 'viewer' } as const;
    writeFileSync(join(dir, 'campaign.yaml'), 'id: desk\n');
    await expect(runOperation(app, viewer, 'show-status', { campaign: dir })).rejects.toMatchObject({
      code: 'CAMPAIGN_MISSING',
    });
    rmSync(join(dir, 'campaign.yaml'));
  });

  it('names every faulty field of its input at once, as the door calls them, and changes nothing', async () => {
    const before = (await events()).length;
    const input = { campaign: 'desk', by: 7, without: true } as never;
    const call = runOperation(app, owner, 'freeze-list', input, { nameOf: (field) => `--${field}` });
    expect(await saidBy(() => call)).toMatchObject({
      code: 'USAGE_WRONG',
      message: expect.stringMatching(/\n--by: 7 is not text.*\n--without: unknown key/),
    });
    expect(await events()).toHaveLength(before);
  });

  it('whose answer is not what the operation promises is a bug, and names places and no value', async () => {
    const { operation } = await operations['show-status'].load();
    const wrong = {
      kind: 'read',
      right: 'look',
      people: false,
      load: async () => ({ operation: { ...operation, run: async () => ({ campaign: '見本 太郎' }) } }),
    };
    const kept = operations['show-status'];
    Object.assign(operations, { 'show-status': wrong });
    try {
      const error = await runOperation(app, owner, 'show-status', { campaign: 'desk' }).catch((caught) => caught);
      expect(error).toMatchObject({ code: 'OUTPUT_WRONG', params: { places: expect.stringContaining('roster') } });
      expect(JSON.stringify(error.params)).not.toContain('見本');
    } finally {
      Object.assign(operations, { 'show-status': kept });
    }
  });

  it('that only counts leaves no trace, that opens a person says who, when and whom', async () => {
    const before = (await events()).length;
    await runOperation(app, owner, 'show-status', { campaign: 'desk' });
    expect(await events()).toHaveLength(before);
    await runOperation(app, owner, 'tell-story', { campaign: 'desk', person: ref, by: '監査 人' });
    expect(await lastEvents(1)).toMatchObject([
      { kind: 'opened', operation: 'tell-story', people: 1, refs: [ref], actorId: expect.any(String) },
    ]);
  });

  it('that changes something is on record before it begins and after it ended, also when it failed', async () => {
    await runOperation(app, owner, 'freeze-list', { campaign: 'desk', by: '名簿 係' });
    const done = await lastEvents(2);
    expect(done).toMatchObject([
      { kind: 'asked', operation: 'freeze-list' },
      { kind: 'done', operation: 'freeze-list' },
    ]);
    expect(done[0]?.runId).toBe(done[1]?.runId);
    const empty = await ensureCampaign(app, { dir: `${dir}-empty`, file: aCampaignFile({ id: 'desk-empty' }) });
    await expect(runOperation(app, owner, 'freeze-list', { campaign: 'desk-empty' })).rejects.toMatchObject({
      code: 'LIST_EMPTY',
    });
    const { events: ofEmpty } = await checkAudit(app.pool, empty.id);
    expect(ofEmpty.map(({ kind, code }) => [kind, code])).toEqual([
      ['asked', ''],
      ['failed', 'LIST_EMPTY'],
    ]);
  });
});

describe('the audit log', () => {
  it('goes under the chain as one fact for all that came since, however many', async () => {
    for (let look = 0; look < 5; look += 1)
      await runOperation(app, owner, 'tell-story', { campaign: 'desk', person: ref });
    const facts = async () => (await listFacts(app.pool, campaign.id)).filter(({ kind }) => kind === 'audit.covered');
    const before = await facts();
    const [one, two] = await Promise.all([coverAudit(app, campaign.id), coverAudit(app, campaign.id)]);
    await sealFacts(app.pool, campaign.id);
    expect((await facts()).length).toBe(before.length + 1);
    expect((await facts()).at(-1)?.eventCount).toBe(one + two);
    expect(await checkAudit(app.pool, campaign.id)).toMatchObject({ uncovered: 0, broken: [] });
    expect(await coverAudit(app, campaign.id)).toBe(0);
  });

  it('stands below the head of the chain that an approval signs', async () => {
    const { campaign: launched, dir: folder } = await launchedCampaign(app, [rosterRow(1)]);
    await runOperation(app, owner, 'check-folder', { folder });
    await runOperation(app, owner, 'freeze-list', { campaign: folder, by: '情報 守' });
    appendFileSync(join(folder, 'rates.yaml'), '# said otherwise\n');
    const approval = await runOperation(app, owner, 'approve-plan', { campaign: folder, by: '総務 花子' });
    expect(approval).toMatchObject({ missing: 1 });
    const { events: known } = await checkAudit(app.pool, launched.id);
    expect(known.map(({ operation, kind, factId }) => [operation, kind, factId !== null])).toEqual([
      ['freeze-list', 'asked', true],
      ['freeze-list', 'done', true],
      ['approve-plan', 'asked', true],
      ['approve-plan', 'done', false],
    ]);
  });

  it('cannot be changed, and shows it when whoever owns the database changed it all the same', async () => {
    const change = 'update desk.audit_event set people = people where campaign_id is not null';
    await expect(app.pool.query(change)).rejects.toThrow('append-only');
    await coverAudit(app, campaign.id);
    const [first] = await events();
    await app.pool.query('alter table desk.audit_event disable trigger user');
    await app.pool.query({
      text: 'update desk.audit_event set operation = $2 where id = $1',
      values: [first?.id, 'show-status'],
    });
    const shown = await runOperation(app, owner, 'list-audit', { campaign: 'desk' });
    expect(shown).toMatchObject({ ok: false, broken: [first?.factId] });
    await app.pool.query({
      text: 'update desk.audit_event set operation = $2 where id = $1',
      values: [first?.id, first?.operation],
    });
    await app.pool.query('alter table desk.audit_event enable trigger user');
    expect(await runOperation(app, owner, 'list-audit', { campaign: 'desk' })).toMatchObject({ ok: true });
  });
});

describe('what the log says of an act', () => {
  it('that was refused is that it was refused, and why, though its door shows the refusal as an answer', async () => {
    const launched = await runOperation(app, owner, 'launch-campaign', { campaign: 'desk', by: '名簿 係' });
    expect(launched.refused?.length).toBeGreaterThan(0);
    expect(await lastEvents(2)).toMatchObject([
      { kind: 'asked', operation: 'launch-campaign' },
      { kind: 'refused', operation: 'launch-campaign', code: launched.refused?.[0] },
    ]);
    const two = { by: '青葉 一', and: '青葉　一' };
    await runOperation(app, owner, 'hold-campaign', { campaign: 'desk', hold: true, ...two } as never).catch(
      () => null,
    );
    const held = await runOperation(app, owner, 'purge-campaign', { campaign: 'desk', ...two } as never);
    expect(held).toMatchObject({ kind: 'refused' });
    expect(await lastEvents(1)).toMatchObject([{ kind: 'refused', operation: 'purge-campaign' }]);
  });

  it('that was only tried says that it was a dry run', async () => {
    const file = join(dir, 'list.csv');
    await runOperation(app, owner, 'import-roster', { campaign: 'desk', file, items: 'name', dryRun: true } as never);
    expect(await lastEvents(1)).toMatchObject([{ kind: 'done', operation: 'import-roster', code: 'DRY_RUN' }]);
  });

  it('on more than a thousand people names every one of them', async () => {
    const refs = Array.from({ length: 2_500 }, () => newRef());
    const audit = await openAudit(app, { caller: owner, operation: 'build-full-bundle', campaign, by: null });
    await audit.note('opened', { refs: [...refs, ...refs.slice(0, 10)] });
    const found = (await lastEvents(3)).map((event) => [event.kind, event.people, event.refs.length]);
    expect(found).toEqual([
      ['opened', 1_000, 1_000],
      ['opened', 1_000, 1_000],
      ['opened', 500, 500],
    ]);
    expect(new Set((await lastEvents(3)).flatMap((event) => event.refs))).toEqual(new Set(refs));
    expect(audit.people()).toBe(2_500);
  });
});

describe('an idempotency key', () => {
  it('keeps no refusal: the same request may be made again once its cause is mended', async () => {
    const launch = () => runOperation(app, owner, 'launch-campaign', { campaign: 'desk' }, { key: 'refused' });
    expect((await launch()).refused?.length).toBeGreaterThan(0);
    await launch();
    expect((await lastEvents(4)).map(({ kind }) => kind)).toEqual(['asked', 'refused', 'asked', 'refused']);
  });

  const freeze = (key: string, by = '名簿 係') =>
    runOperation(app, owner, 'freeze-list', { campaign: 'desk', by }, { key });

  it('gives the same request the same answer and does nothing again', async () => {
    const first = await freeze('once-1');
    const asked = (await events()).filter(({ kind }) => kind === 'asked').length;
    expect(await freeze('once-1')).toEqual(first);
    expect((await events()).filter(({ kind }) => kind === 'asked')).toHaveLength(asked);
    expect(await lastEvents(1)).toMatchObject([{ kind: 'repeated', operation: 'freeze-list' }]);
  });

  it('refuses another request under it', async () => {
    await expect(freeze('once-1', '別 の人')).rejects.toMatchObject({ code: 'IDEMPOTENCY_CLASH' });
    const launch = runOperation(app, owner, 'launch-campaign', { campaign: 'desk' }, { key: 'once-1' });
    await expect(launch).rejects.toMatchObject({ code: 'IDEMPOTENCY_CLASH' });
  });

  it('lets one of two callers at once work; the other is told, or gets the answer', async () => {
    const asked = async () => (await events()).filter(({ kind }) => kind === 'asked').length;
    const before = await asked();
    const ends = await Promise.allSettled([freeze('race'), freeze('race'), freeze('race')]);
    const refused = ends.filter((end) => end.status === 'rejected').map((end) => end.reason.code);
    expect(refused.every((code) => code === 'IDEMPOTENCY_BUSY')).toBe(true);
    expect(refused.length).toBeLessThan(3);
    expect(await asked()).toBe(before + 1);
  });

  it('is free again after a refusal, and stays taken when a run died half-way', async () => {
    const empty = () => runOperation(app, owner, 'freeze-list', { campaign: 'desk-empty' }, { key: 'again' });
    await expect(empty()).rejects.toMatchObject({ code: 'LIST_EMPTY' });
    await expect(empty()).rejects.toMatchObject({ code: 'LIST_EMPTY' });
    await freeze('died');
    await app.pool.query(
      'update desk.kept_answer set answer_sealed = null, ended_at = null where ended_at = (select max(ended_at) from desk.kept_answer)',
    );
    await expect(freeze('died')).rejects.toMatchObject({ code: 'IDEMPOTENCY_UNKNOWN' });
  });

  it('keeps neither key nor question nor answer in clear', async () => {
    const { rows } = await app.pool.query('select k::text as line from desk.kept_answer k');
    const text = rows.map(({ line }) => line).join('\n');
    for (const clear of ['once-1', '名簿', 'isNew']) expect(text).not.toContain(clear);
    for (const clear of ['once-1', '名簿', 'isNew']) expect(text).not.toContain(Buffer.from(clear).toString('hex'));
  });
});
