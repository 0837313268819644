/**
 * One idempotency key, one run: the same request again gets the answer that was kept, another request under the key is
 * refused, and of two callers at once one works. Key and input are kept as keyed hashes, the answer is sealed under the
 * address key, because it may name people; after a purge it is gone with them.
 */

import { canonicalJson } from '../../kernel/canonical.ts';
import { AppError, errorTable } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { blindIndex, deriveKey, open, seal } from '../../platform/crypto/crypt.ts';
import { tryUnderLock } from '../../platform/postgres/locks.ts';
import { refusalOf } from '../refusal.ts';
import { deleteKeptAnswer, findKeptAnswer, insertKeptAnswer, updateKeptAnswer } from './answer-store.ts';

/** A broken dependency or a bug: it is not known how far the work came. */
const EXIT_DOWN = 3;

export type OnceAnswer = { readonly kind: 'done' | 'repeated'; readonly answer: unknown };

type Request = {
  readonly campaignId: string;
  readonly key: string;
  readonly operation: string;
  /** What the caller sent; its own answer belongs to it. */
  readonly input: unknown;
};

/**
 * `work` returns what can be written as JSON. Throws IDEMPOTENCY_CLASH, IDEMPOTENCY_BUSY while another caller works under the
 * key, and IDEMPOTENCY_UNKNOWN when an earlier run died half-way: nobody knows what it did, so it is not simply done again.
 */
export async function answerOnce(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  { campaignId, key, operation, input }: Request,
  work: () => Promise<unknown>,
): Promise<OnceAnswer> {
  const keys = app.keys.open(campaignId);
  const blindKey = deriveKey(keys.address, 'request');
  const keyBlind = blindIndex(blindKey, 'key', key);
  const inputBlind = blindIndex(blindKey, 'input', canonicalJson(input));
  const place = { campaignId, keyBlind };
  const aad = `${campaignId}|${keyBlind.toString('hex')}|answer_sealed`;
  const attempt = await tryUnderLock(
    app.pool,
    { lock: 'answer', of: `${campaignId} ${keyBlind.toString('hex')}` },
    async () => {
      const kept = await findKeptAnswer(app.pool, place);
      if (kept === null) {
        await insertKeptAnswer(app.pool, { ...place, operation, inputBlind, at: app.clock() });
        const answer = await work().catch(async (error: unknown) => {
          // A refusal changed nothing and may be asked again; of anything else nobody knows how far it came.
          if (error instanceof AppError && errorTable[error.code].exitCode !== EXIT_DOWN)
            await deleteKeptAnswer(app.pool, place);
          throw error;
        });
        if (refusalOf(answer) !== null) {
          await deleteKeptAnswer(app.pool, place);
          return { kind: 'done', answer } as const;
        }
        const answerSealed = seal(keys.address, aad, JSON.stringify(answer));
        await updateKeptAnswer(app.pool, { ...place, answerSealed, at: app.clock() });
        return { kind: 'done', answer } as const;
      }
      if (kept.operation !== operation || !kept.inputBlind.equals(inputBlind)) {
        throw new AppError('IDEMPOTENCY_CLASH');
      }
      if (kept.answerSealed === null) {
        throw new AppError('IDEMPOTENCY_UNKNOWN');
      }
      return {
        kind: 'repeated',
        answer: JSON.parse(open(keys.address, aad, kept.answerSealed).toString('utf8')),
      } as const;
    },
  );
  if (attempt.kind === 'done') return attempt.result;
  throw new AppError('IDEMPOTENCY_BUSY');
}
