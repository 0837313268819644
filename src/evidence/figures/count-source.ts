/**
 * Two ways to the same numbers. The counters are kept by the transactions that move people, places and notices, each total by
 * another table than its terms: they answer at once, and an imbalance between them shows that something was lost. The recount
 * asks the rows themselves: it proves the counters, and is what leaves the company.
 */
import { countOutcomes } from '../../delivery/standing-store.ts';
import { recountOutcomes, recountWaves } from '../../delivery/tally-store.ts';
import { countWaves } from '../../delivery/wave-store.ts';
import { countRoster, recountRosterRows } from '../../intake/count-roster.ts';
import { countListedPeople, recountListedPeople } from '../../intake/list/listed-store.ts';
import { countWaveNotices, recountWaveNotices } from '../../notice/store.ts';

export type CountSource = {
  readonly roster: typeof countRoster;
  readonly places: typeof countWaves;
  readonly notices: typeof countWaveNotices;
  readonly outcomes: typeof countOutcomes;
  readonly listed: typeof countListedPeople;
};

export const counters: CountSource = {
  roster: countRoster,
  places: countWaves,
  notices: countWaveNotices,
  outcomes: countOutcomes,
  listed: countListedPeople,
};

export const recount: CountSource = {
  roster: recountRosterRows,
  places: recountWaves,
  notices: recountWaveNotices,
  outcomes: recountOutcomes,
  listed: recountListedPeople,
};
