// What a wave is and when it may go, by worked examples: whom it takes, which text, why it waits.
import { describe, expect, it } from 'vitest';
import type { CampaignFile, Wave } from '../../src/campaign/folder/campaign-file.ts';
import { channels, channelTable, isWithinReach } from '../../src/campaign/wave/channel.ts';
import { noticePurposes, purposeTable } from '../../src/campaign/wave/purpose.ts';
import {
  giftOf,
  listTextUses,
  takingOf,
  tellingWave,
  textForPlace,
  textOf,
  type WaveNature,
  wavesOf,
  waveTells,
} from '../../src/campaign/wave/wave.ts';
import {
  isDue,
  lastCallOf,
  type OpeningFacts,
  waitsForFullLot,
  waitsForGift,
  waitsOf,
} from '../../src/campaign/wave/wave-opening.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

const nature = (changes: Partial<WaveNature>): WaveNature => ({
  channel: 'email',
  purpose: 'initial',
  segments: ['general'],
  ...changes,
});

describe('whom a wave takes', () => {
  const told = { kind: 'told', by: ['email'], removed: false, failedIn: null };
  it.each<[string, Partial<WaveNature>, ReturnType<typeof takingOf>]>([
    ['a first wave: the list', {}, { kind: 'listed' }],
    [
      'a letter behind a mail: whom the mail does not tell',
      { channel: 'letter', fallbackOf: 'm' },
      { kind: 'takeover', of: 'm' },
    ],
    ['a resend: named people', { purpose: 'resend' }, { kind: 'named' }],
    ['a supplement by mail: those told by mail', { purpose: 'supplement' }, { ...told, kind: 'told', by: ['email'] }],
    [
      'a correction by letter: those told by letter',
      { channel: 'letter', purpose: 'correction' },
      { ...told, kind: 'told', by: ['letter'] },
    ],
    [
      'a card that follows: those told by letter',
      { channel: 'gift', purpose: 'supplement' },
      { ...told, kind: 'told', by: ['letter'] },
    ],
    [
      'a card for all who were told',
      { channel: 'gift', purpose: 'supplement', toldBy: ['email', 'letter'] },
      { ...told, kind: 'told', by: ['email', 'letter'] },
    ],
    [
      'a retraction: told people no longer listed',
      { purpose: 'retraction' },
      { ...told, kind: 'told', by: ['email'], removed: true },
    ],
    [
      'a letter behind a supplement by mail: whom that one did not reach',
      { channel: 'letter', purpose: 'supplement', fallbackOf: 's' },
      { ...told, kind: 'told', by: [], failedIn: 's' },
    ],
  ])('%s', (_title, changes, expected) => {
    expect(takingOf(nature(changes))).toEqual(expected);
  });

  it('tells only with a first notice or its resend, and never with a card', () => {
    const telling = channels.flatMap((channel) =>
      noticePurposes.filter((purpose) => waveTells({ channel, purpose })).map((purpose) => `${channel} ${purpose}`),
    );
    expect(telling).toEqual(['email initial', 'email resend', 'letter initial', 'letter resend']);
    expect(noticePurposes.filter((purpose) => purposeTable[purpose].takes === 'listed')).toEqual(['initial']);
  });

  it('reaches nobody without what its channel needs', () => {
    const reached = channels.filter((channel) => isWithinReach(channel, { hasEmail: true, hasAddress: false }));
    expect(reached).toEqual(['email']);
    expect(channels.filter((channel) => channelTable[channel].reach === 'address')).toEqual(['letter', 'gift']);
  });
});

const without = (...ids: string[]) => aCampaignFile().waves.filter(({ id }) => !ids.includes(id));
const cardAfterMail = () =>
  without('letter-1', 'letter-card').map(
    (wave): Wave => (wave.id === 'gift-1' ? { ...wave, toldBy: ['email'] } : wave),
  );

