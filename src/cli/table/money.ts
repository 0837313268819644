/** The commands of contacts, costs and the claim: words, arguments and where each is found. */
import type { OperationInput } from '../../desk/operations.ts';
import type { CliCommand } from '../command.ts';

/** Written out so that help loads no room; the type holds it to the fields that the operation takes. */
const costOptions = {
  vendor: 'vendor',
  invoiceNo: 'invoice-no',
  registrationNo: 'registration-no',
  invoiceDate: 'invoice-date',
  serviceDate: 'service-date',
  category: 'category',
  description: 'description',
  driver: 'driver',
  rate: 'rate',
  quantity: 'quantity',
  unit: 'unit',
  unitPrice: 'unit-price',
  netYen: 'net-yen',
  taxPercent: 'tax-percent',
  taxYen: 'tax-yen',
  grossYen: 'gross-yen',
  fee: 'fee',
} satisfies Record<Exclude<keyof OperationInput<'record-invoice'>, 'campaign' | 'by'>, string>;

const byName = ['--by <name>', 'cli.import.by'] as const;

export const moneyCommands: readonly CliCommand[] = [
  {
    name: 'contacts add',
    args: '<campaign>',
    summary: 'cli.contacts.add.summary',
    options: [
      ['--topic <code>', 'cli.contacts.topic'],
      ['--channel <channel>', 'cli.contacts.channel', 'phone'],
      ['--person <number>', 'cli.contacts.person'],
      ['--details-file <file>', 'cli.contacts.detailsFile'],
      ['--claims-affected', 'cli.contacts.claimsAffected'],
      ['--caller <kind>', 'cli.contacts.caller'],
      ['--result <result>', 'cli.contacts.result'],
      ['--minutes <n>', 'cli.contacts.minutes'],
      ['--level <n>', 'cli.contacts.level'],
      ['--by <name>', 'cli.contacts.by'],
      ['--promise-due <day>', 'cli.contacts.promiseDue'],
      ['--at <time>', 'cli.contacts.at'],
      ['--direction <direction>', 'cli.contacts.direction'],
    ],
    load: async () => (await import('../commands/contacts.ts')).runContactsAdd,
  },
  {
    name: 'contacts load',
    args: '<campaign> <file>',
    summary: 'cli.contacts.load.summary',
    options: [byName],
    load: async () => (await import('../commands/contacts.ts')).runContactsLoad,
  },
  {
    name: 'contacts case',
    args: '<campaign> [case]',
    summary: 'cli.contacts.case.summary',
    options: [
      ['--recheck', 'cli.contacts.recheck'],
      ['--close <outcome>', 'cli.contacts.close'],
      ['--by <name>', 'cli.contacts.by'],
    ],
    load: async () => (await import('../commands/contacts.ts')).runContactsCase,
  },
  {
    name: 'contacts volume',
    args: '<campaign>',
    summary: 'cli.contacts.volume.summary',
    load: async () => (await import('../commands/contacts.ts')).runContactsVolume,
  },
  {
    name: 'cost add',
    args: '<campaign>',
    summary: 'cli.cost.add.summary',
    options: [
      ...Object.entries(costOptions).map(
        ([column, flag]) => [column === 'fee' ? '--fee' : `--${flag} <value>`, `cli.cost.${column}`] as const,
      ),
      byName,
    ],
    load: async () => (await import('../commands/cost.ts')).runCostAdd,
  },
  {
    name: 'cost load',
    args: '<campaign> <file>',
    summary: 'cli.cost.load.summary',
    options: [byName],
    load: async () => (await import('../commands/cost.ts')).runCostLoad,
  },
  {
    name: 'cost list',
    args: '<campaign>',
    summary: 'cli.cost.list.summary',
    load: async () => (await import('../commands/cost.ts')).runCostList,
  },
  {
    name: 'estimate',
    args: '',
    summary: 'cli.estimate.summary',
    options: [
      ['--people <n>', 'cli.estimate.people', '5000'],
      ['--rates <file>', 'cli.estimate.rates', 'seed1-2022'],
      ['--policy <file>', 'cli.estimate.policy', 'sample'],
    ],
    load: async () => (await import('../commands/estimate.ts')).runEstimate,
  },
  {
    name: 'ledger',
    args: '<campaign>',
    summary: 'cli.ledger.summary',
    load: async () => (await import('../commands/ledger.ts')).runLedger,
  },
  {
    name: 'claim',
    args: '<campaign>',
    summary: 'cli.claim.summary',
    options: [['--policy <file>', 'cli.claim.policy']],
    load: async () => (await import('../commands/claim.ts')).runClaim,
  },
  {
    name: 'forecast',
    args: '<campaign>',
    summary: 'cli.forecast.summary',
    options: [
      ['--from <day>', 'cli.forecast.from'],
      ['--days <n>', 'cli.forecast.days', '28'],
    ],
    load: async () => (await import('../commands/forecast.ts')).runForecast,
  },
];
