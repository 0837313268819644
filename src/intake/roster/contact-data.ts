/** Reads postcodes, phone numbers and e-mail addresses; puts back a leading zero that a spreadsheet dropped, when only one reading is possible. */
import { checkPostcode, isKnownPostcode } from '../../platform/postcode.ts';

const EMAIL =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i;

/** The address to write to, full-width forms made ASCII; null when it is not one address that mail can be sent to. */
export function readEmail(text: string): string | null {
  const email = text
    .normalize('NFKC')
    .replace(/^mailto:/i, '')
    .trim();
  return EMAIL.test(email) ? email : null;
}

export type Repaired = { readonly value: string; readonly isRepaired: boolean };

/** Seven digits, or null. Five or six digits get their zeros back when the result is in use and fits the address. */
export function readPostcode(text: string, address: string): Repaired | null {
  const digits = text
    .normalize('NFKC')
    .replace(/^〒/, '')
    .replace(/[\s‐‑–—―−ー-]/g, '');
  if (/^\d{7}$/.test(digits)) return { value: digits, isRepaired: false };
  if (!/^\d{5,6}$/.test(digits)) return null;
  const value = digits.padStart(7, '0');
  const fits = isKnownPostcode(value) && checkPostcode(value, address) === 'ok';
  return fits ? { value, isRepaired: true } : null;
}

/** The number as written, apart from width; a mobile number of ten digits or a landline of nine gets its zero back. */
export function readPhone(text: string): Repaired {
  const plain = text
    .normalize('NFKC')
    .replace(/[‐‑–—―−ー]/g, '-')
    .trim();
  if (/^[789]0\d{8}$/.test(plain) || /^[1-9]\d{8}$/.test(plain)) return { value: `0${plain}`, isRepaired: true };
  return { value: plain, isRepaired: false };
}
