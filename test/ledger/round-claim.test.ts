// A claim cut to whole yen at its end, worked out by hand: the total once, the larger remainder first, whole reasons kept whole.
import { describe, expect, it } from 'vitest';
import { roundReasons, SCALE, splitPayable } from '../../src/ledger/round-claim.ts';
import { type ReasonAmounts, type UncoveredReason, uncoveredReasons } from '../../src/ledger/uncovered-reason.ts';

/** Yen with two decimals, as the steps carry them. */
const exact = (yen: number): bigint => (BigInt(Math.round(yen * 100)) * SCALE) / 100n;

describe('the payable yen of the categories', () => {
  it.each<[string, number[], number[]]>([
    ['of nothing are none', [], []],
    ['that are whole stay', [2, 3], [2, 3]],
    ['of equal fractions go to the earlier one', [1.5, 1.5], [2, 1]],
    ['go to the larger fraction', [1.5, 1.6], [1, 2]],
    ['are cut when all fractions together make no yen', [0.4, 0.4], [0, 0]],
    ['go to the larger fractions, whatever the amounts', [100.34, 0.99, 7.67], [100, 1, 8]],
    ['of two fractions that make one yen stay with the larger amount of them', [5.25, 0.75], [5, 1]],
  ])('%s', (_, amounts, payables) => {
    expect(splitPayable(amounts.map(exact)).map(Number)).toEqual(payables);
  });
});

type Row = { readonly left: number; readonly lost: Partial<Record<UncoveredReason, number>> };
const reduced = ({ left, lost }: Row) => ({
  amount: exact(left),
  lost: Object.fromEntries(Object.entries(lost).map(([code, yen]) => [code, exact(yen)])) as ReasonAmounts,
});

describe('the reasons of the categories', () => {
  it.each<[string, Row[], Partial<Record<UncoveredReason, number>>[]]>([
    ['that are whole stay', [{ left: 60, lost: { deductible: 30, limit: 10 } }], [{ deductible: 30, limit: 10 }]],
    [
      'take up what the payable yen were raised or cut by',
      [
        { left: 50.5, lost: { ratio: 50.5 } },
        { left: 50.5, lost: { ratio: 50.5 } },
      ],
      [{ ratio: 50 }, { ratio: 51 }],
    ],
    [
      'with a whole total keep it: the fraction goes to the others',
      [
        { left: 0.25, lost: { deductible: 1, ratio: 1.75 } },
        { left: 0.25, lost: { deductible: 2, ratio: 2.75 } },
      ],
      [
        { deductible: 1, ratio: 2 },
        { deductible: 2, ratio: 3 },
      ],
    ],
    [
      'give a whole one back what a category without another had to take from it',
      [
        { left: 0.5, lost: { deductible: 0.5 } },
        { left: 0.25, lost: { deductible: 0.5, ratio: 1.25 } },
      ],
      [{ deductible: 1 }, { ratio: 2 }],
    ],
    ['of a category that lost nothing are none', [{ left: 7, lost: {} }], [{}]],
  ])('%s', (_, rows, expected) => {
    const standings = rows.map(reduced);
    const payables = splitPayable(standings.map(({ amount }) => amount));
    const found = roundReasons(standings, payables).map((cells) =>
      Object.fromEntries(uncoveredReasons.map((code, at) => [code, Number(cells[at])]).filter(([, yen]) => yen !== 0)),
    );
    expect(found).toEqual(expected);
  });
});
