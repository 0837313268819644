/** SQL of the journal: facts in, blocks over them. Open to every room above. */
import { z } from 'zod';
import type { Day } from '../kernel/calendar.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import { type Db, execute, instant, int8, maybeRow, named, row, rows, sql, type Tx } from '../platform/postgres/db.ts';
import type { Block } from './chain.ts';
import type { Fact } from './fact.ts';
import { type StoredLine, storedLineSchema } from './fact-line.ts';
import { factKinds } from './facts/fact-kind.ts';

const factRow = z
  .object({
    id: int8,
    campaign_id: z.string(),
    kind: z.enum(factKinds),
    occurred_at: instant,
    recorded_at: instant,
    actor_id: z.string().nullable(),
    lines: z.array(storedLineSchema),
    persons_first: z.number().int(),
    event_count: z.number().int(),
    events_sha256: z.string(),
    body: z.json(),
    reverses: int8.nullable(),
  })
  .transform(
    (found): Fact => ({
      id: found.id,
      campaignId: found.campaign_id,
      kind: found.kind,
      occurredAt: found.occurred_at,
      recordedAt: found.recorded_at,
      actorId: found.actor_id,
      lines: found.lines,
      personsFirst: found.persons_first,
      eventCount: found.event_count,
      eventsSha256: found.events_sha256,
      body: found.body,
      reverses: found.reverses,
    }),
  );

const factColumns = sql`f.id, f.campaign_id, f.kind, f.occurred_at, f.recorded_at, f.actor_id, f.lines, f.persons_first,
  f.event_count, f.events_sha256, f.body, f.reverses`;

/** The next fact's id, taken before the events that point at it are inserted. */
export async function reserveFactId(tx: Tx): Promise<string> {
  const found = await row(tx, z.object({ id: z.string() }), sql`select nextval('journal.fact_id_seq')::text as id`);
  return found.id;
}

export async function insertFact(tx: Tx, id: string, fact: Omit<Fact, 'id' | 'recordedAt'>): Promise<void> {
  // PostgreSQL keeps microseconds; the hash is over milliseconds, so the recorded instant is cut to them here.
  await execute(
    tx,
    named(
      'journal.insert_fact',
      sql`insert into journal.fact (id, campaign_id, kind, occurred_at, recorded_at, actor_id, lines, persons_first, event_count,
          events_sha256, body, reverses)
        values (${id}, ${fact.campaignId}, ${fact.kind}, ${fact.occurredAt}, date_trunc('milliseconds', clock_timestamp()),
          ${fact.actorId}, ${canonicalJson(fact.lines)}, ${fact.personsFirst}, ${fact.eventCount}, ${fact.eventsSha256},
          ${canonicalJson(fact.body)}, ${fact.reverses})`,
    ),
  );
}

/** Facts in order of block and ordinal, unsealed ones last by id. `throughBlock` leaves out later blocks and unsealed facts. */
export async function listFacts(
  db: Db,
  campaignId: string,
  { throughBlock }: { throughBlock?: number } = {},
): Promise<Fact[]> {
  const limit = throughBlock === undefined ? sql`true` : sql`b.block <= ${throughBlock}`;
  return await rows(
    db,
    factRow,
    sql`select ${factColumns} from journal.fact f left join journal.block_fact b on b.fact_id = f.id
        where f.campaign_id = ${campaignId} and ${limit} order by b.block nulls last, b.ordinal, f.id`,
  );
}

/** What facts of a campaign say that were written after the id was reserved: for whoever shows what an act did, in its transaction. */
export async function listFactsAfter(db: Db, campaignId: string, factId: string): Promise<Fact[]> {
  return await rows(
    db,
    factRow,
    sql`select ${factColumns} from journal.fact f where f.campaign_id = ${campaignId} and f.id > ${factId}::bigint order by f.id`,
  );
}

