// Every fault of a notice text at once, each with its line and what to do. A text that passes can be put to the two approvers: it says
// what the law asks, agrees with the campaign, admits nothing unreleased and teaches no one to trust a link.
import type { CampaignFile } from '../campaign/folder/campaign-file.ts';
import type { Problem } from '../kernel/problem.ts';
import { checkFacts } from './check-facts.ts';
import { checkInput } from './check-input.ts';
import { checkPresence } from './check-presence.ts';
import { checkWording } from './check-wording.ts';
import type { NoticeLanguage } from './notice-person.ts';
import type { NoticeSource } from './notice-source.ts';
import { readNotice, toProblem } from './read-notice.ts';

/** Checks one text against its campaign; [] when it may be approved. Messages are in `language`, in the order of the lines. */
export function checkNotice(source: NoticeSource, campaign: CampaignFile, language: NoticeLanguage = 'en'): Problem[] {
  const { notice, problems, lineOf } = readNotice(source, language);
  if (!notice) return problems;
  const input = checkInput(notice, campaign, lineOf);
  const faults = [...checkPresence(input), ...checkFacts(input), ...checkWording(input)];
  const found = [...problems, ...faults.map((fault) => toProblem(source.file, fault, language))];
  const unique = new Map(found.map((problem) => [`${problem.line} ${problem.message}`, problem]));
  return [...unique.values()].sort((a, b) => a.line - b.line);
}
