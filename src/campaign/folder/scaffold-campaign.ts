/** Makes a new campaign folder from the shipped sample: valid at once, with dates around today and a .gitignore for the rest. */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { addDays, type Day, daysBetween, isDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import { packageRoot } from '../../platform/package-root.ts';

/** The day on which the sample's first wave starts; every other date of the sample is moved along with it. */
const SAMPLE_DAY = '2026-11-20';
const SAMPLE_ID = 'mihon-2026';
const DEFAULT_RATES = 'japan-post-2024-10.yaml';

/** `from` in templates/, `to` in the folder; `dated` files have their dates moved. */
const sampleFiles = [
  { from: 'campaign/campaign.yaml', to: 'campaign.yaml', dated: true },
  { from: 'campaign/campaign.schema.json', to: 'campaign.schema.json', dated: false },
  { from: 'campaign/gitignore', to: '.gitignore', dated: false },
  { from: 'campaign/README.md', to: 'README.md', dated: false },
  { from: 'policy/sample.yaml', to: 'policy.yaml', dated: false },
  { from: `rates/${DEFAULT_RATES}`, to: 'rates.yaml', dated: false },
] as const;

/**
 * Fills `dir` (made when absent) and returns the files written, relative to it. `today` is the day of the first wave; `id`
 * replaces the sample's. Throws FOLDER_NOT_EMPTY.
 */
export async function scaffoldCampaign({
  dir,
  today,
  id = SAMPLE_ID,
}: {
  dir: string;
  today: Day;
  id?: string;
}): Promise<string[]> {
  await mkdir(dir, { recursive: true });
  if ((await readdir(dir)).length > 0) {
    throw new AppError('FOLDER_NOT_EMPTY', `${dir} is not empty`, {
      hint: 'Give a new folder: nothing is ever overwritten.',
    });
  }
  const templates = join(packageRoot, 'templates');
  const shift = daysBetween(SAMPLE_DAY, today);
  const files = [...sampleFiles, ...(await listNotices(join(templates, 'notice')))];
  for (const { from, to, dated } of files) {
    const target = join(dir, to);
    await mkdir(dirname(target), { recursive: true });
    if (!dated) {
      await cp(join(templates, from), target);
      continue;
    }
    const text = shiftDays(await readFile(join(templates, from), 'utf8'), shift);
    await writeFile(target, text.replaceAll(SAMPLE_ID, id), { flag: 'wx' });
  }
  return files.map((file) => file.to);
}

/** templates/notice/<variant>/<language>/notice.md becomes notice/<variant>.<language>.md. */
async function listNotices(folder: string): Promise<{ from: string; to: string; dated: boolean }[]> {
  const found: { from: string; to: string; dated: boolean }[] = [];
  for (const variant of (await readdir(folder)).sort()) {
    for (const language of (await readdir(join(folder, variant))).sort()) {
      found.push({
        from: `notice/${variant}/${language}/notice.md`,
        to: `notice/${variant}.${language}.md`,
        dated: true,
      });
    }
  }
  return found;
}

/** Moves every date written like 2026-11-20 by the same number of days. */
export function shiftDays(text: string, days: number): string {
  return text.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (found) => (isDay(found) ? addDays(found, days) : found));
}
