/** Says what in the folder differs now from the plan that runs. Pure. Drift changes nothing that runs; it is shown. */
import { canonicalJson } from '../../kernel/canonical.ts';
import type { CampaignFolder } from '../folder/campaign-folder.ts';
import type { PlanSnapshot } from './plan.ts';

export type Drift = {
  /** File of the folder, or `list`, `fonts`, `renderer`. */
  readonly what: string;
  /** Dotted path inside a YAML file; '' for the whole. */
  readonly path: string;
  readonly change: 'changed' | 'added' | 'removed';
};

/** What the caller knows besides the folder; left out, it is not compared. */
export type CurrentState = Partial<
  Pick<PlanSnapshot, 'ratesSha256' | 'listVersion' | 'listSha256' | 'fontsSha256' | 'rendererVersion'>
>;

/** Differences, in the order of the files; [] when the folder is what was approved. */
export function describeDrift(
  folder: Pick<CampaignFolder, 'file' | 'policy' | 'notices'>,
  snapshot: PlanSnapshot,
  current: CurrentState = {},
): Drift[] {
  const differs = <K extends keyof CurrentState>(key: K) =>
    current[key] !== undefined && current[key] !== snapshot[key];
  const whole = (what: string): Drift => ({ what, path: '', change: 'changed' });
  return [
    ...diff('campaign.yaml', snapshot.campaignFile, folder.file, ''),
    ...diff('policy.yaml', snapshot.policy, folder.policy, ''),
    ...(differs('ratesSha256') ? [whole('rates.yaml')] : []),
    ...driftOfTexts(folder.notices, snapshot.notices),
    ...(differs('listVersion') || differs('listSha256') ? [whole('list')] : []),
    ...(differs('fontsSha256') ? [whole('fonts')] : []),
    ...(differs('rendererVersion') ? [whole('renderer')] : []),
  ];
}

function driftOfTexts(now: CampaignFolder['notices'], then: PlanSnapshot['notices']): Drift[] {
  const name = (notice: { variant: string; language: string }) => `notice/${notice.variant}.${notice.language}.md`;
  const before = new Map(then.map((notice) => [name(notice), notice.text]));
  const after = new Map(now.map((notice) => [name(notice), notice.text]));
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((what): Drift[] => {
    if (!after.has(what)) return [{ what, path: '', change: 'removed' }];
    if (!before.has(what)) return [{ what, path: '', change: 'added' }];
    return before.get(what) === after.get(what) ? [] : [{ what, path: '', change: 'changed' }];
  });
}

function diff(what: string, before: unknown, after: unknown, path: string): Drift[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ what, path, change: 'added' }];
  if (after === undefined) return [{ what, path, change: 'removed' }];
  if (isGroup(before) && isGroup(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => diff(what, before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  return canonicalJson(before) === canonicalJson(after) ? [] : [{ what, path, change: 'changed' }];
}

function isGroup(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
