/** A consent as operations answer it: yen are whole, a cap of null is no cap. */
import { z } from 'zod';
import { type Consent, consentAnswers, consentForms } from '../../campaign/consents/consent.ts';
import { costCategories } from '../../kernel/cost-category.ts';
import { count } from './operation-field.ts';

export const consentFields = z.strictObject({
  id: z.uuid(),
  category: z.enum(costCategories),
  vendor: z.string().nullable(),
  answer: z.enum(consentAnswers),
  form: z.enum(consentForms),
  unitPriceCapYen: count.nullable(),
  quantityCap: count.nullable(),
  amountCapYen: count.nullable(),
  validTo: z.iso.date().nullable(),
  heldQuantity: count,
  heldYen: count,
}) satisfies z.ZodType<Consent>;
