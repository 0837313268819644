/** SQL of actors: the only table of the house that holds names of people who act. */
import { z } from 'zod';
import { type Db, execute, instant, int8, maybeRow, rows, sql } from '../../platform/postgres/db.ts';

const actorRow = z
  .object({
    id: z.string(),
    name_sealed: z.instanceof(Buffer),
    is_approver: z.boolean(),
    code_hash: z.instanceof(Buffer).nullable(),
    totp_sealed: z.instanceof(Buffer).nullable(),
    last_totp_step: int8,
    failed_attempts: z.number().int(),
  })
  .transform((found) => ({
    id: found.id,
    nameSealed: found.name_sealed,
    isApprover: found.is_approver,
    codeHash: found.code_hash,
    totpSealed: found.totp_sealed,
    lastTotpStep: found.last_totp_step,
    failedAttempts: found.failed_attempts,
  }));
export type ActorRow = z.output<typeof actorRow>;

const columns = sql`id, name_sealed, is_approver, code_hash, totp_sealed, last_totp_step, failed_attempts`;

export async function findActorByBlind(db: Db, campaignId: string, nameBlind: Buffer): Promise<ActorRow | null> {
  return await maybeRow(
    db,
    actorRow,
    sql`select ${columns} from campaign.actor where campaign_id = ${campaignId} and name_blind = ${nameBlind}`,
  );
}

export async function listActorRows(db: Db, campaignId: string): Promise<ActorRow[]> {
  return await rows(
    db,
    actorRow,
    sql`select ${columns} from campaign.actor where campaign_id = ${campaignId} order by created_at, id`,
  );
}

/** Does nothing when the name is known. */
export async function insertActor(
  db: Db,
  actor: { id: string; campaignId: string; nameSealed: Buffer; nameBlind: Buffer },
): Promise<void> {
  await execute(
    db,
    sql`insert into campaign.actor (id, campaign_id, name_sealed, name_blind)
        values (${actor.id}, ${actor.campaignId}, ${actor.nameSealed}, ${actor.nameBlind}) on conflict do nothing`,
  );
}

/** False when the actor is an approver already. */
export async function updateApprover(
  db: Db,
  actorId: string,
  codeHash: Buffer | null,
  totpSealed: Buffer | null,
): Promise<boolean> {
  const changed = await execute(
    db,
    sql`update campaign.actor set is_approver = true, code_hash = ${codeHash}, totp_sealed = ${totpSealed}
        where id = ${actorId} and not is_approver`,
  );
  return changed === 1;
}

/**
 * Counts an attempt before it is checked, so that many at once cannot outrun the count. Null when it is too early: the
 * next one is allowed at `retryAt`. After the free attempts each failure doubles the wait.
 */
export async function claimAttempt(
  db: Db,
  actorId: string,
  now: Date,
  limits: { freeAttempts: number; firstWaitSeconds: number; longestWaitSeconds: number },
): Promise<{ lastTotpStep: number } | null> {
  const { freeAttempts, firstWaitSeconds, longestWaitSeconds } = limits;
  return await maybeRow(
    db,
    z.object({ last_totp_step: int8 }).transform((found) => ({ lastTotpStep: found.last_totp_step })),
    sql`update campaign.actor set failed_attempts = failed_attempts + 1,
          next_attempt_at = case when failed_attempts + 1 < ${freeAttempts}::int then '-infinity'::timestamptz
            else ${now}::timestamptz + least(${firstWaitSeconds}::float8 * power(2, least(failed_attempts + 1 - ${freeAttempts}::int, 30)),
              ${longestWaitSeconds}::float8) * interval '1 second' end
        where id = ${actorId} and next_attempt_at <= ${now}::timestamptz returning last_totp_step`,
  );
}

export async function getRetryAt(db: Db, actorId: string): Promise<Date | null> {
  const schema = z.object({ retry_at: instant });
  const found = await maybeRow(
    db,
    schema,
    sql`select next_attempt_at as retry_at from campaign.actor where id = ${actorId} and next_attempt_at > '-infinity'`,
  );
  return found?.retry_at ?? null;
}

/** The right code clears the count; a one-time code's step is used up. False when another session used it first. */
export async function clearAttempts(db: Db, actorId: string, totpStep: number | null): Promise<boolean> {
  const changed = await execute(
    db,
    sql`update campaign.actor set failed_attempts = 0, next_attempt_at = '-infinity',
          last_totp_step = coalesce(${totpStep}::bigint, last_totp_step)
        where id = ${actorId} and (${totpStep}::bigint is null or last_totp_step < ${totpStep}::bigint)`,
  );
  return changed === 1;
}
