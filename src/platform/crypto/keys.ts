/**
 * Campaign keys, kept as files outside the database and the data folder (mechanism 4). One random wrapping key per campaign;
 * address and proof keys are separate and wrapped by it, so that addresses can be destroyed while the proof that a gift was
 * sent still opens. A missing key is a refusal: a new one would make the old data unreadable without anyone noticing.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import { deriveKey, open, seal } from './crypt.ts';

export type CampaignKeys = {
  /** Names, addresses, e-mails, phones; SMTP texts and notes about them. */
  readonly address: Buffer;
  /** What proves who was told and who got a gift; lives longer than the addresses. */
  readonly proof: Buffer;
  /** Files that name people, in the encrypted store: rosters, what vendors reported about pieces. Goes with the addresses. */
  readonly file: Buffer;
  /** Files that name no victim: plans, invoices. Lives as long as the proof, because the evidence is made from them. */
  readonly documents: Buffer;
  /** Blind indexes. */
  readonly blind: Buffer;
};

export type KeyStore = {
  readonly dir: string;
  has(campaignId: string): boolean;
  /** Makes the keys of a new campaign. Throws KEY_EXISTS when there are any. */
  create(campaignId: string): CampaignKeys;
  /** Reads the keys from disk each time (a purge must be seen at once). Throws KEY_MISSING. */
  open(campaignId: string): CampaignKeys;
  /** Destroys the address key ('addresses') or every key ('all'). Returns whether anything was there. */
  destroy(campaignId: string, what: 'addresses' | 'all'): boolean;
};

const KEY_BYTES = 32;

function writePrivately(path: string, data: Uint8Array): void {
  const draft = `${path}.new`;
  writeFileSync(draft, data, { mode: 0o600, flag: 'wx' });
  renameSync(draft, path);
}

/** Overwrites before unlinking: of little use on copy-on-write file systems, of some on others; the README says so. */
function destroyFile(path: string): boolean {
  if (!existsSync(path)) return false;
  writeFileSync(path, randomBytes(statSync(path).size), { flush: true });
  rmSync(path);
  return true;
}

/** The campaign's keys, each opened when it is asked for. Throws KEY_MISSING. */
function readKeys(dir: string, campaignId: string): CampaignKeys {
  const fileOf = (name: string) => join(dir, campaignId, name);
  const wrappingFile = fileOf('wrapping.key');
  if (!existsSync(wrappingFile)) {
    throw new AppError('KEY_MISSING.campaign', { campaign: campaignId, dir });
  }
  const wrapping = readFileSync(wrappingFile);
  const unwrap = (name: string): Buffer => {
    const file = fileOf(`${name}.key`);
    if (!existsSync(file)) throw new AppError('KEY_MISSING.destroyed', { name, campaign: campaignId });
    return open(wrapping, `${campaignId}|${name}|key`, readFileSync(file));
  };
  // Each key is asked for on its own: after the addresses are destroyed the proof still opens.
  const once = (make: () => Buffer): (() => Buffer) => {
    let made: Buffer | undefined;
    return () => {
      made ??= make();
      return made;
    };
  };
  const address = once(() => unwrap('address'));
  const proof = once(() => unwrap('proof'));
  const file = once(() => deriveKey(address(), 'file'));
  const documents = once(() => deriveKey(proof(), 'documents'));
  const blind = once(() => deriveKey(address(), 'blind'));
  return {
    get address() {
      return address();
    },
    get proof() {
      return proof();
    },
    get file() {
      return file();
    },
    get documents() {
      return documents();
    },
    get blind() {
      return blind();
    },
  };
}

/** Opens (and creates, 0700) the key folder. */
export function openKeyStore(dir: string): KeyStore {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  chmodSync(dir, 0o700);
  const folderOf = (campaignId: string) => join(dir, campaignId);
  const fileOf = (campaignId: string, name: string) => join(folderOf(campaignId), name);

  return {
    dir,
    has: (campaignId) => existsSync(fileOf(campaignId, 'wrapping.key')),
    create(campaignId) {
      if (existsSync(folderOf(campaignId))) throw new AppError('KEY_EXISTS', { campaign: campaignId });
      // Written beside and renamed: a crash leaves either all keys of the campaign or none.
      const draft = join(dir, `.${campaignId}.new`);
      rmSync(draft, { recursive: true, force: true });
      mkdirSync(draft, { mode: 0o700 });
      const wrapping = randomBytes(KEY_BYTES);
      writePrivately(join(draft, 'wrapping.key'), wrapping);
      for (const name of ['address', 'proof']) {
        writePrivately(join(draft, `${name}.key`), seal(wrapping, `${campaignId}|${name}|key`, randomBytes(KEY_BYTES)));
      }
      renameSync(draft, folderOf(campaignId));
      return readKeys(dir, campaignId);
    },
    open: (campaignId) => readKeys(dir, campaignId),
    destroy(campaignId, what) {
      const names = what === 'all' ? ['address.key', 'proof.key', 'wrapping.key'] : ['address.key'];
      let found = false;
      for (const name of names) found = destroyFile(fileOf(campaignId, name)) || found;
      return found;
    },
  };
}
