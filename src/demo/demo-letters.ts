/** Chapter four: lots go to the print house's stand-in, its files come back, twice and cumulative as in life, and so do returns. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { resumeWork } from '../desk/upkeep/resume-work.ts';
import { toDay } from '../kernel/calendar.ts';
import { AppError } from '../kernel/errors.ts';
import { DEMO_CAMPAIGN as campaign, type DemoStage } from './demo-stage.ts';
import { producePieces, writeReturns } from './print-house.ts';
import { waitUntil } from './wait-until.ts';

const SWEEP_WAIT_MS = 50;

/** Waits until every lot that can be formed now is typeset. */
export async function prepareLots(stage: DemoStage): Promise<void> {
  const { app, desk, voice } = stage;
  // The timer's sweep may be at work: what this chapter just changed wants one that began afterwards.
  while (!(await resumeWork(app))) await sleep(SWEEP_WAIT_MS);
  await waitUntil(
    async () => {
      const { lots } = await desk('list-lots', { campaign });
      const done = lots.filter(({ prepared }) => prepared).length;
      return { done, total: lots.length, isReady: done === lots.length };
    },
    { onProgress: (done, total) => voice.progress(voice.say('demo.typesetting'), done, total) },
  );
}

/** Lets the stand-in print and post every open lot, and loads its cumulative report two times over. */
export async function printAndPost(stage: DemoStage): Promise<void> {
  const { desk, voice, folders, clock } = stage;
  // Reprints of spoiled pieces are lots of their own: a second round takes them.
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    await prepareLots(stage);
    const open = (await desk('list-lots', { campaign })).lots.filter((lot) => lot.open > 0);
    if (open.length === 0) return;
    const manifests = open.map(({ folder }) => join(folder, 'manifest.csv'));
    const report = producePieces({
      manifests: await Promise.all(manifests.map((path) => readFile(path))),
      day: toDay(clock.now()),
      slipNumber: `S-${toDay(clock.now()).replaceAll('-', '')}-${round}-${open[0]?.number ?? 0}`,
      spoilEvery: round === 1 ? SPOIL_EVERY : 0,
    });
    const path = join(folders.vendors, `printed-${open[0]?.number ?? 0}-${round}.csv`);
    await writeFile(path, report, { mode: 0o600 });
    const first = await desk('load-vendor-file', { campaign, file: path });
    const again = await desk('load-vendor-file', { campaign, file: path });
    if (again.posted + again.spoiled > 0) throw new AppError('DEMO_STUCK.vendorTwice');
    voice.tell(
      voice.say('demo.printed', { lots: open.length, posted: first.posted, spoiled: first.spoiled, file: path }),
    );
  }
}

const MAX_ROUNDS = 5;
/** One piece in so many is spoiled by the machine. */
const SPOIL_EVERY = 170;
/** One letter in so many comes back. */
const RETURN_EVERY = 60;

/** Some of the posted letters come back with a reason. */
export async function returnSome(stage: DemoStage): Promise<void> {
  const { desk, voice, folders, clock } = stage;
  const { lots } = await desk('list-lots', { campaign });
  const manifests = lots.filter(({ posted }) => posted > 0).map(({ folder }) => join(folder, 'manifest.csv'));
  const printed = (await readdir(folders.vendors)).filter((name) => name.startsWith('printed-'));
  const report = writeReturns({
    manifests: await Promise.all(manifests.map((path) => readFile(path))),
    reports: await Promise.all(printed.map((name) => readFile(join(folders.vendors, name)))),
    day: toDay(clock.now()),
    returnEvery: RETURN_EVERY,
  });
  const path = join(folders.vendors, `returns-${toDay(clock.now())}.csv`);
  await writeFile(path, report, { mode: 0o600 });
  const result = await desk('load-returns', { campaign, file: path });
  voice.tell(voice.say('demo.returned', { returned: result.returned, cards: result.cardsBack, file: path }));
}
