/** One person's approval of what the draft says now, by its hash. */
import { z } from 'zod';
import { approvalRefusals } from '../../campaign/approvals/approve-plan.ts';
import { approvalProofs } from '../../campaign/approvals/store.ts';
import { actingName, count, isoInstant, problemFields, sha256 } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';
import { approveCampaign, type CampaignApproval } from '../plan/approve-campaign.ts';
import { planEffects } from '../plan/describe-plan.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({
    by: actingName,
    /** The passphrase or one-time code with which that person proves to be it. */
    code: z.string().optional(),
    /** The hash that the person was shown. */
    plan: z.string().optional(),
  }),
  output: z.strictObject({
    plan: sha256.nullable(),
    planId: z.uuid().optional(),
    approved: z.boolean(),
    missing: count.nullable(),
    proof: z.enum(approvalProofs).optional(),
    isLoaderKnown: z.boolean().optional(),
    journalHead: sha256.nullable().optional(),
    effects: planEffects.optional(),
    refused: z.enum([...approvalRefusals, 'FOLDER_FAULTY']).optional(),
    retryAt: isoInstant.nullable().optional(),
    problems: z.array(problemFields).optional(),
    /** What deserves a look and stops nothing: the trial company's values, people whom a wave leaves out. */
    warnings: z.array(problemFields).optional(),
  }),
  run: async ({ app, campaign, folder, language }, { by, code, plan }) =>
    toAnswer(
      await approveCampaign(app, {
        campaign,
        folder,
        by,
        language,
        ...(code === undefined ? {} : { code }),
        ...(plan === undefined ? {} : { expectSha256: plan }),
      }),
    ),
});

function toAnswer(result: CampaignApproval) {
  const none = { plan: null, approved: false, missing: null };
  switch (result.kind) {
    case 'faulty':
      return { ...none, refused: 'FOLDER_FAULTY' as const, problems: result.problems };
    case 'refused': {
      const { reason: refused, retryAt = null, effects, warnings } = result;
      return { ...none, refused, retryAt, effects, warnings };
    }
    case 'recorded': {
      const { planId, sha256: plan, proof, missing, isLoaderKnown, journalHead, effects, warnings } = result;
      return { plan, planId, approved: missing === 0, missing, proof, isLoaderKnown, journalHead, effects, warnings };
    }
  }
}
