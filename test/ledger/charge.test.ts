// Money follows facts: any batching of the same events, in any order, with invoices in between, ends at the same yen.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chainEntries, type EntryDraft } from '../../src/journal/entry.ts';
import { chargeFact, formatPrice, roundStatement } from '../../src/ledger/charge.ts';
import { matchInvoiceLine } from '../../src/ledger/match-invoice.ts';
import { findRate, type RateCard, rateCardSchema } from '../../src/ledger/rate-card.ts';
import { roundMatrix } from '../../src/ledger/round-matrix.ts';
import {
  type ChargeSum,
  draftPostings,
  type PostedSum,
  type RateVersion,
  type Settlement,
} from '../../src/ledger/statement.ts';
import { findBrokenEntry } from '../support/broken-entry.ts';

const rate = (over: Record<string, unknown>) => ({
  id: 'plain',
  label: 'Letter',
  driver: 'letter.posted',
  unitPrice: '110',
  tax: 'included',
  category: 'NOTIFY_PRINT_MAIL',
  vendor: 'Post',
  source: 'test',
  checkedOn: '2026-11-21',
  ...over,
});

function card(rates: object[]): RateCard {
  return rateCardSchema.parse({
    id: 'test',
    title: 't',
    source: 's',
    validFrom: '2024-10-01',
    checkedOn: '2026-11-21',
    rates,
  });
}

const letters = card([
  rate({ match: { service: 'ordinary' } }),
  rate({ id: 'barcode', match: { service: 'ordinary', barcode: true }, unitPrice: '106.7' }),
  rate({ id: 'print', driver: 'letter.printed', unitPrice: '12.345', tax: 'excluded' }),
]);

describe('a rate', () => {
  it('is the one with most matching attributes, within its days', () => {
    const line = { driver: 'letter.posted', attributes: { service: 'ordinary', barcode: true } };
    expect(findRate(letters, line, '2026-11-21')?.id).toBe('barcode');
    expect(findRate(letters, { ...line, attributes: { service: 'ordinary', barcode: false } }, '2026-11-21')?.id).toBe(
      'plain',
    );
    expect(findRate(letters, line, '2024-09-30')).toBeNull();
    expect(findRate(letters, { driver: 'gift.posted', attributes: {} }, '2026-11-21')).toBeNull();
  });

  it('cuts tax once, inside the price or on top, and mirrors a reversal', () => {
    expect(roundStatement({ tax: 'included', taxPercent: 10 }, 1_067_000n)).toEqual({ net: 98n, tax: 9n, gross: 107n });
    expect(roundStatement({ tax: 'excluded', taxPercent: 10 }, 600_000n)).toEqual({ net: 60n, tax: 6n, gross: 66n });
    expect(roundStatement({ tax: 'none', taxPercent: 10 }, -5_300_000n)).toEqual({ net: -530n, tax: 0n, gross: -530n });
    expect(formatPrice(1_067_000n)).toBe('106.7');
    expect(formatPrice(-5_000n)).toBe('-0.5');
  });
});

const version = (id: string, number: number, rates: RateCard): RateVersion => ({
  id,
  number,
  sha256: '0'.repeat(64),
  card: rates,
  adoptedAt: new Date(0),
});

/** The ledger in memory: what the store does, without the store. */
function createBook() {
  const drafts: EntryDraft[] = [];
  const state = { versions: [] as RateVersion[], charges: [] as ChargeSum[], settlements: [] as Settlement[] };
  const posted = (): PostedSum[] =>
    drafts
      .filter((draft) => draft.kind !== 'invoice')
      .map((draft) => ({
        rateId: draft.rateId ?? '',
        category: draft.category,
        side: draft.kind === 'reversal' ? 'reversal' : 'accrual',
        quantity: draft.quantity ?? 0n,
        exact: draft.exactAmount ?? 0n,
        money: { net: draft.netYen, tax: draft.taxYen, gross: draft.grossYen },
      }));
  const post = () => {
    const origin = {
      kind: 'accrual' as const,
      block: 1,
      invoiceId: null,
      invoiceLineNo: null,
      at: new Date('2026-11-21T00:00:00Z'),
    };
    drafts.push(...draftPostings({ ...state, posted: posted() }, origin));
  };
  const charge = (
    rates: RateVersion,
    lines: { driver: string; attributes: Record<string, string | boolean>; count: number }[],
  ) => {
    const { charges } = chargeFact(rates.card, { id: 1, occurredAt: new Date('2026-11-21T00:00:00Z'), lines });
    for (const item of charges)
      state.charges.push({ rateVersionId: rates.id, rateId: item.rateId, quantity: item.quantity, exact: item.exact });
  };
  const total = () => drafts.reduce((sum, draft) => sum + draft.grossYen, 0n);
  return { drafts, state, post, charge, total };
}

const event = fc.record({
  driver: fc.constantFrom('letter.posted', 'letter.printed'),
  attributes: fc.constantFrom({ service: 'ordinary', barcode: true }, { service: 'ordinary', barcode: false }),
  count: fc.integer({ min: -20, max: 300 }),
});
const one = version('v1', 1, letters);
const two = version(
  'v2',
  2,
  card([rate({ match: {}, unitPrice: '113.33' }), rate({ id: 'print', driver: 'letter.printed', unitPrice: '13' })]),
);

