/** The summary on paper: the equations, the claim by category and the counts behind it, in Japanese and English. Totals only. */
import { describeDriver } from '../../journal/driver-words.ts';
import type { Claim } from '../../ledger/claim.ts';
import { createPdf, letterFontPath, openFont } from '../../platform/formats/pdf.ts';
import { say } from '../../platform/words.ts';
import type { Accounting } from '../verify/accounting.ts';

export type SummaryInput = {
  readonly client: string;
  readonly slug: string;
  /** Part of the bytes: an instant of the campaign, never the clock. */
  readonly createdAt: Date;
  readonly accounting: Accounting;
  readonly claim: Claim | null;
  readonly totals: readonly { readonly driver: string; readonly count: number }[];
};

/** One line: its text cells from left to right; `size` in points. The last cells are numbers, set flush right. */
type Line = { readonly cells: readonly string[]; readonly size: number; readonly gapPt?: number };

const PAGE = { widthPt: 595.28, heightPt: 841.89, marginPt: 56 };
const BODY = 10;
const LEADING = 1.6;
/** Right edges of the number columns, in points from the left. */
const COLUMN_EDGES = [310, 385, 460, 539];

const yen = (value: number) => value.toLocaleString('en-US');
const both = (key: string) => `${say('ja', key)} / ${say('en', key)}`;
const bothDrivers = (driver: string) => `${describeDriver('ja', driver)} / ${describeDriver('en', driver)}`;

export async function drawSummary(input: SummaryInput): Promise<Buffer> {
  const font = openFont(letterFontPath());
  const pdf = createPdf({
    font,
    title: `Owabi ${input.slug}`,
    language: 'ja',
    createdAt: input.createdAt,
    pageWidthPt: PAGE.widthPt,
    pageHeightPt: PAGE.heightPt,
  });
  let operators = '';
  let y = PAGE.heightPt - PAGE.marginPt;
  for (const line of listLines(input)) {
    y -= line.size * LEADING + (line.gapPt ?? 0);
    if (y < PAGE.marginPt) {
      pdf.addPage(operators);
      operators = '';
      y = PAGE.heightPt - PAGE.marginPt - line.size * LEADING;
    }
    line.cells.forEach((text, at) => {
      const right = COLUMN_EDGES[COLUMN_EDGES.length - line.cells.length + at] ?? PAGE.widthPt - PAGE.marginPt;
      const x = at === 0 ? PAGE.marginPt : right - font.width(text, line.size);
      operators += `BT /F1 ${line.size} Tf 1 0 0 1 ${x.toFixed(2)} ${y.toFixed(2)} Tm ${pdf.encode(text)} Tj ET\n`;
    });
  }
  pdf.addPage(operators);
  return Buffer.from(await pdf.finish());
}

function listLines({ client, slug, accounting, claim, totals }: SummaryInput): Line[] {
  const { roster, waves, persons } = accounting;
  const sum = (value: number | Record<string, number>) =>
    typeof value === 'number' ? value : Object.values(value).reduce((total, part) => total + part, 0);
  const heading = (key: string): Line => ({ cells: [both(key)], size: 12, gapPt: 10 });
  const row = (...cells: string[]): Line => ({ cells, size: BODY });
  const number = (key: string, value: number) => row(both(key), yen(value));
  return [
    { cells: [both('evidence.summary.title')], size: 16 },
    row(`${client}（${slug}）`),
    heading('evidence.summary.roster'),
    ...(['rows', 'people', 'merged', 'rejected', 'open'] as const).map((key) =>
      number(`evidence.term.${key}`, roster[key]),
    ),
    heading('evidence.summary.persons'),
    ...(['total', 'told', 'underway', 'substitute', 'undecided'] as const).map((key) =>
      number(`evidence.term.${key}`, persons[key]),
    ),
    number('evidence.term.excluded', sum(persons.excluded)),
    heading('evidence.summary.waves'),
    ...headerRows(['total', 'handedOver'], row),
    ...waves.map((wave) =>
      row(`${wave.id}（${say('ja', `status.channel.${wave.channel}`)}）`, yen(wave.total), yen(wave.handedOver)),
    ),
    ...(claim === null ? [] : claimLines(claim, heading, row)),
    heading('evidence.summary.totals'),
    ...totals.map((item) => row(bothDrivers(item.driver), yen(item.count))),
  ];
}

/** Two lines of headings over number columns: Japanese above English, because both side by side would run into each other. */
function headerRows(keys: readonly string[], row: (...cells: string[]) => Line): Line[] {
  return (['ja', 'en'] as const).map((language) =>
    row('', ...keys.map((key) => say(language, `evidence.term.${key}`))),
  );
}

function claimLines(claim: Claim, heading: (key: string) => Line, row: (...cells: string[]) => Line): Line[] {
  const amounts = (item: { incurred: number; payable: number; uncovered: number }) =>
    [item.incurred, item.payable, item.uncovered].map(yen);
  return [
    heading('evidence.summary.claim'),
    ...headerRows(['incurred', 'payable', 'uncovered'], row),
    ...claim.categories.flatMap((item) => [
      row(item.label === '' ? item.category : item.label, ...amounts(item)),
      ...item.reasons.map((reason) => row(`　${both(`ledger.reason.${reason.code}`)}`, yen(reason.yen))),
    ]),
    row(both('evidence.term.total'), ...amounts(claim.total)),
  ];
}
