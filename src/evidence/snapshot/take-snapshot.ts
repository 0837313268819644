/**
 * Takes a snapshot: every total as the rooms see it at one moment, stored by hash, and named by one fact in the chain. A bundle
 * as of a block is then only a copy of what the chain names there, so the same block gives the same bytes (promise 7).
 */
import { createHash } from 'node:crypto';
import { recordFact } from '../../journal/record-fact.ts';
import { sealFacts } from '../../journal/seal-facts.ts';
import { findHead } from '../../journal/store.ts';
import { canonicalJson } from '../../kernel/canonical.ts';
import { AppError } from '../../kernel/errors.ts';
import { newRef } from '../../kernel/ids.ts';
import type { App } from '../../platform/app.ts';
import { type Pool, readSnapshot, transaction } from '../../platform/postgres/db.ts';
import {
  countUncoveredFacts,
  findSnapshot,
  insertPart,
  insertPiece,
  listUnsealedIds,
  type Snapshot,
} from '../store.ts';
import type { SnapshotBody } from '../verify/journal-lines.ts';
import { listParts } from './list-parts.ts';
import type { Part, SnapshotContext } from './part.ts';

/** Bytes per piece: small against the memory limit, large against a row's overhead. */
const PIECE_BYTES = 256 * 1024;

export type SnapshotSource = (context: SnapshotContext) => readonly Part[] | Promise<readonly Part[]>;

/**
 * Returns the newest snapshot, taking one when anything but evidence was recorded since the last. `parts` is for tests; the
 * default asks every room.
 */
export async function takeSnapshot(
  app: Pick<App, 'pool' | 'clock' | 'keys' | 'files'>,
  campaignId: string,
  parts: SnapshotSource = listParts,
): Promise<Snapshot> {
  await sealFacts(app.pool, campaignId, app.clock);
  // Events and their fact commit together, so one repeatable-read snapshot sees exactly the events of the facts it sees.
  const body = await readSnapshot(app.pool, (db) =>
    readParts(app.pool, { db, campaignId, app: { pool: db, keys: app.keys, files: app.files } }, parts),
  );
  const latest = await findSnapshot(app.pool, campaignId);
  if (latest !== null && canonicalJson(latest.body.parts) === canonicalJson(body.parts)) {
    const newer = await countUncoveredFacts(app.pool, campaignId, latest.body.covered);
    if (newer === 0) return latest;
  }
  await transaction(app.pool, (tx) =>
    recordFact(tx, { campaignId, kind: 'evidence.snapshot_taken', occurredAt: app.clock(), body }),
  );
  await sealFacts(app.pool, campaignId, app.clock);
  const taken = await findSnapshot(app.pool, campaignId);
  if (taken === null) throw new AppError('ROW_MISSING.snapshot');
  return taken;
}

async function readParts(pool: Pool, context: SnapshotContext, source: SnapshotSource): Promise<SnapshotBody> {
  const { db: reader, campaignId } = context;
  const head = await findHead(reader, campaignId);
  const facts = await listUnsealedIds(reader, campaignId);
  const parts: { path: string; bytes: number; sha256: string }[] = [];
  for (const part of await source(context)) parts.push({ path: part.path, ...(await storePart(pool, part)) });
  parts.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { covered: { block: head?.number ?? 0, facts }, parts };
}

/** Stores a part under its hash, in pieces; what is stored already is not stored again. */
async function storePart(pool: Pool, part: Part): Promise<{ bytes: number; sha256: string }> {
  const uploadId = newRef();
  const hash = createHash('sha256');
  let bytes = 0;
  const known = Symbol('known');
  try {
    return await transaction(pool, async (tx) => {
      let held: Buffer[] = [];
      let heldBytes = 0;
      let ordinal = 0;
      const flush = async () => {
        if (heldBytes === 0) return;
        await insertPiece(tx, uploadId, ordinal, Buffer.concat(held));
        ordinal += 1;
        held = [];
        heldBytes = 0;
      };
      for await (const chunk of part.open()) {
        const data = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
        hash.update(data);
        bytes += data.length;
        held.push(data);
        heldBytes += data.length;
        if (heldBytes >= PIECE_BYTES) await flush();
      }
      await flush();
      const sha256 = hash.digest('hex');
      const isNew = await insertPart(tx, { sha256, uploadId, bytes });
      if (!isNew) throw Object.assign(new Error('known'), { [known]: sha256 });
      return { bytes, sha256 };
    });
  } catch (error) {
    const sha256 = (error as { [known]?: string })[known];
    if (sha256 === undefined) throw error;
    return { bytes, sha256 };
  }
}
