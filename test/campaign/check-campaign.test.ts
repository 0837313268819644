import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CampaignFile } from '../../src/campaign/folder/campaign-file.ts';
import { checkCampaign } from '../../src/campaign/folder/check-campaign.ts';
import type { PolicyFile } from '../../src/campaign/policy/policy-terms.ts';
import { findSegment, requiresLetter } from '../../src/campaign/wave/segment.ts';
import { aCampaignFile, aPolicyFile } from '../support/campaign-file.ts';

const texts = ['adult.ja', 'card.ja', 'supplement.ja'];
const today = '2026-11-20';

function check(change: (file: CampaignFile) => void, policy: PolicyFile = aPolicyFile()) {
  const file = aCampaignFile();
  change(file);
  const { problems, warnings } = checkCampaign({ file, policy, texts, today }, () => 1, 'en');
  return {
    problems: problems.map((one) => [one.path, one.message]),
    warnings: warnings.map((one) => [one.path, one.message]),
  };
}

function wave(file: CampaignFile, id: string) {
  const found = file.waves.find((one) => one.id === id);
  if (!found) throw new Error(`no wave ${id}`);
  return found;
}

const cardsForAll = (file: CampaignFile) => {
  wave(file, 'gift-1').toldBy = ['email', 'letter'];
};

