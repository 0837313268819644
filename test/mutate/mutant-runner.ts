/** Hands mutants to a process of their own and ends it when one runs for too long: an endless loop was noticed. */
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Answer, Order } from './mutant-process.ts';

export type MutantRunner = {
  readonly run: (order: Order, limitMs: number) => Promise<Answer>;
  readonly close: () => void;
};

const START_LIMIT_MS = 60_000;

export function createMutantRunner(root: string): MutantRunner {
  let child: ChildProcess | null = null;

  async function open(): Promise<ChildProcess> {
    const started = fork(join(import.meta.dirname, 'mutant-process.js'), {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child = started;
    if ((await answerOf(started, START_LIMIT_MS)) === null) throw new Error('vitest does not start');
    return started;
  }

  return {
    async run(order, limitMs) {
      const running = child ?? (await open());
      const answer = answerOf(running, limitMs);
      running.send(order);
      const given = await answer;
      if (given !== null) return given;
      child = null;
      running.kill('SIGKILL');
      return { noticedBy: 'the time limit' };
    },
    close: () => child?.kill(),
  };
}

/** The next message, or null when none comes within the limit or the process ends. */
function answerOf(child: ChildProcess, limitMs: number): Promise<Answer | null> {
  return new Promise((resolve) => {
    const end = (answer: Answer | null) => {
      clearTimeout(timer);
      child.removeAllListeners('message').removeAllListeners('exit');
      resolve(answer);
    };
    const timer = setTimeout(end, limitMs, null);
    child.once('message', (message) => end(message as Answer));
    child.once('exit', () => end(null));
  });
}
