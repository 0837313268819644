// A person at rest: comes back exactly as they were, is bound to their place, and gives nothing to guess by.
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PersonDraft } from '../../src/intake/person.ts';
import { createPersonSealer, openPerson } from '../../src/intake/seal-person.ts';
import { open } from '../../src/platform/crypto/crypt.ts';
import type { TupleWriter } from '../../src/platform/postgres/copy-binary.ts';

const keys = { address: randomBytes(32), proof: randomBytes(32) };
const campaignId = '6a1f0f7e-0000-4000-8000-000000000001';
const ref = '6a1f0f7e-0000-4000-8000-000000000002';

const bare: PersonDraft = {
  kind: 'customer',
  flags: [],
  warnings: [],
  name: '髙橋 﨑子',
  address: [],
  leakedItems: [],
};
const full: PersonDraft = {
  kind: 'corporate_contact',
  flags: ['abroad', 'minor'],
  warnings: ['postcode_repaired', 'email_invalid'],
  name: '髙橋 \u{20bb7}子',
  nameKana: 'タカハシ',
  honorific: '先生',
  organisation: '㈱見本 総務部',
  birthDate: '2015-04-01',
  guardianName: '髙橋 一',
  postcode: '1000005',
  address: ['千代田区丸の内1-2-3', '見本ビル'],
  country: 'USA',
  email: 'a@mail.example',
  phone: '03-0000-1234',
  unusableEmail: 'a@',
  leakedItems: ['card', 'name'],
  customerKey: 'C-1',
};

/** The three fields that the sealer writes of each draft, one after the other. */
function seal(drafts: readonly PersonDraft[], of = ref) {
  const fields: Buffer[] = [];
  const writer = {
    filled(max: number, fill: (into: Buffer, at: number) => number) {
      const into = Buffer.alloc(max + 3);
      fields.push(into.subarray(3, 3 + fill(into, 3)));
    },
    digest(digest: string, width: number) {
      fields.push(Buffer.from(digest, 'latin1').subarray(0, width));
    },
  } as unknown as TupleWriter;
  const sealPerson = createPersonSealer(keys, campaignId);
  return drafts.map((draft) => {
    fields.length = 0;
    sealPerson(writer, of, draft);
    const [addressSealed, proofSealed, leaf] = fields as [Buffer, Buffer, Buffer];
    return { addressSealed, proofSealed, leaf };
  });
}
const sealOne = (draft: PersonDraft, of = ref) => seal([draft], of)[0] as ReturnType<typeof seal>[number];

const proofOf = (sealed: { proofSealed: Buffer }) =>
  open(keys.proof, `${campaignId}|${ref}|proof_sealed`, sealed.proofSealed).toString('utf8');

describe('a sealed person', () => {
  it.each([
    ['with everything that a row can say', full],
    ['of whom only the name is known', bare],
  ])('%s comes back exactly as they were', (_, draft) => {
    expect(openPerson(keys, campaignId, ref, sealOne(draft))).toStrictEqual({ ref, ...draft });
  });

  it('does not open at another place, in another campaign or under another key', () => {
    const sealed = sealOne(full);
    const wrong = expect.objectContaining({ code: 'KEY_WRONG' });
    expect(() => openPerson(keys, campaignId, campaignId, sealed)).toThrow(wrong);
    expect(() => openPerson(keys, ref, ref, sealed)).toThrow(wrong);
    expect(() => openPerson({ ...keys, proof: keys.address }, campaignId, ref, sealed)).toThrow(wrong);
    expect(() => openPerson({ ...keys, address: keys.proof }, campaignId, ref, sealed)).toThrow(wrong);
    const { addressSealed, proofSealed } = sealed;
    expect(() => openPerson(keys, campaignId, ref, { addressSealed: proofSealed, proofSealed: addressSealed })).toThrow(
      wrong,
    );
  });

  it('has a leaf that covers the reference, the proof and through it the address', () => {
    const sealed = sealOne(full);
    const proof = proofOf(sealed);
    expect(sealed.leaf).toEqual(createHash('sha256').update(`${ref}|${proof}`).digest());
    const address = open(keys.address, `${campaignId}|${ref}|address_sealed`, sealed.addressSealed);
    expect(JSON.parse(proof).addressSha256).toBe(createHash('sha256').update(address).digest('base64url'));
  });

  it('keeps in the proof, which outlives the addresses, who they are and what leaked, and no way to reach them', () => {
    const { salt, addressSha256, ...said } = JSON.parse(proofOf(sealOne(full)));
    expect([salt, addressSha256].every((text) => typeof text === 'string')).toBe(true);
    expect(said).toEqual({
      name: full.name,
      birthDate: full.birthDate,
      customerKey: full.customerKey,
      kind: full.kind,
      flags: full.flags,
      warnings: full.warnings,
      items: full.leakedItems,
    });
  });

  it('has sixteen random bytes of their own in address and proof, so that nobody can try out whose leaf it is', () => {
    const people = 1_200;
    const sealed = seal(Array.from({ length: people }, () => bare));
    const salts = sealed.flatMap((one) => [
      JSON.parse(proofOf(one)).salt as string,
      JSON.parse(open(keys.address, `${campaignId}|${ref}|address_sealed`, one.addressSealed).toString('utf8')).salt,
    ]);
    expect(new Set(salts).size).toBe(2 * people);
    expect(new Set(salts.map((salt) => Buffer.from(salt, 'base64url').length))).toEqual(new Set([16]));
    // No two of them share bytes: a salt that began in another one would be known with it.
    const halves = salts.flatMap((salt) => {
      const hex = Buffer.from(salt, 'base64url').toString('hex');
      return [hex.slice(0, 16), hex.slice(16)];
    });
    expect(new Set(halves).size).toBe(halves.length);
    expect(new Set(sealed.map(({ leaf }) => leaf.toString('hex'))).size).toBe(people);
  });
});
