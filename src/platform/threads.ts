/**
 * CPU work off the main loop, which renews locks and holds SMTP sessions. Threads always run the built program (`dist/`), so
 * that source runners and the installed command share one way.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type MessagePort, parentPort, Worker } from 'node:worker_threads';
import { AppError, type ErrorKey } from '../kernel/errors.ts';
import type { WordParams } from '../kernel/wording.ts';
import { packageRoot } from './package-root.ts';

type Transferable = ArrayBuffer | MessagePort;
type Reply<O> = { id: number; output: O } | { id: number; key: ErrorKey; params: WordParams };

export type ThreadPool<I, O> = {
  /** Runs one input on the next free thread; inputs wait in order. */
  run(input: I, transfer?: readonly Transferable[]): Promise<O>;
  close(): Promise<void>;
};

type Task<I, O> = {
  input: I;
  transfer: readonly Transferable[];
  resolve: (output: O) => void;
  reject: (error: Error) => void;
};

function entryFile(entry: string): string {
  const file = join(packageRoot, 'dist', `${entry}.js`);
  if (!existsSync(file)) throw new AppError('THREAD_FAILED.unbuilt', { file });
  return file;
}

/**
 * At most `size` threads on `entry`, a module path without extension such as `src/delivery/letters/typeset-lot-thread`. Each starts with
 * the first input that finds no other free: loading the program takes a thread a third of a second.
 */
export function createThreadPool<I, O>(entry: string, size: number): ThreadPool<I, O> {
  const file = entryFile(entry);
  const waiting: Task<I, O>[] = [];
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const running = new Map<Worker, Task<I, O>>();
  let closed = false;

  function start(): void {
    const worker = new Worker(file);
    all.add(worker);
    worker.on('message', (reply: Reply<O>) => {
      const task = running.get(worker);
      running.delete(worker);
      if ('output' in reply) task?.resolve(reply.output);
      else task?.reject(new AppError(reply.key, reply.params));
      idle.push(worker);
      next();
    });
    worker.on('error', (cause) => lose(worker, cause));
    worker.on('exit', () => lose(worker, undefined));
    worker.unref();
    idle.push(worker);
  }

  function lose(worker: Worker, cause: unknown): void {
    if (!all.delete(worker)) return;
    const place = idle.indexOf(worker);
    if (place >= 0) idle.splice(place, 1);
    running.get(worker)?.reject(new AppError('THREAD_FAILED.ended', { entry }, { cause }));
    running.delete(worker);
    if (!closed) next();
  }

  function next(): void {
    const task = waiting[0];
    if (task && idle.length === 0 && all.size < size) start();
    const worker = idle[0];
    if (!worker || !task) return;
    idle.shift();
    waiting.shift();
    running.set(worker, task);
    worker.ref();
    worker.postMessage({ id: 0, input: task.input }, task.transfer as never);
    next();
  }

  return {
    run: (input, transfer = []) =>
      new Promise<O>((resolve, reject) => {
        const settle =
          <T>(act: (value: T) => void) =>
          (value: T) => {
            if (waiting.length === 0) for (const worker of idle) worker.unref();
            act(value);
          };
        waiting.push({ input, transfer, resolve: settle(resolve), reject: settle(reject) });
        next();
      }),
    async close() {
      closed = true;
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

/** What a thread's module calls at its end: answers each input with `work`'s output. `transferOf` names buffers to hand over. */
export function serveThread<I, O>(
  work: (input: I) => Promise<O> | O,
  transferOf: (output: O) => readonly Transferable[] = () => [],
): void {
  const port = parentPort;
  if (!port) throw new AppError('THREAD_FAILED.alone');
  port.on('message', (message: { id: number; input: I }) => {
    Promise.resolve()
      .then(() => work(message.input))
      .then(
        (output) => port.postMessage({ id: message.id, output }, transferOf(output) as never),
        (error: unknown) => port.postMessage({ id: message.id, ...toReply(error) }),
      );
  });
}

/** An error crosses to the other thread as its words; of any other only the kind does, because its message may quote a person. */
function toReply(error: unknown): { key: ErrorKey; params: WordParams } {
  if (error instanceof AppError) return { key: error.key, params: error.params };
  return { key: 'THREAD_FAILED.thrown', params: { name: error instanceof Error ? error.name : typeof error } };
}
