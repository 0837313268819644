/** The commands of a campaign folder: words, arguments and where each is found. */
import type { CliCommand } from '../command.ts';

export const beginCommands: readonly CliCommand[] = [
  {
    name: 'demo',
    args: '',
    summary: 'cli.demo.summary',
    options: [
      ['--people <n>', 'cli.demo.people', '5000'],
      ['--out <dir>', 'cli.demo.out', 'owabi-demo'],
    ],
    load: async () => (await import('../commands/demo.ts')).runDemo,
  },
  {
    name: 'campaign new',
    args: '<dir>',
    summary: 'cli.campaign.new.summary',
    options: [
      ['--id <id>', 'cli.campaign.new.id'],
      ['--start-on <day>', 'cli.campaign.new.startOn'],
      ['--trial', 'cli.campaign.new.trial'],
    ],
    load: async () => (await import('../commands/campaign-new.ts')).runCampaignNew,
  },
  {
    name: 'campaign push',
    args: '<folder>',
    summary: 'cli.campaign.push.summary',
    options: [
      ['--by <name>', 'cli.option.by'],
      ['--force', 'cli.campaign.push.force'],
    ],
    load: async () => (await import('../commands/campaign-draft.ts')).runCampaignPush,
  },
  {
    name: 'campaign pull',
    args: '<campaign> <dir>',
    summary: 'cli.campaign.pull.summary',
    options: [
      ['--revision <n>', 'cli.campaign.pull.revision'],
      ['--force', 'cli.campaign.pull.force'],
    ],
    load: async () => (await import('../commands/campaign-draft.ts')).runCampaignPull,
  },
  {
    name: 'campaign history',
    args: '<campaign>',
    summary: 'cli.campaign.history.summary',
    load: async () => (await import('../commands/campaign-draft.ts')).runCampaignHistory,
  },
  {
    name: 'check',
    args: '<campaign>',
    summary: 'cli.check.summary',
    load: async () => (await import('../commands/check.ts')).runCheck,
  },
  {
    name: 'campaigns',
    args: '',
    summary: 'cli.campaigns.summary',
    load: async () => (await import('../commands/campaigns.ts')).runCampaigns,
  },
  {
    name: 'checklist',
    args: '<campaign>',
    summary: 'cli.checklist.summary',
    options: [
      ['--done <step>', 'cli.checklist.done'],
      ['--reopen <step>', 'cli.checklist.reopen'],
      ['--by <name>', 'cli.option.by'],
    ],
    load: async () => (await import('../commands/checklist.ts')).runChecklist,
  },
  {
    name: 'formats',
    args: '[name]',
    summary: 'cli.formats.summary',
    options: [['--out <dir>', 'cli.formats.out']],
    load: async () => (await import('../commands/formats.ts')).runFormats,
  },
];
