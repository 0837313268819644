/**
 * Builds the bundle of a campaign into a file: takes (or finds) the snapshot, copies what the chain names, signs it, and
 * records that it was built. The same block gives the same bytes, whatever was recorded later (promise 7).
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Campaign } from '../../campaign/campaign.ts';
import { recordFact } from '../../journal/record-fact.ts';
import { listBlockFacts, listBlocks } from '../../journal/store.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { readReceiverKey, sealTo } from '../../platform/crypto/seal-to.ts';
import { hasSigningKey, openSigningKey, type SigningKey, signingKey } from '../../platform/crypto/sign.ts';
import { type Db, type Pool, transaction } from '../../platform/postgres/db.ts';
import { exportPeople } from '../snapshot/export-people.ts';
import { CAMPAIGN_FILE } from '../snapshot/list-parts.ts';
import { takeSnapshot } from '../snapshot/take-snapshot.ts';
import {
  findAuditBlock,
  findKeyFingerprint,
  findPiece,
  findSnapshot,
  insertBundle,
  listSnapshotBlocks,
  type Snapshot,
} from '../store.ts';
import { type Audience, isForAudience } from '../verify/audience.ts';
import type { SealedFact } from '../verify/journal-lines.ts';
import { merkleDocument } from '../verify/verify-contents.ts';
import type { BundleContents, BundleFile } from './bundle-contents.ts';
import { writeBundle } from './write-bundle.ts';

export const BUNDLE_SOFTWARE = 'Owabi 0.1';

export type BundleInput = {
  readonly campaign: Campaign;
  /** Path of the ZIP; replaced only when the new one is complete. */
  readonly out: string;
  readonly audience: Audience;
  /** Block to build as of; default: now, with a snapshot taken when one is needed. */
  readonly asOf?: number;
  readonly isFinal?: boolean;
  /** Public key (PEM, X25519) that the per-person file is encrypted to; without it no per-person data leaves. */
  readonly receiverPem?: string;
  readonly actorId?: string;
};

export type BundleResult =
  | {
      readonly kind: 'built';
      readonly file: string;
      readonly sha256: string;
      readonly bytes: number;
      readonly files: number;
      readonly block: number;
      readonly head: string;
      readonly keyFingerprint: string;
    }
  | { readonly kind: 'refused'; readonly reasons: readonly BundleRefusal[] };

export type BundleRefusal = 'NOT_CLOSED' | 'NOT_BALANCED';

/** Throws BLOCK_MISSING for a block that no snapshot belongs to, KEY_WRONG for a key that is none, KEY_MISSING. */
export async function buildBundle(
  app: Pick<App, 'pool' | 'clock' | 'keys' | 'files'>,
  input: BundleInput,
): Promise<BundleResult> {
  const { campaign, audience, isFinal = false } = input;
  const receiver = input.receiverPem === undefined ? null : readReceiverKey(input.receiverPem);
  const snapshot = await chooseSnapshot(app, campaign.id, input.asOf);
  if (isFinal) {
    const reasons = await findRefusals(app.pool, campaign, snapshot);
    if (reasons.length > 0) return { kind: 'refused', reasons };
  }
  const signing = await chooseKey(app, campaign.id);
  const files: BundleFile[] = snapshot.body.parts
    .filter((part) => isForAudience(part.path, audience))
    .map((part) => ({ path: part.path, open: () => readPart(app.pool, part.sha256) }));
  if (receiver !== null) {
    const open = () => sealTo(receiver.key, exportPeople(app, campaign));
    files.push({ path: 'data/full/people.ndjson.sealed', open });
  }
  const block = await chooseBlock(app.pool, campaign.id, input.asOf, snapshot);
  const contents: BundleContents = {
    campaign: { id: campaign.id, slug: campaign.slug, client: await findClient(app.pool, snapshot, campaign) },
    block,
    snapshotBlock: snapshot.block,
    audience,
    isFinal,
    recipient: receiver?.fingerprint ?? null,
    files,
    people: await readPeople(app.pool, snapshot),
    blocks: async function* () {
      yield* await listBlocks(app.pool, campaign.id, { through: block.number });
    },
    facts: () => listSealedFacts(app.pool, campaign.id, block.number),
    signing,
    software: BUNDLE_SOFTWARE,
  };
  const written = await writeFile(contents, input.out);
  const built = {
    campaignId: campaign.id,
    block: block.number,
    audience,
    ...written,
    keyFingerprint: signing.fingerprint,
    recipientFingerprint: contents.recipient,
    isFinal,
  };
  await recordBundle(app, built, input.actorId ?? null);
  const { sha256, bytes, files: count } = written;
  return {
    kind: 'built',
    file: input.out,
    sha256,
    bytes,
    files: count,
    block: block.number,
    head: block.hash,
    keyFingerprint: signing.fingerprint,
  };
}

type BuiltBundle = Omit<Parameters<typeof insertBundle>[1], 'factId'>;

