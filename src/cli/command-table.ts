/**
 * Every command, in the order in which help lists them: the path of a campaign from its folder to its evidence. The table
 * holds words only; what a command does is loaded when it is run, so that help and version load no room.
 */
import type { CliCommand } from './command.ts';
import { approvalCommands } from './table/approval.ts';
import { beginCommands } from './table/begin.ts';
import { deliveryCommands } from './table/delivery.ts';
import { evidenceCommands } from './table/evidence.ts';
import { listCommands } from './table/list.ts';
import { moneyCommands } from './table/money.ts';
import { serverCommands } from './table/server.ts';

export const commands: readonly CliCommand[] = [
  ...beginCommands,
  ...listCommands,
  ...approvalCommands,
  ...deliveryCommands,
  ...moneyCommands,
  ...evidenceCommands,
  ...serverCommands,
];
