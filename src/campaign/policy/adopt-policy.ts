/** Adopts the terms of the policy for a campaign: a fact with a hash, so that every claim says by which terms it was computed. */
import { recordFact } from '../../journal/record-fact.ts';
import { hashJson } from '../../kernel/canonical.ts';
import { newRef } from '../../kernel/ids.ts';
import type { Db, Tx } from '../../platform/postgres/db.ts';
import { findPolicyVersion, insertPolicyVersion, lockCampaign, type PolicyVersion } from '../store.ts';
import type { PolicyFile } from './policy-terms.ts';

/** Adopts the policy unless it is the current one already. Returns the current version's hash and whether it is new. */
export async function adoptPolicy(
  tx: Tx,
  { campaignId, policy, at, actorId }: { campaignId: string; policy: PolicyFile; at: Date; actorId?: string },
): Promise<{ sha256: string; isNew: boolean }> {
  await lockCampaign(tx, campaignId);
  const sha256 = hashJson(policy);
  const current = await findPolicyVersion(tx, campaignId);
  if (current?.sha256 === sha256) return { sha256, isNew: false };
  const factId = await recordFact(tx, {
    campaignId,
    kind: 'policy.adopted',
    occurredAt: at,
    actorId: actorId ?? null,
    body: { policySha256: sha256, replaces: current?.sha256 ?? null },
  });
  await insertPolicyVersion(tx, { id: newRef(), campaignId, sha256, policy, adoptedAt: at, factId });
  return { sha256, isNew: true };
}

/** The policy adopted last, or null. */
export async function findPolicy(db: Db, campaignId: string): Promise<PolicyVersion | null> {
  return await findPolicyVersion(db, campaignId);
}
