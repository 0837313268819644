/**
 * How often the server can answer `status` of a campaign of this size from its counters, beside counting the rows of the same
 * database; and how long a pass of the sweep takes when there is nothing to do.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listPiecesToPull } from '../../src/delivery/letters/piece-store.ts';
import { campaignStatus } from '../../src/desk/overview/campaign-status.ts';
import { recountCampaign } from '../../src/desk/upkeep/recount-campaigns.ts';
import { resumeWork } from '../../src/desk/upkeep/resume-work.ts';
import { countAccounting } from '../../src/evidence/figures/count-accounting.ts';
import { recount } from '../../src/evidence/figures/count-source.ts';
import { jobs } from '../../src/jobs.ts';
import { openApp } from '../../src/platform/app.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { createLogger } from '../../src/platform/log.ts';
import { readSnapshot } from '../../src/platform/postgres/db.ts';
import { buildLargeCampaign } from './status-campaign.ts';

const ROUNDS = 21;
const PEER_ROUNDS = 3;

async function medianMs(rounds: number, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[rounds >> 1] as number;
}

async function run(people: number) {
  const base = mkdtempSync(join(tmpdir(), 'owabi-bench-status-'));
  const place = (name: string) => join(base, name);
  const app = await openApp(
    loadConfig({ OWABI_HOME: place('home'), OWABI_KEYS: place('keys'), OWABI_EXPORT: place('export') }),
    { jobs, log: createLogger('silent') },
  );
  try {
    const { id } = await buildLargeCampaign(app, place('campaign'), people);
    const resumeMs = await medianMs(1, () => resumeWork(app));
    const { differences } = await recountCampaign(app, id);
    const wrong = differences.filter(({ what }) => what.startsWith('counter.') || what.startsWith('mails.'));
    if (wrong.length > 0) throw new Error(`the counters are wrong: ${JSON.stringify(wrong)}`);
    const statusMs = await medianMs(ROUNDS, () => campaignStatus(app, id));
    const countMs = await medianMs(ROUNDS, () => readSnapshot(app.pool, (db) => countAccounting(db, id)));
    const sweepMs = await medianMs(ROUNDS, () => resumeWork(app));
    const recountMs = await medianMs(1, () => recountCampaign(app, id));
    const peerMs = await medianMs(PEER_ROUNDS, () =>
      readSnapshot(app.pool, async (db) => {
        await countAccounting(db, id, recount);
        await recount.outcomes(db, id);
        await listPiecesToPull(db, id, null);
      }),
    );
    return {
      ours: 1000 / statusMs,
      peers: [{ name: 'count(*) of the same rows', value: 1000 / peerMs }],
      milliseconds: {
        status: statusMs,
        counters: countMs,
        sweep: sweepMs,
        firstSweep: resumeMs,
        recount: recountMs,
        peer: peerMs,
      },
    };
  } finally {
    await app.close();
    rmSync(base, { recursive: true, force: true });
  }
}

export const statusCase = { name: 'status', unit: 'answers/s', defaultSize: 100_000, run } as const;
