/** Every command, in the order in which help lists them: the path of a campaign from its folder to its evidence. */

import type { CliCommand } from './command.ts';
import { approveCommand } from './commands/approve.ts';
import { approverAddCommand, approverListCommand } from './commands/approver.ts';
import { backupCommand } from './commands/backup.ts';
import { bundleCommand } from './commands/bundle.ts';
import { campaignNewCommand } from './commands/campaign-new.ts';
import { checkCommand } from './commands/check.ts';
import { claimCommand } from './commands/claim.ts';
import { consentAddCommand, consentListCommand } from './commands/consent.ts';
import {
  contactsAddCommand,
  contactsCaseCommand,
  contactsLoadCommand,
  contactsVolumeCommand,
} from './commands/contacts.ts';
import { costAddCommand, costListCommand, costLoadCommand } from './commands/cost.ts';
import { demoCommand } from './commands/demo.ts';
import { estimateCommand } from './commands/estimate.ts';
import { figuresCommand } from './commands/figures.ts';
import { freezeCommand } from './commands/freeze.ts';
import { giftsCountCommand, giftsLoseCommand, giftsReceiveCommand, giftsStockCommand } from './commands/gifts.ts';
import { importCommand } from './commands/import.ts';
import { ledgerCommand } from './commands/ledger.ts';
import { closeCommand, launchCommand, pauseCommand, resumeCommand, stopCommand } from './commands/lifecycle.ts';
import {
  lotsFormCommand,
  lotsListCommand,
  lotsLoadCommand,
  lotsPostCommand,
  lotsPullCommand,
} from './commands/lots.ts';
import { mailEventCommand } from './commands/mail-event.ts';
import { migrateCommand } from './commands/migrate.ts';
import { peopleDecideCommand, peopleListCommand } from './commands/people.ts';
import { previewCommand } from './commands/preview.ts';
import { publicationAddCommand, publicationListCommand } from './commands/publication.ts';
import { purgeCommand } from './commands/purge.ts';
import { reconcileCommand } from './commands/reconcile.ts';
import { restoreCommand } from './commands/restore.ts';
import { returnsLoadCommand } from './commands/returns.ts';
import { mergesListCommand, mergesUndoCommand, rowsListCommand, rowsSettleCommand } from './commands/rows.ts';
import { settleCommand } from './commands/settle.ts';
import { statusCommand } from './commands/status.ts';
import { storyCommand } from './commands/story.ts';
import { serveCommand, upCommand, workCommand } from './commands/up.ts';
import { verifyCommand } from './commands/verify.ts';

export const commands: readonly CliCommand[] = [
  demoCommand,
  campaignNewCommand,
  checkCommand,
  importCommand,
  freezeCommand,
  rowsListCommand,
  rowsSettleCommand,
  mergesListCommand,
  mergesUndoCommand,
  peopleListCommand,
  peopleDecideCommand,
  previewCommand,
  approverAddCommand,
  approverListCommand,
  approveCommand,
  publicationAddCommand,
  publicationListCommand,
  consentAddCommand,
  consentListCommand,
  launchCommand,
  pauseCommand,
  resumeCommand,
  stopCommand,
  closeCommand,
  statusCommand,
  settleCommand,
  mailEventCommand,
  lotsListCommand,
  lotsFormCommand,
  lotsPostCommand,
  lotsLoadCommand,
  lotsPullCommand,
  returnsLoadCommand,
  giftsReceiveCommand,
  giftsCountCommand,
  giftsLoseCommand,
  giftsStockCommand,
  contactsAddCommand,
  contactsLoadCommand,
  contactsCaseCommand,
  contactsVolumeCommand,
  costAddCommand,
  costLoadCommand,
  costListCommand,
  estimateCommand,
  ledgerCommand,
  claimCommand,
  bundleCommand,
  verifyCommand,
  storyCommand,
  figuresCommand,
  reconcileCommand,
  purgeCommand,
  upCommand,
  workCommand,
  serveCommand,
  migrateCommand,
  backupCommand,
  restoreCommand,
];
