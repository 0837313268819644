/**
 * The encrypted file store: content-addressed by the hash of the ciphertext, one key per campaign. Files are framed so that
 * gigabytes stream through constant memory; each frame is sealed under its number and whether it is the last, so neither a
 * cut nor a swap passes unnoticed. A folder today; the same three calls fit an object store.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../kernel/errors.ts';
import { open, seal } from './crypto/crypt.ts';

export type StoredFile = { readonly id: string; readonly bytes: number; readonly plainSha256: string };

export type FileStore = {
  put(fileKey: Uint8Array, source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<StoredFile>;
  /** Streams the plain bytes. Fails with FILE_MISSING or FILE_CORRUPT. */
  get(fileKey: Uint8Array, id: string): Readable;
  read(fileKey: Uint8Array, id: string): Promise<Buffer>;
  delete(id: string): Promise<void>;
};

const FRAME_BYTES = 256 * 1024;
const FRAME_OVERHEAD = 1 + 12 + 16;
const LENGTH_BYTES = 4;

const frameAad = (number: number, isLast: boolean) => `file|${number}|${isLast ? 'last' : 'more'}`;

async function* sealFrames(
  key: Uint8Array,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onPlain: (chunk: Uint8Array) => void,
): AsyncGenerator<Buffer> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let number = 0;
  const frame = (plain: Uint8Array, isLast: boolean): Buffer => {
    const sealed = seal(key, frameAad(number, isLast), plain);
    number += 1;
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(sealed.length);
    return Buffer.concat([length, sealed]);
  };
  for await (const chunk of source) {
    onPlain(chunk);
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (pendingBytes > FRAME_BYTES) {
      const whole = Buffer.concat(pending);
      let offset = 0;
      for (; whole.length - offset > FRAME_BYTES; offset += FRAME_BYTES)
        yield frame(whole.subarray(offset, offset + FRAME_BYTES), false);
      pending = [whole.subarray(offset)];
      pendingBytes = whole.length - offset;
    }
  }
  yield frame(Buffer.concat(pending), true);
}

async function* openFrames(key: Uint8Array, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let buffer: Buffer = Buffer.alloc(0);
  let number = 0;
  let ended = false;
  for await (const chunk of source) {
    buffer = buffer.length === 0 ? chunk : Buffer.concat([buffer, chunk]);
    while (buffer.length >= LENGTH_BYTES) {
      const length = buffer.readUInt32BE(0);
      if (length > FRAME_BYTES + FRAME_OVERHEAD) throw new AppError('FILE_CORRUPT.frame');
      if (buffer.length < LENGTH_BYTES + length) break;
      if (ended) throw new AppError('FILE_CORRUPT.goesOn');
      const sealed = buffer.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
      // Only its seal says whether a frame is the last one, so both are tried.
      let plain: Buffer;
      try {
        plain = open(key, frameAad(number, false), sealed);
      } catch {
        plain = open(key, frameAad(number, true), sealed);
        ended = true;
      }
      number += 1;
      buffer = buffer.subarray(LENGTH_BYTES + length);
      yield plain;
    }
  }
  if (!ended || buffer.length > 0) throw new AppError('FILE_CORRUPT.cut');
}

/** Opens the store in `dir` (created 0700). */
export function openFileStore(dir: string): FileStore {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const pathOf = (id: string) => join(dir, id.slice(0, 2), id);

  const get = (fileKey: Uint8Array, id: string): Readable => {
    const path = pathOf(id);
    if (!existsSync(path)) throw new AppError('FILE_MISSING.stored', { id });
    return Readable.from(openFrames(fileKey, createReadStream(path)), { objectMode: false });
  };

  return {
    async put(fileKey, source) {
      const draft = join(dir, `.${randomUUID()}.new`);
      const plainHash = createHash('sha256');
      const cipherHash = createHash('sha256');
      let bytes = 0;
      async function* sealed(): AsyncGenerator<Buffer> {
        for await (const frame of sealFrames(fileKey, source, (chunk) => {
          plainHash.update(chunk);
          bytes += chunk.length;
        })) {
          cipherHash.update(frame);
          yield frame;
        }
      }
      try {
        await pipeline(sealed(), createWriteStream(draft, { mode: 0o600, flags: 'wx', flush: true }));
        const id = cipherHash.digest('hex');
        mkdirSync(join(dir, id.slice(0, 2)), { recursive: true, mode: 0o700 });
        await rename(draft, pathOf(id));
        return { id, bytes, plainSha256: plainHash.digest('hex') };
      } catch (error) {
        await rm(draft, { force: true });
        throw error;
      }
    },
    get,
    async read(fileKey, id) {
      const parts: Buffer[] = [];
      for await (const part of get(fileKey, id)) parts.push(part as Buffer);
      return Buffer.concat(parts);
    },
    async delete(id) {
      await rm(pathOf(id), { force: true });
    },
  };
}
