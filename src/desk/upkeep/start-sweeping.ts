/** The timers of every worker process: the sweep every few seconds and the nightly recount. One process does either at a time. */
import { errorCodeOf } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import { recountCampaigns } from './recount-campaigns.ts';
import { resumeWork } from './resume-work.ts';

const DEFAULT_SWEEP_MS = 5_000;
/** How often it is asked whether the night has passed; beside the sweep, because counting a million rows takes some seconds. */
const RECOUNT_MS = 10 * 60 * 1_000;

type Timer = { close(): Promise<void> };

/** Sweeps now and then every `everyMs`. `close` waits for what is going on. */
export function startSweeping(app: App, everyMs: number = DEFAULT_SWEEP_MS): Timer {
  const timers = [
    repeat(app, 'sweep failed', everyMs, () => resumeWork(app)),
    repeat(app, 'recount failed', RECOUNT_MS, () => recountCampaigns(app)),
  ];
  return {
    close: async () => {
      await Promise.all(timers.map((timer) => timer.close()));
    },
  };
}

/** Begins now, and again `everyMs` after each end. */
function repeat(app: App, failure: string, everyMs: number, work: () => Promise<unknown>): Timer {
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let going: Promise<void> = Promise.resolve();
  const once = async () => {
    try {
      await work();
    } catch (error) {
      app.log.error({ code: errorCodeOf(error), err: error }, failure);
    }
    if (!isClosed) timer = setTimeout(begin, everyMs);
  };
  const begin = () => {
    going = once();
  };
  begin();
  return {
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await going;
    },
  };
}
