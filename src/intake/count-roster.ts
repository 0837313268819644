/** The roster equation: `rows = people + merged + rejected`, and how many rejected rows are still open. */
import type { Db } from '../platform/postgres/db.ts';
import { getRosterCount, recountRoster } from './store.ts';

export type RosterCount = {
  readonly rows: number;
  readonly people: number;
  readonly merged: number;
  readonly rejected: number;
  /** Rejected rows that nobody has corrected or settled yet. */
  readonly open: number;
};

/** Over all files of the campaign. Holds at every moment: each batch commits its rows together with these counts. */
export async function countRoster(db: Db, campaignId: string): Promise<RosterCount> {
  return await getRosterCount(db, campaignId);
}

/** The same, counted from the rows themselves: what the counters are proven by. */
export async function recountRosterRows(db: Db, campaignId: string): Promise<RosterCount> {
  return await recountRoster(db, campaignId);
}
