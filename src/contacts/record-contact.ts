/**
 * Records one contact. What the window may say about the list comes from the frozen list version only, and the version is put on
 * record; who says they are affected and is not on it becomes a case that the next version re-checks.
 */
import { ensureActor } from '../campaign/actors/ensure-actor.ts';
import type { Campaign } from '../campaign/campaign.ts';
import { campaignAftermath } from '../campaign/campaign-span.ts';
import { findPersonBy, getPeople } from '../intake/get-people.ts';
import { recordEvents } from '../journal/record-fact.ts';
import { addDays, toDay } from '../kernel/calendar.ts';
import { AppError } from '../kernel/errors.ts';
import { newRef } from '../kernel/ids.ts';
import { acceptDay, acceptMoment, anySpan } from '../kernel/outside-day.ts';
import { findNotice } from '../notice/store.ts';
import type { App } from '../platform/app.ts';
import { seal } from '../platform/crypto/crypt.ts';
import { transaction } from '../platform/postgres/db.ts';
import {
  type CallerKind,
  type ClaimedIdentity,
  type ContactChannel,
  type ContactResult,
  type ContactTopic,
  type EscalationLevel,
  escalationOf,
  type ListAnswer,
} from './contact.ts';
import {
  insertCase,
  insertCaseEvents,
  insertContact,
  insertContactEvent,
  type NewCase,
  type NewContact,
} from './store.ts';

/** A case is to be looked at again within this time, whether or not a new list version is frozen by then. */
const CASE_DUE_DAYS = 7;

export type ContactApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock' | 'exportDir'>;

export type ContactInput = {
  readonly campaign: Campaign;
  /** Who asks: by notice number or reference; `claimed` when they have neither (or say that the list is wrong). */
  readonly notice?: string;
  readonly ref?: string;
  readonly claimed?: ClaimedIdentity;
  /** The caller says that they are affected: not on the version → a case. */
  readonly claimsAffected?: boolean;
  readonly channel: ContactChannel;
  readonly direction?: 'in' | 'out';
  readonly callerKind?: CallerKind;
  readonly topic: ContactTopic;
  readonly result?: ContactResult;
  readonly minutes?: number;
  /** Default: by topic. */
  readonly escalation?: EscalationLevel;
  /** Name of the person at the window; kept as an actor, sealed. */
  readonly handledBy?: string;
  /** Free text, sealed. */
  readonly note?: string;
  readonly promise?: string;
  readonly promiseDue?: string;
  readonly receivedAt?: Date;
};

export type RecordedContact = {
  readonly id: string;
  readonly answer: ListAnswer;
  readonly listVersion: number | null;
  readonly escalation: EscalationLevel;
  readonly caseId: string | null;
};

export const contactAad = (campaignId: string, ref: string, column: string) => `${campaignId}|${ref}|${column}`;

/** Throws PERSON_MISSING for a number that this campaign never issued, LIST_NOT_FROZEN when nothing can be answered yet. */
export async function recordContact(app: ContactApp, input: ContactInput): Promise<RecordedContact> {
  const { campaign } = input;
  const who = await findCaller(app, input);
  const receivedAt = await readReceivedAt(app, input);
  const id = newRef();
  const escalation = input.escalation ?? escalationOf(input.topic);
  const { address } = app.keys.open(campaign.id);
  // What a caller said speaks of the person: it goes with the addresses, not with the proof.
  const sealed = (column: string, text: string | undefined) =>
    text ? seal(address, contactAad(campaign.id, id, column), text) : null;
  // Also when the caller gives nothing to look up: the case then waits for them to call again, and is not lost.
  const opensCase = input.claimsAffected === true && who.answer !== 'on_version';
  const caseId = newRef();
  const found: NewCase | null = opensCase
    ? {
        id: caseId,
        campaignId: campaign.id,
        contactId: id,
        kind: 'claims_affected',
        claimedSealed: seal(
          address,
          contactAad(campaign.id, caseId, 'claimed_sealed'),
          JSON.stringify(input.claimed ?? {}),
        ),
        openedOnVersion: who.listVersion ?? campaign.listVersion ?? 0,
        openedAt: receivedAt,
        dueOn: addDays(toDay(receivedAt), CASE_DUE_DAYS),
      }
    : null;
  await transaction(app.pool, async (tx) => {
    const handledBy = input.handledBy
      ? await ensureActor(app, tx, { campaignId: campaign.id, name: input.handledBy })
      : null;
    const contact: NewContact = {
      id,
      campaignId: campaign.id,
      channel: input.channel,
      direction: input.direction ?? 'in',
      personRef: who.personRef,
      noticeNumber: who.noticeNumber,
      callerKind: input.callerKind ?? (who.personRef === null ? 'unknown' : 'self'),
      topic: input.topic,
      // Nobody said how it ended: it is not answered until somebody says so.
      result: input.result ?? (escalation > 1 ? 'escalated' : 'left_open'),
      answer: who.answer,
      listVersion: who.listVersion,
      minutes: input.minutes ?? 0,
      escalation,
      handledBy,
      noteSealed: sealed('note_sealed', input.note),
      promiseSealed: sealed('promise_sealed', input.promise),
      promiseDue: input.promiseDue ?? null,
      receivedAt,
    };
    await insertContact(tx, contact);
    await recordContactFact(tx, contact, found);
  });
  return { id, answer: who.answer, listVersion: who.listVersion, escalation, caseId: found?.id ?? null };
}

