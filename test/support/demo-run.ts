// One run of the built `owabi demo` in folders of its own, with everything a test wants to look at afterwards.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoResult } from '../../src/demo/run-demo.ts';
import { jobs } from '../../src/jobs.ts';
import { type App, openApp } from '../../src/platform/app.ts';
import { loadConfig } from '../../src/platform/config.ts';
import { createLogger } from '../../src/platform/log.ts';
import { removeEmbeddedData, startEmbeddedServer } from '../../src/platform/postgres/embedded-server.ts';
import { type CliEnd, callCli, startCli } from './run-cli.ts';

export type DemoRun = {
  readonly out: string;
  /** TMPDIR of the run: whatever it put into a temporary folder is here. */
  readonly tmp: string;
  /** Where the embedded server really keeps its data (for root outside `out`). */
  readonly databaseRoot: string;
  readonly end: CliEnd;
  readonly result: DemoResult;
  /** Arguments and titles of the run's own processes and of every PostgreSQL meanwhile; empty where there is no /proc. */
  readonly commandLines: string;
  /** A command on the finished demo, in this process. */
  cli(...words: string[]): Promise<CliEnd>;
  /** Opens the finished demo in this process. */
  open(): Promise<App>;
  remove(): Promise<void>;
};

const log = createLogger('silent');
const DEMO_TIMEOUT_MS = 110_000;
const WATCH_MS = 200;

export async function runDemoForTest(options: {
  people: number;
  env?: Readonly<Record<string, string>>;
}): Promise<DemoRun> {
  const folder = mkdtempSync(join(tmpdir(), 'owabi-demo-test-'));
  const out = join(folder, 'demo');
  const tmp = join(folder, 'tmp');
  mkdirSync(tmp);
  const watch = watchCommandLines(folder);
  const words = ['demo', '--people', String(options.people), '--out', out, '--json'];
  const end = await startCli(words, { env: { TMPDIR: tmp, ...options.env }, timeoutMs: DEMO_TIMEOUT_MS }).ended;
  const commandLines = watch.stop();
  const home = join(out, 'data');
  if (end.code !== 0) {
    await removeEmbeddedData({ home, log }).catch(() => {});
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`owabi demo ended with ${end.code}\n${end.stdout}\n${end.stderr}`);
  }
  const databaseRoot = realpathSync(join(home, 'database'));
  const env = { OWABI_HOME: home, OWABI_KEYS: join(out, 'keys'), OWABI_EXPORT: join(out, 'export'), TMPDIR: tmp };
  const held: { release(): Promise<void> }[] = [];
  // Held from the first use on, so that not every command starts and stops the server.
  const hold = async () => {
    if (held.length === 0) held.push(await startEmbeddedServer({ home, log, keysDir: env.OWABI_KEYS }));
  };
  return {
    out,
    tmp,
    databaseRoot,
    end,
    result: end.json() as DemoResult,
    commandLines,
    cli: async (...cliWords) => {
      await hold();
      return await callCli(cliWords, { env });
    },
    open: async () => {
      await hold();
      return await openApp(loadConfig(env), { jobs, log });
    },
    remove: async () => {
      for (const server of held) await server.release();
      await removeEmbeddedData({ home, log });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Collects the arguments of processes now and then: a password or a name there is open to every user of the machine. */
function watchCommandLines(folder: string): { stop(): string } {
  const seen = new Set<string>();
  const look = () => {
    for (const pid of readFolder('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        if (line.includes(folder) || line.startsWith('postgres')) seen.add(line);
      } catch {
        // The process has ended meanwhile.
      }
    }
  };
  const timer = setInterval(look, WATCH_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return [...seen].join('\n');
    },
  };
}

function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
