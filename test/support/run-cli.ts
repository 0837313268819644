// The built command as a person or a script meets it: a process of its own, its exit code, its two streams.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { packageRoot } from '../../src/platform/package-root.ts';

export type CliOptions = {
  /** Variables of Owabi's own; nothing of the surrounding OWABI_… reaches the process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly timeoutMs?: number;
};

export type CliEnd = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output as one JSON document; throws what was there instead. */
  // biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of the document
  json(): any;
};

export type RunningCli = { readonly process: ChildProcess; readonly ended: Promise<CliEnd> };

const MAIN = join(packageRoot, 'dist', 'src', 'cli', 'main.js');
/** A process that was forgotten ends some day. */
const TIMEOUT_MS = 110_000;

/** Processes of a test that failed half-way must not outlive it: they would work on a database that is gone. */
const running = new Set<ChildProcess>();
export function killRunning(): void {
  for (const child of running) child.kill('SIGKILL');
}
process.once('exit', killRunning);

/** Starts one command line and leaves it running. */
export function startCli(words: readonly string[], options: CliOptions = {}): RunningCli {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run \`npm run build\``);
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: options.cwd,
    env: environment(options.env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const streams = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on('data', (chunk: Buffer) => streams.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => streams.stderr.push(chunk));
  const ended = new Promise<CliEnd>((resolve, reject) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? TIMEOUT_MS);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      running.delete(child);
      const stdout = Buffer.concat(streams.stdout).toString('utf8');
      const stderr = Buffer.concat(streams.stderr).toString('utf8');
      resolve({ code, stdout, stderr, json: () => readJson(stdout, stderr) });
    });
  });
  return { process: child, ended };
}

function environment(own: CliOptions['env']): Record<string, string | undefined> {
  const outside = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('OWABI_') && !['DATABASE_URL', 'REDIS_URL', 'NODE_OPTIONS'].includes(name),
  );
  return { ...Object.fromEntries(outside), OWABI_LANG: 'en', ...own };
}

/**
 * The same command line in this process, one at a time: what it prints and its exit code are the same, and the second that
 * a process needs to start is saved.
 */
export async function callCli(words: readonly string[], options: CliOptions = {}): Promise<CliEnd> {
  const { main } = await import('../../src/cli/main.ts');
  const before = process.env;
  const text = { stdout: '', stderr: '' };
  const capture = (name: 'stdout' | 'stderr') =>
    vi.spyOn(process[name], 'write').mockImplementation(((chunk: string | Uint8Array, ...rest: unknown[]) => {
      text[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
      done?.();
      return true;
    }) as typeof process.stdout.write);
  const spies = [capture('stdout'), capture('stderr')];
  process.env = environment(options.env) as NodeJS.ProcessEnv;
  try {
    const code = await main(words);
    return { code, ...text, json: () => readJson(text.stdout, text.stderr) };
  } finally {
    process.env = before;
    for (const spy of spies) spy.mockRestore();
  }
}

/** Runs one command line to its end in a process of its own. */
export async function runCli(words: readonly string[], options: CliOptions = {}): Promise<CliEnd> {
  return await startCli(words, options).ended;
}

function readJson(stdout: string, stderr: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`standard output is not one JSON document:\n${stdout}\nstandard error:\n${stderr}`);
  }
}
