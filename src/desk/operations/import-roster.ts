/** A roster file becomes people; rows that do not are listed, counted and kept. The same file again changes nothing. */
import { z } from 'zod';
import { importRoster } from '../../intake/import-roster.ts';
import { actingName, count, definedOnly, wordOf } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

/** As people call them, without hyphens and in small letters. */
const encodings = {
  utf8: 'utf8',
  cp932: 'cp932',
  shiftjis: 'cp932',
  sjis: 'cp932',
  windows31j: 'cp932',
} as const;

const counts = z.record(z.string(), count);

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({
    /** A CSV or XLSX file on this machine, and the file that says which column is what. */
    file: z.string(),
    mapping: z.string().optional(),
    /** Item codes, comma-separated, that leaked of everyone whose row names none. */
    items: z
      .string()
      .transform((codes) => codes.split(',').map((code) => code.trim()))
      .optional(),
    encoding: z
      .string()
      .transform((word) => word.toLowerCase().replaceAll(/[-_]/g, ''))
      .pipe(wordOf(encodings))
      .optional(),
    by: actingName.optional(),
    dryRun: z.boolean().default(false),
  }),
  output: z.strictObject({
    rows: count,
    people: count,
    merged: count,
    rejected: count,
    /** The file of rejected rows to correct; null when none is open. */
    report: z.string().nullable(),
    /** The earlier import of the very same file; nothing was changed then. */
    duplicateOf: z.string().nullable(),
    dryRun: z.boolean(),
    /** Null after a dry run. */
    importId: z.string().nullable(),
    /** Field → header of the column that was read. */
    columns: z.record(z.string(), z.string()),
    ignoredColumns: z.array(z.string()),
    encoding: z.string(),
    /** Reason → rejected rows, and warning → people. */
    reasons: counts,
    warnings: counts,
  }),
  run: async ({ app, campaign, actor, progress }, { file, by, dryRun, ...reading }) => {
    const actorId = by === undefined ? undefined : await actor(by);
    const result = await importRoster(app, {
      campaign,
      file,
      dryRun,
      ...definedOnly({ ...reading, actorId }),
      onProgress: ({ bytes, totalBytes }) => progress('cli.import.reading', bytes, totalBytes),
    });
    return { ...result, dryRun };
  },
});
