/** Loads the digests of everyone already imported, so that a new file meets people of earlier ones. */
import type { Client } from '../platform/db.ts';
import { createDuplicateIndex, type DuplicateIndex, MATCH_WIDTH, writeMatchNumbers } from './duplicate.ts';
import type { PersonKind } from './person.ts';
import { readMatchTuples } from './store.ts';

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
  const waiting: { personRef: string; numbers: Uint32Array }[] = [];
  const personOf = new Map<string, number>();
  const targets = new Set<string>();
  await readMatchTuples(client, campaignId, (tuple) => {
    numbers.fill(0);
    writeMatchNumbers(numbers, 0, tuple, tuple.kind as PersonKind);
    if (tuple.ref.equals(tuple.personRef)) {
      const person = known.index.addPerson(numbers, 0);
      known.keepRef(person, tuple.ref);
      return;
    }
    const personRef = tuple.personRef.toString('hex');
    targets.add(personRef);
    waiting.push({ personRef, numbers: numbers.slice() });
  });
  if (waiting.length === 0) return known;
  for (let person = 0; person < known.size(); person += 1) {
    const ref = known.refOf(person).toString('hex');
    if (targets.has(ref)) personOf.set(ref, person);
  }
  for (const { personRef, numbers: merged } of waiting) {
    const person = personOf.get(personRef);
    if (person !== undefined) known.index.addKeys(person, merged, 0);
  }
  return known;
}

/** Nobody known yet. */
export function createKnownPeople(hasStableKey: boolean): KnownPeople & { size(): number } {
  const index = createDuplicateIndex(hasStableKey);
  let refs = Buffer.alloc(16 * 1024);
  let count = 0;
  return {
    index,
    size: () => count,
    refOf: (person) => refs.subarray(person * 16, person * 16 + 16),
    keepRef(person, ref) {
      if ((person + 1) * 16 > refs.length) refs = Buffer.concat([refs, Buffer.alloc(refs.length)]);
      refs.set(ref, person * 16);
      count = Math.max(count, person + 1);
    },
  };
}
