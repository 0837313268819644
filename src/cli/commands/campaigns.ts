/** `owabi campaigns`: every campaign of this home by client, with what is due next. */
import { type CampaignLine, listCampaignLines, type NextDue } from '../../desk/list-campaigns.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { formatTable } from '../render/ledger-table.ts';

export const runCampaigns: AppRun = async (context) => {
  const campaigns = await listCampaignLines(context.app);
  const text = campaigns.length === 0 ? context.say('campaigns.none') : renderLines(context, campaigns);
  return { json: { campaigns }, text };
};

function renderLines(context: CommandContext, campaigns: readonly CampaignLine[]): string {
  const { say } = context;
  const right = 'right' as const;
  return formatTable(
    [
      { title: say('campaigns.column.client') },
      { title: say('campaigns.column.campaign') },
      { title: say('campaigns.column.state') },
      { title: say('campaigns.column.people'), align: right },
      { title: say('campaigns.column.decisions'), align: right },
      { title: say('campaigns.column.due') },
      { title: say('campaigns.column.what') },
    ],
    campaigns.map((line) => [
      line.client ?? '-',
      line.campaign,
      say(`status.state.${line.state}`) + (line.legalHold ? ` (${say('campaigns.held')})` : ''),
      line.people.toLocaleString('en'),
      String(line.decisions),
      line.next === null ? '' : line.next.at === null ? line.next.on : formatLocalTime(new Date(line.next.at)),
      line.next === null ? '' : whatIsDue(context, line.next),
    ]),
  );
}

function whatIsDue({ say, language }: CommandContext, { label }: NextDue): string {
  return label === null ? say('campaigns.decision') : label[language];
}
