/** What names a caller, and what was said: never typed on a command line, kept sealed. */
import { z } from 'zod';

const text = z.string().trim().min(1).optional();

export const contactDetails = z.strictObject({
  email: text,
  phone: text,
  kana: text,
  customerKey: text,
  note: text,
  promise: text,
});
