/** Cases of people who say they are affected: each new list version re-checks every open one; a named person closes it. */
import { ensureActor } from '../campaign/actors/ensure-actor.ts';
import type { Campaign } from '../campaign/campaign.ts';
import { getPeople } from '../intake/get-people.ts';
import { recordEvents } from '../journal/record-fact.ts';
import { AppError } from '../kernel/errors.ts';
import { open } from '../platform/crypto/crypt.ts';
import { type Db, transaction } from '../platform/postgres/db.ts';
import type { ClaimedIdentity } from './contact.ts';
import { type ContactApp, contactAad, findClaimed } from './record-contact.ts';
import { type CaseEvent, type ContactCase, insertCaseEvents, listCaseRows } from './store.ts';

/** Every case with its latest state, oldest first. */
export async function listCases(db: Db, campaignId: string): Promise<ContactCase[]> {
  return await listCaseRows(db, campaignId);
}

/**
 * Looks up every open case on the campaign's current list version. Whoever is on it now gets that version's notice like anyone else;
 * the case names them and waits to be closed. Again on the same version changes nothing.
 */
export async function recheckCases(
  app: ContactApp,
  { campaign }: { campaign: Campaign },
): Promise<{ checked: number; found: number }> {
  const version = campaign.listVersion;
  if (version === null) throw new AppError('LIST_NOT_FROZEN.cases');
  const { address } = app.keys.open(campaign.id);
  const at = app.clock();
  const events: CaseEvent[] = [];
  for (const one of await listCaseRows(app.pool, campaign.id)) {
    if (!one.isOpen || one.claimedSealed === null || (one.recheckedVersion ?? one.openedOnVersion) >= version) continue;
    const aad = contactAad(campaign.id, one.id, 'claimed_sealed');
    const claimed = JSON.parse(open(address, aad, one.claimedSealed).toString('utf8')) as ClaimedIdentity;
    if (!canBeLookedUp(claimed)) continue;
    const refs = await findClaimed(app, campaign, claimed);
    const [member] = [...(await getPeople(app, campaign, refs, { version })).keys()];
    events.push({
      campaignId: campaign.id,
      ref: one.id,
      kind: 'rechecked',
      cycle: version,
      at,
      code: member === undefined ? 'not_on_version' : 'on_version',
      personRef: member ?? null,
      listVersion: version,
    });
  }
  if (events.length === 0) return { checked: 0, found: 0 };
  const written = await recordCaseEvents(app, campaign.id, 'case.rechecked', events, null);
  return { checked: written.length, found: written.filter((event) => event.code === 'on_version').length };
}

/** A name alone, or nothing, finds no one: such a case stays open with its due date until the person is reached. */
function canBeLookedUp({ email, phone, kana, customerKey }: ClaimedIdentity): boolean {
  return [email, phone, kana, customerKey].some((value) => value !== undefined && value !== '');
}

/** Why a case ends. */
export const caseOutcomes = ['told', 'not_on_version', 'withdrawn', 'handed_over'] as const;
export type CaseOutcome = (typeof caseOutcomes)[number];

/** Closes a case by name. Closing it again changes nothing. Throws CASE_MISSING. */
export async function closeCase(
  app: ContactApp,
  { campaign, caseId, outcome, by }: { campaign: Campaign; caseId: string; outcome: CaseOutcome; by: string },
): Promise<ContactCase> {
  const find = async () => (await listCaseRows(app.pool, campaign.id)).find((one) => one.id === caseId);
  const known = await find();
  if (known === undefined) throw new AppError('CASE_MISSING', { id: caseId });
  if (known.isOpen) {
    const actorId = await ensureActor(app, app.pool, { campaignId: campaign.id, name: by });
    const event = {
      campaignId: campaign.id,
      ref: caseId,
      kind: 'closed' as const,
      cycle: 1,
      at: app.clock(),
      code: outcome,
    };
    await recordCaseEvents(
      app,
      campaign.id,
      'case.closed',
      [{ ...event, personRef: known.personRef, listVersion: null }],
      actorId,
    );
  }
  return (await find()) ?? known;
}

async function recordCaseEvents(
  app: ContactApp,
  campaignId: string,
  kind: 'case.rechecked' | 'case.closed',
  events: readonly CaseEvent[],
  actorId: string | null,
): Promise<readonly CaseEvent[]> {
  const recorded = await transaction(app.pool, (tx) =>
    recordEvents(tx, {
      campaignId,
      kind,
      occurredAt: app.clock(),
      actorId,
      insert: (factId) => insertCaseEvents(tx, factId, events),
      describe: (rows) => ({
        events: rows.map((row) => [row.ref, row.kind, row.cycle, row.at.toISOString(), row.code]),
        lines: [],
        body: { cases: rows.map((row) => [row.ref, row.code, row.listVersion]) },
      }),
    }),
  );
  return recorded?.rows ?? [];
}
