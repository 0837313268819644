/** The columns that print house, post, call centre and accountant must use; as files to hand out when a folder is named. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { describeFormat, formatFiles } from '../formats/describe-format.ts';
import { formatNames, type VendorFormat, vendorFormat } from '../formats/vendor-formats.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'local',
  input: z.strictObject({ name: z.enum(formatNames).optional(), out: z.string().optional() }),
  output: z.strictObject({
    formats: z.array(
      z.strictObject({
        name: z.enum(formatNames),
        command: z.string(),
        columns: z.array(
          z.strictObject({
            field: z.string(),
            header: z.string(),
            others: z.array(z.string()),
            isNeeded: z.boolean(),
            words: z.array(z.string()).nullable(),
          }),
        ),
        sample: z.array(z.array(z.string())),
        /** The document for whoever writes the file, in the language of the call. */
        text: z.string(),
      }) satisfies z.ZodType<VendorFormat>,
    ),
    files: z.array(z.string()),
  }),
  run: async ({ language }, { name, out }) => {
    const names = name === undefined ? formatNames : [name];
    const formats = names.map(vendorFormat).map((format) => ({ ...format, text: describeFormat(format, language) }));
    return { formats, files: out === undefined ? [] : await writeFormats(out, names) };
  },
});

async function writeFormats(dir: string, names: readonly (typeof formatNames)[number][]): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  const files = names.flatMap((name) => formatFiles(name));
  for (const { name, content } of files) await writeFile(join(dir, name), content);
  return files.map(({ name }) => join(dir, name));
}
