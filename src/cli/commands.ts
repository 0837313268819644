/** Every command, in the order in which help lists them: the path of a campaign from its folder to its evidence. */

import { approveCommand } from './approve.ts';
import { approverAddCommand, approverListCommand } from './approver.ts';
import { backupCommand } from './backup.ts';
import { bundleCommand } from './bundle.ts';
import { campaignNewCommand } from './campaign-new.ts';
import { checkCommand } from './check.ts';
import { claimCommand } from './claim.ts';
import type { CliCommand } from './command.ts';
import { consentAddCommand, consentListCommand } from './consent.ts';
import { contactsAddCommand, contactsCaseCommand, contactsLoadCommand, contactsVolumeCommand } from './contacts.ts';
import { costAddCommand, costListCommand, costLoadCommand } from './cost.ts';
import { demoCommand } from './demo.ts';
import { estimateCommand } from './estimate.ts';
import { figuresCommand } from './figures.ts';
import { freezeCommand } from './freeze.ts';
import { giftsCountCommand, giftsLoseCommand, giftsReceiveCommand, giftsStockCommand } from './gifts.ts';
import { importCommand } from './import.ts';
import { ledgerCommand } from './ledger.ts';
import { closeCommand, launchCommand, pauseCommand, resumeCommand, stopCommand } from './lifecycle.ts';
import { lotsFormCommand, lotsListCommand, lotsLoadCommand, lotsPostCommand, lotsPullCommand } from './lots.ts';
import { mailEventCommand } from './mail-event.ts';
import { migrateCommand } from './migrate.ts';
import { peopleDecideCommand, peopleListCommand } from './people.ts';
import { previewCommand } from './preview.ts';
import { publicationAddCommand, publicationListCommand } from './publication.ts';
import { purgeCommand } from './purge.ts';
import { reconcileCommand } from './reconcile.ts';
import { restoreCommand } from './restore.ts';
import { returnsLoadCommand } from './returns.ts';
import { mergesListCommand, mergesUndoCommand, rowsListCommand, rowsSettleCommand } from './rows.ts';
import { settleCommand } from './settle.ts';
import { statusCommand } from './status.ts';
import { storyCommand } from './story.ts';
import { serveCommand, upCommand, workCommand } from './up.ts';
import { verifyCommand } from './verify.ts';

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