describe('the check of a campaign', () => {
  it('finds nothing wrong with the sample, and says that its cards do not follow a mail', () => {
    const remedy =
      'wave "gift-1" sends no card to those of segment "general" who were told by email: if they should get one, write toldBy: [email, letter]';
    expect(check(() => {})).toEqual({ problems: [], warnings: [['waves.3.segments.1', remedy]] });
    const { warnings } = checkCampaign({ file: aCampaignFile(), texts, today }, () => 1, 'ja');
    expect(warnings[0]?.message).toContain('email で知らせた人には届きません');
  });

  it('says nothing of cards when they go to all who were told, by whichever way', () => {
    expect(check(cardsForAll)).toEqual({ problems: [], warnings: [] });
  });

  const cases: [string, (file: CampaignFile) => void, string, RegExp][] = [
    [
      'a wave whose own text is missing',
      (f) => {
        wave(f, 'gift-1').variant = 'follow-up';
      },
      'waves.3.variant',
      /notice\/follow-up\.ja\.md is missing/,
    ],
    [
      'an incident known in the future',
      (f) => {
        f.incident.knownAt = '2026-11-21 08:00';
      },
      'incident.knownAt',
      /in the future/,
    ],
    [
      'a period that ends before it begins',
      (f) => {
        f.incident.period.to = '2026-09-01';
      },
      'incident.period.from',
      /after its end/,
    ],
    [
      'a type believed from tomorrow',
      (f) => {
        f.incident.types = [{ type: 'R7-3', since: '2026-11-21' }];
      },
      'incident.types.0.since',
      /future/,
    ],
    [
      'a report before the incident was known',
      (f) => {
        f.incident.reports.policeToldOn = '2026-11-01';
      },
      'incident.reports.policeToldOn',
      /before the incident was known/,
    ],
    [
      'a report of tomorrow',
      (f) => {
        f.incident.reports.insurerToldAt = '2026-11-21 09:00';
      },
      'incident.reports.insurerToldAt',
      /2026-11-21 is in the future \(today is 2026-11-20\)/,
    ],
    [
      'a filing that is only intended: its clock would be ticked off',
      (f) => {
        f.incident.filed = { 'final-report': '2030-01-01' };
      },
      'incident.filed.final-report',
      /2030-01-01 is in the future/,
    ],
    [
      'a filing before the incident was known',
      (f) => {
        f.incident.filed = { 'final-report': '2026-11-01 10:00' };
      },
      'incident.filed.final-report',
      /2026-11-01 is before the incident was known on 2026-11-1/,
    ],
    [
      'a latest time before the start',
      (f) => {
        wave(f, 'email-1').latest = '2026-11-20 08:00';
      },
      'waves.0.latest',
      /before the start/,
    ],
    [
      'a wave on a day on which nobody answers the phone',
      (f) => {
        f.callCentre.opensOn = '2026-11-21';
      },
      'waves.0.start',
      /call centre is closed/,
    ],
    [
      'a wave with a segment that nobody defined',
      (f) => {
        wave(f, 'gift-1').segments = ['vip'];
      },
      'waves.3.segments.0',
      /no segment "vip".*card, general/,
    ],
    [
      'a wave with a gift that nobody defined',
      (f) => {
        wave(f, 'gift-1').gift = 'amazon';
      },
      'waves.3.gift',
      /no gift "amazon".*quo500/,
    ],
    [
      'a gift wave without a gift',
      (f) => {
        delete wave(f, 'gift-1').gift;
      },
      'waves.3',
      /names none/,
    ],
    [
      'a card that would travel by e-mail',
      (f) => {
        wave(f, 'email-1').gift = 'quo500';
      },
      'waves.0.gift',
      /cannot travel by e-mail/,
    ],
    [
      'a fallback of a wave that does not exist',
      (f) => {
        wave(f, 'letter-1').fallbackOf = 'email-9';
      },
      'waves.2.fallbackOf',
      /no wave "email-9"/,
    ],
    [
      'an e-mail that takes over',
      (f) => {
        wave(f, 'email-1').fallbackOf = 'letter-1';
      },
      'waves.0.fallbackOf',
      /only a letter wave takes over/,
    ],
    [
      'a letter that takes over from a letter',
      (f) => {
        wave(f, 'letter-1').fallbackOf = 'letter-card';
      },
      'waves.2.fallbackOf',
      /only a letter wave takes over/,
    ],
    [
      'a takeover with another purpose than the wave before it',
      (f) => {
        Object.assign(wave(f, 'letter-1'), { purpose: 'supplement', variant: 'supplement' });
      },
      'waves.2.fallbackOf',
      /same purpose/,
    ],
    [
      'a second wave that tells the same people by the same channel',
      (f) => {
        f.waves.push({ ...wave(f, 'email-1'), id: 'email-again', segments: ['general'] });
      },
      'waves.4.segments.0',
      /told by wave "email-1" already/,
    ],
    [
      'a supplement without a text of its own',
      (f) => {
        f.waves.push({ ...wave(f, 'email-1'), id: 'email-more', purpose: 'supplement' });
      },
      'waves.4',
      /needs a text of its own/,
    ],
    [
      'a supplement for people whom nobody tells that way',
      (f) => {
        Object.assign(wave(f, 'email-1'), { segments: ['card'] });
        Object.assign(wave(f, 'letter-1'), { fallbackOf: undefined });
        f.waves.push({
          ...wave(f, 'email-1'),
          id: 'email-more',
          purpose: 'supplement',
          variant: 'supplement',
          segments: ['general'],
        });
      },
      'waves.4.segments.0',
      /nobody would get it/,
    ],
    [
      'a supplement behind a mail for people whom only a letter tells',
      (f) => {
        f.waves.push({ ...wave(f, 'email-1'), id: 'email-more', purpose: 'supplement', variant: 'supplement' });
      },
      'waves.4.segments.0',
      /"card" requires a letter .* nobody would get it: write toldBy: \[email, letter\]/,
    ],
    [
      'a segment that only supplements and corrections serve',
      (f) => {
        for (const one of f.waves) Object.assign(one, { segments: ['card'] });
        f.waves.push({
          ...wave(f, 'email-1'),
          id: 'email-more',
          purpose: 'correction',
          variant: 'supplement',
          segments: ['general'],
        });
      },
      'segments.1.id',
      /no wave tells segment/,
    ],
    [
      'a gift wave of the first notice',
      (f) => {
        wave(f, 'gift-1').purpose = 'initial';
      },
      'waves.3.purpose',
      /cannot have the purpose initial/,
    ],
    [
      'how a first notice’s people were told',
      (f) => {
        wave(f, 'email-1').toldBy = ['letter'];
      },
      'waves.0.toldBy',
      /belongs to a wave that follows/,
    ],
    [
      'a retraction with a gift',
      (f) => {
        f.waves.push({
          ...wave(f, 'letter-card'),
          id: 'letter-back',
          purpose: 'retraction',
          variant: 'supplement',
          gift: 'quo500',
        });
      },
      'waves.4.gift',
      /carries no gift/,
    ],
    [
      'a fallback for people whom the first wave does not have',
      (f) => {
        wave(f, 'email-1').segments = ['card'];
      },
      'waves.2.fallbackOf',
      /does not have the segments general/,
    ],
    [
      'a segment with e-mail only',
      (f) => {
        wave(f, 'letter-card').segments = ['general'];
      },
      'waves.0.segments.0',
      /"card" has e-mail only/,
    ],
    [
      'a segment that no wave tells',
      (f) => {
        f.waves = f.waves.filter((one) => one.channel === 'gift');
      },
      'segments.0.id',
      /no wave tells segment "card"/,
    ],
    [
      'a segment behind one that fits everyone',
      (f) => {
        f.segments.reverse();
      },
      'segments.1',
      /nobody can reach segment "card"/,
    ],
    [
      'a kind of person that fits no segment',
      (f) => {
        for (const one of f.segments) one.when = { kinds: ['customer'] };
      },
      'segments',
      /kind employee/,
    ],
    [
      'an item that the incident does not have',
      (f) => {
        f.letterRequiredFor = ['health'];
      },
      'letterRequiredFor.0',
      /no item "health"/,
    ],
    [
      'a segment without its text',
      (f) => {
        f.segments[1] = { id: 'general', variant: 'family', when: {} };
      },
      'segments.1.variant',
      /notice\/family\.ja\.md is missing/,
    ],
    [
      'two waves of one name',
      (f) => {
        wave(f, 'gift-1').id = 'email-1';
      },
      'waves.3.id',
      /used twice/,
    ],
    [
      'a substitute of two characters',
      (f) => {
        f.characters.substitutes = { 𠮷: '吉吉' };
      },
      'characters.substitutes.𠮷',
      /one character for one/,
    ],
    [
      'a substitute that changes nothing',
      (f) => {
        f.characters.substitutes = { 髙: '髙' };
      },
      'characters.substitutes.髙',
      /by itself/,
    ],
    [
      'a site named twice',
      (f) => {
        f.smtp.sites[1]?.domains.push('gmail.com');
      },
      'smtp.sites.1.domains.4',
      /used twice/,
    ],
    [
      'nobody who notifies',
      (f) => {
        for (const one of f.parties) one.notifies = false;
      },
      'parties',
      /no party notifies/,
    ],
  ];
  it('accepts an incident that is told by e-mail only once the substitute measure and who decided it are named', () => {
    const mailOnly = (f: CampaignFile) => {
      f.waves = [wave(f, 'email-1')];
      f.gifts = [];
      f.letterRequiredFor = [];
    };
    expect(check(mailOnly).problems.map(([path]) => path)).toEqual(['waves.0.segments.0', 'waves.0.segments.1']);
    const named = check((f) => {
      mailOnly(f);
      f.substitute = {
        measure: 'public_notice',
        url: 'https://www.mihon.example/oshirase',
        decidedBy: '法務部',
        reason: 'メールアドレスのほかに連絡先を保有していないため',
      };
    });
    expect(named.problems).toEqual([]);
  });

  it('accepts a supplement by e-mail to those who were told, and says whom it leaves out', () => {
    const { problems, warnings } = check((f) => {
      cardsForAll(f);
      const more = { ...wave(f, 'email-1'), purpose: 'supplement', variant: 'supplement' } as const;
      f.waves.push({ ...more, id: 'email-more', segments: ['general'] });
      f.waves.push({ ...more, id: 'email-card', segments: ['card'], toldBy: ['email', 'letter'] });
      // Nobody of the segment is told by the mail that also goes to them: the letter's follow-up leaves none of them out.
      f.waves.push({ ...more, id: 'letter-card-more', channel: 'letter', purpose: 'correction', segments: ['card'] });
    });
    expect(problems).toEqual([]);
    expect(warnings).toEqual([['waves.4.segments.0', expect.stringMatching(/told by letter/)]]);
  });

  it('accepts what was filed on the day the incident was known, or today at whatever hour', () => {
    const { problems } = check((f) => {
      f.incident.reports.insurerToldAt = f.incident.knownAt.slice(0, 10);
      f.incident.filed = { 'final-report': '2026-11-20 23:30' };
    });
    expect(problems).toEqual([]);
  });

  it.each(cases)('reports %s, with a remedy', (_title, change, path, message) => {
    const { problems } = check(change);
    expect(problems.filter(([at, text]) => at === path && message.test(text ?? ''))).toHaveLength(1);
  });

  it('takes a character with a variation selector for one character', () => {
    expect(
      check((f) => {
        f.characters.substitutes = { '葛\u{E0100}': '葛' };
      }).problems,
    ).toEqual([]);
  });

  it('warns about a card above the cap, below its face value, and outside the policy', () => {
    const capped = aPolicyFile();
    for (const one of capped.categories) if (one.category === 'CONDOLENCE' && one.cap) one.cap.yen = 500;
    expect(check(cardsForAll, capped).warnings).toEqual([
      ['gifts.0.priceYen', expect.stringContaining('530 yen is above the policy’s cap of 500'.replace('’', "'"))],
    ]);
    for (const one of capped.categories) if (one.cap) one.cap.feeCountsInCap = false;
    expect(check(cardsForAll, capped).warnings).toEqual([]);
    expect(
      check((f) => {
        cardsForAll(f);
        f.gifts[0] = { id: 'quo500', label: 'x', faceYen: 500, priceYen: 50, vendor: 'v' };
      }).warnings[0]?.[1],
    ).toContain('less than its face');
    const old = aPolicyFile({ period: { from: '2025-04-01', to: '2026-03-31' } });
    expect(check(cardsForAll, old).warnings[0]).toEqual([
      'incident.knownAt',
      expect.stringContaining('outside the policy period'),
    ]);
  });

  it('speaks Japanese too', () => {
    const file = aCampaignFile();
    file.incident.knownAt = '2027-01-01';
    const { problems } = checkCampaign({ file, texts, today }, () => 1, 'ja');
    expect(problems[0]?.message).toContain('未来');
  });
});

