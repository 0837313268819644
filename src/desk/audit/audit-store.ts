/** SQL of the audit log: events in, and which facts of the journal cover them. */
import { z } from 'zod';
import { type Db, execute, instant, int8, rows, sql, type Tx } from '../../platform/postgres/db.ts';
import { type AuditEvent, auditKinds } from './audit-event.ts';

export async function insertAuditEvent(db: Db, event: Omit<AuditEvent, 'id'>): Promise<void> {
  await execute(
    db,
    sql`insert into desk.audit_event (run_id, campaign_id, at, kind, operation, door, role, actor_id, people, refs, code)
        values (${event.runId}, ${event.campaignId}, date_trunc('milliseconds', ${event.at}::timestamptz), ${event.kind},
          ${event.operation}, ${event.door}, ${event.role}, ${event.actorId}, ${event.people}, ${[...event.refs]}::uuid[], ${event.code})`,
  );
}

const eventRow = z
  .object({
    id: int8,
    run_id: z.string(),
    campaign_id: z.string().nullable(),
    at: instant,
    kind: z.enum(auditKinds),
    operation: z.string(),
    door: z.string(),
    role: z.string(),
    actor_id: z.string().nullable(),
    people: z.number().int(),
    refs: z.array(z.string()),
    code: z.string(),
    fact_id: int8.nullable(),
  })
  .transform((found): AuditEvent & { factId: number | null } => ({
    id: found.id,
    runId: found.run_id,
    campaignId: found.campaign_id,
    at: found.at,
    kind: found.kind,
    operation: found.operation,
    door: found.door,
    role: found.role,
    actorId: found.actor_id,
    people: found.people,
    refs: found.refs,
    code: found.code,
    factId: found.fact_id,
  }));

/** Events that no fact covers yet, oldest first. */
export async function listUncoveredEvents(tx: Tx, campaignId: string, limit: number): Promise<AuditEvent[]> {
  return await rows(
    tx,
    eventRow,
    sql`select e.*, null::bigint as fact_id from desk.audit_event e
        where e.campaign_id = ${campaignId} and not exists (select 1 from desk.audit_cover c where c.event_id = e.id)
        order by e.id limit ${limit}`,
  );
}

export async function insertCover(
  tx: Tx,
  { campaignId, factId, eventIds }: { campaignId: string; factId: string; eventIds: readonly number[] },
): Promise<void> {
  await execute(
    tx,
    sql`insert into desk.audit_cover (event_id, campaign_id, fact_id)
        select id, ${campaignId}, ${factId} from unnest(${[...eventIds]}::bigint[]) as u(id)`,
  );
}

/** Events of a campaign with the fact that covers each, oldest first, after an id. */
export async function listAuditEvents(
  db: Db,
  campaignId: string,
  { after, limit }: { after: number; limit: number },
): Promise<(AuditEvent & { readonly factId: number | null })[]> {
  return await rows(
    db,
    eventRow,
    sql`select e.*, c.fact_id from desk.audit_event e left join desk.audit_cover c on c.event_id = e.id
        where e.campaign_id = ${campaignId} and e.id > ${after} order by e.id limit ${limit}`,
  );
}

/** The digests that the journal holds over audit events, by fact. */
export async function listAuditDigests(
  db: Db,
  campaignId: string,
): Promise<{ factId: number; events: number; sha256: string }[]> {
  return await rows(
    db,
    z
      .object({ id: int8, event_count: z.number().int(), events_sha256: z.string() })
      .transform((found) => ({ factId: found.id, events: found.event_count, sha256: found.events_sha256 })),
    sql`select id, event_count, events_sha256 from journal.fact
        where campaign_id = ${campaignId} and kind = 'audit.covered' order by id`,
  );
}
