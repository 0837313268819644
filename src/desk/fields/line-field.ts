/** Fields of what is said of lines of vendors' files. */
import { z } from 'zod';
import type { LineProblem } from '../../delivery/letters/keep-vendor-file.ts';
import { lineProblemCodes } from '../../delivery/letters/vendor-file.ts';
import { count } from './operation-field.ts';

export const lineCode = z.enum(lineProblemCodes);

/** A line that waits for a decision, with the piece's number where one can be read; never with a name. */
export const lineProblem = z.strictObject({
  id: z.uuid(),
  line: count,
  code: lineCode,
  text: z.string(),
}) satisfies z.ZodType<LineProblem>;
