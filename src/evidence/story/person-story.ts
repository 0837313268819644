/**
 * One person's whole story: the list, what they were told and how, letters, cards, contacts, and the path that proves their
 * place in the list. Names no one; the operator's view adds the name (tell-story.ts).
 */
import type { Contact } from '../../contacts/contact.ts';
import { listPersonContacts } from '../../contacts/contact-volume.ts';
import { listPersonGifts } from '../../delivery/gifts/gift-store.ts';
import { listPersonPieceEvents } from '../../delivery/letters/piece-store.ts';
import { listPersonMailEvents } from '../../delivery/mail/event-store.ts';
import { findStanding } from '../../delivery/standing-store.ts';
import { exportListLeaves, listMembers } from '../../intake/list/list-members.ts';
import { AppError } from '../../kernel/errors.ts';
import { listNotices } from '../../notice/store.ts';
import { type MerkleStep, merklePath } from '../../platform/crypto/merkle.ts';
import type { Db } from '../../platform/postgres/db.ts';

/** Instants are ISO 8601; the order is by time. */
export type StoryEvent = {
  readonly at: string;
  readonly what: string;
  readonly code: string;
  readonly notice: string | null;
  /** The fact in the journal that covers this event; null where the event carries none. */
  readonly factId: number | null;
};

export type PersonStory = {
  readonly ref: string;
  readonly list: {
    readonly version: number;
    readonly position: number;
    readonly kind: string;
    readonly flags: readonly string[];
    readonly leakedItems: readonly string[];
  } | null;
  readonly standing: {
    readonly term: string;
    readonly outcome: string;
    readonly step: string | null;
    readonly dueOn: string | null;
  } | null;
  readonly notices: readonly {
    readonly number: string;
    readonly wave: string;
    readonly purpose: string;
    readonly issuedAt: string;
  }[];
  readonly events: readonly StoryEvent[];
  readonly gifts: readonly { readonly gift: string; readonly state: string; readonly priceYen: string }[];
  readonly proof: { readonly leaf: string; readonly path: readonly MerkleStep[]; readonly root: string } | null;
};

/** Throws PERSON_MISSING when nothing at all is known about the reference. */
export async function collectStory(
  db: Db,
  campaign: { readonly id: string; readonly listVersion: number | null },
  ref: string,
): Promise<PersonStory> {
  const place = campaign.listVersion === null ? null : await findPlace(db, campaign.id, campaign.listVersion, ref);
  const standing = await findStanding(db, campaign.id, ref);
  const notices = await listNotices(db, campaign.id, ref);
  if (place === null && standing === null && notices.length === 0) {
    throw new AppError('PERSON_MISSING.ref');
  }
  const events = [
    ...(await listPersonMailEvents(db, campaign.id, ref)).map((event) => toEvent(`mail.${event.kind}`, event)),
    ...(await listPersonPieceEvents(db, campaign.id, ref)).map((event) => toEvent(`letter.${event.kind}`, event)),
    ...(await listPersonContacts(db, campaign.id, ref)).contacts.map(contactEvent),
  ].sort((a, b) => (a.at < b.at ? -1 : 1));
  const gifts = await listPersonGifts(db, campaign.id, ref);
  return {
    ref,
    list: place?.list ?? null,
    standing: standing && {
      term: standing.term,
      outcome: standing.outcome,
      step: standing.step,
      dueOn: standing.dueOn,
    },
    notices: notices.map((notice) => ({
      number: notice.number,
      wave: notice.waveId,
      purpose: notice.purpose,
      issuedAt: notice.issuedAt.toISOString(),
    })),
    events,
    gifts: gifts.map((gift) => ({ gift: gift.gift, state: gift.state, priceYen: String(gift.priceYen) })),
    proof: place?.proof ?? null,
  };
}

function toEvent(
  what: string,
  event: { at: Date; code: string; noticeNumber?: string | null; factId?: number },
): StoryEvent {
  return {
    at: event.at.toISOString(),
    what,
    code: event.code,
    notice: event.noticeNumber ?? null,
    factId: event.factId ?? null,
  };
}

function contactEvent(contact: Contact): StoryEvent {
  return {
    at: contact.receivedAt.toISOString(),
    what: `contact.${contact.channel}`,
    code: `${contact.topic}/${contact.result}`,
    notice: contact.noticeNumber,
    factId: null,
  };
}

const PAGE = 5000;

/** The person's place in the list and the path to its root: one pass over the leaves. */
async function findPlace(db: Db, campaignId: string, version: number, ref: string) {
  const position = await findRank(db, campaignId, version, ref);
  if (position === null) return null;
  const [member] = await listMembers(db, campaignId, version, { afterRank: position - 1, limit: 1 });
  if (member === undefined) return null;
  const proof = await merklePath(listLeaves(db, campaignId, version), position);
  const { kind, flags, leakedItems } = member;
  return { list: { version, position, kind, flags, leakedItems }, proof };
}

async function findRank(db: Db, campaignId: string, version: number, ref: string): Promise<number | null> {
  for (let afterRank = -1; ; ) {
    const page = await exportListLeaves(db, campaignId, version, { afterRank, limit: PAGE });
    const found = page.find((member) => member.ref === ref);
    if (found !== undefined) return found.rank;
    const last = page.at(-1);
    if (last === undefined) return null;
    afterRank = last.rank;
  }
}

async function* listLeaves(db: Db, campaignId: string, version: number): AsyncGenerator<Buffer> {
  for (let afterRank = -1; ; ) {
    const page = await exportListLeaves(db, campaignId, version, { afterRank, limit: PAGE });
    for (const { leaf } of page) yield Buffer.from(leaf, 'hex');
    const last = page.at(-1);
    if (last === undefined) return;
    afterRank = last.rank;
  }
}
