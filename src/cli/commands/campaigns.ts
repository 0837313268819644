/** `owabi campaigns`: every campaign of this home by client, with what is due next. */
import type { OperationOutput } from '../../desk/operations.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { CommandContext, Run } from '../command.ts';
import { formatTable } from '../render/ledger-table.ts';

type CampaignLine = OperationOutput<'list-campaigns'>['campaigns'][number];

export const runCampaigns: Run = async (context) => {
  const json = await context.call('list-campaigns', {});
  const { campaigns } = json;
  return { json, text: campaigns.length === 0 ? context.say('campaigns.none') : renderLines(context, campaigns) };
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

function whatIsDue({ say, language }: CommandContext, { label }: NonNullable<CampaignLine['next']>): string {
  return label === null ? say('campaigns.decision') : label[language];
}
