/**
 * Decides which column of a roster is what: guessed from the headers, or as a mapping file says. Refuses a file whose headers nobody
 * knows instead of reading people into the wrong fields.
 */
import { z } from 'zod';
import { AppError } from '../../kernel/errors.ts';
import { type PersonKind, personKinds } from '../person.ts';
import { guessColumns, headerForm, type RosterField, reportColumns, rosterFieldNames } from './roster-field.ts';

/** The mapping file (YAML or JSON). Columns are named by header or counted from 1. */
export const mappingFileSchema = z.strictObject({
  columns: z.partialRecord(z.enum(rosterFieldNames), z.union([z.string(), z.int().min(1)])).default({}),
  /** Columns that say with ○, 1 or あり whether one item leaked: item code → column. */
  itemColumns: z.record(z.string(), z.union([z.string(), z.int().min(1)])).default({}),
  /** Words in the kind column → kind. */
  kinds: z.record(z.string(), z.enum(personKinds)).default({}),
  /** The kind of everyone when there is no such column. */
  kind: z.enum(personKinds).optional(),
  /** Words in the items column → item code. */
  itemWords: z.record(z.string(), z.string()).default({}),
  /** False when the file begins with data; columns are then counted. */
  header: z.boolean().default(true),
  /** True: rows with the same customer key are one person even if the names differ. */
  stableKey: z.boolean().default(false),
  encoding: z.enum(['utf8', 'cp932']).optional(),
});
export type MappingFile = z.output<typeof mappingFileSchema>;

/** How one file is read; stored with the import so that it can be continued the same way. Holds positions, no data of anyone. */
export type ColumnReading = {
  readonly columnCount: number;
  readonly columns: Readonly<Partial<Record<RosterField, number>>>;
  readonly itemColumns: Readonly<Record<string, number>>;
  readonly kinds: Readonly<Record<string, PersonKind>>;
  readonly kind: PersonKind;
  readonly itemWords: Readonly<Record<string, string>>;
  readonly hasHeader: boolean;
  readonly hasStableKey: boolean;
  readonly isReport: boolean;
};

export const emptyMapping: MappingFile = mappingFileSchema.parse({});

/** Throws ROSTER_HEADER_UNKNOWN when no column can be a name, MAPPING_INVALID when the mapping names a column that is not there. */
export function resolveColumns(firstRow: readonly string[], mapping: MappingFile): ColumnReading {
  const headers = mapping.header ? firstRow : [];
  const find = (what: string, column: string | number): number => {
    const index =
      typeof column === 'number'
        ? column - 1
        : headers.findIndex((header) => headerForm(header) === headerForm(column));
    if (index < 0 || index >= firstRow.length) {
      throw new AppError(mapping.header ? 'MAPPING_INVALID.column' : 'MAPPING_INVALID.place', {
        what,
        column,
        columns: mapping.header ? showHeaders(headers) : firstRow.length,
      });
    }
    return index;
  };
  const columns = mapping.header ? guessColumns(headers) : {};
  for (const [field, column] of Object.entries(mapping.columns)) {
    const index = find(field, column);
    for (const [other, taken] of Object.entries(columns)) if (taken === index) delete columns[other as RosterField];
    columns[field as RosterField] = index;
  }
  const itemColumns = Object.fromEntries(
    Object.entries(mapping.itemColumns).map(([item, column]) => [item, find(item, column)]),
  );
  const hasName = columns.name !== undefined || columns.lastName !== undefined || columns.organisation !== undefined;
  const known = Object.keys(columns).length + Object.keys(itemColumns).length;
  if (!hasName || known < 2) throw unknownHeader(firstRow, known, mapping.header);
  return {
    columnCount: firstRow.length,
    columns,
    itemColumns,
    kinds: mapping.kinds,
    kind: mapping.kind ?? 'customer',
    itemWords: mapping.itemWords,
    hasHeader: mapping.header,
    hasStableKey: mapping.stableKey,
    isReport: mapping.header && headers.some((header) => header.trim() === reportColumns.rowId),
  };
}

/** Names what was seen (never more than the first row, and nothing of it when it looks like a person) and how to go on. */
function unknownHeader(firstRow: readonly string[], known: number, isHeader: boolean): AppError {
  const looksLikeData = firstRow.some((cell) => /@|\d{3}-?\d{4}|\d{4}[-/年]\d/.test(cell.normalize('NFKC')));
  const fields = rosterFieldNames.filter((field) => field !== 'rowId').join(', ');
  if (!isHeader) return new AppError('ROSTER_HEADER_UNKNOWN.mapping', { fields });
  if (looksLikeData) return new AppError('ROSTER_HEADER_UNKNOWN.data', { columns: firstRow.length, fields });
  return new AppError('ROSTER_HEADER_UNKNOWN.name', { headers: showHeaders(firstRow), known, fields });
}

function showHeaders(headers: readonly string[]): string {
  const shown = headers.slice(0, 40).map((header) => `"${header.trim().slice(0, 40)}"`);
  return shown.join(', ') + (headers.length > 40 ? ` … (${headers.length})` : '');
}
