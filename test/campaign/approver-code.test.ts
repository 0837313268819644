import { describe, expect, it } from 'vitest';
import { normaliseActorName } from '../../src/campaign/actors/ensure-actor.ts';
import { hashPassphrase, verifyPassphrase } from '../../src/campaign/actors/passphrase.ts';
import { base32, matchTotp, newTotpSecret, otpauthUri, totpCode, totpStep } from '../../src/campaign/actors/totp.ts';

describe('a one-time code', () => {
  const secret = Buffer.from('12345678901234567890');

  it.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('at second %i is the one of RFC 6238, appendix B', (seconds, code) => {
    expect(totpCode(secret, totpStep(new Date(seconds * 1000)), 8)).toBe(code);
  });

  it('counts once, within one step of the clock', () => {
    const at = new Date(1_800_000_000_000);
    const step = totpStep(at);
    expect(matchTotp(secret, totpCode(secret, step), at, 0)).toBe(step);
    expect(matchTotp(secret, totpCode(secret, step - 1), at, 0)).toBe(step - 1);
    expect(matchTotp(secret, totpCode(secret, step + 1), at, 0)).toBe(step + 1);
    expect(matchTotp(secret, totpCode(secret, step - 2), at, 0)).toBeNull();
    expect(matchTotp(secret, totpCode(secret, step + 2), at, 0)).toBeNull();
    expect(matchTotp(secret, totpCode(secret, step), at, step)).toBeNull();
    expect(matchTotp(secret, '', at, 0)).toBeNull();
    expect(matchTotp(secret, `${totpCode(secret, step)}0`, at, 0)).toBeNull();
  });

  it('comes from a secret in the form that authenticator apps read', () => {
    expect(base32(Buffer.from('foobar'))).toBe('MZXW6YTBOI');
    expect(otpauthUri(newTotpSecret(), 'mihon-2026')).toMatch(
      /^otpauth:\/\/totp\/Owabi:mihon-2026\?secret=[A-Z2-7]{32}&issuer=Owabi$/,
    );
  });
});

describe('a passphrase', () => {
  it('is known again, however it was composed, and never another one', async () => {
    const stored = await hashPassphrase('がっこうの合言葉');
    expect(await verifyPassphrase('か\u3099っこうの合言葉', stored)).toBe(true);
    expect(await verifyPassphrase('がっこうの合言棄', stored)).toBe(false);
    expect(stored.equals(await hashPassphrase('がっこうの合言葉'))).toBe(false);
    expect(await verifyPassphrase('がっこうの合言葉', stored.subarray(1))).toBe(false);
  });

  it('of seven characters is refused', async () => {
    await expect(hashPassphrase('1234567')).rejects.toMatchObject({ code: 'PASSPHRASE_WEAK' });
  });
});

it('takes one person under two spellings for one', () => {
  expect(normaliseActorName(' 山田　太郎')).toBe(normaliseActorName('山田太郎'));
  expect(normaliseActorName('ＹＡＭＡＤＡ Taro')).toBe(normaliseActorName('yamada taro'));
  expect(normaliseActorName('山田次郎')).not.toBe(normaliseActorName('山田太郎'));
});
