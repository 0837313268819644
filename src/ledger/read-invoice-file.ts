/** Reads a file of invoices, YAML or CSV (UTF-8 or CP932), from the disk. All faults at once. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import { problemLines, type WordedProblem } from '../kernel/problem.ts';
import { parseCsv } from '../platform/formats/csv.ts';
import { type Invoice, type InvoiceRow, readInvoiceRows, readInvoiceYaml } from './invoice-file.ts';

/** The invoices of the file. Throws INVOICE_INVALID with every fault and its line, FILE_MISSING when it cannot be read. */
export async function readInvoiceFile(path: string): Promise<Invoice[]> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new AppError('FILE_MISSING.unreadable', { file: path }, { cause });
  });
  const isYaml = ['.yaml', '.yml', '.json'].includes(extname(path).toLowerCase());
  const { invoices, problems } = isYaml
    ? readInvoiceYaml(path, bytes.toString('utf8'))
    : await readInvoiceCsv(path, bytes);
  if (problems.length === 0) return invoices;
  throw new AppError('INVOICE_INVALID', { faults: problemLines(problems) });
}

async function readInvoiceCsv(
  path: string,
  bytes: Buffer,
): Promise<{ invoices: Invoice[]; problems: WordedProblem[] }> {
  const problems: WordedProblem[] = [];
  const rows: InvoiceRow[] = [];
  let header: string[] | null = null;
  for await (const record of parseCsv(bytes)) {
    if (header === null) header = record.fields.map((name) => name.trim().toLowerCase());
    else if (record.fault !== null || record.fields.length !== header.length) {
      problems.push({
        file: path,
        line: record.line,
        path: '',
        message: { word: `csv.fault.${record.fault ?? 'fields'}` },
      });
    } else {
      const cells = Object.fromEntries(header.map((name, index) => [name, record.fields[index] ?? '']));
      rows.push({ line: record.line, cells });
    }
  }
  if (problems.length > 0) return { invoices: [], problems };
  return readInvoiceRows(path, rows);
}
