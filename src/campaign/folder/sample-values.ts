/**
 * What is still the shipped sample's in a campaign folder: an invented telephone, sender or day must not reach real people.
 * The list stands beside the sample and is compared literally.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Day, daysBetween, isDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import { type Problem, problemLines } from '../../kernel/problem.ts';
import { readYaml } from '../../platform/formats/yaml.ts';
import type { Language } from '../../platform/language.ts';
import { packageRoot } from '../../platform/package-root.ts';
import { say } from '../../platform/words.ts';
import type { CampaignFile } from './campaign-file.ts';
import { campaignFileName, type FolderReading, policyFileName } from './campaign-folder.ts';
import { dayOf, daySchema } from './local-time.ts';

const pair = z.strictObject({ sample: z.string().min(1), trial: z.string().min(1) });
const sampleValuesSchema = z.strictObject({
  texts: z.array(pair).min(1),
  days: z.array(z.strictObject({ path: z.string(), sample: daySchema, trial: daySchema.optional() })).min(1),
  reports: pair,
});
export type SampleValues = z.output<typeof sampleValuesSchema>;

const SAMPLE_VALUES = 'templates/campaign/sample-values.yaml';
/** RFC 2606 and the registries' own: no mail ever arrives there. `.test` is left to trials. */
const reservedDomain =
  /(?:[@/.]|^)(?:[\w-]+\.)*(?:example(?:\.(?:com|net|org|jp|co\.jp))?|invalid|localhost)(?=$|[/:?#])/i;

/** Throws TEMPLATE_INVALID. */
export function loadSampleValues(): SampleValues {
  const text = readFileSync(join(packageRoot, SAMPLE_VALUES), 'utf8');
  const { value, problems } = readYaml(SAMPLE_VALUES, text, sampleValuesSchema, { keep: true });
  if (value) return value;
  throw new AppError('TEMPLATE_INVALID', { faults: problemLines(problems) });
}

/** The sample's text with the trial company's values: complete and invented, for trying out. */
export function withTrialValues(text: string, { texts, days, reports }: SampleValues): string {
  const pairs = [...texts, ...days, reports];
  return pairs.reduce((done, { sample, trial }) => (trial ? done.replaceAll(sample, trial) : done), text);
}

/** Whether the text is still the sample's, whole or in part. */
export function isSampleText(text: string): boolean {
  return loadSampleValues().texts.some(({ sample }) => text.includes(sample));
}

type Finding = { problem: Problem; isTrial: boolean };

/** Sample values are problems; the trial company's are warnings, because a trial is what they are for. */
export function checkSampleValues(
  { file, policy, notices, lineOf, policyLineOf }: FolderReading,
  language: Language,
  values: SampleValues = loadSampleValues(),
): { problems: Problem[]; warnings: Problem[] } {
  const own = file
    ? [...inValues(campaignFileName, file, lineOf), ...sampleDays(file, values).map((found) => dayFinding(found))]
    : [];
  const findings = [
    ...own.sort((a, b) => a.problem.line - b.problem.line),
    ...(policy ? inValues(policyFileName, policy, policyLineOf) : []),
    ...notices.flatMap((notice) =>
      notice.text.split('\n').flatMap((line, at) => inText({ file: notice.path, line: at + 1, path: '' }, line)),
    ),
  ];
  const pick = (isTrial: boolean) => findings.filter((one) => one.isTrial === isTrial).map((one) => one.problem);
  return { problems: pick(false), warnings: pick(true) };

  function inValues(name: string, tree: unknown, line: (path: string) => number): Finding[] {
    return listTexts(tree, '').flatMap(({ path, text }) => inText({ file: name, line: line(path), path }, text));
  }

  function inText(place: Omit<Problem, 'message'>, text: string): Finding[] {
    const found = (key: string, value: string, isTrial: boolean): Finding => ({
      problem: { ...place, message: say(language, `campaign.sample.${key}`, { value }) },
      isTrial,
    });
    const sample = values.texts.find((one) => text.includes(one.sample));
    if (sample) return [found('value', sample.sample, false)];
    if (place.path !== '' && reservedDomain.test(text) && !text.includes(' ')) return [found('domain', text, false)];
    const trial = values.texts.find((one) => text.includes(one.trial));
    return trial && place.path !== '' ? [found('trial', trial.trial, true)] : [];
  }

  function dayFinding({ path, day }: { path: string; day: Day }): Finding {
    const message = say(language, 'campaign.sample.day', { value: day });
    return { problem: { file: campaignFileName, line: lineOf(path), path, message }, isTrial: false };
  }
}

function listTexts(value: unknown, path: string): { path: string; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => listTexts(child, path === '' ? key : `${path}.${key}`));
}

/**
 * The sample's days are moved to today when a folder is made, so they are known by their distances: three of its days where the
 * sample has them, all moved by one number, are no chance. Returns those that were left as they came.
 */
function sampleDays(file: CampaignFile, { days }: SampleValues): { path: string; day: Day }[] {
  const found = new Map(listTexts(file, '').map(({ path, text }) => [path, text]));
  const places = days.flatMap(({ path, sample }) => {
    const day = dayOf(found.get(path) ?? '');
    return isDay(day) ? [{ path, day, moved: daysBetween(sample, day) }] : [];
  });
  const left = places.filter(({ moved }) => places.filter((other) => other.moved === moved).length >= MIN_DAYS_LEFT);
  return left.map(({ path, day }) => ({ path, day }));
}

const MIN_DAYS_LEFT = 3;
