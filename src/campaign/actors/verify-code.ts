/** Checks the code with which a registered person proves to be that person; attempts are counted and slowed down. */
import type { App } from '../../platform/app.ts';
import { open } from '../../platform/crypto/crypt.ts';
import { verifyPassphrase } from './passphrase.ts';
import { type ActorRow, claimAttempt, clearAttempts, getRetryAt } from './store.ts';
import { matchTotp, totpAad } from './totp.ts';

/** Three typing mistakes are free; then 2, 4, 8 … seconds up to an hour: 9,000 guesses a year. */
const ATTEMPT_LIMITS = { freeAttempts: 3, firstWaitSeconds: 2, longestWaitSeconds: 3_600 } as const;

export type CodeCheck =
  | { kind: 'right'; proof: 'passphrase' | 'totp' }
  | { kind: 'wrong' }
  | { kind: 'too_early'; retryAt: Date };

/** The attempt is counted before the check and outside any transaction of the caller, so a crash never gives one back. */
export async function verifyCode(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  { campaignId, actor, code }: { campaignId: string; actor: ActorRow; code: string },
): Promise<CodeCheck> {
  const now = app.clock();
  const attempt = await claimAttempt(app.pool, actor.id, now, ATTEMPT_LIMITS);
  if (!attempt) return { kind: 'too_early', retryAt: (await getRetryAt(app.pool, actor.id)) ?? now };
  if (actor.codeHash) {
    if (!(await verifyPassphrase(code, actor.codeHash))) return { kind: 'wrong' };
    await clearAttempts(app.pool, actor.id, null);
    return { kind: 'right', proof: 'passphrase' };
  }
  if (!actor.totpSealed) return { kind: 'wrong' };
  const secret = open(app.keys.open(campaignId).proof, totpAad(campaignId, actor.id), actor.totpSealed);
  const step = matchTotp(secret, code, now, attempt.lastTotpStep);
  if (step === null || !(await clearAttempts(app.pool, actor.id, step))) return { kind: 'wrong' };
  return { kind: 'right', proof: 'totp' };
}
