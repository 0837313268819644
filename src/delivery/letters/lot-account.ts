/** The equation of a lot and what follows from it: manifest = posted + spoiled + withdrawn + open. */

export type LotCounts = {
  readonly number: number;
  readonly isReprint: boolean;
  readonly manifest: number;
  readonly posted: number;
  readonly spoiled: number;
  readonly withdrawn: number;
  readonly open: number;
  /** Spoiled pieces that no reprint names. */
  readonly unreprinted: number;
};

/** Whether every piece left the lot exactly one way and each spoiled one was printed again. */
export function isSettled(lot: LotCounts): boolean {
  return lot.open === 0 && lot.unreprinted === 0;
}

/**
 * Lots that do not agree: the print house reported on them, and pieces are missing from what it reported. They stop the next lot from being
 * formed (reprint lots excepted, or a mismatch could never be repaired).
 */
export function blockingLots<L extends LotCounts>(lots: readonly L[]): L[] {
  return lots.filter((lot) => !lot.isReprint && lot.posted + lot.spoiled > 0 && !isSettled(lot));
}
