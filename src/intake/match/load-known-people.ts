/** Loads the digests of everyone already imported, so that a new file meets people of earlier ones. */
import type { Client } from '../../platform/postgres/db.ts';
import type { PersonKind } from '../person.ts';
import { listMergeTargets, readMatchTuples } from '../store.ts';
import { createDuplicateIndex, type DuplicateIndex, MATCH_WIDTH, writeMatchNumbers } from './duplicate.ts';

export type KnownPeople = {
  readonly index: DuplicateIndex;
  /** 16 bytes of reference of a person's number. */
  refOf(person: number): Buffer;
  /** Numbers a new person; call right after `index.addPerson`. */
  keepRef(person: number, ref: Uint8Array): void;
};

/** Reads them in the order in which they were imported, so that the outcome is the same as if all files had been one. */
export async function loadKnownPeople(client: Client, campaignId: string, hasStableKey: boolean): Promise<KnownPeople> {
  const known = createKnownPeople(hasStableKey);
  const numbers = new Uint32Array(MATCH_WIDTH);
  // Only people that took in other rows need a way back from their reference.
  const targets = new Set(await listMergeTargets(client, campaignId));
  const personOf = new Map<string, number>();
  await readMatchTuples(client, campaignId, (tuple) => {
    numbers.fill(0);
    writeMatchNumbers(numbers, 0, tuple, tuple.kind as PersonKind);
    if (tuple.ref.equals(tuple.personRef)) {
      const person = known.index.addPerson(numbers, 0);
      known.keepRef(person, tuple.ref);
      if (targets.size > 0 && targets.has(tuple.ref.toString('hex'))) personOf.set(tuple.ref.toString('hex'), person);
      return;
    }
    const person = personOf.get(tuple.personRef.toString('hex'));
    if (person !== undefined) known.index.addKeys(person, numbers, 0);
  });
  return known;
}

/** Nobody known yet. */
export function createKnownPeople(hasStableKey: boolean): KnownPeople {
  const index = createDuplicateIndex(hasStableKey);
  let refs = Buffer.alloc(16 * 1024);
  return {
    index,
    refOf: (person) => refs.subarray(person * 16, person * 16 + 16),
    keepRef(person, ref) {
      if ((person + 1) * 16 > refs.length) refs = Buffer.concat([refs, Buffer.alloc(refs.length)]);
      refs.set(ref, person * 16);
    },
  };
}
