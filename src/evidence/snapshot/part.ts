/** What a snapshot consists of: files, most of them tables, each of which the evidence room asks another room for. */
import type { SealedReader } from '../../platform/app.ts';
import type { ByteSource } from '../../platform/formats/zip.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { type Column, formatCsvTable, type TableRow, type TableRows } from '../verify/table.ts';

/** Where the rooms' functions read from: one database snapshot, so that all files speak of the same moment. */
export type SnapshotContext = {
  readonly db: Db;
  readonly campaignId: string;
  /** For functions that also open sealed documents: its pool is the snapshot, too. */
  readonly app: SealedReader;
};

export type Part = { readonly path: string; open(): ByteSource };

/** A table of the snapshot; `sheet` also gives it as a spreadsheet with that name. */
export type PartTable = {
  readonly path: string;
  readonly columns: readonly Column[];
  readonly sheet?: string;
  rows(): TableRows | Promise<TableRows>;
};

export function tablePart(table: PartTable): Part {
  return {
    path: table.path,
    async *open() {
      yield* formatCsvTable(table.columns, await table.rows());
    },
  };
}

/** Calls `write` when the file is opened, and yields its one text. */
export function textPart(path: string, write: () => Promise<string | Buffer>): Part {
  return {
    path,
    async *open() {
      yield await write();
    },
  };
}

/** Text for people: one value a line, sorted keys are not needed because the file is hashed as it is. */
export function jsonText(value: unknown): string {
  const plain = (_key: string, item: unknown) => (typeof item === 'bigint' ? Number(item) : item);
  return `${JSON.stringify(value, plain, 1)}\n`;
}

export const collectRows = async (rows: TableRows): Promise<TableRow[]> => {
  const collected: TableRow[] = [];
  for await (const row of rows) collected.push(row);
  return collected;
};
