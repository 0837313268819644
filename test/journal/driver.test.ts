// The table of drivers against the program: who writes each, with which attributes, in which words, and what a misspelt one meets.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Driver, driverNames, drivers } from '../../src/journal/driver.ts';
import { describeLine } from '../../src/journal/driver-words.ts';
import { assertLine, readLine } from '../../src/journal/fact-line.ts';
import { checkRates } from '../../src/ledger/check-rates.ts';
import { readWords } from '../../src/platform/compile-words.ts';

const root = resolve(import.meta.dirname, '../..');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ room: file.split('/')[0] ?? '', text: readFileSync(join(root, 'src', file), 'utf8') }));

/** Lines as the rooms write them: a driver with attributes behind it. */
const writtenIn = (driver: Driver) =>
  new Set(
    sources
      .filter(({ room, text }) => room !== 'journal' && new RegExp(`driver: '${driver}',\\s*attributes`).test(text))
      .map(({ room }) => room),
  );

const card = (rates: string) => `id: test
title: t
source: s
validFrom: 2024-10-01
checkedOn: 2026-11-21
rates:
  - id: one
    label: Letter
${rates
  .split('\n')
  .map((line) => `    ${line}`)
  .join('\n')}
    unitPrice: '60'
    tax: excluded
    category: NOTIFY_PRINT_MAIL
    vendor: Printer
    source: test
    checkedOn: 2026-11-21
`;

const faults = (rates: string) =>
  checkRates({ file: 'rates.yaml', text: card(rates), gifts: ['quo500'] }, 'en').map(
    ({ file, line, path, message }) => `${file}:${line} ${path}: ${message}`,
  );

describe('the table of drivers', () => {
  it('names for each driver the one room that really writes it', () => {
    expect(Object.fromEntries(driverNames.map((driver) => [driver, [...writtenIn(driver)]]))).toEqual(
      Object.fromEntries(driverNames.map((driver) => [driver, [drivers[driver].room]])),
    );
  });

  it('has Japanese and English words for every driver, every attribute and every value of a closed set', () => {
    const words = readWords();
    const wanted = driverNames.flatMap((driver) => [
      `driver.name.${driver}`,
      ...Object.entries(drivers[driver].attributes).flatMap(([name, schema]) => [
        `driver.attribute.${name}`,
        ...('options' in schema ? schema.options.map((value: string) => `driver.value.${name}.${value}`) : []),
      ]),
    ]);
    expect(wanted.filter((key) => !words.has(key))).toEqual([]);
  });

  it('refuses at the writer a line whose driver or attribute is misspelt, missing or too much', () => {
    const attributes = { service: 'ordinary', barcode: true, weightClass: '50g' };
    expect(() => assertLine({ driver: 'letter.posted', attributes })).not.toThrow();
    for (const line of [
      { driver: 'leter.posted', attributes },
      { driver: 'letter.posted', attributes: { servise: 'ordinary', barcode: true, weightClass: '50g' } },
      { driver: 'letter.posted', attributes: { ...attributes, service: 'express' } },
      { driver: 'letter.posted', attributes: { service: 'ordinary', barcode: true } },
      { driver: 'letter.posted', attributes: { ...attributes, corporate: true } },
    ])
      expect(() => assertLine(line), JSON.stringify(line)).toThrow(TypeError);
  });

  it('reads a card line from before persons and corporations were told apart as a person’s', () => {
    expect(readLine({ driver: 'gift.posted', attributes: { gift: 'quo500' }, count: 3 })).toEqual({
      driver: 'gift.posted',
      attributes: { gift: 'quo500', recipient: 'person' },
      count: 3,
    });
    expect(readLine({ driver: 'parcel.posted', attributes: {}, count: 1 })).toBeNull();
  });

  it('says a line in words, and one that only an older version knew as it is stored', () => {
    const line = { driver: 'letter.posted', attributes: { service: 'recorded', barcode: false, weightClass: '50g' } };
    expect(describeLine('en', line)).toBe(
      'letters posted (service: recorded delivery, barcode: no, weight: up to 50 g)',
    );
    expect(describeLine('ja', line)).toBe('差し出した手紙（郵便種別：特定記録、バーコード：なし、重さ：50gまで）');
    expect(describeLine('en', { driver: 'parcel.posted', attributes: { size: 60 } })).toBe('parcel.posted (size=60)');
    expect(describeLine('en', { driver: 'call.answered', attributes: {} })).toBe('calls answered');
  });
});

describe('the check of rates.yaml', () => {
  it('finds a misspelt driver with its line and the nearest one', () => {
    expect(faults('driver: leter.printed')).toEqual([
      expect.stringMatching(
        /^rates\.yaml:9 rates\.0\.driver: "leter\.printed" is not one of .*: did you mean "letter\.printed"\?$/,
      ),
    ]);
  });

  it('finds a misspelt attribute and a misspelt value with their lines and the nearest ones', () => {
    expect(faults('driver: letter.posted\nmatch:\n  servise: ordinary')).toEqual([
      'rates.yaml:11 rates.0.match.servise: unknown key "servise": did you mean "service"?',
    ]);
    expect(faults('driver: letter.posted\nmatch: { service: ordinery }')).toEqual([
      'rates.yaml:10 rates.0.match.service: "ordinery" is not one of ordinary, recorded, registered: did you mean "ordinary"?',
    ]);
    expect(faults('driver: letter.posted\nmatch: { barcode: "yes" }')[0]).toContain(
      'instead of "yes", write true or false',
    );
  });

  it('refuses an attribute that nothing writes for the driver', () => {
    expect(faults('driver: gift.posted\nmatch: { corporate: true }')).toEqual([
      'rates.yaml:10 rates.0.match.corporate: unknown key "corporate": remove it, or use one of gift, recipient',
    ]);
    expect(faults('driver: call.answered\nmatch: { minutes: 3 }')).toEqual([
      'rates.yaml:10 rates.0.match.minutes: unknown key "minutes": remove it',
    ]);
  });

  it('holds the card that a rate prices against campaign.yaml', () => {
    expect(faults('driver: gift.posted\nmatch: { gift: quo500 }')).toEqual([]);
    expect(faults('driver: gift.posted\nmatch: { gift: quo5000 }')).toEqual([
      'rates.yaml:10 rates.0.match.gift: "quo5000" is not one of quo500: did you mean "quo500"?',
    ]);
  });
});
