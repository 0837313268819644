/**
 * Repeats what a worker owes the tables although the database may be away for a while. When it stays away the worker ends its
 * session: its lock falls, and what it held is free for the sweep instead of waiting for a worker that lives and forgot.
 */
import { AppError } from '../../kernel/errors.ts';
import { monotonicMs } from '../../platform/smtp/smtp-submission.ts';
import type { Drain } from './chunk-job.ts';

const KEEP_TRYING_MS = 30_000;
const LONGEST_DELAY_MS = 2_000;

/** `work` must be idempotent: the answer to it may be lost. Throws DATABASE_DOWN, with the session closed. */
export async function keepTrying<T>(
  { session, keepTryingMs = KEEP_TRYING_MS }: Pick<Drain, 'session' | 'keepTryingMs'>,
  work: () => Promise<T>,
): Promise<T> {
  const giveUpMs = monotonicMs() + keepTryingMs;
  for (let delayMs = 100; ; delayMs = Math.min(LONGEST_DELAY_MS, delayMs * 2)) {
    try {
      return await work();
    } catch (cause) {
      if (monotonicMs() > giveUpMs) {
        await session.close();
        throw new AppError('DATABASE_DOWN.unstored', {}, { cause });
      }
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}
