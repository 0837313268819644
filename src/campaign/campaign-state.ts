/** The states of a campaign and the one table of moves between them. Pure; `set-state.ts` writes what this allows. */

export const campaignStates = ['draft', 'approved', 'running', 'paused', 'stopped', 'closed'] as const;
export type CampaignState = (typeof campaignStates)[number];

/**
 * Where each state may go. `stopped` is the immediate halt by a person and may run again (the law does not let people stay
 * untold because someone once pressed stop); `closed` is final.
 */
const moves: Record<CampaignState, readonly CampaignState[]> = {
  draft: ['approved'],
  approved: ['running'],
  running: ['paused', 'stopped', 'closed'],
  paused: ['running', 'stopped', 'closed'],
  stopped: ['running', 'closed'],
  closed: [],
};

/** Whether the move is allowed. The first start is a launch and nothing else: resuming would pass by what a launch checks. */
export function canMove(from: CampaignState, to: CampaignState, reason: StateReason): boolean {
  if (from === 'approved' && reason !== 'launched') return false;
  return moves[from].includes(to);
}

/** Why a state changed; a code, because facts carry no free text. A person's own words go sealed into the note. */
export const stateReasons = [
  'plan_approved',
  'launched',
  'paused',
  'resumed',
  'stopped',
  'closed',
  'canary_failed',
  'relay_down',
  /** This database is a copy: another home may send. */
  'home_suspended',
] as const;
export type StateReason = (typeof stateReasons)[number];
