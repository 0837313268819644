/** `owabi forecast`: contacts and seats per day, and what the insurer will owe when everything is billed. */
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext, Run } from '../command.ts';
import { formatTable, yenText } from '../render/ledger-table.ts';

export const runForecast: Run = async (context) => {
  const { args, options, call } = context;
  const json = await call('forecast-campaign', { campaign: args[0], ...options });
  return { json, text: renderForecast(context, json) };
};

function renderForecast({ say }: CommandContext, { contacts, money }: OperationOutput<'forecast-campaign'>): string {
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
