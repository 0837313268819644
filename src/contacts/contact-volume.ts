/** How much the window had to do: contacts and calls per day and topic, answer rate and service level. Names no one. */
import type { Db } from '../platform/postgres/db.ts';
import { type Contact, contactTopics } from './contact.ts';
import { handlingDefaultSeconds, intervalMinutes, seatsFor, serviceTarget } from './erlang-c.ts';
import type { Interval } from './interval-file.ts';
import { countCalls, listNewestIntervals } from './interval-store.ts';
import { type ContactCase, countContacts, listCaseRows, listContactRows } from './store.ts';

/** Counts; minutes are talk time, begun minutes up. `contacts` are single records (CLI, mail, shop), `offered` calls of the centre. */
export type Volume = {
  readonly contacts: number;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly withinTarget: number;
  readonly talkMinutes: number;
};

export type ContactVolume = {
  readonly total: Volume;
  readonly days: readonly (Volume & { readonly day: string })[];
  readonly topics: readonly (Volume & { readonly topic: string })[];
  readonly byDayAndTopic: readonly (Volume & { readonly day: string; readonly topic: string })[];
  /** Per mille of the calls offered; null without calls. */
  readonly answeredPerMille: number | null;
  readonly withinTargetPerMille: number | null;
  /** What the busiest interval would have needed; null without calls. */
  readonly busiest: Staffing | null;
};

export type Staffing = {
  readonly startsAt: string;
  readonly offered: number;
  /** People answering at once, and people to schedule for them. */
  readonly answering: number;
  readonly scheduled: number;
};

/** The interval with most calls over all topics, and its seats by Erlang C at the handling time measured so far. */
export function findBusiest(intervals: readonly Interval[]): Staffing | null {
  const offeredAt = new Map<number, number>();
  for (const { startsAt, offered } of intervals) {
    offeredAt.set(startsAt.getTime(), (offeredAt.get(startsAt.getTime()) ?? 0) + offered);
  }
  const [peak] = [...offeredAt].sort(([timeA, a], [timeB, b]) => b - a || timeA - timeB);
  if (peak === undefined || peak[1] === 0) return null;
  const answered = intervals.reduce((sum, interval) => sum + interval.answered, 0);
  const talkSeconds = intervals.reduce((sum, interval) => sum + interval.talkSeconds, 0);
  const handlingSeconds = answered === 0 ? handlingDefaultSeconds : talkSeconds / answered;
  const seats = seatsFor({ calls: peak[1], intervalMinutes, handlingSeconds }, serviceTarget);
  return { startsAt: new Date(peak[0]).toISOString(), offered: peak[1], ...seats };
}

const none: Volume = { contacts: 0, offered: 0, answered: 0, abandoned: 0, withinTarget: 0, talkMinutes: 0 };

function add<T extends Volume>(a: T, b: Volume): T {
  return {
    ...a,
    contacts: a.contacts + b.contacts,
    offered: a.offered + b.offered,
    answered: a.answered + b.answered,
    abandoned: a.abandoned + b.abandoned,
    withinTarget: a.withinTarget + b.withinTarget,
    talkMinutes: a.talkMinutes + b.talkMinutes,
  };
}

/** The volume of a campaign (its uuid), days in order, topics in the order of their codes. */
export async function contactVolume(db: Db, campaignId: string): Promise<ContactVolume> {
  const contacts = (await countContacts(db, campaignId)).map((row) => ({
    day: row.day,
    topic: row.topic,
    volume: { ...none, contacts: row.contacts },
  }));
  const calls = (await countCalls(db, campaignId)).map(({ day, topic, talkSeconds, ...counts }) => ({
    day,
    topic,
    volume: { ...none, ...counts, talkMinutes: Math.ceil(talkSeconds / 60) },
  }));
  const all = [...contacts, ...calls];
  const total = all.reduce((sum, row) => add(sum, row.volume), none);
  const days = [...new Set(all.map((row) => row.day))].sort();
  const topics = contactTopics.filter((topic) => all.some((row) => row.topic === topic));
  const sumOf = (match: (row: (typeof all)[number]) => boolean) =>
    all.filter(match).reduce((sum, row) => add(sum, row.volume), none);
  return {
    total,
    days: days.map((day) => ({ day, ...sumOf((row) => row.day === day) })),
    topics: topics.map((topic) => ({ topic, ...sumOf((row) => row.topic === topic) })),
    byDayAndTopic: days.flatMap((day) =>
      topics
        .filter((topic) => all.some((row) => row.day === day && row.topic === topic))
        .map((topic) => ({ day, topic, ...sumOf((row) => row.day === day && row.topic === topic) })),
    ),
    answeredPerMille: total.offered === 0 ? null : Math.round((total.answered * 1000) / total.offered),
    withinTargetPerMille: total.offered === 0 ? null : Math.round((total.withinTarget * 1000) / total.offered),
    busiest: findBusiest(await listNewestIntervals(db, campaignId)),
  };
}

/** The contacts of one person in order, and their cases, for that person's story. Sealed notes stay sealed. */
export async function listPersonContacts(
  db: Db,
  campaignId: string,
  personRef: string,
): Promise<{ contacts: Contact[]; cases: ContactCase[] }> {
  const contacts = await listContactRows(db, campaignId, personRef);
  const cases = await listCaseRows(db, campaignId);
  return {
    contacts,
    cases: cases.filter(
      (one) => one.personRef === personRef || contacts.some((contact) => contact.id === one.contactId),
    ),
  };
}
