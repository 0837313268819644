/** The commands of bundles, figures and what is left at the end: words, arguments and where each is found. */
import type { CliCommand } from '../command.ts';

export const evidenceCommands: readonly CliCommand[] = [
  {
    name: 'bundle',
    args: '<campaign>',
    summary: 'cli.bundle.summary',
    options: [
      ['--out <file>', 'cli.bundle.out'],
      ['--for <audience>', 'cli.bundle.for', 'insurer'],
      ['--full', 'cli.bundle.full'],
      ['--to <key>', 'cli.bundle.to'],
      ['--as-of <block>', 'cli.bundle.asOf'],
      ['--final', 'cli.bundle.final'],
      ['--by <name>', 'cli.option.by'],
    ],
    load: async () => (await import('../commands/bundle.ts')).runBundle,
  },
  {
    name: 'verify',
    args: '<file>',
    summary: 'cli.verify.summary',
    options: [
      ['--open <key>', 'cli.verify.open'],
      ['--out <folder>', 'cli.verify.out'],
    ],
    load: async () => (await import('../commands/verify.ts')).runVerify,
  },
  {
    name: 'story',
    args: '<campaign> <person>',
    summary: 'cli.story.summary',
    options: [['--by <name>', 'cli.story.by']],
    load: async () => (await import('../commands/story.ts')).runStory,
  },
  {
    name: 'figures',
    args: '<campaign>',
    summary: 'cli.figures.summary',
    load: async () => (await import('../commands/figures.ts')).runFigures,
  },
  {
    name: 'reconcile',
    args: '<campaign>',
    summary: 'cli.reconcile.summary',
    options: [['--rebuild-by <name>', 'cli.reconcile.rebuildBy']],
    load: async () => (await import('../commands/reconcile.ts')).runReconcile,
  },
  {
    name: 'hold set',
    args: '<campaign>',
    summary: 'cli.hold.set.summary',
    options: [
      ['--by <name>', 'cli.option.by'],
      ['--and <name>', 'cli.option.and'],
    ],
    load: async () => (await import('../commands/hold.ts')).runHoldSet,
  },
  {
    name: 'hold release',
    args: '<campaign>',
    summary: 'cli.hold.release.summary',
    options: [
      ['--by <name>', 'cli.option.by'],
      ['--and <name>', 'cli.option.and'],
    ],
    load: async () => (await import('../commands/hold.ts')).runHoldRelease,
  },
  {
    name: 'audit',
    args: '<campaign>',
    summary: 'cli.audit.summary',
    options: [['--person <ref>', 'cli.audit.person']],
    load: async () => (await import('../commands/audit.ts')).runAudit,
  },
  {
    name: 'purge',
    args: '<campaign>',
    summary: 'cli.purge.summary',
    options: [
      ['--by <name>', 'cli.option.by'],
      ['--and <name>', 'cli.option.and'],
      ['--all', 'cli.purge.all'],
      ['--dry-run', 'cli.option.dryRun'],
    ],
    load: async () => (await import('../commands/purge.ts')).runPurge,
  },
];