/** The facts of one sealed block in their order. */
export async function listBlockFacts(
  db: Db,
  campaignId: string,
  block: number,
): Promise<(Fact & { factHash: string; ordinal: number })[]> {
  const schema = z.object({ fact_hash: z.string(), ordinal: z.number().int() }).loose();
  const found = await db.query(
    sql`select ${factColumns}, b.fact_hash, b.ordinal from journal.block_fact b join journal.fact f on f.id = b.fact_id
        where b.campaign_id = ${campaignId} and b.block = ${block} order by b.ordinal`,
  );
  return found.rows.map((raw) => {
    const place = schema.parse(raw);
    return { ...factRow.parse(raw), factHash: place.fact_hash, ordinal: place.ordinal };
  });
}

/** The lines of these blocks' facts, added up by driver, attributes and day in Japan. */
export async function sumBlockLines(
  db: Db,
  campaignId: string,
  blocks: readonly number[],
): Promise<(StoredLine & { readonly day: Day })[]> {
  return await rows(
    db,
    storedLineSchema.extend({ count: int8, day: z.string() }),
    sql`select l->>'driver' as driver, l->'attributes' as attributes, sum((l->>'count')::bigint) as count,
          to_char(f.occurred_at at time zone 'Asia/Tokyo', 'YYYY-MM-DD') as day
        from journal.block_fact b join journal.fact f on f.id = b.fact_id cross join lateral jsonb_array_elements(f.lines) l
        where b.campaign_id = ${campaignId} and b.block = any(${blocks}::int[]) group by 1, 2, 4 order by 1, 2, 4`,
  );
}

/** Every fact that is in no block yet, by id. */
export async function listUnsealedFacts(tx: Tx, campaignId: string, limit: number): Promise<Fact[]> {
  return await rows(
    tx,
    factRow,
    sql`select ${factColumns} from journal.unsealed_fact u join journal.fact f on f.id = u.fact_id
        where u.campaign_id = ${campaignId} order by u.fact_id limit ${limit}`,
  );
}

/** Facts without a block, as the lines of them say and as the journal itself says; they differ only when someone has tampered. */
export async function countUnsealed(db: Db, campaignId: string): Promise<{ noted: number; found: number }> {
  return await row(
    db,
    z.object({ noted: int8, found: int8 }),
    sql`select (select count(*) from journal.unsealed_fact where campaign_id = ${campaignId}) as noted,
          (select count(*) from journal.fact f where f.campaign_id = ${campaignId}
            and not exists (select 1 from journal.block_fact b where b.fact_id = f.id)) as found`,
  );
}

const blockRow = z
  .object({
    campaign_id: z.string(),
    number: z.number().int(),
    previous_hash: z.string(),
    hash: z.string(),
    fact_count: z.number().int(),
    sealed_at: instant,
  })
  .transform(
    (found): Block => ({
      campaignId: found.campaign_id,
      number: found.number,
      previousHash: found.previous_hash,
      hash: found.hash,
      factCount: found.fact_count,
      sealedAt: found.sealed_at,
    }),
  );

/** The newest block, or null before the first seal. */
export async function findHead(db: Db, campaignId: string): Promise<Block | null> {
  return await maybeRow(
    db,
    blockRow,
    sql`select * from journal.block where campaign_id = ${campaignId} order by number desc limit 1`,
  );
}

export async function listBlocks(db: Db, campaignId: string, { through }: { through?: number } = {}): Promise<Block[]> {
  const limit = through === undefined ? sql`true` : sql`number <= ${through}`;
  return await rows(
    db,
    blockRow,
    sql`select * from journal.block where campaign_id = ${campaignId} and ${limit} order by number`,
  );
}

export async function insertBlock(tx: Tx, block: Block, facts: readonly { id: number; hash: string }[]): Promise<void> {
  await execute(
    tx,
    sql`insert into journal.block (campaign_id, number, previous_hash, hash, fact_count, sealed_at)
        values (${block.campaignId}, ${block.number}, ${block.previousHash}, ${block.hash}, ${block.factCount}, ${block.sealedAt})`,
  );
  await execute(
    tx,
    sql`insert into journal.block_fact (fact_id, campaign_id, block, ordinal, fact_hash)
        select id, ${block.campaignId}, ${block.number}, ordinal - 1, hash
        from unnest(${facts.map((f) => f.id)}::bigint[], ${facts.map((f) => f.hash)}::text[]) with ordinality as u(id, hash, ordinal)`,
  );
}
