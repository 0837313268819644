// Fields of operations: what a door may hand over, what is answered, and what a person is told who got it wrong.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { outcomes, termOfOutcome } from '../../src/delivery/outcome.ts';
import { caseFields, describeCase } from '../../src/desk/fields/contact-case.ts';
import { contactDetails } from '../../src/desk/fields/contact-details.ts';
import { columns, isColumn, typedLine } from '../../src/desk/fields/invoice-fields.ts';
import {
  actingName,
  decimal,
  definedOnly,
  isoInstant,
  numberWithin,
  sha256,
  typedNumber,
  wholeNumber,
  withNames,
  wordOf,
} from '../../src/desk/fields/operation-field.ts';
import { outcomesMeant, outcomeWords } from '../../src/desk/fields/outcome-word.ts';
import { sumReasons } from '../../src/desk/fields/sum-reasons.ts';
import { fieldFault, inputFaults } from '../../src/desk/input-faults.ts';
import { invoiceColumns } from '../../src/ledger/invoice-file.ts';

const takes = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;
const ref = '0197a000-0000-7000-8000-000000000001';

describe('a field', () => {
  it.each<[string, z.ZodType, unknown[], unknown[]]>([
    ['a name who acts', actingName, ['情報 守', ' a '], ['', '  ', 7]],
    [
      'a number of one to five',
      numberWithin(1, 5),
      [1, 5, '1', '5'],
      [0, 6, '0', '6', 1.5, '1.5', '１', '1e0', '-1', ''],
    ],
    ['a whole number', wholeNumber, [0, '0', 1_000_000_000_000], [-1, 0.5, 'x', 1_000_000_000_001]],
    [
      'a number as typed',
      typedNumber(50, 5_000),
      ['50', '5,000', '5_000', 5000],
      ['49', '5,001', ',500', '5.000', 'viele', ''],
    ],
    ['a decimal', decimal, ['530', '-12.5', '0.00'], ['1,000', '.5', '5.', '--1', '1e3', 5]],
    ['a SHA-256', sha256, ['a0'.repeat(32)], ['A0'.repeat(32), 'a0'.repeat(31), `${'a0'.repeat(32)}0`]],
    ['an instant', isoInstant, ['2026-11-21T00:00:00.000Z', new Date(0)], ['2026-11-21', '2026-11-21 09:00', 0]],
  ])('takes %s and nothing else', (_what, schema, good, bad) => {
    expect(good.filter((value) => !takes(schema, value))).toEqual([]);
    expect(bad.filter((value) => takes(schema, value))).toEqual([]);
  });

  it('gives what was meant: numbers of digits, an instant as text, a name without the blanks around it', () => {
    expect(numberWithin(1, 5).parse('3')).toBe(3);
    expect(typedNumber(1, 2_000_000).parse('1,234_567')).toBe(1_234_567);
    expect(wholeNumber.parse('12')).toBe(12);
    expect(isoInstant.parse(new Date('2026-11-21T09:00:00+09:00'))).toBe('2026-11-21T00:00:00.000Z');
    expect(actingName.parse(' 情報 守 ')).toBe('情報 守');
  });

  it('opens no name unless it is asked to', () => {
    expect(withNames.parse(undefined)).toBe(false);
  });

  it('is left out when it was not given, and kept when it says no or nothing', () => {
    expect(definedOnly({ a: undefined, b: false, c: '', d: 0, e: null })).toEqual({ b: false, c: '', d: 0, e: null });
    expect(Object.keys(definedOnly({ a: undefined }))).toEqual([]);
  });

  it('of a closed set takes each spelling and gives our own code', () => {
    const channel = wordOf({ telephone: 'phone', 電話: 'phone', mail: 'email' });
    expect(['telephone', '電話', 'mail'].map((word) => channel.parse(word))).toEqual(['phone', 'phone', 'email']);
    expect(takes(channel, 'phone')).toBe(false);
  });
});

