/** The life of a working process as others see it: one session, opened anew when it is lost, shared by all that the process does. */
import { AppError } from '../../kernel/errors.ts';
import { openWorkerSession, type WorkerSession } from './open-worker-session.ts';

export type WorkerLife = {
  /** The living session. Throws DATABASE_DOWN, and what `keepHomes` throws. */
  readonly session: () => Promise<WorkerSession>;
  readonly close: () => Promise<void>;
};

/** Opens nothing yet. `keepHomes` is asked before each session is given out, and again and again while it lives. */
export function createWorkerLife(databaseUrl: string, keepHomes?: () => Promise<void>): WorkerLife {
  let current: Promise<WorkerSession> | null = null;
  let isClosed = false;
  const renew = async (lost: WorkerSession | null): Promise<WorkerSession> => {
    await lost?.close();
    return await openWorkerSession(databaseUrl, keepHomes);
  };
  return {
    session: async () => {
      if (isClosed) throw new AppError('DATABASE_DOWN.mailerClosed');
      const asked = current;
      const known = asked === null ? null : await asked.catch(() => null);
      if (known?.isAlive()) return known;
      // Whoever asked first opens; the others wait for the same session.
      if (current === asked) current = renew(known);
      return await (current ?? renew(known));
    },
    close: async () => {
      isClosed = true;
      await (await current?.catch(() => null))?.close();
    },
  };
}
