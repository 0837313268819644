/**
 * The embedded PostgreSQL: kept, shared, stopped by the last, recovered after kill -9 of anybody, closed to everyone else.
 * Other processes run the built program, so build before.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/platform/log.ts';
import { packageRoot } from '../../src/platform/package-root.ts';
import {
  type EmbeddedServer,
  removeEmbeddedData,
  startEmbeddedServer,
} from '../../src/platform/postgres/embedded-server.ts';

const log = createLogger('silent');
const isRoot = process.getuid?.() === 0;
let home = '';
const servers: EmbeddedServer[] = [];
const children: ChildProcess[] = [];

beforeAll(() => {
  home = makeHome();
});

afterEach(async () => {
  for (const child of children.splice(0)) await end(child);
  for (const server of servers.splice(0)) await server.release();
});

afterAll(() => removeHome());

/** 0700: no other user can enter it, as with a checkout in somebody's private folder. */
function makeHome(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'owabi-home-')));
}

async function removeHome(): Promise<void> {
  await removeEmbeddedData({ home, log });
  rmSync(home, { recursive: true, force: true });
}

/** For tests about the first start, or that ruin their home; the others share one, because `initdb` takes a second. */
async function inFreshHome(work: () => Promise<void>): Promise<void> {
  const shared = home;
  home = makeHome();
  try {
    await work();
  } finally {
    for (const server of servers.splice(0)) await server.release();
    await removeHome();
    home = shared;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

async function start(): Promise<EmbeddedServer> {
  const server = await startEmbeddedServer({ home, log, fast: true });
  servers.push(server);
  return server;
}

/** Another process that uses the server until it is told to release it, or killed. Resolves when it is ready. */
async function startOther(options: { detached?: boolean } = {}): Promise<ChildProcess & { release(): Promise<void> }> {
  const built = (path: string) => JSON.stringify(join(packageRoot, 'dist', 'src', 'platform', path));
  const program = `
    import { startEmbeddedServer } from ${built('postgres/embedded-server.js')};
    import { createLogger } from ${built('log.js')};
    process.on('SIGINT', () => {});
    const server = await startEmbeddedServer({ home: ${JSON.stringify(home)}, log: createLogger('silent'), fast: true });
    process.stdout.write('ready');
    process.stdin.once('data', async () => { await server.release(); process.exit(0); });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: packageRoot,
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: options.detached ?? false,
  });
  children.push(child);
  await new Promise((resolve, reject) => {
    child.stdout?.once('data', resolve);
    child.once('exit', () => reject(new Error('the other process ended before it was ready')));
  });
  const release = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin?.write('release\n');
    await ended;
  };
  return Object.assign(child, { release });
}

async function query(server: EmbeddedServer, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const root = () => realpathSync(join(home, 'database'));
const pidFile = () => join(root(), 'postgres-18', 'postmaster.pid');
const serverPid = () => Number.parseInt(readFileSync(pidFile(), 'utf8'), 10);

describe('one user', () => {
  it('finds its data again after the server was stopped', async () => {
    const first = await start();
    await query(first, 'create table kept (x int)');
    await first.release();
    expect(existsSync(pidFile())).toBe(false);
    const second = await start();
    expect(await query(second, 'select count(*)::int as n from kept')).toEqual([{ n: 0 }]);
    expect(second.url).toBe(first.url);
  });

  it('uses a Unix socket that only the owner can enter, and no TCP port', async () => {
    const server = await start();
    const socket = new URL(server.url).searchParams.get('host') ?? '';
    expect(statSync(socket).mode & 0o777).toBe(0o700);
    expect(Buffer.byteLength(join(socket, '.s.PGSQL.5432'))).toBeLessThan(107);
    expect(await query(server, 'show listen_addresses')).toEqual([{ listen_addresses: '' }]);
    expect(statSync(root()).mode & 0o777).toBe(0o700);
  });

  it('finds a short socket folder for a home whose path is too long for one', async () => {
    await inFreshHome(async () => {
      const outer = home;
      home = join(outer, 'お詫び'.repeat(10), 'long '.repeat(20));
      const server = await start();
      expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
      const socket = new URL(server.url).searchParams.get('host') ?? '';
      expect(Buffer.byteLength(socket)).toBeLessThan(90);
      await server.release();
      await removeEmbeddedData({ home, log });
      home = outer;
    });
  });

  it('keeps values out of the server log, also those of a failing statement', async () => {
    const server = await start();
    await query(server, "create table person (email text unique); insert into person values ('taro@example.jp')");
    await expect(query(server, "insert into person values ('taro@example.jp')")).rejects.toThrow();
    await expect(query(server, "select 'hanako@example.jp'::int")).rejects.toThrow();
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await expect(client.query('select $1::int', ['jiro@example.jp'])).rejects.toThrow();
    await client.end();
    expect(readFileSync(join(root(), 'server.log'), 'utf8')).not.toContain('example.jp');
  });

  it('refuses the data of another major version, and says what to do', async () => {
    const server = await start();
    await server.release();
    renameSync(join(root(), 'postgres-18'), join(root(), 'postgres-17'));
    await expect(start()).rejects.toMatchObject({ code: 'DATABASE_MAJOR' });
    renameSync(join(root(), 'postgres-17'), join(root(), 'postgres-18'));
  });
});

describe('several processes', () => {
  it('share one server, which the last of them stops', async () => {
    const mine = await start();
    const other = await startOther();
    const pid = serverPid();
    await mine.release();
    expect(serverPid()).toBe(pid);
    await other.release();
    expect(existsSync(pidFile())).toBe(false);
  });

  it('start it at the same moment: one makes it, the others connect', async () => {
    await inFreshHome(async () => {
      const [mine, ...others] = await Promise.all([start(), startOther(), startOther()]);
      expect(await query(mine, 'select 1 as one')).toEqual([{ one: 1 }]);
      await Promise.all([mine.release(), ...others.map((other) => other.release())]);
      expect(existsSync(pidFile())).toBe(false);
    });
  });

  it('come and go without ever meeting a stopping server', async () => {
    const comeAndGo = async () => {
      for (let round = 0; round < 5; round += 1) {
        const server = await startEmbeddedServer({ home, log, fast: true });
        expect(await query(server, 'select 1 as one')).toEqual([{ one: 1 }]);
        await server.release();
      }
    };
    await Promise.all([comeAndGo(), comeAndGo(), comeAndGo()]);
    expect(existsSync(pidFile())).toBe(false);
  });

  it('are not counted once they were killed with kill -9', async () => {
    const other = await startOther();
    const mine = await start();
    await end(other);
    await sleep(100);
    await mine.release();
    expect(existsSync(pidFile())).toBe(false);
  });

  it('find the server that a killed last user left running', async () => {
    const other = await startOther();
    await end(other);
    const mine = await start();
    expect(await query(mine, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('a server that dies', () => {
  it('is started again while it is in use, with everything that was committed', async () => {
    const mine = await start();
    const other = await startOther();
    await query(mine, 'create table committed (x int)');
    const pid = serverPid();
    process.kill(pid, 'SIGKILL');
    const again = await until(() => query(mine, 'select count(*)::int as n from committed'));
    expect(again).toEqual([{ n: 0 }]);
    expect(serverPid()).not.toBe(pid);
    await until(async () => {
      const [found] = await query(
        mine,
        "select count(*)::int as n from pg_stat_activity where application_name = 'owabi user'",
      );
      if (found?.n !== 2) throw new Error('not yet joined again');
      return found;
    });
    await mine.release();
    expect(existsSync(pidFile())).toBe(true);
    await other.release();
    expect(existsSync(pidFile())).toBe(false);
  });

  it('is started although its pid now belongs to another program', async () => {
    const first = await start();
    await first.release();
    // A program of the server's own user: PostgreSQL itself would refuse for ever.
    const { uid, gid } = statSync(root());
    const bystander = spawn('sleep', ['60'], { stdio: 'ignore', ...(isRoot ? { uid, gid } : {}) });
    children.push(bystander);
    writeFileSync(pidFile(), `${bystander.pid}\n${join(root(), 'postgres-18')}\n1\n5432\n/nowhere\n\n`);
    const second = await start();
    expect(await query(second, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('does not die of Ctrl-C at the terminal', async () => {
    const other = await startOther({ detached: true });
    const pid = serverPid();
    process.kill(-(other.pid ?? 0), 'SIGINT');
    await sleep(300);
    const mine = await start();
    expect(await query(mine, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(serverPid()).toBe(pid);
    await other.release();
  });
});

describe('as root', () => {
  it.runIf(isRoot)('runs as an ordinary user, outside a home that this user cannot enter', async () => {
    await start();
    expect(root()).toMatch(/^\/var\/lib\/owabi\//);
    const uid = Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${serverPid()}/status`, 'utf8'))?.[1]);
    expect(uid).not.toBe(0);
    expect(() => execFileSync('ls', [home], { uid, stdio: 'ignore' })).toThrow();
  });

  it.runIf(isRoot)('refuses to run the server as a user who can read the keys', async () => {
    const keysDir = join(home, 'keys');
    mkdirSync(keysDir, { mode: 0o700 });
    chmodSync(home, 0o711);
    await (await startEmbeddedServer({ home, log, fast: true, keysDir })).release();
    chmodSync(keysDir, 0o755);
    await expect(startEmbeddedServer({ home, log, fast: true, keysDir })).rejects.toMatchObject({
      code: 'DATABASE_UNUSABLE',
    });
  });

  it.runIf(isRoot)('gives a home that was deleted and made anew an empty database', async () => {
    await inFreshHome(async () => {
      const first = await start();
      await query(first, 'create table old (x int)');
      await first.release();
      const old = root();
      rmSync(home, { recursive: true });
      mkdirSync(home, { mode: 0o700 });
      const second = await start();
      await expect(query(second, 'select * from old')).rejects.toThrow();
      await second.release();
      await removeEmbeddedData({ home, log });
      expect(existsSync(old)).toBe(false);
    });
  });
});

async function until<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(50);
    }
  }
}
