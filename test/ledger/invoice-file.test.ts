// What a vendor's bill may look like, as YAML and as CSV: written as Japanese offices write figures, and refused where it does not add
// up. Tax: 10 % and 8 % (消費税法 29条), cards are not taxable (6条); registration number T and 13 figures (57条の2, 国税庁).
import { describe, expect, it } from 'vitest';
import { hashInvoice, readInvoiceRows, readInvoiceYaml, totalInvoice } from '../../src/ledger/invoice-file.ts';
import { say } from '../../src/platform/words.ts';
import { invoiceRow } from '../support/invoice-row.ts';

/** `line path: word` of each fault. */
const said = ({ problems }: ReturnType<typeof readInvoiceRows>) =>
  problems.map(({ line, path, message }) => `${line} ${path}: ${message.word}`);
const readRow = (over: Record<string, string>) => readInvoiceRows('bill.csv', [invoiceRow(over)]);

describe('a row of a bill', () => {
  it('is read as it stands', () => {
    expect(readInvoiceRows('bill.csv', [invoiceRow({ unit: '通', driver: 'letter.posted' })])).toEqual({
      invoices: [
        {
          vendor: '日本郵便',
          invoiceNo: 'JP-1',
          registrationNo: 'T1010001112577',
          invoiceDate: '2026-11-30',
          lines: [
            {
              serviceDate: '2026-11-21',
              category: 'NOTIFY_PRINT_MAIL',
              description: '郵便料金',
              driver: 'letter.posted',
              rate: 'post-ordinary-barcode',
              quantity: 100,
              unit: '通',
              unitPrice: '106.7',
              netYen: 9_700,
              taxPercent: 10,
              taxYen: 970,
              grossYen: 10_670,
              fee: false,
            },
          ],
        },
      ],
      problems: [],
    });
  });

  it('is read under Japanese headers as well, and may leave out what a lump sum does not have', () => {
    const cells = {
      取引先: '法律事務所',
      請求書番号: '7',
      請求日: '2026-11-30',
      役務提供日: '2026-11-01',
      費用区分: 'CONSULT_LEGAL',
      摘要: '相',
      税抜金額: '500000',
      税率: '10',
      消費税額: '50000',
      税込金額: '550000',
    };
    const { invoices, problems } = readInvoiceRows('bill.csv', [{ line: 2, cells }]);
    expect(problems).toEqual([]);
    expect(invoices).toEqual([
      {
        vendor: '法律事務所',
        invoiceNo: '7',
        invoiceDate: '2026-11-30',
        lines: [
          {
            serviceDate: '2026-11-01',
            category: 'CONSULT_LEGAL',
            description: '相',
            unit: '',
            netYen: 500_000,
            taxPercent: 10,
            taxYen: 50_000,
            grossYen: 550_000,
            fee: false,
          },
        ],
      },
    ]);
  });

  it.each<[string, Record<string, string>]>([
    ['a yen sign and separators', { net_yen: '¥9,700', gross_yen: '¥ 10,670' }],
    ['full width, as Japanese offices type', { net_yen: '￥９，７００', tax_percent: '１０％', quantity: '１００' }],
    ['a yen sign that CP932 has in the place of the backslash', { net_yen: '\\9,700', unit_price: '\\106.7' }],
    ['a per cent sign', { tax_percent: '10 %' }],
    ['a unit price with its sign', { unit_price: '¥106.7' }],
    ['blanks around', { vendor: ' 日本郵便 ', net_yen: ' 9,700 ' }],
  ])('may have its figures with %s', (_, over) => {
    expect(readRow(over)).toEqual(readRow({}));
  });

  it.each<[string, Record<string, string>]>([
    ['2026/11/5', { invoice_date: '2026/11/5' }],
    ['2026-11-5', { invoice_date: '2026-11-5' }],
    ['2026.11.05', { invoice_date: '2026.11.05' }],
    ['2026-11-05', { invoice_date: '2026-11-05' }],
  ])('may have its day as %s', (_, over) => {
    expect(readRow(over).invoices[0]?.invoiceDate).toBe('2026-11-05');
    expect(readRow({ service_date: '2026/1/5' }).invoices[0]?.lines[0]?.serviceDate).toBe('2026-01-05');
  });

  it.each<[string, Record<string, string>]>([
    ['a credit note has negative yen', { net_yen: '-9,700', tax_yen: '-970', gross_yen: '-10,670', quantity: '-100' }],
    ['a price of a credit note', { unit_price: '-106.7' }],
    ['a unit price of four decimals', { unit_price: '12.3456' }],
    ['the lower rate', { tax_percent: '8', tax_yen: '776', gross_yen: '10476' }],
    ['a gift card is not taxed', { category: 'CONDOLENCE', tax_percent: '0', tax_yen: '0', gross_yen: '9700' }],
    ['the highest tax that any country asks of a service', { tax_percent: '30' }],
    ['no registration: a small business', { registration_no: '' }],
    ['no unit price', { unit_price: '' }],
    ['a bill of whoever has one letter', { vendor: '株', description: '切' }],
  ])('is accepted: %s', (_, over) => {
    expect(said(readRow(over))).toEqual([]);
  });

  it.each<[string, Record<string, string>, string[]]>([
    ['gross is not net and tax', { gross_yen: '10,671' }, ['2 : invoice.fault.sum']],
    ['tax at 0 %', { tax_percent: '0' }, ['2 : invoice.fault.tax']],
    ['a tax rate of nowhere', { tax_percent: '31' }, ['2 taxPercent: yaml.tooBig.number']],
    [
      'a negative tax rate',
      { tax_percent: '-1', tax_yen: '0', gross_yen: '9700' },
      ['2 taxPercent: yaml.tooSmall.number'],
    ],
    ['an amount in words', { net_yen: '九千' }, ['2 netYen: yaml.wrongType']],
    ['an amount with sen', { net_yen: '9700.5' }, ['2 netYen: yaml.wrongType']],
    ['no amount', { tax_yen: '' }, ['2 taxYen: yaml.wrongType']],
    ['a registration number of 12 figures', { registration_no: 'T101000111257' }, ['2 registrationNo: yaml.notWanted']],
    ['a registration number of 14', { registration_no: 'T10100011125770' }, ['2 registrationNo: yaml.notWanted']],
    ['a unit price of five decimals', { unit_price: '106.70001' }, ['2 unitPrice: yaml.notWanted']],
    ['a category of no policy', { category: 'POSTAGE' }, ['2 category: yaml.notOneOf']],
    ['a driver that nothing counts', { driver: 'letter.post' }, ['2 driver: yaml.notOneOfNear']],
    ['a day that is none', { service_date: '2026/02/30' }, ['2 serviceDate: yaml.notWanted']],
    ['a day in words', { invoice_date: '11月末' }, ['2 invoiceDate: yaml.notWanted']],
    ['no vendor', { vendor: '' }, ['2 vendor: yaml.tooSmall.text']],
    ['no number', { invoice_no: ' ' }, ['2 invoiceNo: yaml.tooSmall.text']],
    ['half a unit', { quantity: '1.5' }, ['2 quantity: yaml.wrongType']],
    ['nothing bought', { description: '' }, ['2 description: yaml.tooSmall.text']],
  ])('is refused with its line and column: %s', (_, over, faults) => {
    expect(said(readRow(over))).toEqual(faults);
    expect(readRow(over).invoices).toEqual([]);
  });

  it.each<[string, boolean]>([
    ['1', true],
    ['TRUE', true],
    ['yes', true],
    ['はい', true],
    ['○', true],
    ['〇', true],
    ['◯', true],
    ['あり', true],
    ['有', true],
    ['要', true],
    ['Ｙ', true],
    ['', false],
    ['no', false],
    ['0', false],
    ['０', false],
    ['なし', false],
    ['無', false],
    ['いいえ', false],
    ['FALSE', false],
  ])('says by %j whether it is the fee of issuing a card', (fee, isFee) => {
    expect(readRow({ fee }).invoices[0]?.lines[0]?.fee).toBe(isFee);
  });
});

