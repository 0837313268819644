/** Counts the processes that could send at this moment, so that launch and status can say when there are none. */
import type { Db } from '../../platform/postgres/db.ts';
import { countLiveWorkerRows } from './attempt-store.ts';

export async function countLiveWorkers(db: Db): Promise<number> {
  return await countLiveWorkerRows(db);
}
