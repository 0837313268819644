/** SQL of the evidence: parts of snapshots in pieces, the snapshots themselves (facts of the journal) and built bundles. */
import { z } from 'zod';
import { readFactBody } from '../journal/facts/fact-kind.ts';
import { newRef } from '../kernel/ids.ts';
import { bytes, type Db, execute, int8, maybeRow, row, rows, sql, type Tx } from '../platform/postgres/db.ts';
import type { Audience } from './verify/audience.ts';
import type { SnapshotBody } from './verify/journal-lines.ts';

export async function insertPiece(tx: Tx, uploadId: string, ordinal: number, content: Buffer): Promise<void> {
  await execute(
    tx,
    sql`insert into evidence.piece (upload_id, ordinal, content) values (${uploadId}, ${ordinal}, ${content})`,
  );
}

/** False when a part with the same contents exists already; the caller then rolls its pieces back. */
export async function insertPart(tx: Tx, part: { sha256: string; uploadId: string; bytes: number }): Promise<boolean> {
  const inserted = await execute(
    tx,
    sql`insert into evidence.part (sha256, upload_id, bytes) values (${part.sha256}, ${part.uploadId}, ${part.bytes})
        on conflict (sha256) do nothing`,
  );
  return inserted === 1;
}

/** One piece of a part, or null past its end. */
export async function findPiece(db: Db, sha256: string, ordinal: number): Promise<Buffer | null> {
  const found = await maybeRow(
    db,
    z.object({ content: bytes }),
    sql`select e.content from evidence.part p join evidence.piece e on e.upload_id = p.upload_id
        where p.sha256 = ${sha256} and e.ordinal = ${ordinal}`,
  );
  return found?.content ?? null;
}

export type Snapshot = { readonly factId: number; readonly block: number; readonly body: SnapshotBody };

/** The newest sealed snapshot up to a block; null when there is none. */
export async function findSnapshot(
  db: Db,
  campaignId: string,
  { throughBlock }: { throughBlock?: number } = {},
): Promise<Snapshot | null> {
  const limit = throughBlock === undefined ? sql`true` : sql`b.block <= ${throughBlock}`;
  const found = await maybeRow(
    db,
    z.object({ id: int8, block: int8, body: z.unknown() }),
    sql`select f.id, b.block, f.body from journal.fact f join journal.block_fact b on b.fact_id = f.id
        where f.campaign_id = ${campaignId} and f.kind = 'evidence.snapshot_taken' and ${limit}
        order by b.block desc, b.ordinal desc limit 1`,
  );
  return found === null
    ? null
    : { factId: found.id, block: found.block, body: readFactBody('evidence.snapshot_taken', found.body) };
}

/** Blocks that a bundle can be built as of: those from the first snapshot on. */
export async function listSnapshotBlocks(db: Db, campaignId: string): Promise<number[]> {
  const found = await rows(
    db,
    z.object({ block: int8 }),
    sql`select distinct b.block from journal.fact f join journal.block_fact b on b.fact_id = f.id
        where f.campaign_id = ${campaignId} and f.kind = 'evidence.snapshot_taken' order by b.block`,
  );
  return found.map((item) => item.block);
}

/** The newest block with a digest over the audit log; 0 before the first. */
export async function findAuditBlock(db: Db, campaignId: string): Promise<number> {
  const found = await row(
    db,
    z.object({ block: int8 }),
    sql`select coalesce(max(b.block), 0) as block from journal.fact f join journal.block_fact b on b.fact_id = f.id
        where f.campaign_id = ${campaignId} and f.kind = 'audit.covered'`,
  );
  return found.block;
}

/** How many facts other than the evidence room's own are newer than what a snapshot covered. */
export async function countUncoveredFacts(
  db: Db,
  campaignId: string,
  covered: SnapshotBody['covered'],
): Promise<number> {
  const found = await row(
    db,
    z.object({ count: int8 }),
    sql`select count(*) as count from journal.fact f left join journal.block_fact b on b.fact_id = f.id
        where f.campaign_id = ${campaignId} and f.kind not in ('evidence.snapshot_taken', 'bundle.built', 'person.viewed', 'audit.covered')
          and (b.block is null or b.block > ${covered.block}) and f.id <> all(${covered.facts}::bigint[])`,
  );
  return found.count;
}

/** Totals of the fact lines by driver and attributes over everything that this transaction sees. */
export async function sumDriverLines(
  db: Db,
  campaignId: string,
): Promise<{ driver: string; attributes: Record<string, unknown>; count: number }[]> {
  return await rows(
    db,
    z.object({ driver: z.string(), attributes: z.record(z.string(), z.unknown()), count: int8 }),
    sql`select l->>'driver' as driver, l->'attributes' as attributes, sum((l->>'count')::bigint) as count
        from journal.fact f cross join lateral jsonb_array_elements(f.lines) l
        where f.campaign_id = ${campaignId} group by 1, 2 order by 1, 2`,
  );
}

/** Ids of the facts that are in no block yet, as this transaction sees them. */
export async function listUnsealedIds(db: Db, campaignId: string): Promise<number[]> {
  const found = await rows(
    db,
    z.object({ id: int8 }),
    sql`select fact_id as id from journal.unsealed_fact where campaign_id = ${campaignId} order by fact_id`,
  );
  return found.map((item) => item.id);
}

export type BuiltBundle = {
  readonly campaignId: string;
  readonly block: number;
  readonly audience: Audience;
  readonly sha256: string;
  readonly bytes: number;
  readonly files: number;
  readonly keyFingerprint: string;
  readonly recipientFingerprint: string | null;
  readonly isFinal: boolean;
};

export async function insertBundle(tx: Tx, bundle: BuiltBundle & { factId: string }): Promise<void> {
  await execute(
    tx,
    sql`insert into evidence.bundle (id, campaign_id, block, audience, bundle_sha256, byte_count, file_count, key_fingerprint,
          recipient_fingerprint, is_final, fact_id)
        values (${newRef()}, ${bundle.campaignId}, ${bundle.block}, ${bundle.audience}, ${bundle.sha256}, ${bundle.bytes},
          ${bundle.files}, ${bundle.keyFingerprint}, ${bundle.recipientFingerprint}, ${bundle.isFinal}, ${bundle.factId})`,
  );
}

/** The fingerprint that earlier bundles of the campaign were signed with; null before the first. */
export async function findKeyFingerprint(db: Db, campaignId: string): Promise<string | null> {
  const found = await maybeRow(
    db,
    z.object({ key_fingerprint: z.string() }),
    sql`select key_fingerprint from evidence.bundle where campaign_id = ${campaignId} order by fact_id limit 1`,
  );
  return found?.key_fingerprint ?? null;
}
