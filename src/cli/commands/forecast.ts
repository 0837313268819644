/** `owabi forecast`: contacts and seats per day, and what the insurer will owe when everything is billed. */
import { type CampaignForecast, forecastCampaign } from '../../desk/forecast-campaign.ts';
import { isDay } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { formatTable, yenText } from '../render/ledger-table.ts';
import { resolveCampaign } from '../resolve-campaign.ts';

const MAX_DAYS = 366;

export const runForecast: AppRun = async (context) => {
  const { app, args, options } = context;
  const campaign = await resolveCampaign(app, args[0]);
  const days = Number(options.days);
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) throw new AppError('USAGE_WRONG.days', { max: MAX_DAYS });
  const { from } = options;
  if (from !== undefined && (typeof from !== 'string' || !isDay(from))) throw new AppError('USAGE_WRONG.day');
  const forecast = await forecastCampaign(app, { campaign, days, ...(typeof from === 'string' ? { from } : {}) });
  return { json: forecast, text: renderForecast(context, forecast) };
};

function renderForecast({ say }: CommandContext, { contacts, money }: CampaignForecast): string {
  const right = 'right' as const;
  const calls = formatTable(
    [
      { title: say('forecast.column.day') },
      { title: say('forecast.column.expected'), align: right },
      { title: say('forecast.column.seats'), align: right },
      { title: say('forecast.column.reported'), align: right },
    ],
    contacts.map((one) => [one.day, String(one.expected), String(one.seats), one.reported?.toString() ?? '']),
  );
  if (money === null) return `${calls}\n\n${say('forecast.noPolicy')}`;
  const yen = formatTable(
    [
      { title: '' },
      { title: say('forecast.column.now'), align: right },
      { title: say('forecast.column.billed'), align: right },
    ],
    [
      [say('ledger.column.incurred'), yenText(money.incurred), yenText(money.incurredWhenBilled)],
      [say('ledger.column.payable'), yenText(money.payable), yenText(money.payableWhenBilled)],
      [say('forecast.paid'), yenText(money.paid), yenText(money.paid)],
      [say('forecast.outstanding'), yenText(money.outstanding), yenText(money.outstandingWhenBilled)],
    ],
  );
  return `${calls}\n${say('forecast.note')}\n\n${yen}`;
}
