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
      ['--letters', 'cli.settle.letters'],
      ['--by <name>', 'cli.settle.by'],
      ['--and <name>', 'cli.settle.and'],
    ],
    load: async () => (await import('../commands/settle.ts')).runSettle,
  },
  {
    name: 'mail-event',
    args: '<files...>',
    summary: 'cli.mail-event.summary',
    options: [['--campaign <campaign>', 'cli.mail-event.campaign']],
    load: async () => (await import('../commands/mail-event.ts')).runMailEvent,
  },
  {
    name: 'lots list',
    args: '<campaign>',
    summary: 'cli.lots.list.summary',
    options: [['--by <name>', 'cli.names.by']],
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
    load: async () => (await import('../commands/lots.ts')).runLotsPost,
  },
  {
    name: 'lots load',
    args: '<campaign> <file>',
    summary: 'cli.lots.load.summary',
    load: async () => (await import('../commands/lots.ts')).runLotsLoad,
  },
  {
    name: 'lots pull',
    args: '<campaign> <pieces...>',
    summary: 'cli.lots.pull.summary',
    options: [['--by <name>', 'cli.lots.by']],
    load: async () => (await import('../commands/lots.ts')).runLotsPull,
  },
  {
    name: 'returns load',
    args: '<campaign> <file>',
    summary: 'cli.returns.load.summary',
    load: async () => (await import('../commands/returns.ts')).runReturnsLoad,
  },
  {
    name: 'problems list',
    args: '<campaign>',
    summary: 'cli.problems.list.summary',
    options: [['--all', 'cli.problems.list.all']],
    load: async () => (await import('../commands/problems.ts')).runProblemsList,
  },
  {
    name: 'problems settle',
    args: '<campaign> <verb>',
    summary: 'cli.problems.settle.summary',
    options: [
      ['--problem <id...>', 'cli.problems.settle.problem'],
      ['--by <name>', 'cli.problems.settle.by'],
      ['--piece <number>', 'cli.problems.settle.piece'],
      ['--status <word>', 'cli.problems.settle.status'],
      ['--day <day>', 'cli.problems.settle.day'],
      ['--slip <number>', 'cli.problems.settle.slip'],
      ['--office <name>', 'cli.problems.settle.office'],
      ['--card <word>', 'cli.problems.settle.card'],
      ['--reason <word>', 'cli.problems.settle.reason'],
      ['--note-file <file>', 'cli.problems.settle.noteFile'],
    ],
    load: async () => (await import('../commands/problems.ts')).runProblemsSettle,
  },
  {
    name: 'gifts receive',
    args: '<campaign> <gift> <quantity>',
    summary: 'cli.gifts.receive.summary',
    options: [...twoNames, ['--document <number>', 'cli.gifts.document'], ['--day <day>', 'cli.gifts.day']],
    load: async () => (await import('../commands/gifts.ts')).runGiftsReceive,
  },
  {
    name: 'gifts count',
    args: '<campaign> <gift> <quantity>',
    summary: 'cli.gifts.count.summary',
    options: twoNames,
    load: async () => (await import('../commands/gifts.ts')).runGiftsCount,
  },
  {
    name: 'gifts lose',
    args: '<campaign> <gift> <quantity>',
    summary: 'cli.gifts.lose.summary',
    options: [...twoNames, ['--day <day>', 'cli.gifts.day']],
    load: async () => (await import('../commands/gifts.ts')).runGiftsLose,
  },
  {
    name: 'gifts stock',
    args: '<campaign>',
    summary: 'cli.gifts.stock.summary',
    load: async () => (await import('../commands/gifts.ts')).runGiftsStock,
  },
];
