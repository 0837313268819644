/** `owabi mail-event`: reads mails that came back; with --campaign it records them and moves the people on. */

import type { MailFileEvent } from '../../delivery/mail/delivery-status.ts';
import { readFileEvents, recordBounce } from '../../delivery/mail/record-bounce.ts';
import { jobs } from '../../jobs.ts';
import { AppError } from '../../kernel/errors.ts';
import { openApp } from '../../platform/app.ts';
import type { CommandContext, CommandResult, ConfigRun } from '../command.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

type FileEvents = { readonly file: string; readonly events: readonly MailFileEvent[] };

export const runMailEvent: ConfigRun = async (context) => {
  const files = context.args.filter((file): file is string => file !== undefined);
  if (files.length === 0) throw new AppError('USAGE_WRONG.files');
  if (typeof context.options.campaign === 'string') return await record(context, context.options.campaign, files);
  const read: FileEvents[] = [];
  for (const file of files) read.push({ file, events: (await readFileEvents(file)).mail.events });
  return { json: read, text: describe(context, read) };
};

async function record(context: CommandContext, campaign: string, files: readonly string[]): Promise<CommandResult> {
  const app = await openApp(context.config, { jobs });
  try {
    const { id } = await resolveCampaign(app, campaign);
    const report = await recordBounce(app, { campaignId: id, files });
    const summary = context.say('cli.mail-event.recorded', { recorded: report.recorded, known: report.known });
    const unmatched = report.unmatched.map((file) => context.say('cli.mail-event.unmatched', { file }));
    return {
      json: report.files.map((file) => ({ ...file, matched: !report.unmatched.includes(file.file) })),
      text: [describe(context, report.files), summary, ...unmatched].join('\n'),
    };
  } finally {
    await app.close();
  }
}

function describe({ say }: CommandContext, files: readonly FileEvents[]): string {
  return files
    .flatMap(({ file, events }) =>
      events.map((event) => {
        const words = [event.recipient, event.status, event.replyCode].filter((word) => word !== '');
        const dead = event.hard ? ` ${say('cli.mail-event.dead')}` : '';
        return `${file}: ${say(`cli.mail-event.kind.${event.kind}`)} ${words.join(' ')}${dead}`.trimEnd();
      }),
    )
    .join('\n');
}
