/** Makes a new campaign folder from the shipped sample, with dates around today and a .gitignore for the rest. */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { addDays, type Day, daysBetween, isDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import { packageRoot } from '../../platform/package-root.ts';
import { loadSampleValues, withTrialValues } from './sample-values.ts';

/** The day on which the sample's first wave starts; every other date of the sample is moved along with it. */
const SAMPLE_DAY = '2026-11-20';
const SAMPLE_ID = 'mihon-2026';
const DEFAULT_RATES = 'japan-post-2024-10.yaml';

type SampleFile = { from: string; to: string; written?: 'filled' | 'dated' };

/** `from` in templates/, `to` in the folder; `filled` files take the campaign's own values, `dated` ones have their dates moved too. */
const sampleFiles: SampleFile[] = [
  { from: 'campaign/campaign.yaml', to: 'campaign.yaml', written: 'dated' },
  { from: 'campaign/campaign.schema.json', to: 'campaign.schema.json' },
  { from: 'campaign/gitignore', to: '.gitignore' },
  { from: 'campaign/README.md', to: 'README.md' },
  { from: 'policy/sample.yaml', to: 'policy.yaml', written: 'filled' },
  { from: `rates/${DEFAULT_RATES}`, to: 'rates.yaml' },
];

/**
 * Fills `dir` (made when absent) and returns the files written, relative to it. `today` is the day of the first wave; `id`
 * replaces the sample's. What is invented in it is a fault of `check` until somebody replaces it; `isTrial` writes the trial
 * company's values instead. Throws FOLDER_NOT_EMPTY.
 */
export async function scaffoldCampaign({
  dir,
  today,
  id = SAMPLE_ID,
  isTrial = false,
}: {
  dir: string;
  today: Day;
  id?: string;
  isTrial?: boolean;
}): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  if ((await readdir(dir)).length > 0) {
    throw new AppError('FOLDER_NOT_EMPTY.campaign', { dir });
  }
  const templates = join(packageRoot, 'templates');
  const shift = daysBetween(SAMPLE_DAY, today);
  const values = loadSampleValues();
  const files = [...sampleFiles, ...(await listNotices(join(templates, 'notice')))];
  for (const { from, to, written } of files) {
    const target = join(dir, to);
    await mkdir(dirname(target), { recursive: true });
    if (!written) {
      await cp(join(templates, from), target);
      continue;
    }
    const sample = await readFile(join(templates, from), 'utf8');
    const text = isTrial ? withTrialValues(sample, values) : sample;
    const dated = written === 'dated' ? shiftDays(text, shift) : text;
    await writeFile(target, dated.replaceAll(SAMPLE_ID, id), { flag: 'wx' });
  }
  return files.map((file) => file.to);
}

/** templates/notice/<variant>/<language>/notice.md becomes notice/<variant>.<language>.md. */
async function listNotices(folder: string): Promise<SampleFile[]> {
  const found: SampleFile[] = [];
  for (const variant of (await readdir(folder)).sort()) {
    for (const language of (await readdir(join(folder, variant))).sort()) {
      found.push({
        from: `notice/${variant}/${language}/notice.md`,
        to: `notice/${variant}.${language}.md`,
        written: 'dated',
      });
    }
  }
  return found;
}

/** Moves every date written like 2026-11-20 by the same number of days. */
export function shiftDays(text: string, days: number): string {
  return text.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (found) => (isDay(found) ? addDays(found, days) : found));
}
