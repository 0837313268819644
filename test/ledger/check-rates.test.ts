// What `owabi validate` says of a rates.yaml whose card price names no card of the campaign.
import { expect, it } from 'vitest';
import { checkRates } from '../../src/ledger/check-rates.ts';

const text = (gift: string) => `id: test
title: Test
source: https://example.jp/
validFrom: 2024-10-01
checkedOn: 2026-11-21
rates:
  - id: letters
    label: Letters
    driver: letter.posted
    unitPrice: '110'
    tax: included
    category: NOTIFY_PRINT_MAIL
    vendor: Post
    source: https://example.jp/
    checkedOn: 2026-11-21
  - id: cards
    label: Cards
    driver: gift.posted
    match: { gift: ${gift} }
    unitPrice: '500'
    tax: none
    category: CONDOLENCE
    vendor: Cards
    source: https://example.jp/
    checkedOn: 2026-11-21
`;
const check = (gift: string, gifts: readonly string[] | null) =>
  checkRates({ file: 'rates.yaml', text: text(gift), gifts }, 'en');

it('accepts the price of a card that the campaign gives, and of letters', () => {
  expect(check('quo-500', ['quo-500'])).toEqual([]);
});

it('points at the line of a card that the campaign does not give, and names the one that was meant', () => {
  const [problem, ...more] = check('quo-50', ['amazon', 'quo-500']);
  expect(more).toEqual([]);
  expect(problem).toMatchObject({ file: 'rates.yaml', line: 19, path: 'rates.1.match.gift' });
  expect(problem?.message).toMatch(/"quo-50".*quo-500/);
});

it('lists the campaign’s cards when none is near, and says that there is none when it gives none', () => {
  expect(check('tosho', ['amazon', 'quo-500'])[0]?.message).toMatch(/"tosho".*amazon, quo-500/);
  expect(check('tosho', [])[0]?.message).toBe('"tosho" is not one of -');
});

it('refuses an id that was given already: a line of the ledger names its price by it', () => {
  const faults = checkRates(
    { file: 'rates.yaml', text: text('quo500').replace('id: cards', 'id: letters'), gifts: ['quo500'] },
    'en',
  );
  expect(faults).toEqual([
    expect.objectContaining({ line: 16, path: 'rates.1.id', message: expect.stringContaining('letters') }),
  ]);
});

it.each([
  ['one fixed price', 'fixedYen: 100', true],
  ['a price a person', "perPerson: '100'", true],
  ['a range', 'lowYen: 100, highYen: 100', true],
  ['no price', 'note: ask', false],
  ['two prices', "fixedYen: 100, perPerson: '1'", false],
  ['a fixed price and half a range', 'fixedYen: 100, highYen: 200', false],
  ['half a range', 'lowYen: 100', false],
  ['a range upside down', 'lowYen: 200, highYen: 100', false],
])('an estimate’s line with %s is judged', (_what, price, isRight) => {
  const line = `estimate:\n  - { what: 調査, en: Forensics, category: FORENSICS, ${price} }\n`;
  const faults = checkRates({ file: 'rates.yaml', text: text('quo500') + line, gifts: ['quo500'] }, 'en');
  expect(faults.map(({ path }) => path)).toEqual(isRight ? [] : ['estimate.0']);
});

it('does not judge the cards when campaign.yaml could not be read, and nothing of a card that cannot be read', () => {
  expect(check('tosho', null)).toEqual([]);
  const broken = text('tosho').replace('validFrom: 2024-10-01', 'validFrom: soon');
  expect(checkRates({ file: 'rates.yaml', text: broken, gifts: [] }, 'en').map(({ line }) => line)).toEqual([4]);
});
