/** `owabi campaign push|pull|history`: the draft in the database, so that several people and hosts see one. */
import { resolve } from 'node:path';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { CommandContext, Run } from '../command.ts';

type Change = { readonly path: string; readonly change: string };

function describe({ say }: CommandContext, changes: readonly Change[]): string[] {
  return changes.map(({ path, change }) => `  ${say(`cli.draft.change.${change}`)} ${path}`);
}

export const runCampaignPush: Run = async (context) => {
  const { args, options, say, call } = context;
  const json = await call('push-draft', { campaign: args[0], ...options });
  const { kind, revision, changes } = json;
  const base = json.base ?? 0;
  const lines = [say(`cli.campaign.push.${kind}`, { revision, base }), ...describe(context, changes)];
  if (kind === 'moved') lines.push(say('cli.campaign.push.movedHint', { campaign: args[0] ?? '' }));
  return { json, text: lines.join('\n'), exitCode: kind === 'moved' ? 1 : 0 };
};

export const runCampaignPull: Run = async (context) => {
  const { args, options, say, call } = context;
  const json = await call('pull-draft', { campaign: args[0], dir: resolve(args[1] ?? ''), ...options });
  const { kind, revision, dir, changes } = json;
  const lines = [say(`cli.campaign.pull.${kind}`, { revision, dir }), ...describe(context, changes)];
  return { json, text: lines.join('\n'), exitCode: kind === 'changed' ? 1 : 0 };
};

export const runCampaignHistory: Run = async (context) => {
  const { args, say, call } = context;
  const json = await call('list-drafts', { campaign: args[0] });
  const lines = json.revisions.flatMap(({ revision, at, author, changes }) => [
    say('cli.campaign.history.line', { revision, at: formatLocalTime(new Date(at)), author: author ?? '-' }),
    ...describe(context, changes),
  ]);
  return { json, text: lines.length === 0 ? say('cli.campaign.history.none') : lines.join('\n') };
};
