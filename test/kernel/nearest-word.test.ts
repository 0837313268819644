// Which word somebody probably meant: a third of the letters may differ, and two in any case.
import { expect, it } from 'vitest';
import { nearestWord } from '../../src/kernel/nearest-word.ts';

const known = ['letter.posted', 'letter.printed', 'gift.posted', 'call'];

it.each<[string, string | null]>([
  ['letter.posted', 'letter.posted'],
  ['leter.posted', 'letter.posted'],
  ['letter.postedd', 'letter.posted'],
  ['lettre.posted', 'letter.posted'],
  ['LETTER.POSTED', 'letter.posted'],
  ['letter.prinded', 'letter.printed'],
  ['gifts.posted', 'gift.posted'],
  ['cal', 'call'],
  ['ca', 'call'],
  ['callxy', 'call'],
  ['xycall', 'call'],
  ['ball', 'call'],
  ['tell', 'call'],
  ['tells', null],
  ['', null],
  ['something else', null],
])('%j is meant for %j', (word, meant) => {
  expect(nearestWord(word, known)).toBe(meant);
});

it('of words that are equally near is the first', () => {
  expect(nearestWord('aaac', ['aaab', 'aaad'])).toBe('aaab');
  expect(nearestWord('abc', [])).toBeNull();
});

it('of a long word may differ in a third of its letters and no more', () => {
  expect(nearestWord('abcdefghxyz1', ['abcdefghijkl'])).toBe('abcdefghijkl');
  expect(nearestWord('abcdefgwxyz1', ['abcdefghijkl'])).toBeNull();
});