describe('the places and texts of a person', () => {
  const person = { kind: 'customer', flags: [], leakedItems: ['name'], hasEmail: true, hasAddress: true } as const;

  it('begins with the mail, has the letter behind it and the card after it', () => {
    const { first, takeovers, followUps } = wavesOf(aCampaignFile(), person);
    expect([first, takeovers, followUps].map((waves) => waves.map((wave) => wave.id))).toEqual([
      ['email-1'],
      ['letter-1'],
      ['gift-1'],
    ]);
  });

  it.each<[string, Partial<CampaignFile>, string[], string[]]>([
    ['a letter may still tell them', {}, ['name'], ['gift-1']],
    ['no letter can tell them', { waves: without('letter-1') }, ['name'], []],
    ['no letter can tell them, and the card follows mails too', { waves: cardAfterMail() }, ['name'], ['gift-1']],
    ['a mail alone does not do for card data', { waves: cardAfterMail() }, ['name', 'card_number'], []],
  ])('have a card that follows where the wave takes those told as they can be: %s', (_title, changes, items, ids) => {
    const { followUps } = wavesOf(aCampaignFile(changes), { ...person, leakedItems: items });
    expect(followUps.map(({ id }) => id)).toEqual(ids);
  });

  it('have a letter behind a supplement by mail, for whom that one takes and does not reach', () => {
    const { waves } = aCampaignFile();
    const more = { ...waves[0], id: 'email-more', purpose: 'supplement', variant: 'supplement' } as Wave;
    const behind = { ...more, id: 'letter-more', channel: 'letter', fallbackOf: 'email-more' } as Wave;
    const file = aCampaignFile({ waves: [...waves, more, behind] });
    const ids = (items: string[]) => wavesOf(file, { ...person, leakedItems: items }).followUps.map(({ id }) => id);
    expect(ids(['name'])).toEqual(['gift-1', 'email-more', 'letter-more']);
    expect(ids(['card_number'])).toEqual(['gift-1']);
  });

  it('begins with the letter that would have taken over when there is no e-mail', () => {
    const { first, takeovers } = wavesOf(aCampaignFile(), { ...person, hasEmail: false });
    expect([first, takeovers].map((waves) => waves.map((wave) => wave.id))).toEqual([['letter-1'], []]);
  });

  it('are none for somebody of no segment, whom a named person has to decide about', () => {
    expect(wavesOf({ ...aCampaignFile(), segments: [] }, person)).toEqual({
      segment: null,
      first: [],
      takeovers: [],
      followUps: [],
      named: [],
    });
  });

  it('begins with one wave alone when several would have taken over, and keeps the others behind it', () => {
    const file = aCampaignFile();
    const again = file.waves.filter(({ id }) => id === 'letter-1').map((wave) => ({ ...wave, id: 'letter-2' }));
    const { first, takeovers } = wavesOf({ ...file, waves: [...file.waves, ...again] }, { ...person, hasEmail: false });
    expect([first, takeovers].map((waves) => waves.map((wave) => wave.id))).toEqual([['letter-1'], ['letter-2']]);
  });

  it('are none in any wave for somebody without e-mail and address', () => {
    const { first, takeovers, followUps } = wavesOf(aCampaignFile(), { ...person, hasEmail: false, hasAddress: false });
    expect([first, takeovers, followUps]).toEqual([[], [], []]);
  });

  it('are told by one wave of each channel, and a card tells nobody', () => {
    const { waves } = aCampaignFile();
    expect(tellingWave(waves, 'general', 'email')?.id).toBe('email-1');
    expect(tellingWave(waves, 'general', 'letter')?.id).toBe('letter-1');
    expect(tellingWave(waves, 'card', 'letter')?.id).toBe('letter-card');
    expect(tellingWave(waves, 'nobody', 'letter')).toBeNull();
    const supplements = waves.map((wave) => ({ ...wave, purpose: 'supplement' as const }));
    expect(tellingWave(supplements, 'general', 'email')).toBeNull();
  });

  it('get the card that their wave names, and none with an e-mail', () => {
    const file = aCampaignFile();
    expect(giftOf(file, { channel: 'letter', gift: 'quo500' })?.id).toBe('quo500');
    expect(giftOf(file, { channel: 'letter', gift: 'other' })).toBeNull();
    expect(giftOf(file, { channel: 'letter' })).toBeNull();
    expect(giftOf(file, { channel: 'email', gift: 'quo500' })).toBeNull();
  });

  it('have their text by the ids of wave and segment, or an error that names both', () => {
    const file = aCampaignFile();
    expect(textForPlace(file, 'letter-1', 'general')).toEqual({ variant: 'adult', language: 'ja' });
    expect(textForPlace(file, 'gift-1', 'general').variant).toBe('supplement');
    for (const [wave, segment] of [
      ['letter-9', 'general'],
      ['letter-1', 'nobody'],
    ] as const)
      expect(() => textForPlace(file, wave, segment)).toThrow(
        expect.objectContaining({ key: 'ROW_MISSING.wave', params: { wave, segment } }),
      );
  });

  it('are in the wave’s own words before the segment’s, and in the segment’s language before the campaign’s', () => {
    const file = aCampaignFile();
    expect(textOf(file, {}, { variant: 'adult' })).toEqual({ variant: 'adult', language: 'ja' });
    expect(textOf(file, { variant: 'card' }, { variant: 'adult', language: 'en' })).toEqual({
      variant: 'card',
      language: 'en',
    });
    const uses = listTextUses(file).map(({ wave, segment, variant, gift }) => [wave.id, segment.id, variant, gift?.id]);
    expect(uses).toEqual([
      ['email-1', 'card', 'card', undefined],
      ['email-1', 'general', 'adult', undefined],
      ['letter-card', 'card', 'card', 'quo500'],
      ['letter-1', 'general', 'adult', 'quo500'],
      ['gift-1', 'card', 'supplement', 'quo500'],
      ['gift-1', 'general', 'supplement', 'quo500'],
    ]);
  });
});