describe('charging', () => {
  it('gives the same yen however the same events are batched', () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 20 }),
        fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
        (events, cuts) => {
          const whole = createBook();
          whole.state.versions.push(one);
          whole.charge(one, events);
          whole.post();
          const parts = createBook();
          parts.state.versions.push(one);
          events.forEach((line, index) => {
            parts.charge(one, [line]);
            if (cuts[index]) parts.post();
          });
          parts.post();
          expect(parts.total()).toBe(whole.total());
          expect(parts.drafts.reduce((sum, draft) => sum + draft.taxYen, 0n)).toBe(
            whole.drafts.reduce((sum, draft) => sum + draft.taxYen, 0n),
          );
        },
      ),
    );
  });

  it('after other rates are adopted stands where it would stand had they always counted', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), (events) => {
        const direct = createBook();
        direct.state.versions.push(two);
        direct.charge(two, events);
        direct.post();
        const changed = createBook();
        changed.state.versions.push(one);
        changed.charge(one, events);
        changed.post();
        changed.state.versions.push(two);
        const taken = changed.state.charges.map((item) => ({ ...item, quantity: -item.quantity, exact: -item.exact }));
        changed.state.charges.push(...taken);
        changed.charge(two, events);
        changed.post();
        expect(changed.total()).toBe(direct.total());
      }),
    );
  });

  it('leaves nothing open once invoices have settled every unit, in whatever portions', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.array(fc.integer({ min: 1, max: 900 }), { maxLength: 8 }),
        (count, portions) => {
          const book = createBook();
          book.state.versions.push(one);
          book.charge(one, [{ driver: 'letter.printed', attributes: {}, count }]);
          book.post();
          const billed = [...portions, count];
          for (const quantity of billed) {
            const line = { driver: 'letter.printed', category: 'NOTIFY_PRINT_MAIL', quantity } as const;
            book.state.settlements.push(
              ...matchInvoiceLine(line, book.state.versions, book.state.charges, book.state.settlements),
            );
            book.post();
            expect(book.total()).toBeGreaterThanOrEqual(0n);
          }
          expect(book.total()).toBe(0n);
        },
      ),
    );
  });

  it('settles a bill that came before its events when they are counted', () => {
    const book = createBook();
    book.state.versions.push(one);
    book.state.settlements.push({ rateId: 'plain', quantity: 10n });
    book.post();
    expect(book.drafts).toEqual([]);
    book.charge(one, [{ driver: 'letter.posted', attributes: { service: 'ordinary', barcode: false }, count: 12 }]);
    book.post();
    expect(book.total()).toBe(220n);
  });
});

describe('the chain of entries', () => {
  const drafts = (() => {
    const book = createBook();
    book.state.versions.push(one);
    book.charge(one, [{ driver: 'letter.posted', attributes: { service: 'ordinary', barcode: true }, count: 3 }]);
    book.charge(one, [{ driver: 'letter.printed', attributes: {}, count: 3 }]);
    book.post();
    return book.drafts;
  })();

  it('holds as written and breaks at the entry that was changed or taken out', () => {
    const entries = chainEntries('c', null, drafts, new Date('2026-11-21T00:00:00Z'));
    expect(entries).toHaveLength(2);
    expect(findBrokenEntry('c', entries)).toBeNull();
    expect(
      findBrokenEntry('c', [{ ...entries[0], grossYen: 1n } as (typeof entries)[0], entries[1] as (typeof entries)[0]]),
    ).toBe(1);
    expect(findBrokenEntry('c', entries.slice(1))).toBe(2);
    expect(findBrokenEntry('d', entries)).toBe(1);
  });
});

describe('controlled rounding', () => {
  it('keeps row sums, keeps column sums within a unit, and moves no cell by a unit or more', () => {
    const scale = 1000n;
    const table = fc
      .array(fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 4, maxLength: 4 }), {
        minLength: 1,
        maxLength: 6,
      })
      .map((rows) => rows.map((row) => [...row, (1000 - (row.reduce((a, b) => a + b, 0) % 1000)) % 1000].map(BigInt)));
    fc.assert(
      fc.property(table, (cells) => {
        const rounded = roundMatrix(cells, scale);
        cells.forEach((row, index) => {
          const sum = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n);
          expect(sum(rounded[index] ?? []) * scale).toBe(sum(row));
          row.forEach((cell, column) => {
            const moved = (rounded[index]?.[column] ?? 0n) * scale - cell;
            expect(moved > -scale && moved < scale).toBe(true);
          });
        });
        for (let column = 0; column < 5; column += 1) {
          const before = cells.reduce((sum, row) => sum + (row[column] ?? 0n), 0n);
          const after = rounded.reduce((sum, row) => sum + (row[column] ?? 0n), 0n) * scale;
          expect(after - before > -scale && after - before < scale).toBe(true);
          if (before % scale === 0n) expect(after).toBe(before);
        }
      }),
    );
  });
});
