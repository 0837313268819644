import { expect, it } from 'vitest';
import { campaignStates, canMove, stateReasons } from '../../src/campaign/campaign-state.ts';

it('allows exactly the moves of the table', () => {
  const allowed = campaignStates.flatMap((from) =>
    campaignStates.filter((to) => canMove(from, to, 'launched')).map((to) => `${from} → ${to}`),
  );
  expect(allowed).toEqual([
    'draft → approved',
    'approved → running',
    'running → paused',
    'running → stopped',
    'running → closed',
    'paused → running',
    'paused → stopped',
    'paused → closed',
    'stopped → running',
    'stopped → closed',
  ]);
});

it('starts an approved campaign by a launch only, never by resuming it', () => {
  expect(stateReasons.filter((reason) => canMove('approved', 'running', reason))).toEqual(['launched']);
});

it('lets every later move happen for its own reason', () => {
  expect(canMove('running', 'paused', 'relay_down')).toBe(true);
  expect(canMove('paused', 'running', 'resumed')).toBe(true);
  expect(canMove('draft', 'approved', 'plan_approved')).toBe(true);
});
