/**
 * Encrypts a stream to the holder of an X25519 key: ephemeral key agreement, HKDF-SHA-256, AES-256-GCM in frames. Each frame's
 * number and whether it is the last are authenticated, so cutting off, doubling or reordering is found (promise 5).
 *
 * Format: "OWABI-SEALED-1\n", 32 bytes ephemeral public key, then frames of 4 bytes length (big endian, top bit = last frame),
 * ciphertext, 16 bytes tag. Key = HKDF(shared secret, salt = ephemeral | receiver, info = "owabi/sealed-to"). The nonce is the
 * frame's number in 12 bytes, the frame's length field is its associated data.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { AppError } from '../../kernel/errors.ts';
import { storedFormats } from '../../kernel/stored-format.ts';

const MAGIC = Buffer.from(`OWABI-SEALED-${storedFormats['sealed-stream']}\n`);
const KEY_BYTES = 32;
const TAG_BYTES = 16;
const FRAME_BYTES = 64 * 1024;
const LAST_FRAME = 0x80000000;
/** An SPKI of X25519 is this prefix and the 32 raw bytes (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

type Bytes = AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>;

/** Reads a receiver's public key (PEM, X25519) and gives its fingerprint. Throws KEY_INVALID for any other key. */
export function readReceiverKey(pem: string): { key: KeyObject; fingerprint: string } {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: pem, format: 'pem' });
  } catch (cause) {
    throw new AppError('KEY_INVALID.notPublic', {}, { cause });
  }
  if (key.asymmetricKeyType !== 'x25519') {
    throw new AppError('KEY_INVALID.type', { type: key.asymmetricKeyType ?? '' });
  }
  const fingerprint = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  return { key, fingerprint };
}

/** The sealed stream. A new ephemeral key each time: sealing the same twice gives different bytes. */
export async function* sealTo(receiver: KeyObject, plain: Bytes): AsyncGenerator<Buffer> {
  const ephemeral = generateKeyPairSync('x25519');
  const ephemeralRaw = rawKey(ephemeral.publicKey);
  const key = agree(ephemeral.privateKey, receiver, ephemeralRaw, rawKey(receiver));
  yield Buffer.concat([MAGIC, ephemeralRaw]);
  let held: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of plain) {
    held = Buffer.concat([held, typeof chunk === 'string' ? Buffer.from(chunk) : chunk]);
    while (held.length > FRAME_BYTES) {
      yield sealFrame(key, number, held.subarray(0, FRAME_BYTES), false);
      number += 1;
      held = held.subarray(FRAME_BYTES);
    }
  }
  yield sealFrame(key, number, held, true);
}

/** Opens what `sealTo` made, with the receiver's private key (PEM). Throws KEY_INVALID when key or bytes do not fit. */
export async function* openSealed(privatePem: string, sealed: Bytes): AsyncGenerator<Buffer> {
  const reader = readExactly(sealed);
  const magic = await reader.take(MAGIC.length);
  if (!magic.equals(MAGIC)) throw new AppError('KEY_INVALID.version');
  const ephemeralRaw = await reader.take(KEY_BYTES);
  const privateKey = readPrivateKey(privatePem);
  const ephemeral = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, ephemeralRaw]), format: 'der', type: 'spki' });
  const key = agree(privateKey, ephemeral, ephemeralRaw, rawKey(createPublicKey(privateKey)));
  for (let number = 0; ; number += 1) {
    const head = await reader.take(4);
    const field = head.readUInt32BE(0);
    const length = field & (LAST_FRAME - 1);
    if (length > FRAME_BYTES) throw new AppError('KEY_INVALID.frame');
    const body = await reader.take(length + TAG_BYTES);
    yield openFrame(key, number, head, body);
    if (field >= LAST_FRAME) break;
  }
  if (!(await reader.isAtEnd())) throw new AppError('KEY_INVALID.goesOn');
}

function readPrivateKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'x25519') return key;
  } catch (cause) {
    throw new AppError('KEY_INVALID.notPrivate', {}, { cause });
  }
  throw new AppError('KEY_INVALID.privateType');
}

const rawKey = (key: KeyObject) => key.export({ type: 'spki', format: 'der' }).subarray(-KEY_BYTES);

function agree(privateKey: KeyObject, publicKey: KeyObject, ephemeralRaw: Buffer, receiverRaw: Buffer): Buffer {
  const shared = diffieHellman({ privateKey, publicKey });
  return Buffer.from(
    hkdfSync('sha256', shared, Buffer.concat([ephemeralRaw, receiverRaw]), 'owabi/sealed-to', KEY_BYTES),
  );
}

function nonceOf(number: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(number), 4);
  return nonce;
}

function sealFrame(key: Buffer, number: number, plain: Buffer, isLast: boolean): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(plain.length + (isLast ? LAST_FRAME : 0));
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number)).setAAD(head);
  const body = cipher.update(plain);
  cipher.final();
  return Buffer.concat([head, body, cipher.getAuthTag()]);
}

function openFrame(key: Buffer, number: number, head: Buffer, body: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number)).setAAD(head);
  decipher.setAuthTag(body.subarray(-TAG_BYTES));
  try {
    const plain = decipher.update(body.subarray(0, -TAG_BYTES));
    decipher.final();
    return plain;
  } catch (cause) {
    throw new AppError('KEY_INVALID.closed', {}, { cause });
  }
}

/** Takes exact lengths out of a stream of chunks. */
function readExactly(source: Bytes) {
  const chunks = (async function* () {
    for await (const chunk of source) yield typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk);
  })();
  let held: Buffer = Buffer.alloc(0);
  const fill = async (length: number) => {
    while (held.length < length) {
      const next = await chunks.next();
      if (next.done) return false;
      held = held.length === 0 ? next.value : Buffer.concat([held, next.value]);
    }
    return true;
  };
  return {
    async take(length: number): Promise<Buffer> {
      if (!(await fill(length))) throw new AppError('KEY_INVALID.cut');
      const taken = held.subarray(0, length);
      held = held.subarray(length);
      return taken;
    },
    isAtEnd: async () => !(await fill(1)),
  };
}
