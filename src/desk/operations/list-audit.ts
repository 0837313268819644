/** Who did what and when, and how many people it concerned; and whether the log still fits what the chain holds of it. */
import { z } from 'zod';
import { listActors } from '../../campaign/actors/ensure-actor.ts';
import { auditKinds } from '../audit/audit-event.ts';
import { checkAudit } from '../audit/check-audit.ts';
import { count, isoInstant } from '../fields/operation-field.ts';
import type { ReadingApp } from '../operation.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({ person: z.uuid().optional() }),
  output: z.strictObject({
    events: z.array(
      z.strictObject({
        at: isoInstant,
        kind: z.enum(auditKinds),
        operation: z.string(),
        door: z.string(),
        role: z.string(),
        /** Who acted; null when nobody was named, or when the names were destroyed. */
        actor: z.string().nullable(),
        people: count,
        refs: z.array(z.string()),
        code: z.string(),
        factId: count.nullable(),
      }),
    ),
    uncovered: count,
    broken: z.array(count),
    ok: z.boolean(),
  }),
  run: async ({ db, app, campaign }, { person }) => {
    const { events, uncovered, broken } = await checkAudit(db, campaign.id);
    const names = await readNames(app, campaign.id);
    return {
      events: events
        .filter(({ refs }) => person === undefined || refs.includes(person))
        .map(({ id: _id, runId: _run, campaignId: _campaign, actorId, ...event }) => ({
          ...event,
          actor: actorId === null ? null : (names.get(actorId) ?? null),
        })),
      uncovered,
      broken,
      ok: broken.length === 0,
    };
  },
});

async function readNames(app: ReadingApp, campaignId: string): Promise<Map<string, string>> {
  if (!app.keys.has(campaignId)) return new Map();
  return new Map((await listActors(app, app.pool, campaignId)).map(({ id, name }) => [id, name]));
}
