// The whole path at a hundred thousand people: it ends, adds up, verifies, and memory stays bounded. The demo's own process is
// command, workers, mail catcher, print house and call centre in one (940 MB measured on 2026-11-22); PostgreSQL's stay below half
// a gigabyte.
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { DemoResult } from '../../src/demo/run-demo.ts';
import { createLogger } from '../../src/platform/log.ts';
import { removeEmbeddedData } from '../../src/platform/postgres/embedded-server.ts';
import { runCli, startCli } from '../support/run-cli.ts';

const PEOPLE = 100_000;
const DEMO_MB_MAX = 1_500;
const POSTGRES_MB_MAX = 500;
const SAMPLE_MS = 500;
const TIMEOUT_MS = 1_800_000;

test('A hundred thousand people go the whole path within bounded memory', { timeout: TIMEOUT_MS }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'owabi-demo-100k-'));
  const out = join(folder, 'demo');
  const home = join(out, 'data');
  try {
    const words = ['demo', '--people', String(PEOPLE), '--out', out, '--json'];
    const demo = startCli(words, { timeoutMs: TIMEOUT_MS });
    const memory = watchMemory(demo.process.pid ?? 0, () => join(home, 'database', 'postgres-18', 'postmaster.pid'));
    const end = await demo.ended;
    const peaks = memory.stop();
    expect(end.code, end.stderr).toBe(0);
    const result = end.json() as DemoResult;
    // biome-ignore lint/suspicious/noConsole: the figure that this test is run for
    console.log(`demo of ${PEOPLE}: ${result.seconds} s; peaks in MB: ${JSON.stringify(peaks)}`);
    expect(result.accounting.roster.rows).toBe(PEOPLE);
    expect(result.accounting).toMatchObject({
      state: 'closed',
      balanced: true,
      persons: { underway: 0, undecided: 0 },
    });
    expect(result.mails.taken).toBeGreaterThan(PEOPLE / 2);
    expect((await runCli(['verify', result.bundle, '--json'])).json()).toMatchObject({ ok: true });
    const received = readFileSync(join(out, 'mails', 'received.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const ids = received.map((line) => (JSON.parse(line) as { messageId: string }).messageId);
    expect(new Set(ids).size, 'people with two mails').toBe(ids.length);
    const limitOf = (name: string) => (name === 'owabi' ? DEMO_MB_MAX : POSTGRES_MB_MAX);
    expect(Object.entries(peaks).filter(([name, megabytes]) => megabytes > limitOf(name))).toEqual([]);
  } finally {
    await removeEmbeddedData({ home, log: createLogger('silent') }).catch(() => {});
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Highest resident memory of the command and of every PostgreSQL process it started, by name; empty without /proc. */
function watchMemory(pid: number, pidFile: () => string): { stop(): Record<string, number> } {
  const peaks: Record<string, number> = {};
  const note = (each: number, name: string) => {
    try {
      const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${each}/status`, 'utf8'));
      const megabytes = Math.round(Number(found?.[1] ?? 0) / 1024);
      peaks[name] = Math.max(peaks[name] ?? 0, megabytes);
    } catch {
      // The process has ended meanwhile.
    }
  };
  const look = () => {
    note(pid, 'owabi');
    const server = readPid(pidFile());
    if (server === null) return;
    for (const each of listPids()) {
      if (each === server || parentOf(each) === server) note(each, `postgres ${each}`);
    }
  };
  const timer = setInterval(look, SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return peaks;
    },
  };
}

function readPid(path: string): number | null {
  try {
    return Number(readFileSync(realpathSync(path), 'utf8').split('\n')[0]);
  } catch {
    return null;
  }
}

function listPids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}
