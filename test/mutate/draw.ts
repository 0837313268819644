/** Draws at random, the same for the same seed: so that a run can be repeated and two runs compared. */
import { createHash } from 'node:crypto';

/** `count` of the items, or all of them when there are fewer; what is drawn of one name does not depend on other names. */
export function draw<Item>(items: readonly Item[], count: number, seed: number, name: string): Item[] {
  return items
    .map((item, index) => ({ item, rank: createHash('sha256').update(`${seed}|${name}|${index}`).digest('hex') }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ item }) => item);
}
