/** Freezes the people of a campaign as list version n, which stays as it is whatever is imported later (promise 3). */
import type { IntakeApp, RosterCampaign } from './roster-campaign.ts';

export type FrozenList = {
  readonly version: number;
  readonly people: number;
  /** Merkle root over the salted leaves, hexadecimal. */
  readonly sha256: string;
  /** False when nothing had changed since the last version, which is then returned. */
  readonly isNew: boolean;
};

export async function freezeList(
  _app: IntakeApp,
  _input: { campaign: RosterCampaign; actorId?: string },
): Promise<FrozenList> {
  throw new Error('in work');
}
