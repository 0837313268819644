/** What the insurer was asked and answered about a kind of cost. */
import { z } from 'zod';
import { consentAnswers, consentForms } from '../../campaign/consents/consent.ts';
import { recordConsent } from '../../campaign/consents/record-consent.ts';
import { daySchema } from '../../campaign/folder/local-time.ts';
import { costCategories } from '../../kernel/cost-category.ts';
import { consentFields } from '../fields/consent-fields.ts';
import { actingName, definedOnly, wholeNumber } from '../fields/operation-field.ts';
import { hashDocument } from '../hash-document.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({
    category: z.enum(costCategories),
    // No default: silence must not release anybody's money.
    answer: z.enum(consentAnswers, 'cli.consent.wantAnswer'),
    form: z.enum(consentForms).default('unknown'),
    vendor: z.string().optional(),
    /** The consent that this answers or changes. */
    consent: z.uuid().optional(),
    unitPrice: wholeNumber.optional(),
    quantity: wholeNumber.optional(),
    amount: wholeNumber.optional(),
    /** The day on which it was asked or answered; today by default. */
    day: daySchema.optional(),
    validTo: daySchema.optional(),
    conditions: z.string().optional(),
    answeredBy: z.string().optional(),
    by: actingName.optional(),
    /** The answer on this machine; its hash is kept. */
    document: z.string().optional(),
  }),
  output: z.strictObject({ consent: consentFields }),
  run: async ({ app, campaign }, { document, consent: consentId, unitPrice, quantity, amount, ...rest }) => {
    const documentSha256 = document === undefined ? undefined : await hashDocument(document);
    const consent = await recordConsent(app, {
      campaign,
      category: rest.category,
      answer: rest.answer,
      ...definedOnly({
        ...rest,
        consentId,
        unitPriceCapYen: unitPrice,
        quantityCap: quantity,
        amountCapYen: amount,
        documentSha256,
      }),
    });
    return { consent };
  },
});
