/**
 * Splits an address at the town that its postcode names: the customer barcode carries only what follows (住所B of Japan Post's manual).
 * When the town is not recognised there is no barcode; a number taken from the wrong half would send the letter elsewhere.
 */
import { listTowns } from '../../platform/postcode.ts';

/** What follows the town, or null when the address does not visibly begin with prefecture, city and town of the postcode. */
export function addressBehindTown(postcode: string, address: readonly string[]): string | null {
  const text = address.join(' ').normalize('NFKC');
  let longest: number | null = null;
  for (const { prefecture, city, town } of listTowns(postcode.replaceAll(/\D/g, ''))) {
    if (town === '') continue;
    const behindPrefecture = skip(text, 0, prefecture) ?? 0;
    const behindCity = skip(text, behindPrefecture, city) ?? skip(text, behindPrefecture, withoutDistrict(city));
    if (behindCity === null) continue;
    const start = skip(text, behindCity, '大字') ?? skip(text, behindCity, '字') ?? behindCity;
    const end = skip(text, start, town);
    if (end !== null && (longest === null || end > longest)) longest = end;
  }
  return longest === null ? null : text.slice(longest);
}

/** 虻田郡倶知安町 is also written 倶知安町. */
function withoutDistrict(city: string): string {
  const district = city.indexOf('郡');
  return district > 0 ? city.slice(district + 1) : city;
}

/** Index behind `prefix` in `text` from `from`, blanks ignored; null when it is not there. */
function skip(text: string, from: number, prefix: string): number | null {
  let at = from;
  for (const character of prefix.normalize('NFKC')) {
    while (text[at] === ' ') at += 1;
    if (fold(text[at] ?? '') !== fold(character)) return null;
    at += 1;
  }
  return at;
}

const DIGITS = '〇一二三四五六七八九';

/** Characters that addresses write both ways. */
function fold(character: string): string {
  if (character !== '' && 'ヶがガ'.includes(character)) return 'ケ';
  if (character === 'の') return 'ノ';
  const twins: Record<string, string> = { ツ: 'ッ', ヵ: 'カ', 龍: '竜', 﨑: '崎', 檜: '桧', 籠: '篭', 澤: '沢' };
  const digit = Number(character);
  if (/^\d$/.test(character)) return DIGITS[digit] ?? character;
  return twins[character] ?? character;
}
