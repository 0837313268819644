/** The facts that the campaign room writes: decisions of people about what runs and what may be spent. Closed table. */
import { z } from 'zod';
import { type BodyFormat, code, count, firstForm, ref, sha256, slug, yen } from './fact-body.ts';

const consent = {
  consentId: ref,
  category: code,
  vendor: z.string().nullable(),
  answer: code,
  form: code,
  unitPriceCapYen: yen.nullable(),
  quantityCap: count.nullable(),
  amountCapYen: yen.nullable(),
  validTo: z.iso.date().nullable(),
  answeredBy: ref.nullable(),
  documentSha256: sha256.nullable(),
  /** The day on which the insurer answered; null where only the day of entry is known. */
  happenedOn: z.iso.date().nullable(),
};
/** 1 → 2: the day of the answer is apart from the day of its entry. */
const consentForm = {
  schema: z.strictObject(consent),
  upgrades: [(body) => ({ happenedOn: null, ...body })],
} as const satisfies BodyFormat;
const hold = { consentId: ref, quantity: count, yen: count };
const purge = { scope: code, witnessId: ref, files: count };

export const campaignFacts = {
  'campaign.created': firstForm({ slug }),
  'approver.registered': firstForm({ proof: code, vouchedBy: ref.nullable() }),
  'plan.proposed': firstForm({ planSha256: sha256, listVersion: count, listSha256: sha256 }),
  'plan.approved': firstForm({
    planSha256: sha256,
    journalHead: sha256.nullable(),
    proof: code,
    approvals: count,
    required: count,
    keyFingerprint: sha256,
    isLoaderKnown: z.boolean(),
  }),
  'campaign.state_changed': firstForm({ from: code, to: code, reason: code }),
  /** This database was found to be a copy: nothing is sent from it until a named person takes the campaign over. */
  'home.suspended': firstForm({ reason: code }),
  'home.taken': firstForm({ reason: code, generation: count }),
  'consent.asked': consentForm,
  'consent.answered': consentForm,
  'consent.held': firstForm(hold),
  'consent.released': firstForm(hold),
  'publication.recorded': firstForm({
    kind: code,
    url: z.string(),
    documentSha256: sha256,
    asOf: z.iso.datetime(),
  }),
  'policy.adopted': firstForm({ policySha256: sha256, replaces: sha256.nullable() }),
  'checklist.ticked': firstForm({ step: slug }),
  'checklist.reopened': firstForm({ step: slug }),
  /** Legal hold, by two names. */
  'campaign.held': firstForm({ witnessId: ref }),
  'campaign.hold_released': firstForm({ witnessId: ref }),
  /** Written before anything is destroyed, so that no purge can be unrecorded; `campaign.purged` follows when all is gone. */
  'campaign.purge_begun': firstForm(purge),
  'campaign.purged': firstForm(purge),
} as const satisfies Record<string, BodyFormat>;
