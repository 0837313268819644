// Redis is away: what only reads the tables answers as ever, states change as ever, and a worker says that its queues are down.
import { expect, it } from 'vitest';
import { jobs } from '../../src/jobs.ts';
import { openApp } from '../../src/platform/app.ts';
import { useApp } from '../support/app.ts';
import { launchedCampaign, rosterRow } from '../support/launched-campaign.ts';
import { callCli, runCli } from '../support/run-cli.ts';

const app = useApp();

it('needs no queue to look at a campaign, to pause or to launch one', async () => {
  const config = { ...app.config, databaseUrl: app.databaseUrl, redisUrl: 'redis://127.0.0.1:1' };
  const away = await openApp(config, { jobs, log: app.log });
  const { campaign } = await launchedCampaign(away, [rosterRow(1)]);
  const { rows } = await away.pool.query<{ ref: string }>('select ref::text from intake.record');
  await away.close();
  const env = {
    OWABI_HOME: app.config.home,
    OWABI_KEYS: app.config.keysDir,
    OWABI_EXPORT: app.config.exportDir,
    DATABASE_URL: app.databaseUrl,
    REDIS_URL: 'redis://127.0.0.1:1',
  };
  const codes: Record<string, number | null> = {};
  for (const words of [
    ['status', campaign.slug],
    ['reconcile', campaign.slug],
    ['figures', campaign.slug],
    ['story', campaign.slug, rows[0]?.ref ?? ''],
    ['pause', campaign.slug],
    ['resume', campaign.slug],
    ['backup', `${app.config.home}/backup.zip`],
  ]) {
    codes[words[0] ?? ''] = (await callCli([...words, '--json'], { env })).code;
  }
  expect(codes).toEqual({ status: 0, reconcile: 0, figures: 0, story: 0, pause: 0, resume: 0, backup: 0 });
  const worker = await runCli(['work', '--json'], { env });
  expect([worker.code, worker.json().error.code]).toEqual([3, 'QUEUE_DOWN']);
});
