// Who may do what: each role with exactly the rights that its work needs.
import { expect, it } from 'vitest';
import { hasRight, type Role, rights, roles } from '../../src/desk/rights.ts';

it.each<[Role, string]>([
  ['owner', rights.join(' ')],
  ['viewer', 'look'],
  ['coordinator', 'look read-people prepare send letters money'],
  ['approver', 'look read-people approve'],
  ['print_house', 'look letters'],
  ['window', 'look answer'],
  ['accountant', 'look money'],
  ['auditor', 'look read-people'],
])('%s may %s', (role, allowed) => {
  expect(rights.filter((right) => hasRight(role, right)).join(' ')).toBe(allowed);
});

it('only the owner keeps the home, and nobody who prepares approves', () => {
  const names = Object.keys(roles) as Role[];
  expect(names.filter((role) => hasRight(role, 'keep'))).toEqual(['owner']);
  expect(names.filter((role) => hasRight(role, 'prepare') && hasRight(role, 'approve'))).toEqual(['owner']);
});
