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
  const documents = new Map<string, string>();
  const notices = await readdir(join(dir, 'notice')).catch(() => []);
  const paths = [campaignFileName, policyFileName, ratesFileName, ...notices.sort().map((name) => `notice/${name}`)];
  for (const path of paths) {
    const text = await readOrNull(join(dir, path));
    if (text !== null) documents.set(path, text);
  }
  return readCampaignDocuments(dir, documents, language);
}

/** The same of documents that are in no folder, by path; `dir` is only where they would be. */
export function readCampaignDocuments(
  dir: string,
  documents: ReadonlyMap<string, string>,
  language: Language = 'en',
): FolderReading {
  const campaignText = documents.get(campaignFileName);
  if (campaignText === undefined) {
    throw new AppError('FOLDER_UNREADABLE', { dir, file: campaignFileName });
  }
  const campaign = parseYaml(campaignFileName, campaignText, campaignFileSchema, language);
  const policyText = documents.get(policyFileName);
  const policy = policyText === undefined ? null : parseYaml(policyFileName, policyText, policyFileSchema, language);
  const ratesText = documents.get(ratesFileName);
  const { notices, problems: noticeProblems } = readNotices(documents, language);
  const problems = [
    ...campaign.problems,
    ...(policy ? policy.problems : [missing(policyFileName, language)]),
    ...(ratesText === undefined ? [missing(ratesFileName, language)] : []),
    ...noticeProblems,
  ];
  const reading = { notices, problems, lineOf: campaign.lineOf, policyLineOf: policy?.lineOf ?? (() => 0) };
  const parts = {
    ...(campaign.value ? { file: campaign.value } : {}),
    ...(policy?.value ? { policy: policy.value } : {}),
    ...(ratesText === undefined ? {} : { ratesText }),
  };
  if (!campaign.value || !policy?.value || ratesText === undefined) return { ...reading, ...parts };
  const folder = { dir, file: campaign.value, policy: policy.value, ratesText, ratesFile: ratesFileName, notices };
  return { ...reading, ...parts, folder };
}

/** The folder of a reading that has no fault of shape. Throws CAMPAIGN_INVALID naming the first. */
export function needFolder({ folder, problems }: FolderReading): CampaignFolder {
  if (folder) return folder;
  const [first] = problems;
  throw new AppError('CAMPAIGN_INVALID.first', {
    fault: first ? `${first.file}:${first.line} ${first.path} ${first.message}` : campaignFileName,
  });
}

function missing(file: string, language: Language): Problem {
  return { file, line: 0, path: '', message: say(language, `campaign.file.missing.${file}`) };
}

function readNotices(
  documents: ReadonlyMap<string, string>,
  language: Language,
): { notices: NoticeFile[]; problems: Problem[] } {
  const paths = [...documents.keys()].filter((path) => /^notice\/.*\.md$/.test(path));
  if (paths.length === 0) return { notices: [], problems: [missing('notice', language)] };
  const notices: NoticeFile[] = [];
  const problems: Problem[] = [];
  for (const path of paths) {
    const [, variant, textLanguage] = noticeName.exec(path.slice('notice/'.length)) ?? [];
    const text = documents.get(path);
    if (variant && textLanguage && text !== undefined) notices.push({ path, variant, language: textLanguage, text });
    else problems.push({ file: path, line: 0, path: '', message: say(language, 'campaign.file.noticeName') });
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
