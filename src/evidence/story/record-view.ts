/** Records who looked at whose data, before anything is shown (promise 5): one fact a person, by pseudonym. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import { recordFact } from '../../journal/record-fact.ts';
import type { App } from '../../platform/app.ts';
import { transaction } from '../../platform/postgres/db.ts';

/**
 * `story`: everything about the person; `notice`: what they are sent, with name and address; `list`: the name in a work list;
 * `row`: a rejected row of the list, by its own id.
 */
export type ViewKind = 'story' | 'notice' | 'list' | 'row';

/** `by` is the person who looks, null for the operator of this machine. */
export async function recordViews(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  { campaignId, refs, shown, by }: { campaignId: string; refs: readonly string[]; shown: ViewKind; by: string | null },
): Promise<void> {
  if (refs.length === 0) return;
  await transaction(app.pool, async (tx) => {
    const actorId = by === null ? null : await ensureActor(app, tx, { campaignId, name: by });
    for (const ref of new Set(refs)) {
      const body = { ref, shown };
      await recordFact(tx, { campaignId, kind: 'person.viewed', occurredAt: app.clock(), actorId, body });
    }
  });
}
