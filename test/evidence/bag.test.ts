// The tag files of a bag as RFC 8493 writes them, and what is no line of one.
import { expect, test } from 'vitest';
import { formatBagManifest, formatInfo, formatOxum, parseInfo, parseManifest } from '../../src/evidence/verify/bag.ts';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const c = 'c'.repeat(64);

test('a manifest is sorted by path, and per cent and line ends of a path are encoded (RFC 8493, 2.1.3)', () => {
  const entries = [
    { path: 'data/z', sha256: a },
    { path: 'data/100%\r\n.csv', sha256: b },
    { path: 'data/B', sha256: c },
  ];
  const text = `${b}  data/100%25%0D%0A.csv\n${c}  data/B\n${a}  data/z\n`;
  expect(formatBagManifest(entries)).toBe(text);
  expect(parseManifest(text)).toEqual([entries[1], entries[2], entries[0]]);
  expect(parseManifest(`${a}  x%0a%0d%250A\n`)).toEqual([{ path: 'x\n\r%0A', sha256: a }]);
  expect(parseManifest('')).toEqual([]);
});

test.each([
  ['breaks off', `${a}  x`],
  ['has a hash that is none', `${a.toUpperCase()}  x\n`],
  ['has one blank', `${a} x\n`],
  ['has three blanks', `${a}   x\n`],
  ['has no path', `${a}  \n`],
  ['has an empty line', `${a}  x\n\n`],
])('a manifest that %s is none', (_, text) => {
  expect(parseManifest(text)).toBeNull();
});

test('Payload-Oxum counts octets and files', () => {
  expect(formatOxum([])).toBe('0.0');
  expect(
    formatOxum([
      { bytes: 5, sha256: a },
      { bytes: 70, sha256: b },
    ]),
  ).toBe('75.2');
});

test('a value of bag-info.txt can never add a label', () => {
  const text = formatInfo([
    ['Source-Organization', ' A\r\nOwabi-Status: final '],
    ['Owabi-Block', '2'],
  ]);
  expect(text).toBe('Source-Organization: A Owabi-Status: final\nOwabi-Block: 2\n');
  expect(parseInfo(text)).toEqual(
    new Map([
      ['Source-Organization', 'A Owabi-Status: final'],
      ['Owabi-Block', '2'],
    ]),
  );
  expect(parseInfo('A: 1\nA: 2\n')).toEqual(new Map([['A', '2']]));
});

test.each(['A: 1', 'A:1\n', 'A b: 1\n', 'A: 1\n\n'])('%j is no bag-info.txt', (text) => {
  expect(parseInfo(text)).toBeNull();
});