/** Throws DAY_REFUSED for a contact in the future or before the incident was known, and for a promise before its contact. */
async function readReceivedAt(app: ContactApp, { campaign, receivedAt, promiseDue }: ContactInput): Promise<Date> {
  const now = app.clock();
  const at =
    receivedAt === undefined
      ? now
      : acceptMoment(receivedAt, { now, campaign: await campaignAftermath(app, campaign.id) });
  if (promiseDue !== undefined)
    acceptDay(promiseDue, { now, campaign: anySpan, follows: toDay(at), mayLieAhead: true });
  return at;
}

type Tx = Parameters<typeof insertContact>[0];

/** One fact for the contact and, when it opens one, its case. No line: answered calls are charged from interval reports. */
async function recordContactFact(tx: Tx, contact: NewContact, found: NewCase | null): Promise<void> {
  await recordEvents(tx, {
    campaignId: contact.campaignId,
    kind: 'contact.recorded',
    occurredAt: contact.receivedAt,
    actorId: contact.handledBy,
    insert: async (factId) => {
      const event = {
        campaignId: contact.campaignId,
        ref: contact.id,
        kind: 'received',
        at: contact.receivedAt,
        code: contact.topic,
      };
      await insertContactEvent(tx, { ...event, factId });
      const rows = [{ ref: contact.id, kind: 'received', cycle: 1, code: contact.topic as string }];
      if (found === null) return rows;
      await insertCase(tx, found);
      const opened = {
        campaignId: contact.campaignId,
        ref: found.id,
        kind: 'opened' as const,
        cycle: 1,
        code: found.kind,
      };
      await insertCaseEvents(tx, factId, [
        { ...opened, at: found.openedAt, personRef: null, listVersion: found.openedOnVersion },
      ]);
      return [...rows, { ref: found.id, kind: 'opened', cycle: 1, code: found.kind as string }];
    },
    describe: (rows) => ({
      events: rows.map((row) => [row.ref, row.kind, row.cycle, contact.receivedAt.toISOString(), row.code]),
      lines: [],
      body: {
        channel: contact.channel,
        topic: contact.topic,
        result: contact.result,
        answer: contact.answer,
        listVersion: contact.listVersion,
        minutes: contact.minutes,
        escalation: contact.escalation,
      },
    }),
  });
}

type Caller = { personRef: string | null; noticeNumber: string | null; answer: ListAnswer; listVersion: number | null };

async function findCaller(app: ContactApp, input: ContactInput): Promise<Caller> {
  const { campaign } = input;
  const asks = input.notice ?? input.ref ?? input.claimed;
  if (asks === undefined) return { personRef: null, noticeNumber: null, answer: 'not_asked', listVersion: null };
  const listVersion = campaign.listVersion;
  if (listVersion === null) {
    throw new AppError('LIST_NOT_FROZEN.contact');
  }
  const number = input.notice?.replace(/[\s-]/g, '') ?? null;
  const notice = number === null ? null : await findNotice(app.pool, campaign.id, number);
  if (number !== null && notice === null) {
    throw new AppError('PERSON_MISSING.notIssued', { number });
  }
  const refs = notice
    ? [notice.personRef]
    : input.ref
      ? [input.ref]
      : await findClaimed(app, campaign, input.claimed ?? {});
  const members = refs.length === 0 ? [] : [...(await getPeople(app, campaign, refs, { version: listVersion })).keys()];
  return {
    personRef: refs.length === 1 ? (refs[0] ?? null) : null,
    noticeNumber: number,
    answer: members.length > 0 ? 'on_version' : 'not_on_version',
    listVersion,
  };
}

/** Everyone whom any of the claimed identifiers finds. A name alone finds no one: too many share one. */
export async function findClaimed(
  app: Pick<ContactApp, 'pool' | 'keys'>,
  campaign: Campaign,
  claimed: ClaimedIdentity,
): Promise<string[]> {
  const refs = new Set<string>();
  const { email, phone, kana, customerKey } = claimed;
  if (email) for (const ref of await findPersonBy(app, campaign, { email })) refs.add(ref);
  if (phone) for (const ref of await findPersonBy(app, campaign, { phone })) refs.add(ref);
  if (kana) for (const ref of await findPersonBy(app, campaign, { kana })) refs.add(ref);
  if (customerKey) for (const ref of await findPersonBy(app, campaign, { customerKey })) refs.add(ref);
  return [...refs];
}
