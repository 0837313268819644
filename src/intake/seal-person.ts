/**
 * A person's data at rest: address data and proof data sealed apart under two keys, and the salted leaf for list versions. The proof (who,
 * which kind, what leaked) still opens after the addresses were destroyed; the salts live in the ciphertext, so that no leaf can be guessed.
 */
import { hash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { createColumnSealer, open, sealedBytesMax } from '../platform/crypto/crypt.ts';
import type { TupleWriter } from '../platform/postgres/copy-binary.ts';
import { handlingFlags, intakeWarnings, type PersonDraft, type PersonRecord, personKinds } from './person.ts';

export type PersonKeys = { readonly address: Uint8Array; readonly proof: Uint8Array };

const SALT_BYTES = 16;
const LEAF_BYTES = 32;
let saltPool = Buffer.alloc(0);
let saltOffset = 0;

function nextSalt(): string {
  if (saltOffset + SALT_BYTES > saltPool.length) {
    saltPool = randomBytes(SALT_BYTES * 1024);
    saltOffset = 0;
  }
  saltOffset += SALT_BYTES;
  return saltPool.toString('base64url', saltOffset - SALT_BYTES, saltOffset);
}

const addressSchema = z.object({
  salt: z.string(),
  kana: z.string().optional(),
  honorific: z.string().optional(),
  organisation: z.string().optional(),
  guardian: z.string().optional(),
  postcode: z.string().optional(),
  lines: z.array(z.string()),
  country: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  unusableEmail: z.string().optional(),
});

const proofSchema = z.object({
  salt: z.string(),
  addressSha256: z.string(),
  name: z.string(),
  birthDate: z.string().optional(),
  customerKey: z.string().optional(),
  kind: z.enum(personKinds),
  flags: z.array(z.enum(handlingFlags)),
  warnings: z.array(z.enum(intakeWarnings)),
  items: z.array(z.string()),
});

const aad = (campaignId: string, ref: string, column: string) => `${campaignId}|${ref}|${column}`;

/** Seals one row's person: writes the fields address_sealed, proof_sealed and leaf. */
export type PersonSealer = (writer: TupleWriter, ref: string, draft: PersonDraft) => void;

/** The leaf is SHA-256 of `ref|proof`, and the proof holds the SHA-256 of the address data, each with its own salt. */
export function createPersonSealer(keys: PersonKeys, campaignId: string): PersonSealer {
  const sealAddress = createColumnSealer(keys.address, campaignId, 'address_sealed');
  const sealProof = createColumnSealer(keys.proof, campaignId, 'proof_sealed');
  return (writer, ref, draft) => {
    const address = addressText(draft);
    const proof = proofText(draft, hash('sha256', address, 'base64url' as 'base64'));
    writer.filled(sealedBytesMax(address), (into, at) => sealAddress(ref, address, into, at));
    writer.filled(sealedBytesMax(proof), (into, at) => sealProof(ref, proof, into, at));
    writer.digest(hash('sha256', `${ref}|${proof}`, 'binary'), LEAF_BYTES);
  };
}

function addressText(draft: PersonDraft): string {
  return JSON.stringify({
    salt: nextSalt(),
    kana: draft.nameKana,
    honorific: draft.honorific,
    organisation: draft.organisation,
    guardian: draft.guardianName,
    postcode: draft.postcode,
    lines: draft.address,
    country: draft.country,
    email: draft.email,
    phone: draft.phone,
    unusableEmail: draft.unusableEmail,
  } satisfies Partial<z.input<typeof addressSchema>> | Record<string, unknown>);
}

function proofText(draft: PersonDraft, addressSha256: string): string {
  return JSON.stringify({
    salt: nextSalt(),
    addressSha256,
    name: draft.name,
    birthDate: draft.birthDate,
    customerKey: draft.customerKey,
    kind: draft.kind,
    flags: draft.flags,
    warnings: draft.warnings,
    items: draft.leakedItems,
  });
}

/** Opens one row's person. Throws KEY_WRONG for bytes that were moved or changed. */
export function openPerson(
  keys: PersonKeys,
  campaignId: string,
  ref: string,
  sealed: { addressSealed: Uint8Array; proofSealed: Uint8Array },
): PersonRecord {
  const parse = (bytes: Buffer): unknown => JSON.parse(bytes.toString('utf8'));
  const address = addressSchema.parse(
    parse(open(keys.address, aad(campaignId, ref, 'address_sealed'), sealed.addressSealed)),
  );
  const proof = proofSchema.parse(parse(open(keys.proof, aad(campaignId, ref, 'proof_sealed'), sealed.proofSealed)));
  return {
    ref,
    kind: proof.kind,
    flags: proof.flags,
    warnings: proof.warnings,
    name: proof.name,
    ...present({
      nameKana: address.kana,
      honorific: address.honorific,
      organisation: address.organisation,
      birthDate: proof.birthDate,
      guardianName: address.guardian,
      postcode: address.postcode,
      country: address.country,
      email: address.email,
      phone: address.phone,
      unusableEmail: address.unusableEmail,
      customerKey: proof.customerKey,
    }),
    address: address.lines,
    leakedItems: proof.items,
  };
}

type Present<T> = { [K in keyof T]?: NonNullable<T[K]> };

function present<T extends Record<string, string | undefined>>(values: T): Present<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;
}
