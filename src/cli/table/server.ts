/** The commands of processes and the whole home: words, arguments and where each is found. */
import type { CliCommand } from '../command.ts';

export const serverCommands: readonly CliCommand[] = [
  {
    name: 'up',
    args: '',
    summary: 'cli.up.summary',
    options: [['--port <port>', 'cli.up.port']],
    needs: 'app',
    load: async () => (await import('../commands/up.ts')).runUp,
  },
  {
    name: 'work',
    args: '[queue...]',
    summary: 'cli.work.summary',
    needs: 'app',
    load: async () => (await import('../commands/up.ts')).runWork,
  },
  {
    name: 'serve',
    args: '',
    summary: 'cli.serve.summary',
    options: [['--port <port>', 'cli.up.port']],
    needs: 'app',
    load: async () => (await import('../commands/up.ts')).runServe,
  },
  {
    name: 'migrate',
    args: '',
    summary: 'cli.migrate.summary',
    load: async () => (await import('../commands/migrate.ts')).runMigrate,
  },
  {
    name: 'backup',
    args: '<file>',
    summary: 'cli.backup.summary',
    load: async () => (await import('../commands/backup.ts')).runBackup,
  },
  {
    name: 'restore',
    args: '<file>',
    summary: 'cli.restore.summary',
    load: async () => (await import('../commands/restore.ts')).runRestore,
  },
  {
    name: 'home take',
    args: '<campaign>',
    summary: 'cli.home.take.summary',
    options: [['--by <name>', 'cli.option.by']],
    load: async () => (await import('../commands/home.ts')).runHomeTake,
  },
];
