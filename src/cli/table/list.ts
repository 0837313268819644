/** The commands of the list of people: words, arguments and where each is found. */
import type { CliCommand } from '../command.ts';

export const listCommands: readonly CliCommand[] = [
  {
    name: 'import',
    args: '<campaign> <file>',
    summary: 'cli.import.summary',
    options: [
      ['--mapping <file>', 'cli.import.mapping'],
      ['--items <codes>', 'cli.import.items'],
      ['--encoding <encoding>', 'cli.import.encoding'],
      ['--by <name>', 'cli.import.by'],
      ['--dry-run', 'cli.import.dryRun'],
    ],
    load: async () => (await import('../commands/import.ts')).runImport,
  },
  {
    name: 'freeze',
    args: '<campaign>',
    summary: 'cli.freeze.summary',
    options: [['--by <name>', 'cli.import.by']],
    load: async () => (await import('../commands/freeze.ts')).runFreeze,
  },
  {
    name: 'rows list',
    args: '<campaign>',
    summary: 'cli.rows.list.summary',
    options: [['--by <name>', 'cli.names.by']],
    load: async () => (await import('../commands/rows.ts')).runRowsList,
  },
  {
    name: 'rows settle',
    args: '<campaign> <settlement>',
    summary: 'cli.rows.settle.summary',
    options: [
      ['--by <name>', 'cli.option.by'],
      ['--row <id...>', 'cli.rows.row'],
      ['--reason <word>', 'cli.rows.reason'],
      ['--note-file <file>', 'cli.rows.noteFile'],
    ],
    load: async () => (await import('../commands/rows.ts')).runRowsSettle,
  },
  {
    name: 'merges list',
    args: '<campaign>',
    summary: 'cli.merges.list.summary',
    options: [['--by <name>', 'cli.names.by']],
    load: async () => (await import('../commands/rows.ts')).runMergesList,
  },
  {
    name: 'merges undo',
    args: '<campaign> <ref>',
    summary: 'cli.merges.undo.summary',
    options: [['--by <name>', 'cli.option.by']],
    load: async () => (await import('../commands/rows.ts')).runMergesUndo,
  },
  {
    name: 'people list',
    args: '<campaign> <outcome>',
    summary: 'cli.people.list.summary',
    options: [['--by <name>', 'cli.names.by']],
    load: async () => (await import('../commands/people.ts')).runPeopleList,
  },
  {
    name: 'people decide',
    args: '<campaign> <decision>',
    summary: 'cli.people.decide.summary',
    options: [
      ['--by <name>', 'cli.option.by'],
      ['--person <ref...>', 'cli.people.person'],
      ['--outcome <word>', 'cli.people.outcome'],
      ['--dry-run', 'cli.option.dryRun'],
    ],
    load: async () => (await import('../commands/people.ts')).runPeopleDecide,
  },
  {
    name: 'people resend',
    args: '<campaign> <wave>',
    summary: 'cli.people.resend.summary',
    options: [
      ['--person <ref...>', 'cli.people.person'],
      ['--by <name>', 'cli.option.by'],
    ],
    load: async () => (await import('../commands/people.ts')).runPeopleResend,
  },
];
