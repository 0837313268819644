/**
 * Settles uncertain mails: by the relay's own log, or by two named people who assume acceptance or decide a resend. Nothing
 * else ever sends such a mail again (promise 2).
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { type Tx, transaction } from '../../platform/postgres/db.ts';
import { REPLY_TIMEOUT_MS } from '../../platform/smtp/smtp-submission.ts';
import { type NewMailEvent, reopenChunks } from './event-store.ts';
import { recordMailEvents } from './record-events.ts';
import { sealMailText } from './record-outcomes.ts';
import { type RelayVerdict, readRelayLog } from './relay-log.ts';
import {
  countUncertain,
  findTracedAttempts,
  listUncertain,
  type TracedAttempt,
  type UncertainMail,
} from './trace-store.ts';

type SettleApp = Pick<App, 'pool' | 'keys' | 'clock'>;

/** `settled`: mails that are no longer uncertain; `left`: those that still are. */
export type Settled = { readonly settled: number; readonly left: number };

const VERDICTS_PER_COMMIT = 1_000;

/** Reads a Postfix-like log. Throws FILE_MISSING. Lines of other mails and verdicts already on record change nothing. */
export async function settleByLog(
  app: SettleApp,
  { campaignId, file }: { campaignId: string; file: string },
): Promise<Settled> {
  const verdicts = await readLog(file);
  const before = await countUncertain(app.pool, campaignId);
  for (let start = 0; start < verdicts.length; start += VERDICTS_PER_COMMIT) {
    const part = verdicts.slice(start, start + VERDICTS_PER_COMMIT);
    await transaction(app.pool, (tx) => recordVerdicts(app, tx, campaignId, part));
  }
  const left = await countUncertain(app.pool, campaignId);
  return { settled: before - left, left };
}

async function readLog(file: string): Promise<RelayVerdict[]> {
  try {
    return await readRelayLog(createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }));
  } catch (cause) {
    throw new AppError('FILE_MISSING.unreadable', { file }, { cause });
  }
}

async function recordVerdicts(
  app: SettleApp,
  tx: Tx,
  campaignId: string,
  verdicts: readonly RelayVerdict[],
): Promise<void> {
  const attempts = await findTracedAttempts(tx, campaignId, {
    returnTokens: verdicts.flatMap((verdict) => verdict.returnToken ?? []),
    noticeIds: verdicts.flatMap((verdict) => verdict.noticeId ?? []),
  });
  const byToken = new Map(attempts.map((attempt) => [attempt.returnToken, attempt]));
  const inOrder = attempts.toSorted((one, other) => one.attempt - other.attempt);
  const byNotice = new Map(inOrder.map((attempt) => [attempt.noticeId, attempt]));
  const key = app.keys.open(campaignId).address;
  const at = app.clock();
  const events = new Map<string, NewMailEvent>();
  for (const verdict of verdicts) {
    const attempt = findAttempt(verdict, byToken, byNotice);
    if (!attempt) continue;
    const textSealed = sealMailText(key, campaignId, attempt.assignmentId, verdict.text);
    for (const event of verdictEvents(verdict, attempt, at, textSealed)) {
      events.set(`${event.assignmentId} ${event.kind} ${event.attempt}`, event);
    }
  }
  await recordMailEvents(tx, { campaignId, kind: 'mails.settled', at, events: [...events.values()] });
}

/**
 * The token names the attempt. One that is unknown here is another home's, and only an attempt that another home may have made
 * can be meant; a line without any token means the notice's latest attempt.
 */
function findAttempt(
  { returnToken, noticeId }: RelayVerdict,
  byToken: ReadonlyMap<string, TracedAttempt>,
  byNotice: ReadonlyMap<string | null, TracedAttempt>,
): TracedAttempt | undefined {
  const known = returnToken === null ? undefined : byToken.get(returnToken);
  if (known !== undefined || noticeId === null) return known;
  const latest = byNotice.get(noticeId);
  return returnToken === null || latest?.isOtherHome ? latest : undefined;
}

