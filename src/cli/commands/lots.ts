/** `owabi lots list|form|post|load|pull`: what the print house gets, and what it reports back. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import { daySchema } from '../../campaign/folder/local-time.ts';
import { isPrinted } from '../../campaign/wave/channel.ts';
import type { LineProblem } from '../../delivery/letters/keep-vendor-file.ts';
import { blockingLots, type LotCounts } from '../../delivery/letters/lot-account.ts';
import { lotFolder } from '../../delivery/letters/lot-files.ts';
import { listLotAccounts, listLots } from '../../delivery/letters/lot-store.ts';
import { listOpenLots, planLots } from '../../delivery/letters/plan-lots.ts';
import { postLots } from '../../delivery/letters/post-lots.ts';
import { prepareLot } from '../../delivery/letters/prepare-lot.ts';
import { recordVendorFile } from '../../delivery/letters/record-vendor-file.ts';
import { isPostOffice, isSlipNumber } from '../../delivery/letters/slip-words.ts';
import { listPostings } from '../../delivery/letters/vendor-store.ts';
import { withdrawPieces } from '../../delivery/letters/withdraw-pieces.ts';
import { listWaves } from '../../delivery/wave-store.ts';
import { formatLocalTime, toDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { readOptions } from '../read-options.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runLotsList: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const accounts = await listLotAccounts(app.pool, campaign.id);
  const blocking = new Set(blockingLots(accounts).map((lot) => lot.number));
  const prepared = new Map((await listLots(app.pool, campaign.id)).map((lot) => [lot.id, lot.preparedAt !== null]));
  const lots = accounts.map(({ lotId, ...lot }) => ({
    ...lot,
    prepared: prepared.get(lotId) ?? false,
    blocks: blocking.has(lot.number),
    folder: lotFolder(app.exportDir, campaign.slug, lot.number),
  }));
  const lines = lots.map((lot) => describeLot(lot, say));
  const text = lots.length === 0 ? say('cli.lots.list.none') : lines.join('\n');
  return { json: { lots, postings: await listPostings(app.pool, campaign.id) }, text };
};

function describeLot(lot: LotCounts & { returned: number; blocks: boolean }, say: CommandContext['say']): string {
  const { number, manifest, posted, spoiled, withdrawn, open, returned } = lot;
  const key = lot.blocks ? 'cli.lots.list.blocking' : 'cli.lots.list.line';
  return say(key, { number, manifest, posted, spoiled, withdrawn, open, returned });
}

/** Who decides that letters go without the card they promise; null when nobody does. */
async function decider(app: App, campaignId: string, { withoutGift, by }: CommandContext['options']) {
  if (withoutGift !== true) return null;
  if (typeof by === 'string') return await ensureActor(app, app.pool, { campaignId, name: by });
  throw new AppError('USAGE_WRONG.byMissing');
}

export const runLotsForm: AppRun = async ({ app, args, options, say, progress }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const withoutGiftBy = await decider(app, campaign.id, options);
  const waves = (await listWaves(app.pool, campaign.id)).filter((wave) => isPrinted(wave.channel));
  const chosen = args[1] === undefined ? waves : waves.filter((wave) => wave.waveId === args[1]);
  if (chosen.length === 0) throw new AppError('USAGE_WRONG.letterWave', { wave: args[1] ?? '' });
  const plannings = [];
  for (const wave of chosen) {
    const planning = await planLots(app, { campaignId: campaign.id, waveId: wave.waveId, withoutGiftBy });
    plannings.push({
      wave: wave.waveId,
      lots: planning.lotIds.length,
      blockedBy: planning.blockedBy,
      withoutGift: planning.withoutGift,
      beginsAt: planning.beginsAt,
    });
  }
  const open = await listOpenLots(app.pool, campaign.id);
  let pieces = 0;
  for (const [index, lot] of open.entries()) {
    progress(say('cli.lots.form.progress'), index, open.length);
    const outcome = await prepareLot(app, { lotId: lot.id, epoch: lot.epoch });
    if (outcome.kind === 'prepared') pieces += outcome.pieces;
  }
  const isBlocked = plannings.some((planning) => planning.blockedBy.length > 0);
  const lines = [say('cli.lots.form.done', { lots: open.length, pieces })];
  for (const { wave, lots, blockedBy, withoutGift, beginsAt } of plannings) {
    if (blockedBy.length > 0) lines.push(say('cli.lots.form.blocked', { wave, lots: blockedBy.join(', ') }));
    if (beginsAt) lines.push(say('cli.lots.form.notDue', { wave, at: formatLocalTime(beginsAt) }));
    if (withoutGift) lines.push(say(`cli.lots.form.${lots > 0 ? 'without' : 'waits'}.${withoutGift}`, { wave }));
  }
  return {
    json: { waves: plannings, prepared: open.length, pieces },
    text: lines.join('\n'),
    exitCode: isBlocked ? 1 : 0,
  };
};

