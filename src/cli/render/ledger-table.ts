/** Tables of money for the terminal: Japanese characters count two columns, yen stand right-aligned with separators. */
import { formatYen } from '../../kernel/yen.ts';

export type TableColumn = { readonly title: string; readonly align?: 'left' | 'right' };

// East Asian wide and fullwidth blocks (UAX #11), as far as names, labels and symbols of Japanese text need them.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** How many columns the text takes in a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/** Rows under a heading and a rule; a row of null is a rule. No trailing blanks. */
export function formatTable(columns: readonly TableColumn[], rows: readonly (readonly string[] | null)[]): string {
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column.title), ...rows.map((row) => displayWidth(row?.[index] ?? ''))),
  );
  const pad = (text: string, index: number) => {
    const blanks = ' '.repeat(Math.max(0, (widths[index] ?? 0) - displayWidth(text)));
    return columns[index]?.align === 'right' ? blanks + text : text + blanks;
  };
  const line = (cells: readonly string[]) =>
    columns
      .map((_, index) => pad(cells[index] ?? '', index))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [
    line(columns.map((column) => column.title)),
    rule,
    ...rows.map((row) => (row === null ? rule : line(row))),
  ].join('\n');
}

/** `12,150,000`; a true minus sign for what is taken back. */
export function yenText(yen: number | bigint): string {
  return formatYen(yen).replace('-', '−');
}
