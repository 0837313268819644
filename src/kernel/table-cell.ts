/** Cells and columns of a table, the same whether it becomes CSV or a spreadsheet. */

/** A day is 'YYYY-MM-DD', an instant a Date, yen whole yen as a number or a decimal as text. */
export type Cell = string | number | bigint | Date | boolean | null;

export type SheetColumn = {
  readonly en: string;
  readonly ja: string;
  readonly kind: 'text' | 'integer' | 'yen' | 'day' | 'instant';
  readonly width?: number;
};
