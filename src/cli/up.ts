/** `owabi up`, `work`, `serve`: the long-running processes. Ctrl-C drains: what is begun ends, nothing new begins. */

import { once } from 'node:events';
import { join } from 'node:path';
import { listCampaigns } from '../campaign/find-campaign.ts';
import { closeMailer, startMailer } from '../delivery/mail/send-mails.ts';
import { campaignStatus } from '../desk/campaign-status.ts';
import { startSweeping } from '../desk/start-sweeping.ts';
import { startServer } from '../http/server.ts';
import type { App } from '../platform/app.ts';
import { packageRoot } from '../platform/package-root.ts';
import { startWorkers } from '../platform/start-workers.ts';
import type { CliCommand, CommandContext } from './command.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

async function untilSignal(): Promise<void> {
  await Promise.race(SIGNALS.map((signal) => once(process, signal)));
}

type Running = { close(): Promise<void> };

async function beginWork(app: App, { tell, say }: CommandContext, only: readonly string[]): Promise<Running> {
  if (app.config.smtpUrl === null) tell(say('cli.up.noSmtp'));
  else await startMailer(app);
  const workers = await startWorkers({
    app,
    dir: join(packageRoot, 'dist', 'workers'),
    queues: only,
  });
  const sweeping = startSweeping(app);
  return {
    close: async () => {
      await sweeping.close();
      await workers.close();
      await closeMailer(app);
    },
  };
}

async function beginServing(app: App, { tell, say }: CommandContext, port: number): Promise<Running> {
  const server = await startServer(app, {
    port,
    campaigns: () => listCampaigns(app.pool),
    status: (campaignId) => campaignStatus(app, campaignId),
  });
  tell(say('cli.up.address', { url: server.url, tokenFile: server.tokenFile }));
  return server;
}

async function runUntilSignal(context: CommandContext, parts: readonly Running[]) {
  context.tell(context.say('cli.up.ready'));
  await untilSignal();
  context.tell(context.say('cli.up.draining'));
  for (const part of parts.toReversed()) await part.close();
  return { json: { stopped: true }, text: context.say('cli.up.stopped') };
}

function portOf({ options, config }: CommandContext): number {
  return typeof options.port === 'string' ? Number(options.port) : config.port;
}

export const upCommand: CliCommand = {
  name: 'up',
  args: '',
  summary: 'cli.up.summary',
  options: [['--port <port>', 'cli.up.port']],
  needs: 'app',
  run: async (context) => {
    const parts = [
      await beginWork(context.app, context, []),
      await beginServing(context.app, context, portOf(context)),
    ];
    return await runUntilSignal(context, parts);
  },
};

export const workCommand: CliCommand = {
  name: 'work',
  args: '[queue...]',
  summary: 'cli.work.summary',
  needs: 'app',
  run: async (context) => {
    const only = context.args.filter((name): name is string => name !== undefined);
    return await runUntilSignal(context, [await beginWork(context.app, context, only)]);
  },
};

export const serveCommand: CliCommand = {
  name: 'serve',
  args: '',
  summary: 'cli.serve.summary',
  options: [['--port <port>', 'cli.up.port']],
  needs: 'app',
  run: async (context) => await runUntilSignal(context, [await beginServing(context.app, context, portOf(context))]),
};
