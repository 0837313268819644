/** The timer of the sweep in every worker process; one of them does the work at a time. */
import { errorCodeOf } from '../kernel/errors.ts';
import type { App } from '../platform/app.ts';
import { resumeWork } from './resume-work.ts';

const DEFAULT_SWEEP_MS = 5_000;

/** Sweeps now and then every `everyMs`. `close` waits for a sweep that is going on. */
export function startSweeping(app: App, everyMs: number = DEFAULT_SWEEP_MS): { close(): Promise<void> } {
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  let going: Promise<void> = Promise.resolve();
  const sweep = async () => {
    try {
      await resumeWork(app);
    } catch (error) {
      app.log.error({ code: errorCodeOf(error), err: error }, 'sweep failed');
    }
    if (!isClosed) timer = setTimeout(begin, everyMs);
  };
  const begin = () => {
    going = sweep();
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
