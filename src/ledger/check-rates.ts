/** Checks a campaign's rates.yaml: its shape, its drivers and attributes, and that a card which it prices is one of the campaign's. */

import { nearestWord } from '../kernel/nearest-word.ts';
import type { Problem } from '../kernel/problem.ts';
import { parseYaml } from '../platform/formats/yaml.ts';
import type { Language } from '../platform/language.ts';
import { say } from '../platform/words.ts';
import { rateCardSchema } from './rate-card.ts';

/** Every fault with its line. `gifts` are the ids in campaign.yaml; null when that could not be read. */
export function checkRates(
  { file, text, gifts }: { file: string; text: string; gifts: readonly string[] | null },
  language: Language,
): Problem[] {
  const { value, problems, lineOf } = parseYaml(file, text, rateCardSchema, language);
  if (value === undefined || gifts === null) return problems;
  return value.rates.flatMap((rate, index): Problem[] => {
    const { gift } = rate.match;
    if (gift === undefined || gifts.includes(String(gift))) return [];
    const path = `rates.${index}.match.gift`;
    const near = nearestWord(String(gift), gifts);
    const params = { value: `"${gift}"`, allowed: gifts.join(', ') || '-', near: near ?? '' };
    return [
      { file, line: lineOf(path), path, message: say(language, near ? 'yaml.notOneOfNear' : 'yaml.notOneOf', params) },
    ];
  });
}
