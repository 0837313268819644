/** SQL of contacts and cases. Intervals have a store of their own. */
import { z } from 'zod';
import { type Db, day, execute, instant, rows, sql, type Tx } from '../platform/postgres/db.ts';
import { type Contact, callerKinds, contactChannels, contactResults, contactTopics, listAnswers } from './contact.ts';

export type NewContact = Contact & { campaignId: string; noteSealed: Buffer | null; promiseSealed: Buffer | null };

export async function insertContact(tx: Tx, contact: NewContact): Promise<void> {
  await execute(
    tx,
    sql`insert into contacts.contact (id, campaign_id, channel, direction, person_ref, notice_number, caller_kind, topic, result,
          answer, list_version, minutes, escalation, handled_by, note_sealed, promise_sealed, promise_due, received_at)
        values (${contact.id}, ${contact.campaignId}, ${contact.channel}, ${contact.direction}, ${contact.personRef},
          ${contact.noticeNumber}, ${contact.callerKind}, ${contact.topic}, ${contact.result}, ${contact.answer},
          ${contact.listVersion}, ${contact.minutes}, ${contact.escalation}, ${contact.handledBy}, ${contact.noteSealed},
          ${contact.promiseSealed}, ${contact.promiseDue}, ${contact.receivedAt})`,
  );
}

export async function insertContactEvent(
  tx: Tx,
  event: { campaignId: string; ref: string; kind: string; at: Date; code: string; factId: string },
): Promise<void> {
  await execute(
    tx,
    sql`insert into contacts.contact_event (campaign_id, ref, kind, at, code, fact_id)
        values (${event.campaignId}, ${event.ref}, ${event.kind}, ${event.at}, ${event.code}, ${event.factId})`,
  );
}

const contactRow = z
  .object({
    id: z.string(),
    channel: z.enum(contactChannels),
    direction: z.enum(['in', 'out']),
    person_ref: z.string().nullable(),
    notice_number: z.string().nullable(),
    caller_kind: z.enum(callerKinds),
    topic: z.enum(contactTopics),
    result: z.enum(contactResults),
    answer: z.enum(listAnswers),
    list_version: z.number().int().nullable(),
    minutes: z.number().int(),
    escalation: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]),
    handled_by: z.string().nullable(),
    promise_due: day.nullable(),
    received_at: instant,
  })
  .transform(
    (found): Contact => ({
      id: found.id,
      channel: found.channel,
      direction: found.direction,
      personRef: found.person_ref,
      noticeNumber: found.notice_number,
      callerKind: found.caller_kind,
      topic: found.topic,
      result: found.result,
      answer: found.answer,
      listVersion: found.list_version,
      minutes: found.minutes,
      escalation: found.escalation,
      handledBy: found.handled_by,
      promiseDue: found.promise_due,
      receivedAt: found.received_at,
    }),
  );

/** Contacts of a campaign in the order received; of one person when `personRef` is given. */
export async function listContactRows(db: Db, campaignId: string, personRef: string | null = null): Promise<Contact[]> {
  const ofPerson = personRef === null ? sql`true` : sql`person_ref = ${personRef}`;
  return await rows(
    db,
    contactRow,
    sql`select * from contacts.contact where campaign_id = ${campaignId} and ${ofPerson} order by received_at, id`,
  );
}

/** Contacts per Japanese day and topic. */
export async function countContacts(
  db: Db,
  campaignId: string,
): Promise<{ day: string; topic: string; contacts: number; minutes: number }[]> {
  const schema = z.object({
    day,
    topic: z.string(),
    contacts: z.coerce.number().int(),
    minutes: z.coerce.number().int(),
  });
  return await rows(
    db,
    schema,
    sql`select (received_at at time zone 'Asia/Tokyo')::date as day, topic, count(*) as contacts, sum(minutes) as minutes
        from contacts.contact where campaign_id = ${campaignId} group by 1, 2 order by 1, 2`,
  );
}

const caseStates = ['opened', 'rechecked', 'closed'] as const;
const caseRow = z
  .object({
    id: z.string(),
    contact_id: z.string(),
    kind: z.enum(['claims_affected', 'escalated']),
    claimed_sealed: z.instanceof(Buffer).nullable(),
    opened_on_version: z.number().int(),
    opened_at: instant,
    due_on: day,
    last_kind: z.enum(caseStates),
    last_code: z.string(),
    rechecked_version: z.number().int().nullable(),
    found_ref: z.string().nullable(),
  })
  .transform((found) => ({
    id: found.id,
    contactId: found.contact_id,
    kind: found.kind,
    claimedSealed: found.claimed_sealed,
    openedOnVersion: found.opened_on_version,
    openedAt: found.opened_at,
    dueOn: found.due_on,
    isOpen: found.last_kind !== 'closed',
    code: found.last_code,
    recheckedVersion: found.rechecked_version,
    personRef: found.found_ref,
  }));
/** A case with its latest state: who was found (if so) and on which version it was checked last. */
export type ContactCase = z.output<typeof caseRow>;

export async function listCaseRows(db: Db, campaignId: string): Promise<ContactCase[]> {
  return await rows(
    db,
    caseRow,
    sql`select c.*, last.kind as last_kind, last.code as last_code, last.person_ref as found_ref,
          (select max(list_version) from contacts.case_event v where v.ref = c.id and v.kind = 'rechecked') as rechecked_version
        from contacts.case c
        join lateral (select kind, code, person_ref from contacts.case_event e where e.ref = c.id order by e.id desc limit 1) last on true
        where c.campaign_id = ${campaignId} order by c.opened_at, c.id`,
  );
}

export type NewCase = {
  id: string;
  campaignId: string;
  contactId: string;
  kind: 'claims_affected' | 'escalated';
  claimedSealed: Buffer | null;
  openedOnVersion: number;
  openedAt: Date;
  dueOn: string;
};

export async function insertCase(tx: Tx, found: NewCase): Promise<void> {
  await execute(
    tx,
    sql`insert into contacts.case (id, campaign_id, contact_id, kind, claimed_sealed, opened_on_version, opened_at, due_on)
        values (${found.id}, ${found.campaignId}, ${found.contactId}, ${found.kind}, ${found.claimedSealed},
          ${found.openedOnVersion}, ${found.openedAt}, ${found.dueOn})`,
  );
}

export type CaseEvent = {
  campaignId: string;
  ref: string;
  kind: (typeof caseStates)[number];
  cycle: number;
  at: Date;
  code: string;
  personRef: string | null;
  listVersion: number | null;
};

/** Inserts events of cases; returns those that were new. */
export async function insertCaseEvents(tx: Tx, factId: string, events: readonly CaseEvent[]): Promise<CaseEvent[]> {
  const inserted: CaseEvent[] = [];
  for (const event of events) {
    const touched = await execute(
      tx,
      sql`insert into contacts.case_event (campaign_id, ref, kind, cycle, at, code, person_ref, list_version, fact_id)
          values (${event.campaignId}, ${event.ref}, ${event.kind}, ${event.cycle}, ${event.at}, ${event.code},
            ${event.personRef}, ${event.listVersion}, ${factId}) on conflict (ref, kind, cycle) do nothing`,
    );
    if (touched === 1) inserted.push(event);
  }
  return inserted;
}
