import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson, hashJson } from '../../src/kernel/canonical.ts';

it('gives equal values equal bytes, whatever the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(turned)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('refuses what two machines could write differently', () => {
  expect(() => canonicalJson(0.1)).toThrow(TypeError);
  expect(() => canonicalJson([undefined])).toThrow(TypeError);
  expect(hashJson({ b: 1n, a: new Date(0) })).toBe(hashJson({ a: '1970-01-01T00:00:00.000Z', b: '1' }));
});
