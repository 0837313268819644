/** Reads a campaign folder: campaign.yaml, policy.yaml, rates.yaml and the notices, with every fault of the first two at once. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../kernel/errors.ts';
import type { Problem } from '../../kernel/problem.ts';
import { parseYaml } from '../../platform/formats/yaml.ts';
import type { Language } from '../../platform/language.ts';
import { say } from '../../platform/words.ts';
import { type PolicyFile, policyFileSchema } from '../policy/policy-terms.ts';
import { type CampaignFile, campaignFileSchema } from './campaign-file.ts';

/** One text of the folder, `notice/<variant>.<language>.md`, unread: the notice room parses it. */
export type NoticeFile = { path: string; variant: string; language: string; text: string };

export type CampaignFolder = {
  readonly dir: string;
  readonly file: CampaignFile;
  readonly policy: PolicyFile;
  /** The rate card as written; the ledger parses it. */
  readonly ratesText: string;
  readonly ratesFile: string;
  readonly notices: readonly NoticeFile[];
};

export type FolderReading = {
  /** Only there when campaign.yaml and policy.yaml have the right shape. */
  readonly folder?: CampaignFolder;
  /** What could be read on its own, for checks that go on although another file is broken. */
  readonly file?: CampaignFile;
  readonly policy?: PolicyFile;
  readonly ratesText?: string;
  readonly notices: readonly NoticeFile[];
  readonly problems: Problem[];
  /** Line of a path of campaign.yaml. */
  readonly lineOf: (path: string) => number;
  readonly policyLineOf: (path: string) => number;
};

export const campaignFileName = 'campaign.yaml';
export const policyFileName = 'policy.yaml';
export const ratesFileName = 'rates.yaml';
const noticeName = /^([a-z0-9][a-z0-9-]*)\.([a-z]{2})\.md$/;

/**
 * Reads the folder. Faults inside the files are problems; throws FOLDER_UNREADABLE when there is no folder or no
 * campaign.yaml in it.
 */
export async function readCampaignFolder(dir: string, language: Language = 'en'): Promise<FolderReading> {
  const campaignText = await readOrNull(join(dir, campaignFileName));
  if (campaignText === null) {
    throw new AppError('FOLDER_UNREADABLE', { dir, file: campaignFileName });
  }
  const campaign = parseYaml(campaignFileName, campaignText, campaignFileSchema, language);
  const policyText = await readOrNull(join(dir, policyFileName));
  const policy = policyText === null ? null : parseYaml(policyFileName, policyText, policyFileSchema, language);
  const ratesText = await readOrNull(join(dir, ratesFileName));
  const { notices, problems: noticeProblems } = await readNotices(dir, language);
  const problems = [
    ...campaign.problems,
    ...(policy ? policy.problems : [missing(policyFileName, language)]),
    ...(ratesText === null ? [missing(ratesFileName, language)] : []),
    ...noticeProblems,
  ];
  const reading = { notices, problems, lineOf: campaign.lineOf, policyLineOf: policy?.lineOf ?? (() => 0) };
  const parts = {
    ...(campaign.value ? { file: campaign.value } : {}),
    ...(policy?.value ? { policy: policy.value } : {}),
    ...(ratesText === null ? {} : { ratesText }),
  };
  if (!campaign.value || !policy?.value || ratesText === null) return { ...reading, ...parts };
  const folder = { dir, file: campaign.value, policy: policy.value, ratesText, ratesFile: ratesFileName, notices };
  return { ...reading, ...parts, folder };
}

/** As `readCampaignFolder`, for uses that need a folder without faults of shape. Throws CAMPAIGN_INVALID naming the first. */
export async function getCampaignFolderContent(dir: string, language: Language = 'en'): Promise<CampaignFolder> {
  const { folder, problems } = await readCampaignFolder(dir, language);
  if (folder) return folder;
  const [first] = problems;
  throw new AppError('CAMPAIGN_INVALID.first', {
    fault: first ? `${first.file}:${first.line} ${first.path} ${first.message}` : dir,
  });
}

function missing(file: string, language: Language): Problem {
  return { file, line: 0, path: '', message: say(language, `campaign.file.missing.${file}`) };
}

async function readNotices(dir: string, language: Language): Promise<{ notices: NoticeFile[]; problems: Problem[] }> {
  let names: string[];
  try {
    names = (await readdir(join(dir, 'notice'))).filter((name) => name.endsWith('.md')).sort();
  } catch {
    return { notices: [], problems: [missing('notice', language)] };
  }
  const notices: NoticeFile[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const path = `notice/${name}`;
    const [, variant, textLanguage] = noticeName.exec(name) ?? [];
    const text = await readOrNull(join(dir, path));
    if (variant && textLanguage && text !== null) notices.push({ path, variant, language: textLanguage, text });
    else
      problems.push({
        file: path,
        line: 0,
        path: '',
        message: say(language, 'campaign.file.noticeName'),
      });
  }
  return { notices, problems };
}

async function readOrNull(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch {
    return null;
  }
}
