/**
 * Normalised forms for matching only: what is stored and printed stays as it came. Two spellings with one form are the same for
 * finding duplicates and for exact search.
 */

/** Variants that data entry mixes freely for one and the same name. */
const VARIANTS: Readonly<Record<string, string>> = {
  髙: '高',
  﨑: '崎',
  嵜: '崎',
  碕: '崎',
  邊: '辺',
  邉: '辺',
  齋: '斉',
  齊: '斉',
  斎: '斉',
  濵: '浜',
  濱: '浜',
  𠮷: '吉',
  德: '徳',
  廣: '広',
  澤: '沢',
  櫻: '桜',
  國: '国',
  眞: '真',
  惠: '恵',
  榮: '栄',
  龍: '竜',
  瀧: '滝',
  嶋: '島',
  嶌: '島',
  槇: '槙',
  曾: '曽',
  淺: '浅',
  黑: '黒',
  橫: '横',
  增: '増',
  槗: '橋',
  𣘺: '橋',
  冨: '富',
  隆: '隆',
  藪: '薮',
  祐: '祐',
  彌: '弥',
  壽: '寿',
  靜: '静',
  實: '実',
};
const VARIANT_PATTERN = new RegExp(`[${Object.keys(VARIANTS).join('')}]`, 'gu');
const ASCII_LOWER = /^[a-z0-9]*$/;

function compatible(text: string): string {
  return text.normalize('NFKC');
}

/** Name without spaces, dots, variation selectors and honorific, with variants folded; Latin letters in lower case. */
export function nameForm(name: string): string {
  return compatible(name)
    .replace(/[\s・･.,'’\-‐ー]|\ufe00-\ufe0f|[\u{e0100}-\u{e01ef}]/gu, '')
    .replace(/(様|さま|殿|御中)$/, '')
    .replace(VARIANT_PATTERN, (found) => VARIANTS[found] ?? found)
    .toLowerCase();
}

/** Kana name in full-width katakana without spaces; long-vowel marks of every kind are one. */
export function kanaForm(kana: string): string {
  return compatible(kana)
    .replace(/[\s・.,]/g, '')
    .replace(/[\u3041-\u3096]/g, (found) => String.fromCharCode(found.charCodeAt(0) + 0x60))
    .replace(/[-‐‑–—―−~〜]/g, 'ー')
    .toUpperCase();
}

export function emailForm(email: string): string {
  return compatible(email).trim().toLowerCase();
}

/** Digits of a phone number in national form: +81 3 … is 03…. */
export function phoneForm(phone: string): string {
  const digits = compatible(phone).replace(/[^\d+]/g, '');
  return digits.startsWith('+81') ? `0${digits.slice(3).replace(/^0/, '')}` : digits.replace(/\+/g, '');
}

export function customerForm(key: string): string {
  return compatible(key).replace(/\s/g, '').toUpperCase();
}

const KANJI_DIGITS = '〇一二三四五六七八九';

/** Address lines joined: spaces gone, 一丁目2番3号 and 1-2-3 alike; the prefecture is dropped because many files leave it out. */
export function addressForm(lines: readonly string[]): string {
  const text = compatible(lines.join(''))
    .replace(/\s/g, '')
    .replace(/[‐‑–—―−ー](?=\d)|(?<=\d)[‐‑–—―−ー]/g, '-')
    .replace(
      /([一二三四五六七八九])(丁目|番)/g,
      (_, digit: string, unit: string) => `${KANJI_DIGITS.indexOf(digit)}${unit}`,
    )
    .replace(/(\d)(丁目|番地の?|番|号室?)/g, '$1-')
    .replace(/-+/g, '-')
    .replace(/-$/, '')
    .replace(/-(?=\D)/g, '')
    .toLowerCase();
  return ASCII_LOWER.test(text) ? text : text.replace(/^(東京都|北海道|(?:京都|大阪)府|.{2,3}県)/, '');
}
