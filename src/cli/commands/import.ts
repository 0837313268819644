/** `owabi import`: a roster file becomes people. Exit 0 although rows are rejected: they are listed, counted and kept. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import { type ImportResult, importRoster } from '../../intake/import-roster.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runImport: AppRun = async (context) => {
  const { app, args, options, progress, say } = context;
  const campaign = await resolveCampaign(app, args[0]);
  const encoding = readEncoding(options.encoding);
  const actorId =
    typeof options.by === 'string'
      ? await ensureActor(app, app.pool, { campaignId: campaign.id, name: options.by })
      : null;
  const result = await importRoster(app, {
    campaign,
    file: args[1] ?? '',
    ...(typeof options.mapping === 'string' ? { mapping: options.mapping } : {}),
    ...(typeof options.items === 'string' ? { items: options.items.split(',').map((code) => code.trim()) } : {}),
    ...(encoding === null ? {} : { encoding }),
    ...(actorId === null ? {} : { actorId }),
    dryRun: options.dryRun === true,
    onProgress: ({ bytes, totalBytes }) => progress(say('cli.import.reading'), bytes, totalBytes),
  });
  return { json: toJson(result, options.dryRun === true), text: describe(context, result, campaign.slug) };
};

function readEncoding(given: unknown): 'utf8' | 'cp932' | null {
  if (given === undefined) return null;
  const word = String(given).toLowerCase().replaceAll(/[-_]/g, '');
  if (word === 'utf8') return 'utf8';
  if (['cp932', 'shiftjis', 'sjis', 'windows31j'].includes(word)) return 'cp932';
  throw new AppError('USAGE_WRONG.word', { word: `--encoding ${String(given)}`, known: 'utf8, cp932' });
}

/** The contract of scripts: rows, people, merged, rejected, report, duplicateOf; the rest is more detail. */
function toJson(result: ImportResult, isDryRun: boolean) {
  const { rows, people, merged, rejected, report, duplicateOf, ...more } = result;
  return { rows, people, merged, rejected, report, duplicateOf, dryRun: isDryRun, ...more };
}

function describe({ say }: CommandContext, result: ImportResult, slug: string): string {
  const { rows, people, merged, rejected } = result;
  const columns = Object.entries(result.columns).map(([field, header]) => `  ${header} → ${field}`);
  const lines = [
    say('cli.import.equation', { rows, people, merged, rejected }),
    say('cli.import.columns', { encoding: result.encoding }),
    ...columns,
  ];
  if (result.ignoredColumns.length > 0)
    lines.push(say('cli.import.ignored', { columns: result.ignoredColumns.join(', ') }));
  for (const [reason, count] of Object.entries(result.reasons))
    lines.push(`  ${say(`intake.reason.${reason}`)}: ${count}`);
  for (const [warning, count] of Object.entries(result.warnings))
    lines.push(`  ${say(`intake.warning.${warning}`)}: ${count}`);
  if (result.duplicateOf !== null) lines.unshift(say('cli.import.duplicate'));
  if (result.report !== null) lines.push(say('cli.import.report', { report: result.report, campaign: slug }));
  return lines.join('\n');
}
