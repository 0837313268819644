import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openSigningKey, signingKey } from '../../src/platform/crypto/sign.ts';
import { fingerprintOfPem, verifySignature } from '../../src/platform/crypto/signature.ts';

const dir = mkdtempSync(join(tmpdir(), 'owabi-sign-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a signing key', () => {
  test('is made once, for its owner only, and signs the same bytes the same way', () => {
    const first = signingKey(dir, 'a');
    const second = signingKey(dir, 'a');
    expect(second.fingerprint).toBe(first.fingerprint);
    expect(fingerprintOfPem(first.publicKeyPem)).toBe(first.fingerprint);
    expect(statSync(join(dir, 'a', 'signing.pem')).mode & 0o777).toBe(0o600);
    expect(first.sign(Buffer.from('x')).equals(second.sign(Buffer.from('x')))).toBe(true);
  });

  test('is refused, not made anew, where it must exist', () => {
    expect(() => openSigningKey(dir, 'nobody')).toThrow(expect.objectContaining({ code: 'KEY_MISSING' }));
  });

  test('makes signatures that only fit their bytes and key', () => {
    const key = signingKey(dir, 'b');
    const signature = key.sign(Buffer.from('manifest'));
    expect(verifySignature(key.publicKeyPem, Buffer.from('manifest'), signature)).toBe(true);
    expect(verifySignature(key.publicKeyPem, Buffer.from('manifesT'), signature)).toBe(false);
    expect(verifySignature(signingKey(dir, 'c').publicKeyPem, Buffer.from('manifest'), signature)).toBe(false);
    expect(verifySignature('no key', Buffer.from('manifest'), signature)).toBe(false);
  });

  test('is checked by openssl alone', (context) => {
    if (spawnSync('openssl', ['version']).error) return context.skip('openssl is not installed');
    const key = signingKey(dir, 'd');
    writeFileSync(join(dir, 'key.pem'), key.publicKeyPem);
    writeFileSync(join(dir, 'data'), 'manifest');
    writeFileSync(join(dir, 'data.sig'), key.sign(Buffer.from('manifest')));
    const args = ['pkeyutl', '-verify', '-pubin', '-inkey', 'key.pem', '-rawin', '-in', 'data', '-sigfile', 'data.sig'];
    expect(execFileSync('openssl', args, { cwd: dir }).toString()).toContain('Signature Verified Successfully');
  });
});
