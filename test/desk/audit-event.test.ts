// The hash of an audit event covers everything that it says, so that nothing of it can be changed unseen.
import { expect, it } from 'vitest';
import { type AuditEvent, auditRow } from '../../src/desk/audit/audit-event.ts';

const event: AuditEvent = {
  id: 7,
  runId: 'run',
  campaignId: 'campaign',
  at: new Date('2026-11-24T00:00:00Z'),
  kind: 'opened',
  operation: 'person',
  door: 'cli',
  role: 'owner',
  actorId: null,
  people: 1,
  refs: ['a'],
  code: '',
};

it('names the call, the kind, the event and the instant beside the hash of the rest', () => {
  expect(auditRow(event).slice(0, 4)).toEqual(['run', 'opened', 7, '2026-11-24T00:00:00.000Z']);
});

it.each<[string, Partial<AuditEvent>]>([
  ['the operation', { operation: 'purge' }],
  ['the door', { door: 'http' }],
  ['the role', { role: 'viewer' }],
  ['who acted', { actorId: 'b' }],
  ['how many people', { people: 2 }],
  ['whose data', { refs: ['b'] }],
  ['the code', { code: 'RIGHT_MISSING' }],
])('is another one when %s is changed', (_, change) => {
  expect(auditRow({ ...event, ...change })[4]).not.toBe(auditRow(event)[4]);
});
