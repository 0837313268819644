/** Opens people's records for the moment of use: by reference in batches, or by an exact search through blind indexes. */

import { listPersonRecords, listRefsByBlind } from './list/person-store.ts';
import { foldRecords } from './match/fold-records.ts';
import { lookUpKey } from './match/match-keys.ts';
import type { PersonRecord } from './person.ts';
import type { IntakeApp, RosterCampaign } from './roster-campaign.ts';
import { openPerson } from './seal-person.ts';

/**
 * Opens the records of `refs` (any order, duplicates allowed); unknown references are left out. Reads them as frozen in
 * `version` (default: the campaign's newest list version, so that nobody is sent what was not frozen), else as they are now.
 */
export async function getPeople(
  app: Pick<IntakeApp, 'pool' | 'keys'>,
  campaign: RosterCampaign,
  refs: readonly string[],
  { version = campaign.listVersion ?? null }: { version?: number | null } = {},
): Promise<Map<string, PersonRecord>> {
  const people = new Map<string, PersonRecord>();
  if (refs.length === 0) return people;
  const keys = app.keys.open(campaign.id);
  const found = await listPersonRecords(app.pool, campaign.id, refs, version);
  const rowsOf = new Map<string, PersonRecord[]>();
  for (const row of found) {
    const record = openPerson(keys, campaign.id, row.ref, {
      addressSealed: row.address_sealed,
      proofSealed: row.proof_sealed,
    });
    const rows = rowsOf.get(row.person_ref);
    if (rows === undefined) rowsOf.set(row.person_ref, [record]);
    else rows.push(record);
  }
  for (const [ref, [own, ...merged]] of rowsOf) if (own !== undefined) people.set(ref, foldRecords([own, ...merged]));
  return people;
}

export type PersonQuery = { email: string } | { phone: string } | { kana: string } | { customerKey: string };

/** References of everyone whose stored value is exactly this one, after the normalisation that serves matching. */
export async function findPersonBy(
  app: Pick<IntakeApp, 'pool' | 'keys'>,
  campaign: RosterCampaign,
  query: PersonQuery,
): Promise<string[]> {
  const { blind } = app.keys.open(campaign.id);
  const [kind, value] =
    'email' in query
      ? (['email', query.email] as const)
      : 'phone' in query
        ? (['phone', query.phone] as const)
        : 'kana' in query
          ? (['kana', query.kana] as const)
          : (['customer', query.customerKey] as const);
  const digest = lookUpKey(blind, kind, value);
  return digest === null ? [] : await listRefsByBlind(app.pool, campaign.id, kind, digest);
}