const postOptions = z.object({
  slip: z.string().normalize('NFKC').refine(isSlipNumber, 'want.slipNumber'),
  day: daySchema.optional(),
  office: z.string().normalize('NFKC').refine(isPostOffice, 'want.postOffice').default(''),
  by: z.string().min(1),
});

export const runLotsPost: AppRun = async ({ app, args, options, say }) => {
  const given = readOptions(postOptions, options);
  const campaign = await resolveCampaign(app, args[0]);
  const lotNumbers = args.slice(1).map((text) => {
    if (!/^\d{1,6}$/.test(text ?? '')) throw new AppError('USAGE_WRONG.lot', { text: text ?? '' });
    return Number(text);
  });
  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: given.by });
  const slip = { slipNumber: given.slip, postedOn: given.day ?? toDay(app.clock()), postOffice: given.office };
  const posted = await postLots(app, { campaignId: campaign.id, lotNumbers, slip, actorId });
  return {
    json: { slip: given.slip, day: slip.postedOn, posted },
    text: say('cli.lots.post.done', { posted, slip: given.slip }),
  };
};

export const runLotsLoad: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const result = await recordVendorFile(app, { campaign, data: await readVendorFile(args[1]) });
  const { reprintLotIds, ...counts } = result;
  const text = say('cli.lots.load.done', {
    posted: counts.posted,
    spoiled: counts.spoiled,
    known: counts.known,
    reprints: reprintLotIds.length,
  });
  return {
    json: { ...counts, reprintLots: reprintLotIds.length },
    text: [text, ...describeProblems(counts.problems, say)].join('\n'),
    exitCode: counts.problems.length > 0 ? 1 : 0,
  };
};

export const runLotsPull: AppRun = async ({ app, args, options, say }) => {
  const { by } = readOptions(z.object({ by: z.string().min(1) }), options);
  const campaign = await resolveCampaign(app, args[0]);
  const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: by });
  const codes = args.slice(1).map((text) => text ?? '');
  const result = await withdrawPieces(app, { campaignId: campaign.id, codes, actorId });
  const text = say('cli.lots.pull.done', { withdrawn: result.withdrawn, refused: result.refused.join(' ') || '-' });
  return { json: result, text, exitCode: result.refused.length > 0 ? 1 : 0 };
};

/** The content of a file named on the command line. Throws FILE_MISSING. */
export async function readVendorFile(path: string | undefined): Promise<Buffer> {
  try {
    return await readFile(path ?? '');
  } catch (cause) {
    throw new AppError('FILE_MISSING.unreadable', { file: path ?? '' }, { cause });
  }
}

/** One line of text per line of the file that could not be used. */
export function describeProblems(problems: readonly LineProblem[], say: CommandContext['say']): string[] {
  return problems.map(({ line, code, text }) =>
    say('cli.lots.problem', { line, piece: text, what: say(`cli.lots.problem.${code}`) }),
  );
}