async function recordBundle(app: Pick<App, 'pool' | 'clock'>, built: BuiltBundle, actorId: string | null) {
  await transaction(app.pool, async (tx) => {
    const { campaignId, ...body } = built;
    const factId = await recordFact(tx, { campaignId, kind: 'bundle.built', occurredAt: app.clock(), actorId, body });
    await insertBundle(tx, { ...built, factId });
  });
}

async function chooseSnapshot(
  app: Pick<App, 'pool' | 'clock' | 'keys' | 'files'>,
  campaignId: string,
  asOf: number | undefined,
): Promise<Snapshot> {
  if (asOf === undefined) return await takeSnapshot(app, campaignId);
  const snapshot = await findSnapshot(app.pool, campaignId, { throughBlock: asOf });
  const [block] = await listBlocks(app.pool, campaignId, { through: asOf }).then((blocks) => blocks.slice(-1));
  if (snapshot !== null && block?.number === asOf) return snapshot;
  const known = await listSnapshotBlocks(app.pool, campaignId);
  throw new AppError(known.length === 0 ? 'BLOCK_MISSING.first' : 'BLOCK_MISSING.others', {
    block: asOf,
    blocks: known.join(', '),
  });
}

/** The chain reaches past the snapshot to the newest digest over the audit log: who looked since then is in the bundle too. */
async function chooseBlock(
  db: Db,
  campaignId: string,
  asOf: number | undefined,
  snapshot: Snapshot,
): Promise<BundleContents['block']> {
  const through = asOf ?? Math.max(snapshot.block, await findAuditBlock(db, campaignId));
  const block = (await listBlocks(db, campaignId, { through })).at(-1);
  if (block === undefined) throw new AppError('BLOCK_MISSING.none', { block: through });
  return block;
}

/** A key that earlier bundles were signed with is opened, never made anew. */
async function chooseKey(app: Pick<App, 'pool' | 'keys'>, campaignId: string): Promise<SigningKey> {
  const known = await findKeyFingerprint(app.pool, campaignId);
  if (known === null && !hasSigningKey(app.keys.dir, campaignId)) return signingKey(app.keys.dir, campaignId);
  const key = openSigningKey(app.keys.dir, campaignId);
  if (known === null || known === key.fingerprint) return key;
  throw new AppError('KEY_WRONG.signing', { fingerprint: known });
}

async function* readPart(db: Db, sha256: string): AsyncGenerator<Buffer> {
  for (let ordinal = 0; ; ordinal += 1) {
    const piece = await findPiece(db, sha256, ordinal);
    if (piece === null) return;
    yield piece;
  }
}

async function readDocument(db: Db, snapshot: Snapshot, path: string): Promise<unknown> {
  const part = snapshot.body.parts.find((item) => item.path === path);
  if (part === undefined) return null;
  const chunks: Buffer[] = [];
  for await (const chunk of readPart(db, part.sha256)) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** Until a plan names the client, the campaign's own id stands in. */
async function findClient(db: Db, snapshot: Snapshot, campaign: Campaign): Promise<string> {
  const found = (await readDocument(db, snapshot, CAMPAIGN_FILE)) as { client?: string | null } | null;
  return found?.client ?? campaign.slug;
}

async function readPeople(db: Db, snapshot: Snapshot): Promise<BundleContents['people']> {
  const found = await readDocument(db, snapshot, 'data/people/merkle.json');
  return found === null ? null : merkleDocument.parse(found);
}

async function findRefusals(db: Db, campaign: Campaign, snapshot: Snapshot): Promise<BundleRefusal[]> {
  const found = (await readDocument(db, snapshot, 'data/accounting.json')) as { balanced?: boolean } | null;
  const reasons: BundleRefusal[] = [];
  if (campaign.state !== 'closed') reasons.push('NOT_CLOSED');
  if (found?.balanced !== true) reasons.push('NOT_BALANCED');
  return reasons;
}

async function* listSealedFacts(pool: Pool, campaignId: string, through: number): AsyncGenerator<SealedFact> {
  for (let block = 1; block <= through; block += 1) {
    for (const { factHash, ordinal, ...fact } of await listBlockFacts(pool, campaignId, block)) {
      yield { block, ordinal, hash: factHash, fact };
    }
  }
}

/** Writes beside the target and renames, so that a half-written bundle never bears the name. */
async function writeFile(
  contents: BundleContents,
  out: string,
): Promise<{ sha256: string; bytes: number; files: number }> {
  const draft = `${out}.partial`;
  const hash = createHash('sha256');
  let bytes = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      hash.update(chunk);
      bytes += chunk.length;
      next(null, chunk);
    },
  });
  await mkdir(dirname(out), { recursive: true });
  try {
    const { stream, done } = writeBundle(contents);
    await pipeline(stream, counting, createWriteStream(draft, { mode: 0o600 }));
    const { files } = await done;
    await rename(draft, out);
    return { sha256: hash.digest('hex'), bytes, files };
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