it.each(['x', '×', '済', '30', 'oui'])('does not guess whether %j means the fee of issuing a card', (fee) => {
  const { invoices, problems } = readRow({ fee });
  expect(invoices).toEqual([]);
  expect(problems.map(({ line, path, message }) => [line, path, say('en', message.word, message.params)])).toEqual([
    [
      2,
      'fee',
      expect.stringMatching(new RegExp(`^${fee} does not say.*はい, あり, 有.* yes, .*いいえ, なし, 無.* no, `)),
    ],
  ]);
});

describe('the rows of a bill', () => {
  const rows = (...overs: Record<string, string>[]) =>
    readInvoiceRows(
      'bill.csv',
      overs.map((over, index) => invoiceRow(over, index + 2)),
    );

  it('of one vendor and number make one invoice, in their order, wherever they stand', () => {
    const { invoices, problems } = rows(
      { description: '切手' },
      { invoice_no: 'JP-2', description: '別' },
      { vendor: '別会社', description: '他社' },
      { description: '書留' },
    );
    expect(problems).toEqual([]);
    expect(
      invoices.map(({ vendor, invoiceNo, lines }) => [vendor, invoiceNo, lines.map((line) => line.description)]),
    ).toEqual([
      ['日本郵便', 'JP-1', ['切手', '書留']],
      ['日本郵便', 'JP-2', ['別']],
      ['別会社', 'JP-1', ['他社']],
    ]);
  });

  it.each([{ invoice_date: '2026/12/31' }, { registration_no: 'T2010001112576' }, { registration_no: '' }])(
    'of one number must agree: %j is refused at its row',
    (over) => {
      const read = rows({}, over);
      expect(said(read)).toEqual(['3 invoiceNo: invoice.fault.differs']);
      expect(read.problems[0]?.message.params).toEqual({ invoiceNo: 'JP-1' });
      expect(read.invoices[0]?.lines).toHaveLength(1);
    },
  );

  it('are read to the end, so that all faults are known at once', () => {
    const read = rows({ net_yen: 'x' }, {}, { category: 'x' });
    expect(said(read).map((fault) => fault.split(' ')[0])).toEqual(['2', '4']);
    expect(read.invoices).toHaveLength(1);
  });

  it('must be there', () => {
    expect(said(rows())).toEqual(['0 : invoice.fault.empty']);
    expect(rows().invoices).toEqual([]);
  });
});