describe('what is wrong with an input', () => {
  const schema = z.strictObject({
    unitPrice: z.number(),
    lines: z.array(z.strictObject({ day: z.string() })).optional(),
  });
  const nameOf = (field: string) => `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const faultsOf = (input: unknown) => {
    const { error } = schema.safeParse(input);
    return error ? inputFaults(error, { schema, input, nameOf }) : [];
  };

  it('is said of each field, by the name that its door gives it', () => {
    const faults = faultsOf({ unitPrice: 'x', lines: [{ day: 1 }] });
    expect(faults.map(({ word }) => word)).toEqual(['input.fault', 'input.fault']);
    expect(faults.map(({ params }) => params?.field)).toEqual(['--unit-price', '--lines.0.day']);
  });

  it('is said of each unknown field by itself, with the one that was meant', () => {
    const faults = faultsOf({ unitPrice: 1, unitPrize: 1, colour: 2 });
    expect(faults.map(({ params }) => params?.field)).toEqual(['--unit-prize', '--colour']);
    expect(faults[0]?.params?.message).toMatchObject({ word: 'yaml.unknownKeyNear', params: { near: 'unitPrice' } });
  });

  it('stands alone when it is of the whole input', () => {
    const message = { word: 'input.fault', params: { field: 'a', message: 'b' } } as const;
    expect(fieldFault(nameOf, [], message)).toBe(message);
  });
});

describe('people by where they stand', () => {
  it('are those of one outcome, or all that wait for a decision', () => {
    for (const word of outcomeWords.filter((each) => each !== 'undecided')) expect(outcomesMeant(word)).toEqual([word]);
    expect(outcomesMeant('undecided')).toEqual(outcomes.filter((outcome) => termOfOutcome[outcome] === 'undecided'));
    expect(outcomesMeant('undecided').length).toBeGreaterThan(1);
  });
});

describe('why yen are not paid', () => {
  it('is added up over the kinds of cost, in the order of the policy’s steps, without reasons that took nothing', () => {
    expect(
      sumReasons([
        {
          reasons: [
            { code: 'deductible', yen: 70 },
            { code: 'not_covered', yen: 5 },
            { code: 'limit', yen: 0 },
          ],
        },
        { reasons: [{ code: 'not_covered', yen: 3 }] },
        { reasons: [] },
      ] as never),
    ).toEqual(
      expect.arrayContaining([
        { code: 'not_covered', yen: 8 },
        { code: 'deductible', yen: 70 },
      ]),
    );
    expect(sumReasons([{ reasons: [{ code: 'not_covered', yen: 0 }] }])).toEqual([]);
  });
});

describe('an invoice’s line as it is typed', () => {
  it('has the columns of an invoice file and no others, and is no fee unless it says so', () => {
    expect(columns.sort()).toEqual(Object.keys(invoiceColumns).sort());
    expect(['unitPrice', 'fee'].every(isColumn)).toBe(true);
    expect(['unitprice', 'toString', 'by'].some(isColumn)).toBe(false);
    const line = z.strictObject(typedLine);
    expect(line.parse({})).toEqual({ fee: false });
    expect(line.parse({ fee: true, unitPrice: '1,000' })).toEqual({ fee: true, unitPrice: '1,000' });
  });
});

describe('a caller', () => {
  it('is described by what they said, and an unknown key is refused: it may be a misspelt one', () => {
    expect(contactDetails.parse({ phone: ' 03-0000-0000 ' })).toEqual({ phone: '03-0000-0000' });
    expect(takes(contactDetails, { phon: '03-0000-0000' })).toBe(false);
    expect(takes(contactDetails, { note: ' ' })).toBe(false);
  });

  it('who says they are affected is a case that shows nothing of what they said', () => {
    const open = {
      id: ref,
      contactId: ref,
      kind: 'claims_affected',
      openedOnVersion: 1,
      openedAt: new Date(0),
      dueOn: '2026-12-01',
      isOpen: true,
      code: 'not_found',
      recheckedVersion: null,
      personRef: null,
      claimedSealed: Buffer.from('secret'),
    } as unknown as Parameters<typeof describeCase>[0];
    const described = describeCase(open);
    expect(Object.keys(described)).not.toContain('claimedSealed');
    expect(takes(caseFields, described)).toBe(true);
    expect(takes(caseFields, open)).toBe(false);
  });
});
