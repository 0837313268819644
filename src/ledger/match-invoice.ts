/** Decides which accruals a line of an invoice replaces: its rate, or the rates of its driver, as many units as are still open. */
import type { InvoiceLine } from './invoice-file.ts';
import type { Rate } from './rate-card.ts';
import type { ChargeSum, RateVersion, Settlement } from './statement.ts';

export type Match = { readonly rateId: string; readonly quantity: bigint | null };

/**
 * The matches of one line, given what was charged and what earlier lines settled. Units beyond what is open stay with the last rate,
 * so that a bill that arrives before its events are counted settles them later. No driver and no rate: nothing is replaced.
 */
export function matchInvoiceLine(
  line: Pick<InvoiceLine, 'driver' | 'rate' | 'quantity' | 'category' | 'unitPrice'>,
  versions: readonly RateVersion[],
  charges: readonly ChargeSum[],
  settlements: readonly Settlement[],
): Match[] {
  const rates = candidateRates(line, versions);
  if (line.quantity === undefined) return rates.map((rate) => ({ rateId: rate.id, quantity: null }));
  let left = BigInt(line.quantity);
  const matches: { rateId: string; quantity: bigint }[] = [];
  for (const [index, rate] of rates.entries()) {
    const isLast = index === rates.length - 1;
    const open = openUnits(rate.id, charges, settlements);
    const quantity = isLast ? left : open < left ? open : left;
    if (quantity !== 0n) matches.push({ rateId: rate.id, quantity });
    left -= quantity;
  }
  return matches;
}

/** The rates in the newest version first to last; the one with the line's own unit price before the others of its driver. */
function candidateRates(
  line: Pick<InvoiceLine, 'driver' | 'rate' | 'category' | 'unitPrice'>,
  versions: readonly RateVersion[],
): Rate[] {
  const rates = new Map<string, Rate>();
  for (const version of [...versions].sort((a, b) => b.number - a.number)) {
    for (const rate of version.card.rates) if (!rates.has(rate.id)) rates.set(rate.id, rate);
  }
  const all = [...rates.values()].filter((rate) => rate.category === line.category);
  if (line.rate !== undefined) return all.filter((rate) => rate.id === line.rate);
  if (line.driver === undefined) return [];
  const ofDriver = all.filter((rate) => rate.driver === line.driver);
  return ofDriver.sort((a, b) => Number(b.unitPrice === line.unitPrice) - Number(a.unitPrice === line.unitPrice));
}

function openUnits(rateId: string, charges: readonly ChargeSum[], settlements: readonly Settlement[]): bigint {
  const charged = charges.filter((item) => item.rateId === rateId).reduce((sum, item) => sum + item.quantity, 0n);
  const settled = settlements.filter((item) => item.rateId === rateId);
  if (settled.some((item) => item.quantity === null)) return 0n;
  const open = charged - settled.reduce((sum, item) => sum + (item.quantity ?? 0n), 0n);
  return open > 0n ? open : 0n;
}
