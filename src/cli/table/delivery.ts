/** The commands of mails, letters and gifts: words, arguments and where each is found. */
import type { CliCommand } from '../command.ts';

const twoNames = [
  ['--by <name>', 'cli.gifts.by'],
  ['--and <name>', 'cli.gifts.and'],
] as const;

export const deliveryCommands: readonly CliCommand[] = [
  {
    name: 'status',
    args: '<campaign>',
    summary: 'cli.status.summary',
    options: [['--watch', 'cli.status.watch']],
    needs: 'app',
    load: async () => (await import('../commands/status.ts')).runStatus,
  },
  {
    name: 'settle',
    args: '<campaign>',
    summary: 'cli.settle.summary',
    options: [
      ['--log <file>', 'cli.settle.log'],
      ['--notice <number...>', 'cli.settle.notice'],
      ['--assume <outcome>', 'cli.settle.assume'],
      ['--by <name>', 'cli.settle.by'],
      ['--and <name>', 'cli.settle.and'],
    ],
    needs: 'app',
    load: async () => (await import('../commands/settle.ts')).runSettle,
  },
  {
    name: 'mail-event',
    args: '<files...>',
    summary: 'cli.mail-event.summary',
    options: [['--campaign <campaign>', 'cli.mail-event.campaign']],
    // A database is opened only for --campaign: reading files needs none.
    needs: 'config',
    load: async () => (await import('../commands/mail-event.ts')).runMailEvent,
  },
  {
    name: 'lots list',
    args: '<campaign>',
    summary: 'cli.lots.list.summary',
    needs: 'app',
    load: async () => (await import('../commands/lots.ts')).runLotsList,
  },
  {
    name: 'lots form',
    args: '<campaign> [wave]',
    summary: 'cli.lots.form.summary',
    options: [
      ['--without-gift', 'cli.lots.form.withoutGift'],
      ['--by <name>', 'cli.option.by'],
    ],
    needs: 'app',
    load: async () => (await import('../commands/lots.ts')).runLotsForm,
  },
  {
    name: 'lots post',
    args: '<campaign> <lots...>',
    summary: 'cli.lots.post.summary',
    options: [
      ['--slip <number>', 'cli.lots.slip'],
      ['--day <day>', 'cli.lots.day'],
      ['--office <name>', 'cli.lots.office'],
      ['--by <name>', 'cli.lots.by'],
    ],
    needs: 'app',
    load: async () => (await import('../commands/lots.ts')).runLotsPost,
  },
  {
    name: 'lots load',
    args: '<campaign> <file>',
    summary: 'cli.lots.load.summary',
    needs: 'app',
    load: async () => (await import('../commands/lots.ts')).runLotsLoad,
  },
  {
    name: 'lots pull',
    args: '<campaign> <pieces...>',
    summary: 'cli.lots.pull.summary',
    options: [['--by <name>', 'cli.lots.by']],
    needs: 'app',
    load: async () => (await import('../commands/lots.ts')).runLotsPull,
  },
  {
    name: 'returns load',
    args: '<campaign> <file>',
    summary: 'cli.returns.load.summary',
    needs: 'app',
    load: async () => (await import('../commands/returns.ts')).runReturnsLoad,
  },
  {
    name: 'gifts receive',
    args: '<campaign> <gift> <quantity>',
    summary: 'cli.gifts.receive.summary',
    options: [...twoNames, ['--document <number>', 'cli.gifts.document']],
    needs: 'app',
    load: async () => (await import('../commands/gifts.ts')).runGiftsReceive,
  },
  {
    name: 'gifts count',
    args: '<campaign> <gift> <quantity>',
    summary: 'cli.gifts.count.summary',
    options: twoNames,
    needs: 'app',
    load: async () => (await import('../commands/gifts.ts')).runGiftsCount,
  },
  {
    name: 'gifts lose',
    args: '<campaign> <gift> <quantity>',
    summary: 'cli.gifts.lose.summary',
    options: twoNames,
    needs: 'app',
    load: async () => (await import('../commands/gifts.ts')).runGiftsLose,
  },
  {
    name: 'gifts stock',
    args: '<campaign>',
    summary: 'cli.gifts.stock.summary',
    needs: 'app',
    load: async () => (await import('../commands/gifts.ts')).runGiftsStock,
  },
];
