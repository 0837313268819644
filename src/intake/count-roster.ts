/** The roster equation: `rows = people + merged + rejected`, and how many rejected rows are still open. */
import type { Db } from '../platform/db.ts';

export type RosterCount = {
  readonly rows: number;
  readonly people: number;
  readonly merged: number;
  readonly rejected: number;
  readonly open: number;
};

export async function countRoster(_db: Db, _campaignId: string): Promise<RosterCount> {
  throw new Error('in work');
}
