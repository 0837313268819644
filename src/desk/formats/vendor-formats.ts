/**
 * The files that outsiders send: which columns each must have, which words are understood, and a filled sample. Built on the very
 * tables that the readers use, so that the document in an outsider's hands and the reader cannot disagree.
 */

import { contactTopics } from '../../contacts/contact.ts';
import { intervalColumns } from '../../contacts/interval-file.ts';
import { returnReasons } from '../../delivery/letters/return-reason.ts';
import { productionLayout, returnsLayout } from '../../delivery/letters/vendor-file.ts';
import { driverNames } from '../../journal/driver.ts';
import { costCategories } from '../../kernel/cost-category.ts';
import { feeWords, invoiceColumns } from '../../ledger/invoice-file.ts';

export const formatNames = ['production', 'returns', 'intervals', 'invoices'] as const;
export type FormatName = (typeof formatNames)[number];

export type FormatColumn = {
  /** Our own name of the field; `format.<format>.<field>` of the catalogue says what goes into it. */
  readonly field: string;
  /** The header of the template, and every other one that the reader takes. */
  readonly header: string;
  readonly others: readonly string[];
  readonly isNeeded: boolean;
  /** Words or codes of a closed set; null where anything of the right form goes. */
  readonly words: readonly string[] | null;
};

export type VendorFormat = {
  readonly name: FormatName;
  /** The command that loads it. */
  readonly command: string;
  readonly columns: readonly FormatColumn[];
  /** Cells in the order of the columns. */
  readonly sample: readonly (readonly string[])[];
};

type Cells<C extends string> = Partial<Record<C, string>>;
type Terms<C extends string> = {
  readonly name: FormatName;
  readonly command: string;
  readonly table: Readonly<Record<C, readonly string[]>>;
  readonly fields: readonly C[];
  readonly needs: readonly C[];
  readonly words: Partial<Record<C, readonly string[]>>;
  readonly sample: readonly Cells<C>[];
};

const hasJapanese = (text: string) => /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text);

function build<C extends string>({ name, command, table, fields, needs, words, sample }: Terms<C>): VendorFormat {
  const columns = fields.map((field): FormatColumn => {
    const headers = table[field];
    const header = headers.find(hasJapanese) ?? headers[0] ?? field;
    const others = headers.filter((one) => one !== header);
    return { field, header, others, isNeeded: needs.includes(field), words: words[field] ?? null };
  });
  return { name, command, columns, sample: sample.map((cells) => fields.map((field) => cells[field] ?? '')) };
}

const cardWords = ['同封', 'なし', '回収', '破損', '紛失'];
const intervalFields = Object.keys(intervalColumns) as (keyof typeof intervalColumns)[];
const invoiceFields = Object.keys(invoiceColumns) as (keyof typeof invoiceColumns)[];

const posted = { status: '差出済', day: '2026/11/24', slip: 'TOKYO-1122', office: '見本中央郵便局' };

/** Invented throughout; the piece numbers have their check digit. */
const formats: Readonly<Record<FormatName, () => VendorFormat>> = {
  production: () =>
    build({
      name: 'production',
      command: 'lots load',
      table: productionLayout.columns,
      fields: productionLayout.fields,
      needs: productionLayout.needs,
      words: { status: ['差出済', '損紙'], card: cardWords },
      sample: [
        { ...posted, piece: '100000000009-1', card: '同封' },
        { ...posted, piece: '100000000041-1', card: 'なし' },
        { piece: '100000000017-1', status: '損紙', day: '2026/11/24', card: '回収' },
        { piece: '100000000025-1', status: '損紙', day: '2026/11/24', card: '破損' },
        { piece: '100000000033-1', status: '損紙', day: '2026/11/24', card: '紛失' },
      ],
    }),
  returns: () =>
    build({
      name: 'returns',
      command: 'returns load',
      table: returnsLayout.columns,
      fields: returnsLayout.fields,
      needs: returnsLayout.needs,
      words: { reason: Object.keys(returnReasons), card: cardWords },
      sample: [
        { piece: '100000000009-1', day: '2026/12/01', reason: 'あて所に尋ねあたりません', card: '回収' },
        { piece: '100000000017-1', day: '2026/12/01', reason: 'MOVED', card: '破損' },
        { piece: '100000000025-1', day: '2026/12/02', reason: '保管期間経過', card: '紛失' },
      ],
    }),
  intervals: () =>
    build({
      name: 'intervals',
      command: 'contacts load',
      table: intervalColumns,
      fields: intervalFields,
      needs: intervalFields,
      words: { topic: contactTopics },
      sample: [
        interval('09:00', 'AM_I_AFFECTED', ['42', '40', '2', '16800', '35', '20']),
        interval('09:00', 'CARD_REISSUE', ['5', '5', '0', '2100', '4', '20']),
        interval('09:30', 'AM_I_AFFECTED', ['38', '38', '0', '15960', '36', '20']),
      ],
    }),
  invoices: () =>
    build({
      name: 'invoices',
      command: 'cost load',
      table: invoiceColumns,
      fields: invoiceFields,
      needs: invoiceNeeds,
      words: { category: costCategories, driver: driverNames, fee: [feeWords.yes[0], feeWords.no[0]] },
      sample: [
        invoice(
          '郵便料金',
          'NOTIFY_PRINT_MAIL',
          ['letter.posted', '1000', '通', '97', '97000', '10', '9700', '106700'],
          '',
        ),
        invoice(
          'QUOカード 500円分',
          'CONDOLENCE',
          ['gift.posted', '1000', '枚', '500', '500000', '0', '0', '500000'],
          '',
        ),
        invoice('QUOカード 発行手数料', 'CONDOLENCE', ['', '1000', '枚', '30', '30000', '0', '0', '30000'], 'はい'),
      ],
    }),
};

const invoiceNeeds: readonly (keyof typeof invoiceColumns)[] = [
  'vendor',
  'invoiceNo',
  'invoiceDate',
  'serviceDate',
  'category',
  'description',
  'netYen',
  'taxPercent',
  'taxYen',
  'grossYen',
];

function interval(time: string, topic: string, counts: readonly string[]): Cells<keyof typeof intervalColumns> {
  const [offered = '', answered = '', abandoned = '', talkSeconds = '', withinTarget = '', seats = ''] = counts;
  return { day: '2026/11/24', time, topic, offered, answered, abandoned, talkSeconds, withinTarget, seats };
}

function invoice(
  description: string,
  category: string,
  cells: readonly string[],
  fee: string,
): Cells<keyof typeof invoiceColumns> {
  const [
    driver = '',
    quantity = '',
    unit = '',
    unitPrice = '',
    netYen = '',
    taxPercent = '',
    taxYen = '',
    grossYen = '',
  ] = cells;
  const head = {
    vendor: '株式会社見本印刷',
    invoiceNo: 'P-2026-11',
    invoiceDate: '2026/11/30',
    serviceDate: '2026/11/24',
  };
  return {
    ...head,
    description,
    category,
    driver,
    quantity,
    unit,
    unitPrice,
    netYen,
    taxPercent,
    taxYen,
    grossYen,
    fee,
  };
}

export function vendorFormat(name: FormatName): VendorFormat {
  return formats[name]();
}
