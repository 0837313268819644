/** Somebody who may approve from now on, with a passphrase or a one-time code of their own. */
import { z } from 'zod';
import { registerApprover } from '../../campaign/actors/register-approver.ts';
import { AppError } from '../../kernel/errors.ts';
import { actingName } from '../fields/operation-field.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({
    name: actingName,
    /** Without it a secret for one-time codes is made. */
    passphrase: z.string().optional(),
    /** Who vouches, once the first approvers are registered, with that person's own passphrase or code. */
    vouchedBy: actingName.optional(),
    voucherCode: z.string().optional(),
  }),
  output: z.strictObject({
    actor: z.uuid(),
    proof: z.enum(['passphrase', 'totp']),
    /** The secret for an authenticator app; shown this once only. */
    otpauth: z.string().nullable(),
  }),
  run: async ({ app, campaign }, { name, passphrase, vouchedBy, voucherCode }) => {
    if (vouchedBy !== undefined && voucherCode === undefined)
      throw new AppError('USAGE_WRONG.option', { option: '--voucher-code CODE' });
    const { actorId, otpauthUri } = await registerApprover(app, {
      campaign,
      name,
      ...(passphrase === undefined ? {} : { passphrase }),
      ...(vouchedBy === undefined ? {} : { voucher: { name: vouchedBy, code: voucherCode ?? '' } }),
    });
    const proof = otpauthUri === null ? ('passphrase' as const) : ('totp' as const);
    return { actor: actorId, proof, otpauth: otpauthUri };
  },
});
