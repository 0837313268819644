import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openSealed, readReceiverKey, sealTo } from '../../src/platform/crypto/seal-to.ts';

function newKey() {
  const pair = generateKeyPairSync('x25519');
  return {
    publicPem: pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privatePem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
async function collect(source: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
const receiver = newKey();
const seal = (plain: Buffer | string) => collect(sealTo(readReceiverKey(receiver.publicPem).key, [plain]));

describe('a file sealed to a receiver', () => {
  test.each([0, 1, 65_535, 65_536, 65_537, 200_000])('of %i bytes opens with their key', async (length) => {
    const plain = Buffer.alloc(length, 'x');
    expect((await collect(openSealed(receiver.privatePem, [await seal(plain)]))).equals(plain)).toBe(true);
  });

  test('opens from chunks of any size, and shows nothing of what is in it', async () => {
    const sealed = await seal('山田太郎');
    expect(sealed.includes('山田')).toBe(false);
    const bytes = Array.from(sealed, (byte) => Buffer.from([byte]));
    expect((await collect(openSealed(receiver.privatePem, bytes))).toString()).toBe('山田太郎');
  });

  test('opens with no other key', async () => {
    await expect(collect(openSealed(newKey().privatePem, [await seal('x')]))).rejects.toMatchObject({
      code: 'KEY_INVALID',
    });
    await expect(collect(openSealed('nothing', [await seal('x')]))).rejects.toMatchObject({ code: 'KEY_INVALID' });
  });

  test('does not open when it was cut, extended or changed anywhere', async () => {
    const sealed = await seal(Buffer.alloc(70_000, 'y'));
    const opens = async (bytes: Buffer) => await collect(openSealed(receiver.privatePem, [bytes]));
    const twoFrames = 15 + 32 + 4 + 65_536 + 16;
    await expect(opens(sealed.subarray(0, twoFrames))).rejects.toThrow('KEY_INVALID.cut');
    await expect(opens(Buffer.concat([sealed, Buffer.from([0])]))).rejects.toThrow('KEY_INVALID.goesOn');
    for (let at = 0; at < sealed.length; at += 997) {
      const damaged = Buffer.from(sealed);
      damaged[at] = (damaged[at] as number) ^ 1;
      await expect(opens(damaged), `byte ${at}`).rejects.toThrow();
    }
  });

  test('is made for X25519 keys only', () => {
    const ed = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(() => readReceiverKey(ed)).toThrow('KEY_INVALID.type');
    expect(() => readReceiverKey('nothing')).toThrow(expect.objectContaining({ code: 'KEY_INVALID' }));
  });
});
