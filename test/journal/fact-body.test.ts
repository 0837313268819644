// What may stand in the body of a fact, which is kept for ever and shown to the insurer: codes, ids and counts, nobody's name.
import { describe, expect, it } from 'vitest';
import type { FactLine } from '../../src/journal/fact-line.ts';
import { assertLine, mergeLines } from '../../src/journal/fact-line.ts';
import { type FactBody, type FactKind, readFactBody, writeFactBody } from '../../src/journal/facts/fact-kind.ts';

const ref = '6a1f0f7e-0000-4000-8000-000000000001';
const sha256 = 'a'.repeat(64);

const isWritten = <K extends FactKind>(kind: K, body: unknown): boolean => {
  try {
    writeFactBody(kind, body as FactBody<K>);
    return true;
  } catch {
    return false;
  }
};

describe('the body of a fact', () => {
  it.each<[string, FactKind, unknown, boolean]>([
    ['counts by code', 'mails.submitted', { accepted: 2, bounced_hard: 0 }, true],
    ['counts nobody by name', 'mails.submitted', { '見本 太郎': 1 }, false],
    ['counts nobody by address', 'mails.submitted', { 'a@mail.example': 1 }, false],
    ['counts nothing below zero', 'mails.submitted', { accepted: -1 }, false],
    ['counts nothing in parts', 'mails.submitted', { accepted: 0.5 }, false],
    ['has an id of one letter', 'campaign.created', { slug: 'a' }, true],
    ['has an id of eighty letters', 'campaign.created', { slug: 'a'.repeat(80) }, true],
    ['has no empty id', 'campaign.created', { slug: '' }, false],
    ['has no id of more letters', 'campaign.created', { slug: 'a'.repeat(81) }, false],
    ['has what its kind needs', 'merge.undone', { ref, personRef: ref }, true],
    ['lacks nothing', 'merge.undone', { ref }, false],
    ['has nothing besides', 'merge.undone', { ref, personRef: ref, name: '見本 太郎' }, false],
    ['has a whole digest', 'policy.adopted', { policySha256: sha256, replaces: null }, true],
    ['has no part of one', 'policy.adopted', { policySha256: sha256.slice(1), replaces: null }, false],
    [
      'takes a card out of the stock by two people',
      'gifts.lost',
      { gift: 'quo500', change: -1, found: 9, witnessId: ref },
      true,
    ],
    ['counts cards that were lost with their letters', 'gifts.lost', { quantity: 3 }, true],
    ['does not lose cards without either', 'gifts.lost', {}, false],
  ])('%s (%s)', (_, kind, body, expected) => {
    expect(isWritten(kind, body)).toBe(expected);
  });

  const consent = {
    consentId: ref,
    category: 'CONDOLENCE',
    vendor: null,
    answer: 'granted',
    form: 'written',
    unitPriceCapYen: 500,
    quantityCap: 100,
    amountCapYen: null,
    validTo: '2027-03-31',
    answeredBy: ref,
    documentSha256: sha256,
  };

  it('of a consent from before the day of the answer was asked for says that the day is not known', () => {
    expect(readFactBody('consent.answered', consent)).toEqual({ ...consent, happenedOn: null });
    expect(readFactBody('consent.answered', { ...consent, format: 1 })).toEqual({ ...consent, happenedOn: null });
  });

  it('comes back as it was written, and carries the number of its form', () => {
    const body = { ...consent, happenedOn: '2026-11-20' };
    const stored = writeFactBody('consent.answered', body);
    expect(stored).toEqual({ ...body, format: 2 });
    expect(readFactBody('consent.answered', stored)).toEqual(body);
    expect(writeFactBody('campaign.created', { slug: 'sample' })).toEqual({ slug: 'sample', format: 1 });
  });

  it('of a later version is not read as if it were understood', () => {
    expect(() => readFactBody('campaign.created', { slug: 'sample', format: 2 })).toThrow(
      expect.objectContaining({ code: 'FORMAT_NEWER' }),
    );
  });
});

describe('the lines of a fact', () => {
  const printed = (sheets: number, count: number) =>
    ({ driver: 'letter.printed', attributes: { sheets }, count }) satisfies FactLine;
  const mails = (count: number) => ({ driver: 'mail.accepted', attributes: {}, count }) satisfies FactLine;

  it('count equal things together and leave out what came to nothing', () => {
    expect(mergeLines([printed(1, 2), mails(3), printed(2, 1), printed(1, 5), mails(-3)])).toEqual([
      printed(1, 7),
      printed(2, 1),
    ]);
    expect(mergeLines([printed(1, 2), printed(1, -3)])).toEqual([printed(1, -1)]);
    expect(mergeLines([])).toEqual([]);
  });

  it('are the same, whatever the order in which they were counted', () => {
    const lines = [printed(2, 1), mails(3), printed(1, 2)];
    expect(mergeLines(lines.toReversed())).toEqual(mergeLines(lines));
    expect(mergeLines(lines).map(({ driver }) => driver)).toEqual([
      'letter.printed',
      'letter.printed',
      'mail.accepted',
    ]);
  });

  it('count letters of one to twenty sheets, as many as a machine folds', () => {
    const isLine = (sheets: unknown) => {
      try {
        assertLine({ driver: 'letter.printed', attributes: { sheets: sheets as number } });
        return true;
      } catch {
        return false;
      }
    };
    expect([0, 1, 20, 21, 1.5].map(isLine)).toEqual([false, true, true, false, false]);
  });
});
