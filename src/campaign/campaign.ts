/** A campaign as the other rooms see it. */
import type { CampaignState } from './campaign-state.ts';

export type Campaign = {
  readonly id: string;
  /** The id in campaign.yaml. */
  readonly slug: string;
  readonly state: CampaignState;
  /** The approved plan, the one that runs; null until two people approved. */
  readonly planId: string | null;
  /** The latest plan put up for approval; equal to `planId` when nothing newer waits. */
  readonly proposedPlanId: string | null;
  /** The newest frozen list version. */
  readonly listVersion: number | null;
  /** A legal hold forbids the purge. */
  readonly legalHold: boolean;
  readonly createdAt: Date;
};
