/** Registers who may approve, with a passphrase or a one-time-code secret of their own, before there is anything to approve. */
import { recordFact } from '../../journal/record-fact.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { seal } from '../../platform/crypt.ts';
import { transaction } from '../../platform/db.ts';
import type { Campaign } from '../campaign.ts';
import { ensureActorRow } from './ensure-actor.ts';
import { hashPassphrase } from './passphrase.ts';
import { updateApprover } from './store.ts';
import { newTotpSecret, otpauthUri } from './totp.ts';

export const totpAad = (campaignId: string, actorId: string) => `${campaignId}|${actorId}|totp_sealed`;

/**
 * Registers an approver. Without a passphrase a one-time-code secret is made; its `otpauthUri` is returned this once only.
 * Throws APPROVER_EXISTS (a passphrase is never replaced by whoever asks) and PASSPHRASE_WEAK.
 */
export async function registerApprover(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  { campaign, name, passphrase }: { campaign: Pick<Campaign, 'id' | 'slug'>; name: string; passphrase?: string },
): Promise<{ actorId: string; otpauthUri: string | null }> {
  const campaignId = campaign.id;
  const codeHash = passphrase === undefined ? null : await hashPassphrase(passphrase);
  const secret = passphrase === undefined ? newTotpSecret() : null;
  const { proof } = app.keys.open(campaignId);
  return await transaction(app.pool, async (tx) => {
    const actor = await ensureActorRow(app, tx, { campaignId, name });
    const totpSealed = secret ? seal(proof, totpAad(campaignId, actor.id), secret) : null;
    if (!(await updateApprover(tx, actor.id, codeHash, totpSealed))) {
      throw new AppError('APPROVER_EXISTS', 'this person is registered as an approver already');
    }
    await recordFact(tx, {
      campaignId,
      kind: 'approver.registered',
      occurredAt: app.clock(),
      actorId: actor.id,
      body: { proof: secret ? 'totp' : 'passphrase' },
    });
    // The account in the app carries the campaign, not the person's name: authenticator apps sync to clouds.
    return { actorId: actor.id, otpauthUri: secret ? otpauthUri(secret, campaign.slug) : null };
  });
}
