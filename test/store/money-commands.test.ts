// `owabi contacts | cost | ledger | claim | forecast` as they are typed, in one running campaign.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Campaign } from '../../src/campaign/campaign.ts';
import { getCampaign } from '../../src/campaign/find-campaign.ts';
import type { Run } from '../../src/cli/command.ts';
import { runClaim } from '../../src/cli/commands/claim.ts';
import {
  runContactsAdd,
  runContactsCase,
  runContactsLoad,
  runContactsVolume,
} from '../../src/cli/commands/contacts.ts';
import { runCostAdd, runCostList, runCostLoad } from '../../src/cli/commands/cost.ts';
import { runForecast } from '../../src/cli/commands/forecast.ts';
import { runLedger } from '../../src/cli/commands/ledger.ts';
import { runStatus } from '../../src/cli/commands/status.ts';
import { planWaves } from '../../src/delivery/plan-waves.ts';
import { checkAudit } from '../../src/desk/audit/check-audit.ts';
import { listMembers } from '../../src/intake/list/list-members.ts';
import { recordFact } from '../../src/journal/record-fact.ts';
import { sealFacts } from '../../src/journal/seal-facts.ts';
import { listFacts } from '../../src/journal/store.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { postCharges } from '../../src/ledger/post-charges.ts';
import { listNotices } from '../../src/notice/store.ts';
import { transaction } from '../../src/platform/postgres/db.ts';
import { useApp } from '../support/app.ts';
import { cliContext } from '../support/cli-context.ts';
import { launchedCampaign, rosterRow } from '../support/launched-campaign.ts';
import { saidBy } from '../support/said.ts';

