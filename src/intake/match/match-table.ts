/**
 * Where the digests of a million rows are kept while a file is read: numbers in typed arrays (60 MB a million rows), because objects
 * would take ten times as much.
 */

/** Entries of one chunk; tables grow by chunks, so that nothing is ever copied or held twice. */
const CHUNK_BITS = 15;
const CHUNK_ENTRIES = 1 << CHUNK_BITS;
const BUCKETS_MIN = 4096;

/** Rows of `width` 32-bit numbers, numbered from 0. A row's numbers lie side by side: one access to memory and not one for each. */
export function createNumberTable(width: number) {
  const chunks: Uint32Array[] = [];
  let length = 0;
  return {
    push(): number {
      if (length === chunks.length * CHUNK_ENTRIES) chunks.push(new Uint32Array(CHUNK_ENTRIES * width));
      length += 1;
      return length - 1;
    },
    get: (row: number, column: number): number =>
      chunks[row >>> CHUNK_BITS]?.[(row & (CHUNK_ENTRIES - 1)) * width + column] ?? 0,
    set(row: number, column: number, value: number): void {
      const chunk = chunks[row >>> CHUNK_BITS];
      if (chunk !== undefined) chunk[(row & (CHUNK_ENTRIES - 1)) * width + column] = value;
    },
    length: () => length,
  };
}

const LOW = 0;
const HIGH = 1;
const PERSON = 2;
/** The next entry of the bucket plus one; 0 ends the chain. */
const NEXT = 3;

/** A hash table from 64-bit keys to people, several people per key, oldest first. `aim` sets the key that the other calls are about. */
export function createMatchTable() {
  const entries = createNumberTable(4);
  let buckets = new Uint32Array(BUCKETS_MIN);
  let high = 0;
  let low = 0;
  const bucketOf = (h: number, l: number) => (h ^ Math.imul(l, 0x9e3779b1)) & (buckets.length - 1);
  const isAimed = (entry: number) => entries.get(entry, LOW) === low && entries.get(entry, HIGH) === high;
  const seek = (link: number): number => {
    let at = link;
    while (at !== 0 && !isAimed(at - 1)) at = entries.get(at - 1, NEXT);
    return at - 1;
  };
  const grow = (): void => {
    buckets = new Uint32Array(buckets.length * 2);
    // From the newest to the oldest, so that chains stay oldest first.
    for (let entry = entries.length() - 1; entry >= 0; entry -= 1) {
      const bucket = bucketOf(entries.get(entry, HIGH), entries.get(entry, LOW));
      entries.set(entry, NEXT, buckets[bucket] ?? 0);
      buckets[bucket] = entry + 1;
    }
  };
  return {
    aim(h: number, l: number): void {
      high = h;
      low = l;
    },
    /** The first entry of the key, or −1. */
    first: (): number => seek(buckets[bucketOf(high, low)] ?? 0),
    next: (entry: number): number => seek(entries.get(entry, NEXT)),
    person: (entry: number): number => entries.get(entry, PERSON),
    /** Adds the person under the key, unless it is there. */
    add(person: number): void {
      if (entries.length() >= buckets.length) grow();
      const bucket = bucketOf(high, low);
      let last = -1;
      for (let at = (buckets[bucket] ?? 0) - 1; at >= 0; at = entries.get(at, NEXT) - 1) {
        if (isAimed(at) && entries.get(at, PERSON) === person) return;
        last = at;
      }
      const entry = entries.push();
      entries.set(entry, HIGH, high);
      entries.set(entry, LOW, low);
      entries.set(entry, PERSON, person);
      if (last < 0) buckets[bucket] = entry + 1;
      else entries.set(last, NEXT, entry + 1);
    },
  };
}
