/** Chapter five: the call centre's report and some contacts, the vendors' invoices, and what the insurer would pay. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadIntervals } from '../contacts/load-intervals.ts';
import { recordContact } from '../contacts/record-contact.ts';
import { listGiftAccounts } from '../delivery/gifts/gift-store.ts';
import { countOutcomes } from '../delivery/standing-store.ts';
import { chargeJournal } from '../desk/charge-journal.ts';
import type { Driver } from '../journal/driver.ts';
import { listFacts } from '../journal/store.ts';
import { toDay } from '../kernel/calendar.ts';
import { AppError } from '../kernel/errors.ts';
import { parsePrice, roundYen } from '../kernel/yen.ts';
import type { Claim } from '../ledger/claim.ts';
import { computeClaim } from '../ledger/compute-claim.ts';
import { readInvoiceFile } from '../ledger/read-invoice-file.ts';
import { recordInvoices } from '../ledger/record-invoice.ts';
import { formatIntervalReport, modelCalls } from './call-centre.ts';
import type { DemoStage } from './demo-stage.ts';

const CALL_CENTRE_DAYS = 12;
const SEATS = 8;

/** Loads the interval report twice (the second is cumulative) and a contact who claims to be affected. */
export async function answerCalls(stage: DemoStage, opensOn: string): Promise<void> {
  const { app, voice, folders } = stage;
  const campaign = await stage.campaign();
  const told = (await countOutcomes(app.pool, campaign.id)).filter(({ term }) => term === 'told');
  const letters = told
    .filter(({ outcome }) => outcome === 'letter_posted')
    .reduce((sum, { people }) => sum + people, 0);
  const mails = told.filter(({ outcome }) => outcome === 'mail_accepted').reduce((sum, { people }) => sum + people, 0);
  const calls = modelCalls({
    seed: 20_261_121,
    sent: [
      { day: opensOn, means: 'email', people: mails },
      { day: opensOn, means: 'letter', people: letters },
    ],
    opensOn,
    days: CALL_CENTRE_DAYS,
    seats: SEATS,
  });
  const half = formatIntervalReport(calls.slice(0, Math.ceil(calls.length / 2)));
  const whole = formatIntervalReport(calls);
  const file = join(folders.vendors, 'call-centre-intervals.csv');
  await writeFile(file, whole, { mode: 0o600 });
  const first = await loadIntervals(app, { campaign: campaign.id, file, bytes: half });
  const second = await loadIntervals(app, { campaign: campaign.id, file, bytes: whole });
  await recordContact(app, {
    campaign,
    channel: 'phone',
    callerKind: 'unknown',
    topic: 'AM_I_AFFECTED',
    claimsAffected: true,
    note: '自分も買い物をしたが知らせが来ていない、とのお申し出。',
  });
  voice.tell(
    voice.say('demo.calls', { calls: first.answered + second.answered, minutes: first.minutes + second.minutes, file }),
  );
}

type InvoiceLine = {
  category: string;
  description: string;
  /** What was counted: the line then replaces the accrual of that many units. */
  driver?: Driver;
  quantity: number;
  unit: string;
  unitPrice: string;
  taxPercent: number;
  day: string;
};

/** Writes the vendors' invoices from what really happened, loads the file twice, and computes the claim. */
export async function settleMoney(stage: DemoStage): Promise<Claim> {
  const { app, voice, folders } = stage;
  const campaign = await stage.campaign();
  await chargeJournal(app, { campaignId: campaign.id });
  const file = join(folders.vendors, 'invoices.yaml');
  await writeFile(file, await invoiceText(stage), { mode: 0o600 });
  const invoices = await readInvoiceFile(file);
  const first = await recordInvoices(app, { campaign: campaign.id, invoices });
  const again = await recordInvoices(app, { campaign: campaign.id, invoices });
  if (again.recorded > 0) throw new AppError('DEMO_STUCK.invoiceTwice');
  const claim = await computeClaim(app, { campaign: campaign.id });
  voice.tell(
    voice.say('demo.invoices', { count: first.recorded, yen: claim.total.incurred.toLocaleString('en'), file }),
  );
  return claim;
}

async function countDriver(stage: DemoStage, driver: Driver): Promise<number> {
  const facts = await listFacts(stage.app.pool, (await stage.campaign()).id);
  return facts
    .flatMap((fact) => fact.lines)
    .filter((line) => line.driver === driver)
    .reduce((sum, line) => sum + line.count, 0);
}

async function invoiceText(stage: DemoStage): Promise<string> {
  const day = toDay(stage.clock.now());
  const letters = await countDriver(stage, 'letter.posted');
  const answered = await countDriver(stage, 'call.answered');
  const gifts = (await listGiftAccounts(stage.app.pool, (await stage.campaign()).id)).reduce(
    (sum, gift) => sum + gift.posted,
    0,
  );
  const line = (input: Omit<InvoiceLine, 'day'>) => invoiceLine({ ...input, day });
  const invoices = [
    [
      'ためし印刷株式会社',
      'P-1001',
      [
        line({
          category: 'NOTIFY_PRINT_MAIL',
          description: 'お詫び状 印刷・封入',
          driver: 'letter.printed',
          quantity: letters,
          unit: '通',
          unitPrice: '60',
          taxPercent: 10,
        }),
        line({
          category: 'NOTIFY_PRINT_MAIL',
          description: '郵便料金 (定形50gまで)',
          driver: 'letter.posted',
          quantity: letters,
          unit: '通',
          unitPrice: '100',
          taxPercent: 10,
        }),
      ],
    ],
    [
      'ためしギフト株式会社',
      'G-2001',
      [
        line({
          category: 'CONDOLENCE',
          description: 'QUOカード 500円券',
          driver: 'gift.posted',
          quantity: gifts,
          unit: '枚',
          unitPrice: '530',
          taxPercent: 0,
        }),
      ],
    ],
    [
      'ためしコール株式会社',
      'C-3001',
      [
        line({
          category: 'CALL_CENTER',
          description: '立ち上げ費用',
          quantity: 1,
          unit: '式',
          unitPrice: '500000',
          taxPercent: 10,
        }),
        line({
          category: 'CALL_CENTER',
          description: '応答',
          driver: 'call.answered',
          quantity: answered,
          unit: '件',
          unitPrice: '900',
          taxPercent: 10,
        }),
      ],
    ],
  ] as const;
  return `invoices:\n${invoices
    .map(
      ([vendor, number, lines]) =>
        `  - vendor: ${vendor}\n    invoiceNo: ${number}\n    registrationNo: T1234567890123\n    invoiceDate: ${day}\n    lines:\n${lines.join('')}`,
    )
    .join('')}`;
}

function invoiceLine(line: InvoiceLine): string {
  const { category, description, driver, quantity, unit, unitPrice, taxPercent, day } = line;
  const net = roundYen(parsePrice(unitPrice) * BigInt(quantity));
  const tax = (net * BigInt(taxPercent)) / 100n;
  return [
    `      - serviceDate: ${day}`,
    `        category: ${category}`,
    `        description: ${description}`,
    ...(driver ? [`        driver: ${driver}`] : []),
    `        quantity: ${quantity}`,
    `        unit: ${unit}`,
    `        unitPrice: "${unitPrice}"`,
    `        netYen: ${net}`,
    `        taxPercent: ${taxPercent}`,
    `        taxYen: ${tax}`,
    `        grossYen: ${net + tax}`,
    '',
  ].join('\n');
}