const now = new Date('2026-11-21T03:00:00Z');
const app = useApp({ clock: () => now });
const dir = mkdtempSync(join(tmpdir(), 'owabi-money-commands-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** The card says nothing of postings, neither a price nor that they are free. */
function forgetPostings(campaignYaml: string, _: string, folder: string): string {
  const path = join(folder, 'rates.yaml');
  writeFileSync(path, readFileSync(path, 'utf8').replace('posting.made, ', ''));
  return campaignYaml;
}

let campaign: Campaign;
beforeAll(async () => {
  ({ campaign } = await launchedCampaign(app, [rosterRow(1), rosterRow(2)], forgetPostings));
  await planWaves(app, { campaignId: campaign.id });
  campaign = await getCampaign(app.pool, campaign.id);
});

type Options = Parameters<typeof cliContext>[2];
const run = async (command: Run, options: Options = {}, ...args: string[]) =>
  await command(cliContext(app, [campaign.slug, ...args], options));
const file = (name: string, text: string) => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};

describe('owabi contacts', () => {
  it('records who asked by notice number, whose data that was, and refuses a number that was never issued', async () => {
    const [member] = await listMembers(app.pool, campaign.id, 1, { afterRank: -1, limit: 1 });
    const [notice] = await listNotices(app.pool, campaign.id, member?.ref ?? '');
    const options = { topic: 'DECEASED', person: notice?.number ?? '', minutes: '12', by: '窓口 一子' };
    const { json, text } = await run(runContactsAdd, options);
    expect(json).toMatchObject({ answer: 'on_version', listVersion: 1, escalation: 2, caseId: null });
    expect(text).toMatch(/on list version 1\na supervisor calls back today/);
    const opened = (await checkAudit(app.pool, campaign.id)).events.findLast(({ kind }) => kind === 'opened');
    expect(opened).toMatchObject({ operation: 'record-contact', refs: [notice?.personRef] });
    const wrong = (person: string) => run(runContactsAdd, { ...options, person });
    await expect(wrong('000000000000')).rejects.toMatchObject({ code: 'PERSON_MISSING' });
    await expect(wrong('見本 太郎')).rejects.toMatchObject({ key: 'PERSON_MISSING.neither' });
    expect(await saidBy(() => run(runContactsAdd, { topic: 'AMI', minutes: '-1' }))).toMatchObject({
      code: 'USAGE_WRONG',
      message: expect.stringMatching(/--topic: "AMI" is not one of[\s\S]*--minutes: "-1" is too small/),
    });
  });

  it('opens a case for somebody who says they are affected, and closes it by name', async () => {
    const detailsFile = file('caller.yaml', 'email: nobody@else.example\n');
    const added = await run(runContactsAdd, { topic: 'AM_I_AFFECTED', claimsAffected: true, detailsFile });
    const { caseId } = added.json as { caseId: string };
    const list = await run(runContactsCase);
    expect(list.json).toMatchObject({ cases: [{ id: caseId, isOpen: true, openedAt: now.toISOString() }] });
    expect(JSON.stringify(list.json)).not.toMatch(/sealed|else\.example/i);
    expect(list.text).toMatch(/2026-11-21 +2026-11-28 +1 +open/);
    expect((await run(runContactsCase, { recheck: true })).json).toEqual({ checked: 0, found: 0 });
    const close = (options: Options) => run(runContactsCase, options, caseId);
    await expect(close({ close: 'told' })).rejects.toMatchObject({ code: 'USAGE_WRONG' });
    expect((await close({ close: 'withdrawn', by: '窓口 一子' })).json).toMatchObject({ isOpen: false });
    expect((await run(runContactsCase, {}, caseId)).text).toContain('closed');
  });

  it('counts contacts and reported calls by day and topic', async () => {
    const report = file(
      'calls.csv',
      'date,start,topic,offered,answered,abandoned,talk_seconds,within_20s,seats\n2026-11-21,09:00,AM_I_AFFECTED,10,9,1,2700,8,3\n',
    );
    expect((await run(runContactsLoad, {}, report)).json).toMatchObject({ rows: 1, added: 1, answered: 9 });
    expect((await run(runContactsLoad, {}, report)).json).toMatchObject({ rows: 1, added: 0, answered: 0 });
    const volume = await run(runContactsVolume);
    expect(volume.json).toMatchObject({ total: { contacts: 2, offered: 10, answered: 9 }, answeredPerMille: 900 });
    expect(volume.text).toContain('90.0');
  });
});

describe('owabi cost, ledger, claim and forecast', () => {
  const invoice = {
    vendor: 'ためし印刷',
    invoiceNo: 'P-1',
    invoiceDate: '2026/11/21',
    serviceDate: '2026-11-21',
    category: 'NOTIFY_PRINT_MAIL',
    description: '郵便料金',
    netYen: '1,000',
    taxPercent: '10',
    taxYen: '100',
    grossYen: '1,100',
  };

  it('record an invoice once, list it, and name each faulty option as it was typed', async () => {
    expect((await run(runCostAdd, { ...invoice, by: '経理 一子' })).json).toMatchObject({ recorded: 1, unchanged: 0 });
    expect((await run(runCostAdd, invoice)).text).toContain('P-1');
    const rows = Object.values(invoice)
      .map((value) => value.replaceAll(',', ''))
      .join(',');
    const csv = `vendor,invoice_no,invoice_date,service_date,category,description,net_yen,tax_percent,tax_yen,gross_yen\n${rows}\n`;
    expect((await run(runCostLoad, {}, file('bill.csv', csv))).json).toMatchObject({ recorded: 0, unchanged: 1 });
    const { json, text } = await run(runCostList);
    expect(JSON.parse(JSON.stringify(json))).toMatchObject({
      total: 1100,
      invoices: [{ invoiceNo: 'P-1', lines: [{ grossYen: 1100, quantity: null }] }],
    });
    expect(text).toContain('1,100');
    expect(await saidBy(() => run(runCostAdd, { ...invoice, grossYen: '1,200', invoiceDate: 'today' }))).toMatchObject({
      code: 'INVOICE_INVALID',
      message: expect.stringMatching(/--invoice-date: "today" is not a day/),
    });
    expect(await saidBy(() => run(runCostAdd, { netYen: 'x' }))).toMatchObject({
      message: expect.stringMatching(
        /--vendor: this value is missing[\s\S]*--net-yen: instead of "x"[\s\S]*--gross-yen: this value is missing/,
      ),
    });
    const recorded = (await listFacts(app.pool, campaign.id)).find(({ kind }) => kind === 'invoice.recorded');
    expect(recorded).toMatchObject({ actorId: expect.any(String) });
  });

  it('show what it cost and what is paid, each unpaid yen with its reason', async () => {
    const ledger = await run(runLedger);
    expect(ledger.json).toMatchObject({ totals: { invoiced: 1100, openAccrual: 9900 }, unpriced: [] });
    const claim = await run(runClaim);
    expect(claim.json).toMatchObject({ total: { incurred: 1100 }, unpriced: [] });
    const { reasons } = (claim.json as { categories: { reasons: { yen: number }[] }[] }).categories[0] ?? {
      reasons: [],
    };
    expect(reasons.length).toBeGreaterThan(0);
    expect(claim.text).toContain('Why');
    await expect(run(runClaim, { policy: 'nobody' })).rejects.toMatchObject({ code: 'FILE_MISSING' });
  });

  it('say how many contacts and how much money are still to come', async () => {
    const { json, text } = await run(runForecast, { days: '3', from: '2026-11-22' });
    expect(json).toMatchObject({ contacts: [{ day: '2026-11-22' }, { day: '2026-11-23' }, { day: '2026-11-24' }] });
    expect(text).toContain('1,100');
    expect(await saidBy(() => run(runForecast, { days: '400', from: '22 Nov' }))).toMatchObject({
      message: expect.stringMatching(/--from: "22 Nov" is not a day[\s\S]*--days: "400" is too large/),
    });
  });
});

describe('what happened and no rate prices', () => {
  it('is shown by status, ledger and claim, as text and in the document', async () => {
    await transaction(app.pool, (tx) =>
      recordFact(tx, {
        campaignId: campaign.id,
        kind: 'letters.posted',
        occurredAt: now,
        lines: [{ driver: 'posting.made', attributes: {}, count: 1_042 }],
        body: { postingId: newRef(), slipNumber: 'S-1', pieces: 1_042 },
      }),
    );
    await sealFacts(app.pool, campaign.id);
    await postCharges(app, { campaign: campaign.id });
    for (const command of [runStatus, runLedger, runClaim]) {
      const { json, text } = await run(command);
      expect(text).toMatch(/No rate prices these[^\n]*\n +1,042 {2}postings \(slips\)$/m);
      expect(json).toMatchObject({ unpriced: [{ driver: 'posting.made', attributes: {}, count: 1_042 }] });
    }
  });
});
