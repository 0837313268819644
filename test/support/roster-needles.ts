// Everything that names a person in roster files, as the files have it: what must not be found where nobody may be read.
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';

export type RosterValue = { readonly what: string; readonly value: string };

/** Columns that name or reach someone. Postcodes, days and items are shared by thousands and name no one. */
const naming = ['会員番号', '氏名', 'フリガナ', '住所1', '住所2', '電話番号', 'メールアドレス', '保護者名'] as const;

/** The rows of the demo's roster files by column, the broken ones as far as they can be read. */
export function readRosterRows(files: readonly string[]): Record<string, string>[] {
  return files.flatMap((file) => {
    const bytes = readFileSync(file);
    const isUtf8 = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]));
    const text = isUtf8 ? bytes.subarray(3).toString('utf8') : iconv.decode(bytes, 'cp932');
    const rows = parse(text, { relax_column_count: true, relax_quotes: true }) as string[][];
    const [header = [], ...data] = rows;
    return data.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])));
  });
}

/** Each value once: as written, and as programs rewrite it (without spaces, digits only, lower case). */
export function rosterValues(rows: readonly Record<string, string>[]): RosterValue[] {
  const values = new Map<string, string>();
  const add = (what: string, value: string) => {
    if (value !== '' && !value.includes('\ufffd') && !value.includes('\n')) values.set(value, what);
  };
  for (const row of rows) {
    for (const column of naming) {
      const value = row[column] ?? '';
      add(column, value);
      add(column, value.normalize('NFKC'));
      if (column === '氏名' || column === 'フリガナ') add(column, value.replaceAll(/[\s　]/g, ''));
      if (column === '電話番号') add(column, value.normalize('NFKC').replaceAll(/\D/g, ''));
      if (column === 'メールアドレス') add(column, value.toLowerCase());
    }
    add('住所', `${row.都道府県 ?? ''}${row.住所1 ?? ''}`);
  }
  return [...values].map(([value, what]) => ({ what, value }));
}
