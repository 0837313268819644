// The stand-ins keep to what can happen: the post brings back only what it was given.
import { expect, it } from 'vitest';
import { producePieces, writeReturns } from '../../src/demo/print-house.ts';
import { formatCsv } from '../../src/platform/formats/csv.ts';

const linesOf = (file: Buffer): string[][] =>
  new TextDecoder('shift_jis')
    .decode(file)
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => line.split(',').map((cell) => cell.replaceAll('"', '')));

it('brings back no letter that the machine spoiled, although both are counted out of the same pieces', () => {
  const numbers = Array.from({ length: 240 }, (_, index) => [`${100_000_000_000 + index}-1`, 'LETTER']);
  const manifest = formatCsv([['管理番号', '同封物'], ...numbers], { encoding: 'cp932', quoteAll: true });
  const report = producePieces({ manifests: [manifest], day: '2026-11-25', slipNumber: 'S-1', spoilEvery: 4 });
  const spoiled = linesOf(report).filter(([, status]) => status === '損紙');
  const returns = writeReturns({ manifests: [manifest], reports: [report], day: '2026-12-01', returnEvery: 6 });
  const back = linesOf(returns).map(([number]) => number);
  expect(spoiled).toHaveLength(60);
  expect(back).toHaveLength(30);
  expect(back.filter((number) => spoiled.some(([other]) => other === number))).toEqual([]);
});
