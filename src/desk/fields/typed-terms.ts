/** The terms of an estimate as a caller names them: each the name of one that is shipped, or a file on this machine. */
import { z } from 'zod';

export const typedTerms = { rates: z.string().default('seed1-2022'), policy: z.string().default('sample') };
