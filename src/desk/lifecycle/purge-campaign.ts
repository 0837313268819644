/**
 * Destroys what names the victims: the keys first, because everything at rest is sealed under them, then the files that left
 * in clear. Needs a closed campaign, two names and no legal hold. Counts, times and hashes stay, and the chain still verifies.
 * A purge is on record before it destroys anything; one that was cut off is finished by the same command.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureActor, normaliseActorName } from '../../campaign/actors/ensure-actor.ts';
import type { Campaign } from '../../campaign/campaign.ts';
import { isUnderHold } from '../../campaign/set-legal-hold.ts';
import { listStoredRosters } from '../../intake/store.ts';
import { type FactBody, readFactBody } from '../../journal/facts/fact-kind.ts';
import { recordFact } from '../../journal/record-fact.ts';
import { sealFacts } from '../../journal/seal-facts.ts';
import { listFacts } from '../../journal/store.ts';
import type { App } from '../../platform/app.ts';
import { type Db, transaction } from '../../platform/postgres/db.ts';
import { coverAudit } from '../audit/cover-audit.ts';

/** `addresses` keeps the proof of who was told and who got a gift (it may be set off in court years later); `all` keeps nothing. */
export type PurgeScope = 'addresses' | 'all';

export type PurgeAnswer =
  | {
      readonly kind: 'purged' | 'would_purge';
      readonly keys: number;
      readonly files: number;
      readonly folders: readonly string[];
    }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

export async function purgeCampaign(
  app: App,
  input: { campaign: Campaign; by: string; and: string; scope: PurgeScope; dryRun: boolean },
): Promise<PurgeAnswer> {
  const { campaign, by, and, scope, dryRun } = input;
  const reasons = [
    ...(campaign.state === 'closed' ? [] : ['NOT_CLOSED']),
    ...(campaign.legalHold ? ['LEGAL_HOLD'] : []),
    ...(normaliseActorName(by) === normaliseActorName(and) ? ['SAME_PERSON'] : []),
  ];
  if (reasons.length > 0) return { kind: 'refused', reasons };
  const files = await listStoredRosters(app.pool, campaign.id);
  const folder = join(app.exportDir, campaign.slug);
  const folders = existsSync(folder) ? [folder] : [];
  const keys = app.keys.has(campaign.id) ? (scope === 'all' ? 3 : 1) : 0;
  if (dryRun) return { kind: 'would_purge', keys, files: files.length, folders };
  const begun = (await findCutOff(app.pool, campaign.id, scope)) ?? (await begin(app, input, files.length));
  if (begun === null) return { kind: 'refused', reasons: ['LEGAL_HOLD'] };
  app.keys.destroy(campaign.id, scope);
  for (const id of files) await app.files.delete(id);
  for (const path of folders) await rm(path, { recursive: true, force: true });
  await transaction(app.pool, (tx) =>
    recordFact(tx, {
      campaignId: campaign.id,
      kind: 'campaign.purged',
      occurredAt: app.clock(),
      actorId: begun.actorId,
      body: begun.body,
    }),
  );
  await sealFacts(app.pool, campaign.id, app.clock);
  return { kind: 'purged', keys, files: files.length, folders };
}

type BegunPurge = { readonly actorId: string | null; readonly body: FactBody<'campaign.purge_begun'> };

/** The purge of this scope that was begun last and not finished; null when there is none. Needs no key: they may be gone. */
async function findCutOff(db: Db, campaignId: string, scope: PurgeScope): Promise<BegunPurge | null> {
  const acts = (await listFacts(db, campaignId)).flatMap(({ kind, actorId, body: stored }) => {
    if (kind !== 'campaign.purge_begun' && kind !== 'campaign.purged') return [];
    const body = readFactBody(kind, stored);
    return body.scope === scope ? [{ kind, actorId, body }] : [];
  });
  const last = acts.at(-1);
  return last?.kind === 'campaign.purge_begun' ? last : null;
}

/**
 * Who purges is stored under the proof key, so the names are written, and sealed into the chain, before any key goes. Null when the
 * campaign is held.
 */
async function begin(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  { campaign, by, and, scope }: { campaign: Campaign; by: string; and: string; scope: PurgeScope },
  files: number,
): Promise<BegunPurge | null> {
  const campaignId = campaign.id;
  const actorId = await ensureActor(app, app.pool, { campaignId, name: by });
  const witnessId = await ensureActor(app, app.pool, { campaignId, name: and });
  const body = { scope, witnessId, files };
  const isHeld = await transaction(app.pool, async (tx) => {
    // A hold that was set while this purge was being asked for waits for the row, or is seen here.
    if (await isUnderHold(tx, campaignId)) return true;
    await recordFact(tx, { campaignId, kind: 'campaign.purge_begun', occurredAt: app.clock(), actorId, body });
    return false;
  });
  if (isHeld) return null;
  await coverAudit(app, campaignId);
  await sealFacts(app.pool, campaignId, app.clock);
  return { actorId, body };
}
