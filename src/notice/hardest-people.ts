// Which people show a text's weak spots: the longest address, the rarest characters, the most items, a minor. A preview shows them by
// default, because a text that is right for them is right for everyone.
import type { CampaignFile } from '../campaign/folder/campaign-file.ts';
import { ageOn } from '../kernel/calendar.ts';

/** What is read of a person; `PersonRecord` of intake fits. */
export type HardPerson = {
  ref: string;
  kind: string;
  flags: readonly string[];
  name: string;
  honorific?: string | undefined;
  birthDate?: string | undefined;
  guardianName?: string | undefined;
  postcode?: string | undefined;
  address: readonly string[];
  email?: string | undefined;
  leakedItems: readonly string[];
};

/** Used in file names: never anything of the person's. */
export const hardnessReasons = [
  'longest-address',
  'longest-name',
  'rarest-characters',
  'most-items',
  'minor',
  'protected-address',
  'ordinary',
] as const;
export type HardnessReason = (typeof hardnessReasons)[number];

export type HardChoice<P extends HardPerson> = { reason: HardnessReason; person: P };

/** Keeps the hardest of each sort while people stream by, so that a list of a million is never held in memory. */
export function createHardestPeople<P extends HardPerson>(onDay: string) {
  const best = new Map<HardnessReason, { person: P; score: number }>();
  return {
    look(person: P): void {
      for (const reason of hardnessReasons) {
        const score = scoreOf(reason, person, onDay);
        if (score > (best.get(reason)?.score ?? 0)) best.set(reason, { person, score });
      }
    },
    /** At most one per reason; nobody twice: a later reason takes no one whom an earlier one already shows. */
    choices(): HardChoice<P>[] {
      const shown = new Set<string>();
      return hardnessReasons.flatMap((reason) => {
        const found = best.get(reason);
        if (!found || shown.has(found.person.ref)) return [];
        shown.add(found.person.ref);
        return [{ reason, person: found.person }];
      });
    },
  };
}

function scoreOf(reason: HardnessReason, person: HardPerson, onDay: string): number {
  switch (reason) {
    case 'longest-address':
      return person.address.join('').length;
    case 'longest-name':
      return person.name.length;
    case 'rarest-characters':
      return countRare(person.name) * 4 + countRare(person.address.join(''));
    case 'most-items':
      return person.leakedItems.length;
    case 'minor':
      return Number(
        person.flags.includes('minor') || (person.birthDate !== undefined && ageOn(person.birthDate, onDay) < 18),
      );
    case 'protected-address':
      return Number(person.flags.includes('protected_address'));
    case 'ordinary':
      return Number(person.flags.length === 0);
  }
}

/** Characters outside the plane that old systems know, compatibility ideographs, variation selectors, and 髙 and its like. */
function countRare(text: string): number {
  return Array.from(text).filter((character) =>
    /[\u{10000}-\u{10FFFF}\uF900-\uFAFF\u3400-\u4DBF髙濵德邉邊]|\p{Variation_Selector}/u.test(character),
  ).length;
}

/** Made-up people for a preview before there is a list. Their items are the campaign's. */
export function samplePeople(campaign: CampaignFile): HardPerson[] {
  const items = campaign.incident.items.map((item) => item.code);
  const base = { kind: 'customer', flags: [], leakedItems: items.slice(0, 2) };
  const sample = (index: number, person: Partial<HardPerson> & { name: string }): HardPerson => ({
    ...base,
    ref: `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    postcode: '100-0001',
    address: ['東京都千代田区千代田1-1-1'],
    email: `mihon${index}@example.jp`,
    ...person,
  });
  return [
    sample(1, { name: '見本 花子' }),
    sample(2, {
      name: '長谷川 ヴィクトリア・エリザベート',
      postcode: '604-8005',
      address: [
        '京都府京都市中京区三条通河原町東入中島町100番地100',
        'みほんグランドレジデンス京都三条河原町タワー',
        'イーストウイング1234号室 長谷川様方',
      ],
    }),
    sample(3, { name: '髙﨑 𠮷男', address: ['東京都千代田区千代田2-2-2', 'メゾン邉田 神棟201'] }),
    sample(4, { name: '多田 項目', leakedItems: items }),
    sample(5, { name: '若井 まなぶ', birthDate: '2016-04-01', guardianName: '若井 守', flags: ['minor'] }),
    sample(6, { name: '守屋 静', flags: ['protected_address'] }),
  ];
}
