/** Every command, in the order in which help lists them: the path of a campaign from its folder to its evidence. */
import type { CliCommand } from './command.ts';

export const commands: readonly CliCommand[] = [];
