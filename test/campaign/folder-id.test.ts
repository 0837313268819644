import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idOfFolder, isCampaignId } from '../../src/campaign/folder/folder-id.ts';

const today = '2026-11-25';
let drawn = 0;
const next = (below: number) => drawn++ % below;

describe('the id of a new folder', () => {
  it.each([
    ['acme-2026', 'acme-2026'],
    ['ACME  2026!', 'acme-2026'],
    ['みほんストア', 'mihonsutoa'],
    ['きっちん・しょっぷ 2026', 'kitchin-shoppu-2026'],
    ['マッチャカフェ', 'matchakafue'],
    ['ﾐﾎﾝ１', 'mihon1'],
    ['スーパーＡ', 'supaa'],
    ['じゃぱん', 'japan'],
  ])('of %s is %s', (name, id) => {
    expect(idOfFolder(name, today)).toBe(id);
  });

  it.each([
    ['青葉商店', /^campaign-2026-11-25-[a-z0-9]{4}$/],
    ['青葉商店2026', /^2026-[a-z0-9]{4}$/],
    ['あおば堂', /^aoba-[a-z0-9]{4}$/],
    ['あ', /^a-[a-z0-9]{4}$/],
    ['🙂', /^campaign-2026-11-25-[a-z0-9]{4}$/],
  ])('of %s, of which something is lost, ends at random', (name, shape) => {
    expect(idOfFolder(name, today, next)).toMatch(shape);
  });

  it('differs for two folders whose names cannot be written in letters', () => {
    const ids = ['青葉商店', '若葉商店', '青葉商店'].map((name) => idOfFolder(name, today, next));
    expect(new Set(ids).size).toBe(3);
  });

  it('is an id whatever the folder is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
        expect(isCampaignId(idOfFolder(name, today))).toBe(true);
      }),
    );
  });
});
