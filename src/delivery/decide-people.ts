/**
 * A named person's decision about people who cannot be told in the ordinary way: the substitute measure (公表), exclusion with
 * a reason, a lawyer's release from the letter, or taking a decision back. Nobody leaves the equation without a name.
 */
import { recordEvents } from '../journal/record-fact.ts';
import type { App } from '../platform/app.ts';
import { transaction } from '../platform/postgres/db.ts';
import { advancePeople } from './advance-people.ts';
import type { ExclusionReason } from './outcome.ts';
import { insertPersonEvents } from './standing-store.ts';
import { excludePendingPlaces, reopenPlaces } from './wave-store.ts';

export type PersonDecision =
  | { readonly kind: 'substituted'; readonly code: 'public_notice' }
  | { readonly kind: 'excluded'; readonly code: ExclusionReason }
  | { readonly kind: 'readmitted'; readonly code: 'none' }
  | { readonly kind: 'released_from_letter'; readonly code: 'lawyer' };

/** Applies one decision to many people in one commit with one fact. Returns how many people it covers. */
export async function decidePeople(
  app: Pick<App, 'pool' | 'clock'>,
  input: { campaignId: string; refs: readonly string[]; decision: PersonDecision; actorId: string },
): Promise<number> {
  const at = app.clock();
  const { campaignId, refs, decision, actorId } = input;
  return await transaction(app.pool, async (tx) => {
    const recorded = await recordEvents(tx, {
      campaignId,
      kind: 'people.decided',
      occurredAt: at,
      actorId,
      insert: (factId) =>
        insertPersonEvents(tx, campaignId, refs, { kind: decision.kind, code: decision.code, at, factId }),
      describe: (rows) => ({
        events: rows.map(({ ref, cycle }) => [ref, decision.kind, cycle, at.toISOString(), decision.code] as const),
        lines: [],
        personsFirst: rows.length,
        body: { decision: decision.kind, code: decision.code },
      }),
    });
    if (recorded && (decision.kind === 'substituted' || decision.kind === 'excluded')) {
      await excludePendingPlaces(
        tx,
        campaignId,
        refs,
        decision.kind === 'excluded' ? 'person_excluded' : 'person_substituted',
      );
    }
    if (recorded && decision.kind === 'readmitted') await reopenPlaces(tx, campaignId, refs);
    await advancePeople(tx, campaignId, refs, at);
    return recorded?.rows.length ?? 0;
  });
}