/** A line in the relay's log proves that the relay had the mail; its status says what the receiver made of it. */
function verdictEvents(
  verdict: RelayVerdict,
  attempt: TracedAttempt,
  at: Date,
  textSealed: Buffer | null,
): NewMailEvent[] {
  const place = { assignmentId: attempt.assignmentId, attempt: attempt.attempt, at };
  const accepted: NewMailEvent = { ...place, kind: 'relay_accepted', code: 'relay log', textSealed: null };
  const proof = attempt.isAccepted ? [] : [accepted];
  switch (verdict.verdict) {
    case 'accepted':
    case 'deferred':
      return proof;
    case 'sent':
      return [{ ...place, kind: 'receiver_accepted', code: `relay log ${verdict.status}`.trim(), textSealed }];
    case 'bounced':
      return [...proof, { ...place, kind: 'bounced', code: `relay log ${verdict.status}`.trim(), textSealed }];
  }
}

/** What two people's decision left out, besides what it settled. */
export type Decided = Settled & {
  /** Mails whose person a decision by name has stopped: nothing may be sent to them. */
  readonly stopped: number;
  /** Numbers of letters in a lot or posted, whose people a resend to all leaves out: pull the letter, or name the notice. */
  readonly withLetter: readonly string[];
};

/**
 * Two different people decide about uncertain mails, of all notices or of the given ones. A resend goes after the deadline and
 * the SMTP timeout of the first mail, and to nobody who was stopped or, unless named, has a letter already. Throws USAGE_WRONG
 * when both names are one person's.
 */
export async function settleByPeople(
  app: SettleApp,
  input: {
    campaignId: string;
    assume: 'accepted' | 'resend';
    by: string;
    and: string;
    noticeIds: readonly string[] | null;
  },
): Promise<Decided> {
  const { campaignId } = input;
  return await transaction(app.pool, async (tx) => {
    const actorId = await ensureActor(app, tx, { campaignId, name: input.by });
    const secondId = await ensureActor(app, tx, { campaignId, name: input.and });
    if (actorId === secondId) {
      throw new AppError('USAGE_WRONG.twoPeople');
    }
    const at = app.clock();
    const uncertain = await listUncertain(tx, campaignId, input.noticeIds);
    const kind = input.assume === 'accepted' ? 'assumed_accepted' : 'resend_decided';
    const { chosen, stopped, withLetter } = chooseMails(uncertain, kind, input.noticeIds !== null);
    const settled = await recordMailEvents(tx, {
      campaignId,
      kind: 'mails.settled',
      at,
      actorId,
      events: chosen.map(({ assignmentId, attempt }) => ({
        assignmentId,
        attempt,
        kind,
        at,
        code: `by ${actorId} and ${secondId}`,
        textSealed: null,
      })),
    });
    if (kind === 'resend_decided' && chosen.length > 0) {
      const latest = Math.max(...chosen.map((mail) => mail.deadlineAt.getTime()));
      const ids = chosen.map((mail) => mail.assignmentId);
      await reopenChunks(tx, ids, new Date(latest + REPLY_TIMEOUT_MS));
    }
    return { settled: settled.length, left: await countUncertain(tx, campaignId), stopped, withLetter };
  });
}

/** Assuming acceptance sends nothing, so it may cover everyone. */
function chooseMails(
  uncertain: readonly UncertainMail[],
  kind: 'assumed_accepted' | 'resend_decided',
  isNamed: boolean,
): { chosen: readonly UncertainMail[]; stopped: number; withLetter: string[] } {
  if (kind === 'assumed_accepted') return { chosen: uncertain, stopped: 0, withLetter: [] };
  const open = uncertain.filter((mail) => !mail.isStopped);
  const left = isNamed ? [] : open.filter((mail) => mail.letterNumber !== null);
  return {
    chosen: open.filter((mail) => isNamed || mail.letterNumber === null),
    stopped: uncertain.length - open.length,
    withLetter: left.flatMap((mail) => mail.letterNumber ?? []),
  };
}
