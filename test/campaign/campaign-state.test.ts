import { expect, it } from 'vitest';
import { campaignStates, canMove } from '../../src/campaign/campaign-state.ts';

it('allows exactly the moves of the table', () => {
  const allowed = campaignStates.flatMap((from) =>
    campaignStates.filter((to) => canMove(from, to)).map((to) => `${from} → ${to}`),
  );
  expect(allowed).toEqual([
    'draft → approved',
    'approved → running',
    'approved → stopped',
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
