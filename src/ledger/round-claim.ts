/**
 * Cuts a claim to whole yen at its very end: the payable amount once in total and by largest remainder among the categories, the
 * reasons so that every row and every total still adds up (mechanism 8).
 */
import { roundMatrix } from './round-matrix.ts';
import { type ReasonAmounts, type UncoveredReason, uncoveredReasons } from './uncovered-reason.ts';

/** Exact amounts are carried in 1/10⁹ yen: two ratios in per mille need 10⁶, the rest is room for shares of a category. */
export const SCALE = 1_000_000_000n;

/** What the steps left of a category, and what each of them took; exact. */
export type Reduced = { readonly amount: bigint; readonly lost: ReasonAmounts };

/** Cuts the total to whole yen once, and gives each category its whole yen by largest remainder, of equal ones the earlier first. */
export function splitPayable(amounts: readonly bigint[]): bigint[] {
  const total = amounts.reduce((a, b) => a + b, 0n) / SCALE;
  const parts = amounts.map((amount) => amount / SCALE);
  let left = total - parts.reduce((a, b) => a + b, 0n);
  const order = amounts
    .map((amount, index) => ({ index, rest: amount % SCALE }))
    .sort((a, b) => Number(b.rest - a.rest));
  for (const { index } of order) {
    if (left === 0n) break;
    parts[index] = (parts[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}

/**
 * The steps' reasons in whole yen per category: each category's reasons sum to eligible − payable, and each reason's total is
 * the exact one cut or raised to the yen (the exact one where it is whole).
 */
export function roundReasons(standings: readonly Reduced[], payables: readonly bigint[]): bigint[][] {
  const totalOf = (code: UncoveredReason) => standings.reduce((sum, item) => sum + (item.lost[code] ?? 0n), 0n);
  // A reason whose total is whole (a deductible of 100,000 yen) must stay whole: the others take up fractions first.
  const isWhole = (code: UncoveredReason) => totalOf(code) % SCALE === 0n;
  const order = [...uncoveredReasons].sort(
    (a, b) => Number(isWhole(a)) - Number(isWhole(b)) || Number(totalOf(b) - totalOf(a)),
  );
  const rows = standings.map((item, index) => {
    // The fraction that this category's payable yen was cut or raised by moves into its reasons.
    let move = item.amount - (payables[index] ?? 0n) * SCALE;
    const row = { ...item.lost };
    for (const reason of order) {
      const before = row[reason];
      if (move === 0n || before === undefined) continue;
      const after = before + move < 0n ? 0n : before + move;
      row[reason] = after;
      move -= after - before;
    }
    return row;
  });
  for (const code of order.filter(isWhole)) giveBack(rows, code, totalOf(code), order);
  const cells = rows.map((row) => uncoveredReasons.map((reason) => row[reason] ?? 0n));
  return roundMatrix(cells, SCALE);
}

/**
 * A category of a yen or two may have had nothing but the whole reason to take its fraction from: another category that has
 * both takes the fraction over, within its own sum.
 */
function giveBack(
  rows: Partial<Record<UncoveredReason, bigint>>[],
  code: UncoveredReason,
  total: bigint,
  order: readonly UncoveredReason[],
): void {
  const missing = total - rows.reduce((sum, row) => sum + (row[code] ?? 0n), 0n);
  if (missing === 0n) return;
  for (const row of rows) {
    const own = row[code];
    if (own === undefined || own + missing < 0n) continue;
    const other = order.find((reason) => reason !== code && (row[reason] ?? 0n) >= (missing > 0n ? missing : 1n));
    if (other === undefined) continue;
    row[code] = own + missing;
    row[other] = (row[other] ?? 0n) - missing;
    return;
  }
}
