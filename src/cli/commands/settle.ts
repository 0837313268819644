/** `owabi settle`: uncertain mails by the relay's log, or mails and letters by two named people; without either it says how many are left. */
import { settleLetters } from '../../delivery/home/settle-letters.ts';
import { type Decided, settleByLog, settleByPeople } from '../../delivery/mail/settle-mails.ts';
import { countUncertain } from '../../delivery/mail/trace-store.ts';
import { AppError } from '../../kernel/errors.ts';
import { isNoticeNumber } from '../../kernel/ids.ts';
import { findNotice } from '../../notice/store.ts';
import type { App } from '../../platform/app.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

export const runSettle: AppRun = async ({ app, args, options, say }) => {
  const { id: campaignId } = await resolveCampaign(app, args[0]);
  const done = await settle(app, campaignId, options);
  const lines = [say('cli.settle.done', { settled: done.settled, left: done.left })];
  if (done.stopped > 0) lines.push(say('cli.settle.stopped', { count: done.stopped }));
  if (done.withLetter.length > 0)
    lines.push(say('cli.settle.withLetter', { count: done.withLetter.length }), ...done.withLetter);
  return { json: done, text: lines.join('\n') };
};

async function settle(app: App, campaignId: string, options: CommandContext['options']): Promise<Decided> {
  let settled = 0;
  let left: Pick<Decided, 'stopped' | 'withLetter'> = { stopped: 0, withLetter: [] };
  if (typeof options.log === 'string') settled += (await settleByLog(app, { campaignId, file: options.log })).settled;
  if (options.assume !== undefined) {
    const { assume, by, and } = options;
    if (assume !== 'accepted' && assume !== 'resend')
      throw new AppError('USAGE_WRONG.word', { word: `--assume ${String(assume)}`, known: 'accepted, resend' });
    if (typeof by !== 'string' || typeof and !== 'string') {
      throw new AppError('USAGE_WRONG.twoPeople');
    }
    const noticeIds = await findNoticeIds(app, campaignId, options.notice);
    if (options.letters === true) {
      const { settled, left } = await settleLetters(app, { campaignId, assume, by, and, noticeIds });
      return { settled, left, stopped: 0, withLetter: [] };
    }
    const decided = await settleByPeople(app, { campaignId, assume, by, and, noticeIds });
    settled += decided.settled;
    left = { stopped: decided.stopped, withLetter: decided.withLetter };
  } else if (options.notice !== undefined || options.letters === true) {
    throw new AppError('USAGE_WRONG.option', { option: '--assume accepted|resend' });
  }
  return { settled, left: await countUncertain(app.pool, campaignId), ...left };
}

async function findNoticeIds(
  app: App,
  campaignId: string,
  numbers: CommandContext['options'][string],
): Promise<string[] | null> {
  if (numbers === undefined) return null;
  const ids: string[] = [];
  for (const number of [numbers].flat().map(String)) {
    const notice = isNoticeNumber(number) ? await findNotice(app.pool, campaignId, number) : null;
    if (!notice) throw new AppError('PERSON_MISSING.notIssued', { number });
    ids.push(notice.id);
  }
  return ids;
}
