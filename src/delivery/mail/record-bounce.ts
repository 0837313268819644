/**
 * Records what came back by mail: a final failure moves the person on, a delay only says that the relay still tries, and a
 * report about a mail that we never sent is named, not lost. The same file twice changes nothing.
 */
import { readFile } from 'node:fs/promises';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';
import type { MailFileEvent } from './delivery-status.ts';
import type { NewMailEvent } from './event-store.ts';
import type { MailEventKind } from './mail-state.ts';
import { type MailFile, readMailEvent } from './read-mail-event.ts';
import { recordMailEvents } from './record-events.ts';
import { sealMailText } from './record-outcomes.ts';
import { findTracedAttempts, type TracedAttempt } from './trace-store.ts';

export type BounceReport = {
  /** Events that were new. */
  readonly recorded: number;
  /** Events that were on record already. */
  readonly known: number;
  /** Files that speak of a mail which this campaign never sent. */
  readonly unmatched: readonly string[];
  readonly files: readonly { readonly file: string; readonly events: readonly MailFileEvent[] }[];
};

const FILES_PER_COMMIT = 500;

const eventKinds = {
  bounce: 'bounced',
  delay: 'delayed',
  complaint: 'complained',
  'auto-reply': 'auto_replied',
  delivered: 'receiver_accepted',
} as const satisfies Record<Exclude<MailFileEvent['kind'], 'none'>, MailEventKind>;

/** Reads the files (throws FILE_MISSING for one that cannot be read) and records what they say. */
export async function recordBounce(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  { campaignId, files }: { campaignId: string; files: readonly string[] },
): Promise<BounceReport> {
  const report = { recorded: 0, known: 0, unmatched: [] as string[], files: [] as BounceReport['files'][number][] };
  for (let start = 0; start < files.length; start += FILES_PER_COMMIT) {
    const read = await Promise.all(files.slice(start, start + FILES_PER_COMMIT).map(readFileEvents));
    const done = await recordRead(app, campaignId, read);
    report.recorded += done.recorded;
    report.known += done.known;
    report.unmatched.push(...done.unmatched);
    report.files.push(...read.map(({ file, mail }) => ({ file, events: mail.events })));
  }
  return report;
}

/** One file's events. Throws FILE_MISSING. */
export async function readFileEvents(file: string): Promise<{ file: string; mail: MailFile }> {
  try {
    return { file, mail: readMailEvent(await readFile(file)) };
  } catch (cause) {
    throw new AppError('FILE_MISSING.unreadable', { file }, { cause });
  }
}

async function recordRead(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  campaignId: string,
  read: readonly { file: string; mail: MailFile }[],
): Promise<{ recorded: number; known: number; unmatched: string[] }> {
  const key = app.keys.open(campaignId).address;
  const at = app.clock();
  return await transaction(app.pool, async (tx) => {
    const attempts = await findTracedAttempts(tx, campaignId, {
      returnTokens: read.flatMap(({ mail }) => mail.returnTokens),
      noticeIds: read.flatMap(({ mail }) => mail.noticeIds),
    });
    const events = new Map<string, NewMailEvent>();
    const unmatched: string[] = [];
    for (const { file, mail } of read) {
      const said = mail.events.filter((event) => event.kind !== 'none');
      if (said.length === 0) continue;
      const attempt = findAttempt(attempts, mail);
      if (attempt === undefined) {
        unmatched.push(file);
        continue;
      }
      for (const event of said) {
        for (const found of eventsOf(
          event,
          attempt,
          at,
          sealMailText(key, campaignId, attempt.assignmentId, event.reason),
        )) {
          events.set(`${found.assignmentId} ${found.kind} ${found.attempt}`, found);
        }
      }
    }
    const inserted = await recordMailEvents(tx, {
      campaignId,
      kind: 'mails.reported',
      at,
      events: [...events.values()],
    });
    return { recorded: inserted.length, known: events.size - inserted.length, unmatched };
  });
}

/** The token names the attempt; a Message-ID only the notice, so its latest attempt is meant. */
function findAttempt(attempts: readonly TracedAttempt[], mail: MailFile): TracedAttempt | undefined {
  return (
    attempts.find((attempt) => mail.returnTokens.includes(attempt.returnToken)) ??
    attempts.find((attempt) => attempt.noticeId !== null && mail.noticeIds.includes(attempt.noticeId))
  );
}

/** Whoever reports about a mail had it: a report on an attempt without an acceptance proves one. */
function eventsOf(event: MailFileEvent, attempt: TracedAttempt, at: Date, textSealed: Buffer | null): NewMailEvent[] {
  if (event.kind === 'none') return [];
  const place = { assignmentId: attempt.assignmentId, attempt: attempt.attempt, at };
  const kind = eventKinds[event.kind];
  const code = [event.replyCode, event.status, event.hard ? 'dead' : ''].filter((word) => word !== '').join(' ');
  const own: NewMailEvent = { ...place, kind, code: code || event.kind, textSealed };
  if (attempt.isAccepted || kind === 'receiver_accepted') return [own];
  return [{ ...place, kind: 'relay_accepted', code: `implied ${event.kind}`, textSealed: null }, own];
}
