/**
 * A stand-in for the call centre: writes the interval report in its real form (CSV in CP932, cumulative, half-hours and topics)
 * from a seeded model of how people call after a notice. It is a stand-in: nobody was called, and it knows nothing of our database.
 */
import { type Day, toDay } from '../kernel/calendar.ts';
import { formatCsv } from '../platform/formats/csv.ts';

/** Half an hour of one topic, as the centre's system counts. */
type Interval = {
  readonly startsAt: Date;
  readonly topic: string;
  readonly offered: number;
  readonly answered: number;
  readonly abandoned: number;
  readonly talkSeconds: number;
  readonly withinTarget: number;
  readonly seats: number;
};

const HEADER = ['日付', '開始時刻', '問合せ区分', '入電数', '応答数', '放棄数', '通話秒数', '20秒以内応答数', '席数'];

export type CallCentreModel = {
  readonly seed: number;
  /** How many people are likely to call on each day. */
  readonly expected: readonly { readonly day: Day; readonly contacts: number }[];
  readonly opensOn: Day;
  readonly seats: number;
};

const OPEN_HOUR = 9;
const CLOSE_HOUR = 20;
const INTERVAL_MINUTES = 30;
const HANDLING_SECONDS = 420;
/** How calls spread over the topics, per hundred. */
const topicShares: readonly (readonly [topic: string, share: number])[] = [
  ['AM_I_AFFECTED', 31],
  ['WHICH_ITEMS', 22],
  ['HOW_HAPPENED', 12],
  ['CARD_REISSUE', 9],
  ['GIFT_NOT_RECEIVED', 6],
  ['COMPENSATION_DEMAND', 6],
  ['ADDRESS_CHANGE', 5],
  ['DELETE_MY_DATA', 5],
  ['PHISHING_REPORT', 4],
];

/** The intervals in time order; the same model always gives the same calls. */
export function modelCalls(model: CallCentreModel): Interval[] {
  const random = createRandom(model.seed);
  const slots = ((CLOSE_HOUR - OPEN_HOUR) * 60) / INTERVAL_MINUTES;
  const calls = model.expected.flatMap(({ day, contacts }) =>
    Array.from({ length: slots }, (_, slot) => slot).flatMap((slot) =>
      modelSlot(model, random, day, slot, contacts / slots),
    ),
  );
  return calls.length > 0 ? calls : [quietInterval(model)];
}

/** A window that nobody called still reports that it was open. */
function quietInterval({ opensOn, seats }: CallCentreModel): Interval {
  const startsAt = new Date(`${opensOn}T${String(OPEN_HOUR).padStart(2, '0')}:00:00+09:00`);
  return { startsAt, topic: 'OTHER', offered: 0, answered: 0, abandoned: 0, talkSeconds: 0, withinTarget: 0, seats };
}

function modelSlot(model: CallCentreModel, random: () => number, day: Day, slot: number, expected: number): Interval[] {
  const minutes = OPEN_HOUR * 60 + slot * INTERVAL_MINUTES;
  const clock = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  const startsAt = new Date(`${day}T${clock}:00+09:00`);
  const capacity = Math.floor((model.seats * INTERVAL_MINUTES * 60) / HANDLING_SECONDS);
  const offered = new Map<string, number>();
  for (let call = drawPoisson(random, expected); call > 0; call -= 1) {
    const topic = drawTopic(random);
    offered.set(topic, (offered.get(topic) ?? 0) + 1);
  }
  let free = capacity;
  return [...offered].sort().map(([topic, calls]) => {
    const answered = Math.min(calls, free);
    free -= answered;
    const talkSeconds = Array.from({ length: answered }, () => Math.round(HANDLING_SECONDS * (0.5 + random()))).reduce(
      (a, b) => a + b,
      0,
    );
    const withinTarget = Array.from({ length: answered }, () => random() < 0.85).filter(Boolean).length;
    return {
      startsAt,
      topic,
      offered: calls,
      answered,
      abandoned: calls - answered,
      talkSeconds,
      withinTarget,
      seats: model.seats,
    };
  });
}

/** The report as the call centre's system exports it. */
export function formatIntervalReport(intervals: readonly Interval[]): Buffer {
  const rows = intervals.map((interval) => [
    toDay(interval.startsAt).replaceAll('-', '/'),
    new Date(interval.startsAt.getTime() + 9 * 3_600_000).toISOString().slice(11, 16),
    interval.topic,
    interval.offered,
    interval.answered,
    interval.abandoned,
    interval.talkSeconds,
    interval.withinTarget,
    interval.seats,
  ]);
  return formatCsv([HEADER, ...rows], { encoding: 'cp932' });
}

/** mulberry32: 32 bits of state are plenty for a stand-in, and the same seed gives the same calls everywhere. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Knuth for small means; the normal approximation above 30, where Knuth's product underflows. */
function drawPoisson(random: () => number, mean: number): number {
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > limit) {
    count += 1;
    product *= random();
  }
  return count;
}

function drawTopic(random: () => number): string {
  let left = random() * 100;
  for (const [topic, share] of topicShares) {
    left -= share;
    if (left < 0) return topic;
  }
  return 'OTHER';
}
