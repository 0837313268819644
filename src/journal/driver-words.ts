/** What fact lines count, in words for people; a driver or value that only an older version knew shows as it is stored. */
import type { Language } from '../platform/language.ts';
import { say } from '../platform/words.ts';
import { driverSchema } from './driver.ts';
import { readAttributes, type StoredLine } from './fact-line.ts';

const comma = { ja: '、', en: ', ' } as const satisfies Record<Language, string>;

/** The driver in words: `letters posted`. */
export function describeDriver(language: Language, driver: string): string {
  return driverSchema.safeParse(driver).success ? say(language, `driver.name.${driver}`) : driver;
}

/** Driver and attributes in words: `letters posted (service: ordinary mail, barcode: no)`. */
export function describeLine(language: Language, line: Pick<StoredLine, 'driver' | 'attributes'>): string {
  const name = describeDriver(language, line.driver);
  const isKnown = readAttributes(line) !== null;
  const attributes = Object.entries(line.attributes).map(([attribute, value]) =>
    isKnown
      ? say(language, 'driver.pair', {
          attribute: say(language, `driver.attribute.${attribute}`),
          value: describeValue(language, attribute, value),
        })
      : `${attribute}=${value}`,
  );
  if (attributes.length === 0) return name;
  return say(language, 'driver.with', { name, attributes: attributes.join(comma[language]) });
}

/** Ids and numbers are shown as they are; every value of a closed set has its word. */
function describeValue(language: Language, attribute: string, value: string | number | boolean): string {
  const key = `driver.value.${attribute}.${value}`;
  const word = say(language, key);
  return word === key ? String(value) : word;
}
