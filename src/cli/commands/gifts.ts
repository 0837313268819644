/** `owabi gifts receive|count|lose|stock`: the stock of gift cards, always with two names. */
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext, Run } from '../command.ts';

/** `<campaign> <gift> <quantity>` and the options. */
const custody = ({ args, options }: CommandContext) => ({
  campaign: args[0],
  gift: args[1],
  quantity: args[2],
  ...options,
});

function describe(account: OperationOutput<'receive-gifts'>, say: CommandContext['say']): string {
  return account === null
    ? say('cli.gifts.stock.none')
    : say('cli.gifts.stock.line', { ...account, balanced: account.balanced ? '✓' : '✗' });
}

export const runGiftsReceive: Run = async (context) => {
  const json = await context.call('receive-gifts', custody(context));
  return { json, text: describe(json, context.say) };
};

export const runGiftsCount: Run = async (context) => {
  const json = await context.call('count-gifts', custody(context));
  const { difference, account } = json;
  const text = context.say(difference === 0 ? 'cli.gifts.count.agrees' : 'cli.gifts.count.differs', { difference });
  return { json, text: `${text}\n${describe(account, context.say)}`, exitCode: difference === 0 ? 0 : 1 };
};

export const runGiftsLose: Run = async (context) => {
  const json = await context.call('lose-gifts', custody(context));
  return { json, text: describe(json, context.say) };
};

export const runGiftsStock: Run = async ({ args, say, call }) => {
  const json = await call('list-gifts', { campaign: args[0] });
  const lines = json.gifts.map((account) => describe(account, say));
  const isBalanced = json.gifts.every((account) => account.balanced);
  return { json, text: lines.join('\n') || say('cli.gifts.stock.none'), exitCode: isBalanced ? 0 : 1 };
};
