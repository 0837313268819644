/** SQL of a resend by name: what speaks for and against sending a person their notice once more. */
import { z } from 'zod';
import { tellingPurposes } from '../campaign/wave/purpose.ts';
import { rows, sql, type Tx } from '../platform/postgres/db.ts';
import { personTerms } from './outcome.ts';
import { stopReason } from './stop-store.ts';

const candidateRow = z
  .object({
    ref: z.string(),
    rank: z.number(),
    term: z.enum(personTerms),
    segment: z.string().nullable(),
    has_address: z.boolean(),
    site_key: z.instanceof(Buffer).nullable(),
    listed_version: z.number().nullable(),
    has_failed: z.boolean(),
    has_open: z.boolean(),
    is_in_wave: z.boolean(),
    is_stopped: z.boolean(),
  })
  .transform((found) => ({
    ref: found.ref,
    rank: found.rank,
    term: found.term,
    segment: found.segment,
    hasEmail: found.site_key !== null,
    hasAddress: found.has_address,
    siteKey: found.site_key?.toString('hex') ?? null,
    listedVersion: found.listed_version,
    hasFailed: found.has_failed,
    hasOpen: found.has_open,
    isInWave: found.is_in_wave,
    isStopped: found.is_stopped,
  }));
export type ResendCandidate = z.output<typeof candidateRow>;

/** The named people, their rows locked in the order of their refs. */
export async function lockResendCandidates(
  tx: Tx,
  campaignId: string,
  waveId: string,
  refs: readonly string[],
): Promise<ResendCandidate[]> {
  const telling = (states: readonly string[]) => sql`exists (
    select 1 from delivery.assignment a join delivery.wave w on w.campaign_id = a.campaign_id and w.wave_id = a.wave_id
    where a.campaign_id = p.campaign_id and a.person_ref = p.ref and a.state = any(${states}::text[])
      and w.purpose = any(${tellingPurposes}::text[]))`;
  return await rows(
    tx,
    candidateRow,
    sql`select p.ref, p.rank, p.term, p.segment, p.has_address, p.site_key, p.listed_version,
          ${telling(['failed'])} as has_failed,
          ${telling(['pending', 'submitting', 'deferred', 'uncertain', 'in_lot'])} as has_open,
          exists (select 1 from delivery.assignment a where a.campaign_id = p.campaign_id and a.person_ref = p.ref and a.wave_id = ${waveId}) as is_in_wave,
          ${stopReason(campaignId, sql`p.ref`)} is not null as is_stopped
        from delivery.person p where p.campaign_id = ${campaignId} and p.ref = any(${refs}::uuid[])
        order by p.ref for update of p`,
  );
}
