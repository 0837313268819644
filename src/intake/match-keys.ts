/**
 * The keyed digests by which rows are compared and people are looked up. Equal forms meet; nothing can be read back, and without the
 * campaign's key nothing can be tried out.
 */
import { createBlindIndexer } from '../platform/blind.ts';
import { blindIndex } from '../platform/crypt.ts';
import type { PersonDraft } from './person.ts';
import { addressForm, customerForm, emailForm, kanaForm, nameForm, phoneForm } from './roster/matching-form.ts';

export type MatchKeys = {
  readonly name: Buffer;
  readonly customer: Buffer | null;
  readonly email: Buffer | null;
  readonly phone: Buffer | null;
  readonly kana: Buffer | null;
  readonly address: Buffer | null;
  readonly birth: Buffer | null;
  readonly site: Buffer | null;
};

/** Names and addresses are only compared, never looked up, so eight bytes are enough for them, four for a date of birth. */
const COMPARED_BYTES = 8;
const BIRTH_BYTES = 4;
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
  const digest = createBlindIndexer(blindKey);
  const lookUp = (kind: LookUpKind, value: string | undefined): Buffer | null => {
    const form = value === undefined ? '' : forms[kind](value);
    return form === '' ? null : digest(kind, form);
  };
  const caches = { site: new Map<string, Buffer>(), birth: new Map<string, Buffer>() };
  const cached = (kind: 'site' | 'birth', value: string, make: () => Buffer): Buffer => {
    const cache = caches[kind];
    let key = cache.get(value);
    if (key === undefined) {
      if (cache.size >= CACHE_MAX) cache.clear();
      key = make();
      cache.set(value, key);
    }
    return key;
  };
  return (draft) => {
    const domain = draft.email?.slice(draft.email.lastIndexOf('@') + 1).toLowerCase();
    const birth = draft.birthDate;
    const address = draft.address.length === 0 ? '' : addressForm(draft.address);
    return {
      name: digest('name', nameForm(draft.name)).subarray(0, COMPARED_BYTES),
      customer: lookUp('customer', draft.customerKey),
      email: lookUp('email', draft.email),
      phone: lookUp('phone', draft.phone),
      kana: lookUp('kana', draft.nameKana),
      address: address === '' ? null : digest('address', address).subarray(0, COMPARED_BYTES),
      birth: birth === undefined ? null : cached('birth', birth, () => digest('birth', birth).subarray(0, BIRTH_BYTES)),
      site: domain === undefined ? null : cached('site', domain, () => siteKeyOf(blindKey, domain)),
    };
  };
}
