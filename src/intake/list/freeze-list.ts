/** Freezes the people of a campaign as list version n, which stays as it is whatever is imported later (promise 3). */
import { createHash } from 'node:crypto';
import { setListVersion } from '../../campaign/find-campaign.ts';
import { recordFact } from '../../journal/record-fact.ts';
import { AppError } from '../../kernel/errors.ts';
import { merkleRoot } from '../../platform/crypto/merkle.ts';
import { type Client, inTransaction, type Tx } from '../../platform/postgres/db.ts';
import { tryUnderLock } from '../../platform/postgres/locks.ts';
import { countRunningImports } from '../import-store.ts';
import type { IntakeApp, RosterCampaign } from '../roster-campaign.ts';
import { getRosterCount } from '../store.ts';
import {
  analyzeMembers,
  analyzeRecords,
  findVersion,
  insertMembers,
  insertVersion,
  listLeaves,
  listLeavesByRef,
} from './store.ts';

export type FrozenList = {
  readonly version: number;
  readonly people: number;
  /** Merkle root (RFC 6962) over the salted leaves in rank order, hexadecimal. */
  readonly sha256: string;
  /** False when nothing had changed since the last version, which is then returned. */
  readonly isNew: boolean;
};

const LEAVES_PER_PAGE = 10_000;
const FIRST_REF = '00000000-0000-0000-0000-000000000000';

/**
 * Throws LIST_EMPTY without people, and IMPORT_BUSY while an import runs or waits to be continued: a list that misses the rest of a file
 * must not be approved. Freezing an unchanged list again gives the same version.
 */
export async function freezeList(
  app: Pick<IntakeApp, 'pool' | 'clock'>,
  { campaign, actorId }: { campaign: RosterCampaign; actorId?: string },
): Promise<FrozenList> {
  const frozen = await tryUnderLock(app.pool, { lock: 'roster', campaignId: campaign.id }, async (client) => {
    if ((await countRunningImports(client, campaign.id)) > 0) throw new AppError('IMPORT_BUSY.interrupted');
    return await freezeLocked(client, campaign, app.clock(), actorId ?? null);
  });
  if (frozen.kind === 'busy') throw new AppError('IMPORT_BUSY.freeze');
  return frozen.result;
}

async function freezeLocked(
  client: Client,
  campaign: RosterCampaign,
  at: Date,
  actorId: string | null,
): Promise<FrozenList> {
  const last = await findVersion(client, campaign.id, null);
  const version = (last?.version ?? 0) + 1;
  await analyzeRecords(client);
  const freeze = async (tx: Tx): Promise<FrozenList> => {
    const people = await insertMembers(tx, campaign.id, version);
    if (people === 0) throw new AppError('LIST_EMPTY');
    await analyzeMembers(tx);
    const contentSha256 = await hashContent(tx, campaign.id, version);
    if (last !== null && last.content_sha256 === contentSha256)
      return { version: last.version, people: last.people, sha256: last.sha256, isNew: false };
    const { root } = await merkleRoot(pageLeaves(tx, campaign.id, version));
    await writeVersion(tx, { campaign, version, people, sha256: root, contentSha256, at, actorId });
    return { version, people, sha256: root, isNew: true };
  };
  return await inTransaction(client, freeze, { isKept: ({ isNew }) => isNew });
}

type NewVersion = {
  campaign: RosterCampaign;
  version: number;
  people: number;
  sha256: string;
  contentSha256: string;
  at: Date;
  actorId: string | null;
};

async function writeVersion(tx: Tx, { campaign, ...input }: NewVersion): Promise<void> {
  const roster = await getRosterCount(tx, campaign.id);
  await insertVersion(tx, { ...input, campaignId: campaign.id, roster });
  await setListVersion(tx, campaign.id, input.version);
  await recordFact(tx, {
    campaignId: campaign.id,
    kind: 'list.frozen',
    occurredAt: input.at,
    actorId: input.actorId,
    body: { version: input.version, people: input.people, sha256: input.sha256, roster },
  });
}

async function* pageLeaves(client: Client, campaignId: string, version: number): AsyncGenerator<Buffer> {
  for (let afterRank = -1; ; ) {
    const page = await listLeaves(client, campaignId, version, { afterRank, limit: LEAVES_PER_PAGE });
    for (const { leaf } of page) yield leaf;
    const last = page.at(-1);
    if (last === undefined) return;
    afterRank = last.rank;
  }
}

async function hashContent(client: Client, campaignId: string, version: number): Promise<string> {
  const hash = createHash('sha256');
  for (let afterRef = FIRST_REF; ; ) {
    const page = await listLeavesByRef(client, campaignId, version, { afterRef, limit: LEAVES_PER_PAGE });
    for (const { ref, leaf } of page) hash.update(ref).update(leaf);
    const last = page.at(-1);
    if (last === undefined) return hash.digest('hex');
    afterRef = last.ref;
  }
}
