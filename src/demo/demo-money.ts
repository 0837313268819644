/** Chapter five: the call centre's report and some contacts, the vendors' invoices, and what the insurer would pay. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OperationOutput } from '../desk/operations.ts';
import { toDay } from '../kernel/calendar.ts';
import { AppError } from '../kernel/errors.ts';
import { parsePrice, roundYen } from '../kernel/yen.ts';
import { formatIntervalReport, modelCalls } from './call-centre.ts';
import { DEMO_CAMPAIGN as campaign, type DemoStage } from './demo-stage.ts';

const CALL_CENTRE_DAYS = 12;
const SEATS = 8;

/** Loads the interval report twice (the second is cumulative) and a contact who claims to be affected. Returns the calls answered. */
export async function answerCalls(stage: DemoStage, opensOn: string): Promise<number> {
  const { desk, voice, folders } = stage;
  const { contacts } = await desk('forecast-campaign', { campaign, from: opensOn, days: CALL_CENTRE_DAYS });
  const expected = contacts.map(({ day, expected: likely }) => ({ day, contacts: likely }));
  const calls = modelCalls({ seed: 20_261_121, expected, opensOn, seats: SEATS });
  const file = join(folders.vendors, 'call-centre-intervals.csv');
  const load = async (intervals: typeof calls) => {
    await writeFile(file, formatIntervalReport(intervals), { mode: 0o600 });
    return await desk('load-intervals', { campaign, file });
  };
  const first = await load(calls.slice(0, Math.ceil(calls.length / 2)));
  const second = await load(calls);
  await desk('record-contact', {
    campaign,
    channel: 'phone',
    caller: 'unknown',
    topic: 'AM_I_AFFECTED',
    claimsAffected: true,
    details: { note: '自分も買い物をしたが知らせが来ていない、とのお申し出。' },
  });
  const answered = first.answered + second.answered;
  voice.tell(voice.say('demo.calls', { calls: answered, minutes: first.minutes + second.minutes, file }));
  return answered;
}

/** Writes the vendors' invoices from what really happened, loads the file twice, and computes the claim. */
export async function settleMoney(stage: DemoStage, answered: number): Promise<OperationOutput<'compute-claim'>> {
  const { desk, voice, folders } = stage;
  // Whoever looks at the ledger has what happened until now charged.
  await desk('list-ledger', { campaign });
  const file = join(folders.vendors, 'invoices.yaml');
  await writeFile(file, await invoiceText(stage, answered), { mode: 0o600 });
  const first = await desk('load-invoices', { campaign, file });
  const again = await desk('load-invoices', { campaign, file });
  if (again.recorded > 0) throw new AppError('DEMO_STUCK.invoiceTwice');
  const claim = await desk('compute-claim', { campaign });
  voice.tell(
    voice.say('demo.invoices', { count: first.recorded, yen: claim.total.incurred.toLocaleString('en'), file }),
  );
  return claim;
}

type InvoiceLine = {
  category: string;
  description: string;
  /** What was counted: the line then replaces the accrual of that many units. */
  driver?: string;
  quantity: number;
  unit: string;
  unitPrice: string;
  taxPercent: number;
  day: string;
};

async function invoiceText({ desk, clock }: DemoStage, answered: number): Promise<string> {
  const day = toDay(clock.now());
  const letters = (await desk('list-lots', { campaign })).lots.reduce((sum, { posted }) => sum + posted, 0);
  const gifts = (await desk('list-gifts', { campaign })).gifts.reduce((sum, { posted }) => sum + posted, 0);
  const invoices = invoicesFor({ letters, gifts, answered }).map(
    ({ vendor, number, lines }) =>
      `  - vendor: ${vendor}\n    invoiceNo: ${number}\n    registrationNo: T1234567890123\n    invoiceDate: ${day}\n    lines:\n${lines
        .map((line) => invoiceLine({ ...line, day }))
        .join('')}`,
  );
  return `invoices:\n${invoices.join('')}`;
}

type Invoice = { vendor: string; number: string; lines: Omit<InvoiceLine, 'day'>[] };

function invoicesFor({ letters, gifts, answered }: { letters: number; gifts: number; answered: number }): Invoice[] {
  const print = { category: 'NOTIFY_PRINT_MAIL', quantity: letters, unit: '通', taxPercent: 10 };
  const calls = { category: 'CALL_CENTER', taxPercent: 10 };
  const cards = { category: 'CONDOLENCE', quantity: gifts, unit: '枚', taxPercent: 0 };
  const setUp = { description: '立ち上げ費用', quantity: 1, unit: '式', unitPrice: '500000' };
  const calling = { description: '応答', driver: 'call.answered', quantity: answered, unit: '件', unitPrice: '900' };
  return [
    {
      vendor: 'ためし印刷株式会社',
      number: 'P-1001',
      lines: [
        { ...print, description: 'お詫び状 印刷・封入', driver: 'letter.printed', unitPrice: '60' },
        { ...print, description: '郵便料金 (定形50gまで)', driver: 'letter.posted', unitPrice: '100' },
      ],
    },
    {
      vendor: 'ためしギフト株式会社',
      number: 'G-2001',
      lines: [{ ...cards, description: 'QUOカード 500円券', driver: 'gift.posted', unitPrice: '530' }],
    },
    {
      vendor: 'ためしコール株式会社',
      number: 'C-3001',
      lines: [
        { ...calls, ...setUp },
        { ...calls, ...calling },
      ],
    },
  ];
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
