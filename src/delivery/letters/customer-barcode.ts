/**
 * Japan Post's customer barcode (カスタマバーコード): which address number it carries and which 67 bars show it. A wrong bar sends a
 * letter to the wrong door, so the rules follow Japan Post's manual word for word and are tested with its own samples.
 * Source: 郵便番号制マニュアル p12–p20, https://www.post.japanpost.jp/zipcode/zipmanual/
 */

/** F full, A ascender (upper two thirds), D descender (lower two thirds), T timing (middle third). */
export type Bar = 'F' | 'A' | 'D' | 'T';

export type CustomerBarcode = {
  /** 7 digits and the address number as extracted, before it is cut to 13 symbols. */
  readonly postcode: string;
  readonly addressNumber: string;
  /** Value of the check symbol, 0–18. */
  readonly check: number;
  readonly bars: readonly Bar[];
};

/** Symbols in the order of their values: 0–9, hyphen = 10, CC1–CC8 (written a–h) = 11–18. */
const SYMBOLS = '0123456789-abcdefgh';
const PATTERNS = [
  ...['FTT', 'FFT', 'FDA', 'DFA', 'FAD', 'FTF', 'DAF', 'AFD', 'ADF', 'TFF'],
  ...['TFT', 'DAT', 'DTA', 'ADT', 'TDA', 'ATD', 'TAD', 'TTF', 'FFF'],
];
const START = 'FD';
const STOP = 'DF';
const ADDRESS_SYMBOLS = 13;
/** CC4 fills unused places. */
const FILLER = 'd';

/**
 * The barcode of a Japanese address, or null when it must not carry one: postcode unknown, or a code for "以下に掲載がない場合"
 * (ending 00), which does not tell the town. `address` is what follows the town that the postcode already names.
 */
export function customerBarcode(postcode: string | undefined, address: string): CustomerBarcode | null {
  const digits = (postcode ?? '').normalize('NFKC').replaceAll(/\D/g, '');
  if (digits.length !== 7 || digits.endsWith('00')) return null;
  return encodeCustomerBarcode(digits, extractAddressNumber(address));
}

const NUMERAL_UNITS = '(?=丁目|丁|番地|番|号|地割|線|の|ノ)';
const KANJI_NUMERAL = new RegExp(`[〇一二三四五六七八九十百千]+${NUMERAL_UNITS}`, 'gu');

/** 住所表示番号 of an address: digits, hyphens and single letters, by the extraction rules of the manual (p17–p20). */
export function extractAddressNumber(address: string): string {
  return address
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[&/・.]/gu, '')
    .replaceAll(/[‐‑‒–—―−─]|(?<=\d)ー(?=[\dA-Z])/gu, '-')
    .replaceAll(KANJI_NUMERAL, (numeral) => String(readKanjiNumeral(numeral)))
    .replaceAll(/(?<=\d)F(?![A-Z])/gu, '-')
    .replaceAll(/[A-Z]{2,}/gu, '-')
    .replaceAll(/[^0-9A-Z]+/gu, '-')
    .replaceAll(/-?([A-Z])-?/gu, '$1')
    .replaceAll(/^-+|-+$/gu, '');
}

/** 十一 → 11, 二十一 → 21, 一〇三 → 103 (positional when no unit is written). */
export function readKanjiNumeral(numeral: string): number {
  const digits = '〇一二三四五六七八九';
  if (!/[十百千]/u.test(numeral)) return Number(Array.from(numeral, (digit) => digits.indexOf(digit)).join(''));
  let total = 0;
  let pending = 0;
  for (const character of numeral) {
    const unit = { 十: 10, 百: 100, 千: 1000 }[character];
    if (unit === undefined) pending = digits.indexOf(character);
    else {
      total += (pending || 1) * unit;
      pending = 0;
    }
  }
  return total + pending;
}

/** Bars of a 7-digit postcode and an address number; what does not fit into 13 symbols is cut, a lone control code stays. */
export function encodeCustomerBarcode(postcode: string, addressNumber: string): CustomerBarcode {
  let symbols = '';
  for (const character of addressNumber) symbols += addressSymbols(character);
  const payload = postcode + symbols.slice(0, ADDRESS_SYMBOLS).padEnd(ADDRESS_SYMBOLS, FILLER);
  let sum = 0;
  for (const symbol of payload) sum += SYMBOLS.indexOf(symbol);
  const check = (19 - (sum % 19)) % 19;
  let bars = START;
  for (const symbol of payload) bars += PATTERNS[SYMBOLS.indexOf(symbol)];
  bars += PATTERNS[check] + STOP;
  return { postcode, addressNumber, check, bars: Array.from(bars) as Bar[] };
}

/** A–J are CC1 and a digit, K–T CC2, U–Z CC3. */
function addressSymbols(character: string): string {
  const letter = character.charCodeAt(0) - 65;
  if (letter < 0 || letter > 25) return character;
  return `${'abc'[Math.floor(letter / 10)]}${letter % 10}`;
}
