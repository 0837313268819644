/**
 * The keyed digests by which rows are compared and people are looked up. Equal forms meet; nothing can be read back, and without the
 * campaign's key nothing can be tried out.
 */
import { createBlindIndexer } from '../../platform/crypto/blind.ts';
import { BLIND_BYTES, blindIndex } from '../../platform/crypto/crypt.ts';
import type { PersonDraft } from '../person.ts';
import { addressForm, customerForm, emailForm, kanaForm, nameForm, phoneForm } from '../roster/matching-form.ts';

/** Digests of 32 characters, one per byte (latin1); null means the row has no such value. */
export type MatchKeys = {
  readonly name: string;
  readonly customer: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly kana: string | null;
  readonly address: string | null;
  readonly birth: string | null;
  readonly site: string | null;
};

/** Bytes that are stored: names and addresses are only compared, never looked up, so eight are enough for them, four for a date of birth. */
export const matchKeyBytes = {
  site: BLIND_BYTES,
  customer: BLIND_BYTES,
  email: BLIND_BYTES,
  phone: BLIND_BYTES,
  kana: BLIND_BYTES,
  name: 8,
  address: 8,
  birth: 4,
} as const satisfies Record<keyof MatchKeys, number>;

const CACHE_MAX = 60_000;

export type LookUpKind = 'customer' | 'email' | 'phone' | 'kana';

const forms: Readonly<Record<LookUpKind, (value: string) => string>> = {
  customer: customerForm,
  email: emailForm,
  phone: phoneForm,
  kana: kanaForm,
};

/** The digest under which a value is looked up; null when nothing of the value counts. */
export function lookUpKey(blindKey: Uint8Array, kind: LookUpKind, value: string): Buffer | null {
  const form = forms[kind](value);
  return form === '' ? null : blindIndex(blindKey, kind, form);
}

/** The keyed hash of a mail domain: what shaping per receiving site knows of it. */
export function siteKeyOf(blindKey: Uint8Array, domain: string): Buffer {
  return blindIndex(blindKey, 'site', domain.toLowerCase());
}

/** A maker of keys for many rows; repeated values (domains, dates of birth) are hashed once. */
export function createKeyMaker(blindKey: Uint8Array): (draft: PersonDraft) => MatchKeys {
  const digestName = createBlindIndexer(blindKey, 'name');
  const digestAddress = createBlindIndexer(blindKey, 'address');
  const digestBirth = cached(createBlindIndexer(blindKey, 'birth'));
  const digestSite = cached(createBlindIndexer(blindKey, 'site'));
  const lookUp = (kind: LookUpKind) => {
    const digest = createBlindIndexer(blindKey, kind);
    const formOf = forms[kind];
    return (value: string | undefined): string | null => {
      const form = value === undefined ? '' : formOf(value);
      return form === '' ? null : digest(form);
    };
  };
  const lookUps = {
    customer: lookUp('customer'),
    email: lookUp('email'),
    phone: lookUp('phone'),
    kana: lookUp('kana'),
  } satisfies Record<LookUpKind, unknown>;
  return (draft) => {
    const domain = draft.email?.slice(draft.email.lastIndexOf('@') + 1).toLowerCase();
    const address = draft.address.length === 0 ? '' : addressForm(draft.address);
    return {
      name: digestName(nameForm(draft.name)),
      customer: lookUps.customer(draft.customerKey),
      email: lookUps.email(draft.email),
      phone: lookUps.phone(draft.phone),
      kana: lookUps.kana(draft.nameKana),
      address: address === '' ? null : digestAddress(address),
      birth: draft.birthDate === undefined ? null : digestBirth(draft.birthDate),
      site: domain === undefined ? null : digestSite(domain),
    };
  };
}

function cached(digest: (value: string) => string): (value: string) => string {
  const known = new Map<string, string>();
  return (value) => {
    let key = known.get(value);
    if (key === undefined) {
      if (known.size >= CACHE_MAX) known.clear();
      key = digest(value);
      known.set(value, key);
    }
    return key;
  };
}