describe('the segment of a person', () => {
  const person = {
    kind: 'customer',
    flags: [],
    leakedItems: ['name', 'email'],
    hasEmail: true,
    hasAddress: false,
  } as const;

  it('is the first that fits', () => {
    const file = aCampaignFile();
    expect(findSegment(file, { ...person, leakedItems: ['name', 'card_number'] })?.id).toBe('card');
    expect(findSegment(file, person)?.id).toBe('general');
  });

  it('is none when no segment fits: nobody is put where they do not belong', () => {
    const when = { kinds: ['employee' as const], withoutFlags: ['deceased' as const] };
    const file = aCampaignFile({ segments: [{ id: 'staff', variant: 'adult', when }] });
    expect(findSegment(file, person)).toBeNull();
    expect(findSegment(file, { ...person, kind: 'employee' })?.id).toBe('staff');
    expect(findSegment(file, { ...person, kind: 'employee', flags: ['deceased'] })).toBeNull();
  });

  it('needs a letter exactly when a leaked item needs one', () => {
    const codes = aCampaignFile().incident.items.map((item) => item.code);
    fc.assert(
      fc.property(
        fc.subarray(codes),
        (items) => requiresLetter(aCampaignFile(), items) === items.includes('card_number'),
      ),
      { numRuns: 50 },
    );
  });
});
