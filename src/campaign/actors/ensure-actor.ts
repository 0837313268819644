/** People who act (approve, settle, record) by name in, by opaque id everywhere else; the name itself stays sealed. */

import { AppError } from '../../kernel/errors.ts';
import { newRef } from '../../kernel/ids.ts';
import type { App } from '../../platform/app.ts';
import { blindIndex, deriveKey, open, seal } from '../../platform/crypto/crypt.ts';
import type { Db } from '../../platform/postgres/db.ts';
import { type ActorRow, findActorByBlind, insertActor, listActorRows } from './store.ts';

export type Actor = { readonly id: string; readonly name: string; readonly isApprover: boolean };

/** One person under several spellings (width, spaces, case) is one person, or one could approve as two. */
export function normaliseActorName(name: string): string {
  return name.normalize('NFKC').replace(/\s+/gu, '').toLowerCase();
}

const nameAad = (campaignId: string, actorId: string) => `${campaignId}|${actorId}|name_sealed`;

/** The id of the person with this name in the campaign; makes one on first use. Throws USAGE_WRONG for an empty name. */
export async function ensureActor(
  app: Pick<App, 'keys'>,
  db: Db,
  { campaignId, name }: { campaignId: string; name: string },
): Promise<string> {
  return (await ensureActorRow(app, db, { campaignId, name })).id;
}

/** As `ensureActor`, with everything stored about the person; for this room only. */
export async function ensureActorRow(
  app: Pick<App, 'keys'>,
  db: Db,
  { campaignId, name }: { campaignId: string; name: string },
): Promise<ActorRow> {
  const normal = normaliseActorName(name);
  if (normal === '') throw new AppError('USAGE_WRONG.actorName');
  const keys = app.keys.open(campaignId);
  // Under the proof key, like the name itself: who acts after the addresses were destroyed still has a name.
  const nameBlind = blindIndex(deriveKey(keys.proof, 'blind'), 'actor', normal);
  const known = await findActorByBlind(db, campaignId, nameBlind);
  if (known) return known;
  const id = newRef();
  await insertActor(db, {
    id,
    campaignId,
    nameBlind,
    nameSealed: seal(keys.proof, nameAad(campaignId, id), name.trim()),
  });
  const made = await findActorByBlind(db, campaignId, nameBlind);
  if (!made) throw new AppError('ACTOR_UNKNOWN');
  return made;
}

/** Everyone who acted in the campaign, with names opened. */
export async function listActors(app: Pick<App, 'keys'>, db: Db, campaignId: string): Promise<Actor[]> {
  const { proof } = app.keys.open(campaignId);
  return (await listActorRows(db, campaignId)).map((row) => ({
    id: row.id,
    name: open(proof, nameAad(campaignId, row.id), row.nameSealed).toString('utf8'),
    isApprover: row.isApprover,
  }));
}
