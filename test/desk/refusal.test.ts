// Answers that say that nothing was done, and answers that only left something out.
import { expect, it } from 'vitest';
import { refusalOf } from '../../src/desk/refusal.ts';

it.each<[string, unknown, string | null]>([
  ['a refusal with its reasons', { kind: 'refused', reasons: ['LEGAL_HOLD', 'NOT_CLOSED'] }, 'LEGAL_HOLD'],
  ['a refusal that gives no code', { kind: 'refused', reasons: [] }, 'REFUSED'],
  ['a code', { approved: false, refused: 'CODE_WRONG' }, 'CODE_WRONG'],
  ['codes', { state: 'draft', refused: ['PLAN_NOT_APPROVED'], workers: 0 }, 'PLAN_NOT_APPROVED'],
  ['nothing refused', { state: 'running', refused: [], workers: 1 }, null],
  ['pieces that were left out', { pulled: 3, refused: ['7220-6681-1877-01'] }, null],
  ['people who were left out', { placed: 3, refused: [{ ref: 'x', reason: 'not_failed' }] }, null],
  ['something done', { kind: 'built', reasons: ['NOT_CLOSED'] }, null],
  ['no document', 'REFUSED', null],
  ['nothing', null, null],
])('of %s', (_title, answer, code) => {
  expect(refusalOf(answer)).toBe(code);
});
