/**
 * Registers who may approve, with a passphrase or a one-time-code secret of their own. The first ones are taken as they come, up
 * to the number that a plan needs; after that only someone who may approve already can let another one in, by proving who they are.
 */
import { recordFact } from '../../journal/record-fact.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { seal } from '../../platform/crypto/crypt.ts';
import { type Tx, transaction } from '../../platform/postgres/db.ts';
import type { Campaign } from '../campaign.ts';
import { getCampaign } from '../find-campaign.ts';
import { getPlanSnapshot } from '../plan/create-plan.ts';
import { lockCampaign } from '../store.ts';
import { ensureActorRow } from './ensure-actor.ts';
import { hashPassphrase } from './passphrase.ts';
import { listActorRows, updateApprover } from './store.ts';
import { newTotpSecret, otpauthUri, totpAad } from './totp.ts';
import { verifyCode } from './verify-code.ts';

type ApproverApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock'>;

/** A registered approver who answers for the new one. */
export type Voucher = { readonly name: string; readonly code: string };

/** Two people, whatever a file says. */
export const MIN_APPROVERS = 2;

/**
 * Registers an approver. Without a passphrase a one-time-code secret is made; its `otpauthUri` is returned this once only.
 * Throws APPROVER_EXISTS (a passphrase is never replaced by whoever asks), APPROVER_UNVOUCHED and PASSPHRASE_WEAK.
 */
export async function registerApprover(
  app: ApproverApp,
  input: { campaign: Pick<Campaign, 'id' | 'slug'>; name: string; passphrase?: string; voucher?: Voucher },
): Promise<{ actorId: string; otpauthUri: string | null }> {
  const { campaign, name, passphrase, voucher } = input;
  const campaignId = campaign.id;
  const codeHash = passphrase === undefined ? null : await hashPassphrase(passphrase);
  const secret = passphrase === undefined ? newTotpSecret() : null;
  const { proof } = app.keys.open(campaignId);
  const vouchedBy = voucher === undefined ? null : await checkVoucher(app, campaignId, voucher);
  const required = await countRequired(app, campaignId);
  return await transaction(app.pool, async (tx) => {
    const actor = await ensureActorRow(app, tx, { campaignId, name });
    if (vouchedBy === null && !actor.isApprover) await assertOpen(tx, campaignId, required);
    const totpSealed = secret ? seal(proof, totpAad(campaignId, actor.id), secret) : null;
    if (!(await updateApprover(tx, actor.id, codeHash, totpSealed))) {
      throw new AppError('APPROVER_EXISTS');
    }
    await recordFact(tx, {
      campaignId,
      kind: 'approver.registered',
      occurredAt: app.clock(),
      actorId: actor.id,
      body: { proof: secret ? 'totp' : 'passphrase', vouchedBy },
    });
    // The account in the app carries the campaign, not the person's name: authenticator apps sync to clouds.
    return { actorId: actor.id, otpauthUri: secret ? otpauthUri(secret, campaign.slug) : null };
  });
}

/** The plan that waits says how many must approve; before there is one, two. */
async function countRequired(app: ApproverApp, campaignId: string): Promise<number> {
  const { proposedPlanId } = await getCampaign(app.pool, campaignId);
  if (proposedPlanId === null) return MIN_APPROVERS;
  return Math.max(MIN_APPROVERS, (await getPlanSnapshot(app, proposedPlanId)).campaignFile.approvers.required);
}

/** Holds the campaign's lock, so that two at once cannot both be the last who comes in unvouched. */
async function assertOpen(tx: Tx, campaignId: string, required: number): Promise<void> {
  const { planId } = await lockCampaign(tx, campaignId);
  const registered = (await listActorRows(tx, campaignId)).filter((actor) => actor.isApprover).length;
  if (registered === 0 || (registered < required && planId === null)) return;
  throw new AppError('APPROVER_UNVOUCHED.open', { registered });
}

/** Returns the id of the person who vouches. Throws APPROVER_UNVOUCHED. */
async function checkVoucher(app: ApproverApp, campaignId: string, { name, code }: Voucher): Promise<string> {
  const actor = await ensureActorRow(app, app.pool, { campaignId, name });
  if (!actor.isApprover) throw new AppError('APPROVER_UNVOUCHED.voucher');
  const check = await verifyCode(app, { campaignId, actor, code });
  if (check.kind === 'right') return actor.id;
  if (check.kind === 'too_early')
    throw new AppError('APPROVER_UNVOUCHED.tooEarly', { at: formatLocalTime(check.retryAt) });
  throw new AppError('APPROVER_UNVOUCHED.code');
}
