/** `owabi consent add|list`: what the insurer was asked and answered, and how much of it is held. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { type Consent, consentAnswers, consentForms } from '../../campaign/consents/consent.ts';
import { listConsents, recordConsent } from '../../campaign/consents/record-consent.ts';
import { daySchema } from '../../campaign/folder/local-time.ts';
import { costCategories } from '../../campaign/policy/policy-terms.ts';
import { sha256Hex } from '../../kernel/canonical.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { readOptions } from '../read-options.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

const wholeNumber = z.coerce.number().int().min(0).max(1_000_000_000_000);
const optionsSchema = z.object({
  category: z.enum(costCategories),
  // No default: silence must not release anybody's money.
  answer: z.enum(consentAnswers, 'cli.consent.wantAnswer'),
  day: daySchema.optional(),
  form: z.enum(consentForms).default('unknown'),
  vendor: z.string().optional(),
  consent: z.uuid().optional(),
  unitPrice: wholeNumber.optional(),
  quantity: wholeNumber.optional(),
  amount: wholeNumber.optional(),
  validTo: daySchema.optional(),
  conditions: z.string().optional(),
  answeredBy: z.string().optional(),
  by: z.string().optional(),
  document: z.string().optional(),
});

export const runConsentAdd: AppRun = async ({ app, args, options, say }) => {
  const given = readOptions(optionsSchema, options);
  const campaign = await resolveCampaign(app, args[0]);
  const { document, consent: consentId, unitPrice, quantity, amount, ...rest } = given;
  const documentSha256 = document === undefined ? undefined : await hashDocument(document);
  const recorded = await recordConsent(app, {
    campaign,
    ...definedOnly({
      ...rest,
      consentId,
      unitPriceCapYen: unitPrice,
      quantityCap: quantity,
      amountCapYen: amount,
      documentSha256,
    }),
    category: given.category,
    answer: given.answer,
  });
  return { json: { consent: toJson(recorded) }, text: toLine(recorded, say) };
};

export const runConsentList: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const consents = await listConsents(app.pool, campaign.id);
  const text = consents.length === 0 ? say('cli.consent.none') : consents.map((one) => toLine(one, say)).join('\n');
  return { json: { consents: consents.map(toJson) }, text };
};

/** SHA-256 of the document, which stays where it is. Throws FILE_MISSING. */
export async function hashDocument(path: string): Promise<string> {
  try {
    return sha256Hex(await readFile(path));
  } catch (cause) {
    throw new AppError('FILE_MISSING.unreadable', { file: path }, { cause });
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function definedOnly<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}

function toJson(consent: Consent) {
  return { ...consent };
}

function toLine(consent: Consent, say: CommandContext['say']): string {
  const cap = (value: number | null) => (value === null ? say('cli.consent.noCap') : value.toLocaleString('en-US'));
  return say('cli.consent.line', {
    id: consent.id,
    category: consent.category,
    vendor: consent.vendor ?? '-',
    answer: say(`cli.consent.answer.${consent.answer}`),
    heldQuantity: consent.heldQuantity.toLocaleString('en-US'),
    quantityCap: cap(consent.quantityCap),
    heldYen: consent.heldYen.toLocaleString('en-US'),
    amountCap: cap(consent.amountCapYen),
    validTo: consent.validTo ?? '-',
  });
}
