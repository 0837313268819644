/** Adopts a rate card for a campaign: a fact with a hash, so every entry can name the version of the prices it was charged by. */
import { recordFact } from '../journal/record-fact.ts';
import { newRef } from '../kernel/ids.ts';
import type { WordedProblem } from '../kernel/problem.ts';
import type { App } from '../platform/app.ts';
import { readYaml } from '../platform/formats/yaml.ts';
import { transaction } from '../platform/postgres/db.ts';
import { hashRateCard, type RateCard, storedRateCardSchema } from './rate-card.ts';
import type { RateVersion } from './statement.ts';
import { insertRateVersion, listRateVersionRows, lockLedger } from './store.ts';

/** Reads the rate card of a plan, which was checked when the plan was approved; every fault with its line. */
export function readPlanRates(file: string, text: string): { card?: RateCard; problems: WordedProblem[] } {
  const { value, problems } = readYaml(file, text, storedRateCardSchema);
  return value === undefined ? { problems } : { card: value, problems };
}

/**
 * Makes the card the one that counts, unless it is already. What was charged under another one is adjusted by the next
 * `postCharges`. Returns the version and whether it is new.
 */
export async function adoptRates(
  app: Pick<App, 'pool' | 'clock'>,
  { campaign, card, actorId }: { campaign: string; card: RateCard; actorId?: string | null },
): Promise<{ version: RateVersion; isNew: boolean }> {
  const sha256 = hashRateCard(card);
  return await transaction(app.pool, async (tx) => {
    await lockLedger(tx, campaign);
    const current = (await listRateVersionRows(tx, campaign)).at(-1);
    if (current?.sha256 === sha256) return { version: current, isNew: false };
    const adoptedAt = app.clock();
    const version = { id: newRef(), number: (current?.number ?? 0) + 1, sha256, card, adoptedAt };
    const factId = await recordFact(tx, {
      campaignId: campaign,
      kind: 'rates.adopted',
      occurredAt: adoptedAt,
      actorId: actorId ?? null,
      body: { cardId: card.id, rateVersionId: version.id, ratesSha256: sha256, replaces: current?.sha256 ?? null },
    });
    await insertRateVersion(tx, { ...version, campaignId: campaign, factId });
    return { version, isNew: true };
  });
}
