/** What the checks of a campaign look at, and a fault before it has a line and words. */

import type { PolicyFile } from '../policy/policy-terms.ts';
import type { CampaignFile } from './campaign-file.ts';

/** A fault before it has a line and words: the key is `campaign.fault.<key>` of the catalogue. */
export type CampaignFault = { path: string; key: string; params?: Record<string, string | number> };

export type CampaignCheck = {
  file: CampaignFile;
  /** Absent when policy.yaml could not be read. */
  policy?: PolicyFile | undefined;
  /** `<variant>.<language>` of every text in the folder. */
  texts: readonly string[];
  /** Today in Japan. */
  today: string;
};
