/** A plan: everything that will run, frozen and named by one hash. Editing a file later changes the folder, never the plan. */
import { z } from 'zod';
import { canonicalJson } from '../../kernel/canonical.ts';
import { stampFormat, storedFormats, type Upgrade, upgradeStored } from '../../kernel/stored-format.ts';
import { campaignFileSchema } from '../folder/campaign-file.ts';
import { policyFileSchema } from '../policy/policy-terms.ts';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** What a plan freezes. Its canonical JSON is what is hashed, stored and approved. */
export const planSnapshotSchema = z.strictObject({
  campaignFile: campaignFileSchema,
  policy: policyFileSchema,
  /** The rate card as it stood in the folder: what the ledger charges by needs no folder any more. */
  ratesText: z.string().min(1),
  ratesSha256: sha256,
  notices: z.array(z.strictObject({ variant: z.string(), language: z.string(), text: z.string(), sha256 })),
  listVersion: z.int().positive(),
  listSha256: sha256,
  fontsSha256: sha256,
  rendererVersion: z.string().min(1),
});

export type PlanSnapshot = z.output<typeof planSnapshotSchema>;

/**
 * How an older snapshot becomes a newer one, before its schema sees it. A field that campaign.yaml, policy.yaml or the snapshot
 * newly requires is filled in here, so that a campaign which runs on an older plan goes on as it was approved.
 */
const upgrades: readonly Upgrade[] = [
  // 1 → 2: a snapshot carries its number.
  (snapshot) => snapshot,
];

/** What is stored, hashed and approved. */
export function writePlanSnapshot(snapshot: PlanSnapshot): string {
  return canonicalJson(stampFormat(planSnapshotSchema.parse(snapshot), storedFormats['plan-snapshot']));
}

/** Reads a stored snapshot of any format. Throws FORMAT_NEWER. */
export function readPlanSnapshot(json: string): PlanSnapshot {
  return planSnapshotSchema.parse(upgradeStored({ word: 'stored.plan-snapshot' }, JSON.parse(json), upgrades));
}

export type Plan = {
  readonly id: string;
  readonly campaignId: string;
  readonly sha256: string;
  readonly fileId: string;
  readonly listVersion: number;
  readonly createdAt: Date;
};
