/**
 * Lists what facts counted and the card in force neither prices nor calls free: a cost that somebody forgot, or a misspelt rate of
 * an older card. Only blocks whose charging met such a line are read again, so a card that prices everything costs one look.
 */
import { describeLine } from '../journal/driver-words.ts';
import type { StoredLine } from '../journal/fact-line.ts';
import { sumBlockLines } from '../journal/store.ts';
import { canonicalJson } from '../kernel/canonical.ts';
import type { SealedReader } from '../platform/app.ts';
import { findRate, isFree } from './rate-card.ts';
import { listRateVersionRows, listUnpricedBlocks } from './store.ts';

export type UnpricedLine = StoredLine & {
  /** Driver and attributes in words, Japanese and English. */
  readonly what: string;
  readonly en: string;
};

/** By driver and attributes, over everything that is charged so far; [] before rates are adopted. */
export async function listUnpriced(app: Pick<SealedReader, 'pool'>, campaign: string): Promise<UnpricedLine[]> {
  const version = (await listRateVersionRows(app.pool, campaign)).at(-1);
  if (version === undefined) return [];
  const blocks = await listUnpricedBlocks(app.pool, campaign, version.id);
  if (blocks.length === 0) return [];
  const unpriced = new Map<string, StoredLine>();
  for (const { driver, attributes, count, day } of await sumBlockLines(app.pool, campaign, blocks)) {
    const line = { driver, attributes, count };
    if (isFree(version.card, driver) || findRate(version.card, line, day) !== null) continue;
    const key = canonicalJson([driver, attributes]);
    unpriced.set(key, { ...line, count: count + (unpriced.get(key)?.count ?? 0) });
  }
  return [...unpriced.values()]
    .filter((line) => line.count !== 0)
    .map((line) => ({ ...line, what: describeLine('ja', line), en: describeLine('en', line) }));
}
