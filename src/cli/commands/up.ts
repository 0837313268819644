/** `owabi up`, `work`, `serve`: the long-running processes. Ctrl-C drains: what is begun ends, nothing new begins. */

import { once } from 'node:events';
import { openDesk } from '../../desk/run-operation.ts';
import { type Running, runWorkers } from '../../desk/run-workers.ts';
import { startServer } from '../../http/server.ts';
import { AppError } from '../../kernel/errors.ts';
import type { App } from '../../platform/app.ts';
import type { AppRun, CommandContext } from '../command.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

async function untilSignal(): Promise<void> {
  await Promise.race(SIGNALS.map((signal) => once(process, signal)));
}

async function beginWork(app: App, { tell, say }: CommandContext, only: readonly string[]): Promise<Running> {
  if (app.config.smtpUrl === null) tell(say('cli.up.noSmtp'));
  return await runWorkers(app, { queues: only });
}

async function beginServing(app: App, { tell, say }: CommandContext, port: number): Promise<Running> {
  const server = await startServer(app, {
    port,
    desk: openDesk(app, { door: 'http', role: 'viewer' }),
  });
  tell(say('cli.up.address', { url: server.url, tokenFile: server.tokenFile }));
  return server;
}

/** Starts the parts in order and runs until a signal. What was started is closed again also when a later part cannot start. */
async function runUntilSignal(context: CommandContext, begins: readonly (() => Promise<Running>)[]) {
  // Heard from the beginning: a signal that comes while parts are starting ends them in order too.
  const signal = untilSignal();
  const parts: Running[] = [];
  try {
    for (const begin of begins) parts.push(await begin());
    context.tell(context.say('cli.up.ready'));
    await signal;
    context.tell(context.say('cli.up.draining'));
  } finally {
    for (const part of parts.toReversed()) await part.close();
  }
  return { json: { stopped: true }, text: context.say('cli.up.stopped') };
}

const PORT_MAX = 65_535;

function portOf({ options, config }: CommandContext): number {
  if (typeof options.port !== 'string') return config.port;
  const port = Number(options.port);
  if (Number.isInteger(port) && port >= 0 && port <= PORT_MAX) return port;
  throw new AppError('USAGE_WRONG.number', { text: `--port ${options.port}`, from: 0, to: PORT_MAX });
}

export const runUp: AppRun = async (context) => {
  const port = portOf(context);
  return await runUntilSignal(context, [
    () => beginServing(context.app, context, port),
    () => beginWork(context.app, context, []),
  ]);
};

export const runWork: AppRun = async (context) => {
  const only = context.args.filter((name): name is string => name !== undefined);
  return await runUntilSignal(context, [() => beginWork(context.app, context, only)]);
};

export const runServe: AppRun = async (context) => {
  const port = portOf(context);
  return await runUntilSignal(context, [() => beginServing(context.app, context, port)]);
};