describe('when a wave may go', () => {
  const at = (text: string) => new Date(`${text}+09:00`);
  const times = {
    startAt: at('2026-11-20T09:00'),
    latestAt: at('2026-12-04T18:00'),
    releasedAt: at('2026-11-20T09:00'),
  };
  const letter = { ...times, channel: 'letter', takesOver: true } as const;
  const facts = (changes: Partial<OpeningFacts>): OpeningFacts => ({
    now: at('2026-11-21T09:00'),
    state: 'running',
    isPlanned: true,
    waiting: 5,
    pending: 5,
    uncertain: 0,
    sourceOpen: 0,
    isNamedOnly: false,
    giftGate: null,
    lotsDisagree: false,
    hasWorker: true,
    relayDown: false,
    ...changes,
  });

  it('has its last call a day before its latest moment, and never before its start', () => {
    expect(lastCallOf(times)).toEqual(at('2026-12-03T18:00'));
    expect(lastCallOf({ ...times, latestAt: at('2026-11-20T12:00') })).toEqual(times.startAt);
  });

  it('goes from its start once it is released, and at its latest moment in any case', () => {
    expect(isDue(times, at('2026-11-20T08:59'))).toBe(false);
    expect(isDue(times, times.startAt)).toBe(true);
    expect(isDue({ ...times, releasedAt: null }, at('2026-12-04T17:59'))).toBe(false);
    expect(isDue({ ...times, releasedAt: null }, times.latestAt)).toBe(true);
  });

  it('that nobody has released says so, with the moment from which it goes in any case', () => {
    const now = at('2026-11-21T09:00');
    expect(waitsOf({ ...letter, releasedAt: null }, facts({ now }))).toEqual([
      { code: 'not_released', until: times.latestAt },
    ]);
    expect(waitsOf({ ...letter, releasedAt: null }, facts({ now: times.latestAt }))).toEqual([]);
  });

  it('waits for cards until its last call, and a wave of cards alone for ever', () => {
    expect(waitsForGift(letter, at('2026-12-03T17:59'))).toBe(true);
    expect(waitsForGift(letter, lastCallOf(letter))).toBe(false);
    expect(waitsForGift({ ...letter, channel: 'gift' }, at('2027-12-03T18:00'))).toBe(true);
    expect(waitsForGift({ ...letter, channel: 'email' }, at('2026-11-21T09:00'))).toBe(false);
  });

  it('waits for a full lot only as a takeover, while more may come, before its last call', () => {
    const now = at('2026-11-21T09:00');
    expect(waitsForFullLot(letter, { sourceOpen: 1, now })).toBe(true);
    expect(waitsForFullLot(letter, { sourceOpen: 0, now })).toBe(false);
    expect(waitsForFullLot({ ...letter, takesOver: false }, { sourceOpen: 1, now })).toBe(false);
    expect(waitsForFullLot(letter, { sourceOpen: 1, now: lastCallOf(letter) })).toBe(false);
  });

  it.each<[string, Partial<OpeningFacts>, unknown]>([
    ['nothing', {}, []],
    ['that it does not run', { state: 'paused' }, [{ code: 'not_running', until: null }]],
    ['that people are being placed', { isPlanned: false }, [{ code: 'not_planned', until: null }]],
    ['nothing at its very start', { now: times.startAt }, []],
    ['its start', { now: at('2026-11-19T00:00') }, [{ code: 'not_started', until: times.startAt }]],
    ['that nobody waits', { waiting: 0, pending: 0 }, [{ code: 'nobody_waits', until: null }]],
    ['that nobody was named', { waiting: 0, pending: 0, isNamedOnly: true }, [{ code: 'named_only', until: null }]],
    ['the word that its lots were posted', { waiting: 0 }, [{ code: 'not_posted', until: null }]],
    ['an outcome that nobody knows', { waiting: 0, pending: 0, uncertain: 1 }, [{ code: 'uncertain', until: null }]],
    [
      'both',
      { waiting: 0, pending: 2, uncertain: 1, isNamedOnly: true },
      [
        { code: 'not_posted', until: null },
        { code: 'uncertain', until: null },
      ],
    ],
    ['a mail server', { relayDown: true }, [{ code: 'no_relay', until: null }]],
    ['consent', { giftGate: 'consent' }, [{ code: 'consent', until: lastCallOf(times) }]],
    ['a full lot', { sourceOpen: 3 }, [{ code: 'full_lot', until: lastCallOf(times) }]],
    [
      'all that holds it at once',
      { hasWorker: false, lotsDisagree: true, giftGate: 'stock' },
      [
        { code: 'no_worker', until: null },
        { code: 'lots_disagree', until: null },
        { code: 'stock', until: lastCallOf(times) },
      ],
    ],
    ['nothing any more at its last call', { now: lastCallOf(times), giftGate: 'stock', sourceOpen: 3 }, []],
  ])('says that it waits for %s', (_title, changes, expected) => {
    expect(waitsOf(letter, facts(changes))).toEqual(expected);
  });

  it('moves while its last mails are on their way to a mail server', () => {
    expect(waitsOf({ ...letter, channel: 'email' }, facts({ waiting: 0, pending: 3 }))).toEqual([]);
  });
});