describe('a file of invoices', () => {
  const invoice = (no: string, more = '') => `  - vendor: 印刷所
    invoiceNo: "${no}"
    invoiceDate: 2026-11-30
    lines:
      - { serviceDate: 2026-11-21, category: NOTIFY_PRINT_MAIL, description: 印刷, netYen: 1000, taxPercent: 10, taxYen: 100, grossYen: 1100${more} }
`;
  const read = (...invoices: string[]) => readInvoiceYaml('bill.yaml', `invoices:\n${invoices.join('')}`);

  it('is read, a line that says nothing of unit and fee having none', () => {
    const { invoices, problems } = read(invoice('1'));
    expect(problems).toEqual([]);
    expect(invoices.map(({ lines }) => lines[0])).toMatchObject([{ unit: '', fee: false, netYen: 1000 }]);
    expect(read(invoice('1', ', fee: true')).invoices[0]?.lines[0]?.fee).toBe(true);
  });

  it('names each invoice once', () => {
    const twice = read(invoice('1'), invoice('2'), invoice('1'));
    expect(said(twice)).toEqual(['0 invoices.2.invoiceNo: invoice.fault.twice']);
    expect(twice.problems[0]?.message.params).toEqual({ invoiceNo: '1', vendor: '印刷所' });
    expect(said(read(invoice('1'), invoice('2')))).toEqual([]);
  });

  it('gives none of its invoices when one cannot be read', () => {
    const faulty = read(invoice('1'), invoice('2').replace('1100', '1101'));
    expect(said(faulty)).toEqual(['11 invoices.1.lines.0: invoice.fault.sum']);
    expect(faulty.invoices).toEqual([]);
    expect(said(readInvoiceYaml('bill.yaml', 'invoices: []'))).toEqual(['1 invoices: yaml.tooSmall.list']);
    expect(said(readInvoiceYaml('bill.yaml', `invoices:\n${invoice('1').replace(/lines:\n.*/, 'lines: []')}`))).toEqual(
      ['5 invoices.0.lines: yaml.tooSmall.list'],
    );
  });

  it('is the same invoice as its CSV, and another one when a yen differs', () => {
    const cells = {
      vendor: '印刷所',
      invoice_no: '1',
      registration_no: '',
      description: '印刷',
      rate: '',
      quantity: '',
      unit_price: '',
      net_yen: '1,000',
      tax_yen: '100',
      gross_yen: '1,100',
    };
    const hashes = (invoices: readonly Parameters<typeof hashInvoice>[0][]) => invoices.map(hashInvoice);
    const [yaml] = hashes(read(invoice('1')).invoices);
    expect(hashes(readRow(cells).invoices)).toEqual([yaml]);
    expect(hashes(readRow({ ...cells, tax_yen: '101', gross_yen: '1,101' }).invoices)).not.toEqual([yaml]);
  });

  it('adds its lines up', () => {
    const { invoices } = readInvoiceRows('bill.csv', [
      invoiceRow(),
      invoiceRow({ category: 'CONDOLENCE', net_yen: '500', tax_percent: '0', tax_yen: '0', gross_yen: '500' }),
      invoiceRow({ net_yen: '-100', tax_yen: '-10', gross_yen: '-110' }),
    ]);
    expect(invoices.map(totalInvoice)).toEqual([{ netYen: 10_100, taxYen: 960, grossYen: 11_060 }]);
  });
});
