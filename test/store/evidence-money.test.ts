// Money in the bundle: ledger, invoices and claim of a real campaign agree with each other and are checked offline.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { adoptPolicy } from '../../src/campaign/policy/adopt-policy.ts';
import { runOperation } from '../../src/desk/run-operation.ts';
import { buildBundle } from '../../src/evidence/bundle/build-bundle.ts';
import { parseTable } from '../../src/evidence/verify/table.ts';
import { verifyBundle } from '../../src/evidence/verify/verify-bundle.ts';
import type { FactLine } from '../../src/journal/fact-line.ts';
import { recordFact } from '../../src/journal/record-fact.ts';
import { sealFacts } from '../../src/journal/seal-facts.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { adoptRates } from '../../src/ledger/adopt-rates.ts';
import { readInvoiceRows } from '../../src/ledger/invoice-file.ts';
import { postCharges } from '../../src/ledger/post-charges.ts';
import { readPolicy, readRates } from '../../src/ledger/read-terms.ts';
import { recordInvoices } from '../../src/ledger/record-invoice.ts';
import { openZip } from '../../src/platform/formats/zip.ts';
import { transaction } from '../../src/platform/postgres/db.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

const app = useApp({ clock: () => new Date('2026-12-01T03:00:00Z') });
const dir = mkdtempSync(join(tmpdir(), 'owabi-money-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function readFiles(file: string): Promise<Map<string, string>> {
  const zip = await openZip(file);
  const texts = new Map<string, string>();
  for (const entry of zip.entries.filter((item) => /\.(csv|json)$/.test(item.path))) {
    let text = '';
    for await (const chunk of await entry.open()) text += chunk;
    texts.set(entry.path.slice(entry.path.indexOf('/') + 1), text);
  }
  zip.close();
  return texts;
}

it('a bundle with charges, an invoice and a claim verifies, and its totals agree', async () => {
  const campaign = await ensureCampaign(app, { dir: '/tmp/money', file: aCampaignFile({ id: 'money' }) });
  await adoptRates(app, { campaign: campaign.id, card: await readRates('japan-post-2024-10') });
  const policy = await readPolicy('sample');
  await transaction(app.pool, (tx) => adoptPolicy(tx, { campaignId: campaign.id, policy, at: app.clock() }));
  const lines: FactLine[] = [
    { driver: 'letter.posted', attributes: { service: 'ordinary', barcode: true, weightClass: '50g' }, count: 100 },
  ];
  const at = new Date('2026-11-21T03:00:00Z');
  await transaction(app.pool, (tx) =>
    recordFact(tx, {
      campaignId: campaign.id,
      kind: 'letters.posted',
      occurredAt: at,
      lines,
      body: { postingId: newRef(), slipNumber: 'S-1', pieces: 100 },
    }),
  );
  await sealFacts(app.pool, campaign.id);
  await postCharges(app, { campaign: campaign.id });
  const cells = {
    vendor: '=日本郵便',
    invoice_no: 'JP-1',
    registration_no: 'T1010001112577',
    invoice_date: '2026/11/30',
    service_date: '2026/11/21',
    category: 'NOTIFY_PRINT_MAIL',
    description: '郵便料金',
    rate: 'post-ordinary-barcode',
    quantity: '100',
    unit_price: '106.7',
    net_yen: '9,700',
    tax_percent: '10',
    tax_yen: '970',
    gross_yen: '10,670',
  };
  const { invoices } = readInvoiceRows('invoice.csv', [{ line: 2, cells }]);
  await recordInvoices(app, { campaign: campaign.id, invoices });

  const built = await buildBundle(app, { campaign, out: join(dir, 'money.zip'), audience: 'insurer' });
  if (built.kind !== 'built') throw new Error('refused');
  expect((await verifyBundle(built.file)).problems).toEqual([]);
  const files = await readFiles(built.file);
  expect(JSON.parse(files.get('data/claim.json') ?? '').total.incurred).toBe(10_670);
  const ledger = parseTable(files.get('data/ledger.csv') ?? '');
  expect(ledger.slice(1).map((record) => record[2])).toEqual(
    expect.arrayContaining(['accrual', 'invoice', 'reversal']),
  );
  expect(parseTable(files.get('data/totals.csv') ?? '')[1]?.[2]).toBe('100');
  expect(files.get('data/evidence_missing.csv')).toContain('posting_slip');
});

it('a bundle of today holds today’s charges, though no worker has charged them', async () => {
  const campaign = await ensureCampaign(app, { dir: '/tmp/money-2', file: aCampaignFile({ id: 'money-2' }) });
  await adoptRates(app, { campaign: campaign.id, card: await readRates('japan-post-2024-10') });
  const policy = await readPolicy('sample');
  await transaction(app.pool, (tx) => adoptPolicy(tx, { campaignId: campaign.id, policy, at: app.clock() }));
  await transaction(app.pool, (tx) =>
    recordFact(tx, {
      campaignId: campaign.id,
      kind: 'letters.posted',
      occurredAt: new Date('2026-11-21T03:00:00Z'),
      lines: [
        { driver: 'letter.posted', attributes: { service: 'ordinary', barcode: true, weightClass: '50g' }, count: 7 },
      ],
      body: { postingId: newRef(), slipNumber: 'S-2', pieces: 7 },
    }),
  );
  const out = join(dir, 'today.zip');
  const caller = { door: 'cli', role: 'owner' } as const;
  const built = await runOperation(app, caller, 'build-bundle', { campaign: 'money-2', out });
  expect(built).toMatchObject({ kind: 'built' });
  const ledger = [...(await readFiles(out))].find(([path]) => /ledger.*\.csv$/.test(path))?.[1] ?? '';
  expect(parseTable(ledger).length).toBe(2);
});
