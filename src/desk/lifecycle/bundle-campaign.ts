/**
 * What a bundle is asked for and what comes of it. Everything that was done and looked at until now goes under the chain first,
 * so that the chain in the bundle covers it (mechanism 14).
 */
import { resolve } from 'node:path';
import { z } from 'zod';
import { type BundleInput, type BundleResult, buildBundle } from '../../evidence/bundle/build-bundle.ts';
import { audiences } from '../../evidence/verify/audience.ts';
import { coverAudit } from '../audit/cover-audit.ts';
import { actingName, count, numberWithin, sha256 } from '../fields/operation-field.ts';
import type { WriteContext } from '../operation.ts';
import { chargeJournal } from '../upkeep/charge-journal.ts';

export const bundleFields = z.strictObject({
  /** Path of the ZIP. */
  out: z.string(),
  for: z.enum(audiences).default('insurer'),
  /** The block to build as of; a new snapshot when it is left out. */
  asOf: numberWithin(1, Number.MAX_SAFE_INTEGER).optional(),
  final: z.boolean().default(false),
  by: actingName.optional(),
});

export const bundleAnswer = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('built'),
    file: z.string(),
    sha256,
    bytes: count,
    files: count,
    block: count,
    head: sha256,
    keyFingerprint: sha256,
  }),
  z.strictObject({ kind: z.literal('refused'), reasons: z.array(z.enum(['NOT_CLOSED', 'NOT_BALANCED'])) }),
]) satisfies z.ZodType<BundleResult>;

export async function bundleCampaign(
  { app, campaign, actor }: Pick<WriteContext, 'app' | 'campaign' | 'actor'>,
  { out, for: audience, asOf, final, by }: z.output<typeof bundleFields>,
  receiver: Pick<BundleInput, 'receiverPem'> = {},
): Promise<BundleResult> {
  // A bundle of today has today's charges, whether a worker runs or not; one of an earlier block has what was charged then.
  if (asOf === undefined) await chargeJournal(app, { campaignId: campaign.id });
  else await coverAudit(app, campaign.id);
  return await buildBundle(app, {
    campaign,
    out: resolve(out),
    audience,
    isFinal: final,
    ...(asOf === undefined ? {} : { asOf }),
    ...(by === undefined ? {} : { actorId: await actor(by) }),
    ...receiver,
  });
}
