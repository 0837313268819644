/** Writes audit events of one call: a fresh run id, who acts, and the people it concerns, as the call goes on. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import type { Campaign } from '../../campaign/campaign.ts';
import { newRef } from '../../kernel/ids.ts';
import type { App } from '../../platform/app.ts';
import type { Caller } from '../operation.ts';
import type { AuditKind } from './audit-event.ts';
import { insertAuditEvent } from './audit-store.ts';

/** People named in one event; of more there are several, so that whoever asks for one person finds every look at them. */
const REFS_MAX = 1_000;

export type AuditNotes = {
  /** How many people the call has concerned so far. */
  readonly people: () => number;
  note(kind: AuditKind, more?: { readonly refs?: readonly string[]; readonly code?: string }): Promise<void>;
};

/** `by` is who acts; without a name the event says only which door and role. */
export async function openAudit(
  app: Pick<App, 'pool' | 'keys' | 'clock'>,
  call: { caller: Caller; operation: string; campaign: Pick<Campaign, 'id'> | null; by: string | null },
): Promise<AuditNotes> {
  const { caller, operation, campaign, by } = call;
  const runId = newRef();
  const canName = by !== null && by.trim() !== '' && campaign !== null && app.keys.has(campaign.id);
  const actorId = canName ? await ensureActor(app, app.pool, { campaignId: campaign.id, name: by }) : null;
  let people = 0;
  return {
    people: () => people,
    note: async (kind, { refs = [], code = '' } = {}) => {
      const distinct = [...new Set(refs)];
      people += distinct.length;
      const event = {
        runId,
        campaignId: campaign?.id ?? null,
        at: app.clock(),
        kind,
        operation,
        door: caller.door,
        role: caller.role,
        actorId,
        code,
      };
      for (let at = 0; at === 0 || at < distinct.length; at += REFS_MAX) {
        const page = distinct.slice(at, at + REFS_MAX);
        await insertAuditEvent(app.pool, { ...event, people: page.length, refs: page });
      }
    },
  };
}
