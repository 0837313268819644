// A campaign of letters needs no mail relay: a worker without one is a worker, and status says so.
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { campaignStatus } from '../../src/desk/overview/campaign-status.ts';
import { useApp } from '../support/app.ts';
import { launchedCampaign, rosterRow } from '../support/launched-campaign.ts';
import { startCli } from '../support/run-cli.ts';

const app = useApp();

it('is counted while it works without a relay, and not after its end', async () => {
  const { campaign } = await launchedCampaign(app, [rosterRow(1, { email: '' })]);
  const look = async () => {
    const { workers, decisions } = await campaignStatus(app, campaign.id);
    return { workers, isMissing: decisions.some(({ code }) => code === 'no_worker') };
  };
  expect(await look()).toEqual({ workers: 0, isMissing: true });
  const { home, keysDir, exportDir } = app.config;
  const folders = { OWABI_HOME: home, OWABI_KEYS: keysDir, OWABI_EXPORT: exportDir };
  const work = startCli(['work'], { env: { ...folders, DATABASE_URL: app.databaseUrl } });
  while ((await look()).workers === 0 && work.process.exitCode === null) await sleep(50);
  expect(await look()).toEqual({ workers: 1, isMissing: false });
  work.process.kill('SIGTERM');
  expect((await work.ended).code).toBe(0);
  expect(await look()).toEqual({ workers: 0, isMissing: true });
});
