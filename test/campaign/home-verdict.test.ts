// Which copies of a database are told from the home that sends, case by case: what each looks like from inside.
import { describe, expect, it } from 'vitest';
import {
  HOME_SILENCE_MAX_MS,
  type HomeMark,
  type HomePlace,
  homeVerdict,
  type SendingHome,
} from '../../src/campaign/home/home-verdict.ts';

const server: HomePlace = { hash: 'a'.repeat(64), isOwnFolder: false };
const folder: HomePlace = { ...server, isOwnFolder: true };
const aHome = (changes: Partial<SendingHome> = {}): SendingHome => ({
  generation: 2,
  place: server.hash,
  beat: 40,
  isResting: true,
  silentMs: 3_000,
  suspended: null,
  ...changes,
});
const mark: HomeMark = { generation: 2, beat: 40, isOwn: true };
const copied = (beat: number): HomeMark => ({ ...mark, beat, isOwn: false });
const verdictOf = (...given: Parameters<typeof homeVerdict>) => {
  const verdict = homeVerdict(...given);
  return verdict.kind === 'stranger' ? verdict.reason : verdict.kind;
};

describe('a home', () => {
  it.each<[string, SendingHome | null, HomeMark[], HomePlace]>([
    ['that has sent before', aHome(), [mark], server],
    ['whose mark was not written before a crash', aHome({ beat: 41 }), [mark], server],
    ['of which another host gave the last signs', aHome({ beat: 900 }), [mark], server],
    ['that another host took over in the same database', aHome({ generation: 3 }), [mark], server],
    ['that was killed and begins again', aHome({ isResting: false, silentMs: HOME_SILENCE_MAX_MS }), [mark], server],
    ['that ended properly and lay still for a year', aHome({ silentMs: 3e10 }), [mark], server],
    ['joined by a host that has never sent', aHome({ isResting: false, silentMs: 9_000 }), [], server],
    ['in a key folder shared with a machine that has sent', aHome(), [copied(40)], server],
    ['of which nothing was sent yet', aHome({ beat: 0 }), [], server],
    ['in its own folder, whose mark went with the old keys', aHome(), [], folder],
  ])('%s sends', (_what, home, known, place) => {
    expect(verdictOf(home, known, place)).toBe('sender');
  });

  it('of a campaign that was never launched here is new', () => {
    expect(verdictOf(null, [], server)).toBe('new');
  });
});

describe('a copy', () => {
  it.each<[string, string, SendingHome | null, HomeMark[], HomePlace]>([
    ['copied', 'at another place', aHome({ place: 'b'.repeat(64) }), [mark], folder],
    ['copied', 'at another place with keys of its own', aHome({ place: 'b'.repeat(64) }), [], server],
    ['set_back', 'of yesterday, where it was', aHome({ beat: 39 }), [mark], folder],
    ['set_back', 'from before the launch', null, [{ generation: 1, beat: 0, isOwn: true }], server],
    ['taken_elsewhere', 'that was the original', aHome({ generation: 1, beat: 99 }), [mark], server],
    ['silent', 'of a machine at work', aHome({ isResting: false, silentMs: HOME_SILENCE_MAX_MS + 1 }), [mark], folder],
    ['unknown_host', 'of a server, met by a new host', aHome(), [], server],
    ['unknown_host', 'of a server, met by a host with copied keys', aHome(), [copied(39)], server],
    ['set_back', 'of which another machine with the same key folder knows more', aHome(), [mark, copied(41)], server],
    ['unknown_host', 'of a server at work', aHome({ isResting: false, silentMs: 90_000 }), [], server],
    ['restored', 'that was found out before', aHome({ suspended: 'restored', beat: 99 }), [mark], server],
  ])('is found out as %s: %s', (reason, _what, home, known, place) => {
    expect(verdictOf(home, known, place)).toBe(reason);
  });
});
