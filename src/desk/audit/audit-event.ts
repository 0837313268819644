/** An audit event: who did what, when, through which door, and whose data it concerned; never what the data says. */
import type { EventRow } from '../../journal/fact.ts';
import { canonicalJson, sha256Hex } from '../../kernel/canonical.ts';

export const auditKinds = ['asked', 'opened', 'done', 'repeated', 'refused', 'failed'] as const;
export type AuditKind = (typeof auditKinds)[number];

export type AuditEvent = {
  readonly id: number;
  /** Ties together the events of one call. */
  readonly runId: string;
  readonly campaignId: string | null;
  readonly at: Date;
  /**
   * `asked` before something is changed and `done`, `refused` or `failed` after it; `opened` before personal data is shown;
   * `repeated` when a kept answer was given again.
   */
  readonly kind: AuditKind;
  readonly operation: string;
  readonly door: string;
  readonly role: string;
  readonly actorId: string | null;
  /** How many affected people it concerned, each named in `refs`; a call that concerned more than a thousand has several events. */
  readonly people: number;
  readonly refs: readonly string[];
  readonly code: string;
};

/** The event in the form that is hashed. All that it says is in the code part, so that no column can be changed unseen. */
export function auditRow(event: AuditEvent): EventRow {
  const { runId, kind, at, operation, door, role, actorId, people, refs, code } = event;
  const rest = sha256Hex(canonicalJson({ operation, door, role, actorId, people, refs, code }));
  return [runId, kind, event.id, at.toISOString(), rest];
}
