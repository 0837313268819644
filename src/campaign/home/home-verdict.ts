/**
 * Whether this database is the home that sends for a campaign, or a copy of it. Pure: it compares the row that travels with every
 * copy with what does not travel: where the database lies, and the mark beside the keys of this machine (promise 2).
 */

/** Why a home may not send; `home-store` and the words hold the same list. */
export const homeReasons = [
  /** A backup was read into this database. */
  'restored',
  /** The database lies elsewhere than when it last sent: a copied or moved folder, a clone, a dump. */
  'copied',
  /** The mark beside the keys has seen more than this database knows: a snapshot, a replica that lost its end. */
  'set_back',
  /** A named person took the campaign over in another home. */
  'taken_elsewhere',
  /** Its workers fell silent without ending and were away for hours: a machine that was off, or the snapshot of one. */
  'silent',
  /** A host that has never sent for it, while no host that has is at work. */
  'unknown_host',
] as const;
export type HomeReason = (typeof homeReasons)[number];

export type SendingHome = {
  readonly generation: number;
  readonly place: string;
  readonly beat: number;
  readonly isResting: boolean;
  /** Since the last sign of a worker, by the server's clock. */
  readonly silentMs: number;
  readonly suspended: HomeReason | null;
};

/** What a machine remembers, beside the keys. `isOwn`: this machine wrote it, and not the one from which the keys were copied. */
export type HomeMark = { readonly generation: number; readonly beat: number; readonly isOwn: boolean };

export type HomePlace = {
  readonly hash: string;
  /** The folder of the embedded server: whoever finds it at its place needs no mark to belong to it. */
  readonly isOwnFolder: boolean;
};

export type HomeVerdict =
  | { readonly kind: 'new' | 'sender' }
  | { readonly kind: 'stranger'; readonly reason: HomeReason };

/** Crashes, restarts and short outages are shorter; the snapshots that people go back to are older. */
export const HOME_SILENCE_MAX_MS = 6 * 60 * 60 * 1000;
/** A worker gives a sign every ten seconds; one that did so this lately is at work on this very database. */
const ALIVE_MS = 60_000;

const stranger = (reason: HomeReason): HomeVerdict => ({ kind: 'stranger', reason });

/** `home` is null before anything of the campaign was launched from this database. */
export function homeVerdict(home: SendingHome | null, marks: readonly HomeMark[], place: HomePlace): HomeVerdict {
  if (home === null) return marks.length === 0 ? { kind: 'new' } : stranger('set_back');
  if (home.suspended !== null) return stranger(home.suspended);
  if (marks.some((mark) => mark.generation > home.generation)) return stranger('taken_elsewhere');
  const ofThis = marks.filter((mark) => mark.generation === home.generation);
  if (ofThis.some((mark) => mark.beat > home.beat)) return stranger('set_back');
  if (home.place !== place.hash) return stranger('copied');
  if (!home.isResting && home.silentMs > HOME_SILENCE_MAX_MS) return stranger('silent');
  const isAtWork = !home.isResting && home.silentMs < ALIVE_MS;
  // A mark that is not behind the database was written into this very key folder, by whichever machine shares it.
  const isKnown = marks.some((mark) => mark.isOwn) || ofThis.some((mark) => mark.beat === home.beat);
  // A host joins the others at work; before the first mail there is nothing that a clone could send again.
  if (!isKnown && !place.isOwnFolder && home.beat > 0 && !isAtWork) return stranger('unknown_host');
  return { kind: 'sender' };
}
