// What is refused because the database does not have it, or has it otherwise: each by its code.
import { expect, it } from 'vitest';
import { ensureCampaign } from '../../src/campaign/ensure-campaign.ts';
import { assertRunning } from '../../src/campaign/find-campaign.ts';
import { closeCase } from '../../src/contacts/recheck-cases.ts';
import { getListVersion } from '../../src/intake/list/list-members.ts';
import { newRef } from '../../src/kernel/ids.ts';
import { computeClaim } from '../../src/ledger/compute-claim.ts';
import { migrate } from '../../src/platform/postgres/migrate.ts';
import { useApp } from '../support/app.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

const app = useApp();
const aDraft = () => ensureCampaign(app, { dir: '/tmp/refusals', file: aCampaignFile({ id: 'refusals' }) });

it('a campaign that does not run', async () => {
  const { id } = await aDraft();
  await expect(assertRunning(app.pool, id)).rejects.toMatchObject({ code: 'CAMPAIGN_NOT_RUNNING' });
});

it('a case, a list version and a policy that are not there', async () => {
  const campaign = await aDraft();
  const close = closeCase(app, { campaign, caseId: newRef(), outcome: 'told', by: '担当 一郎' });
  await expect(close).rejects.toMatchObject({ code: 'CASE_MISSING' });
  await expect(getListVersion(app.pool, campaign.id, 9)).rejects.toMatchObject({ code: 'LIST_VERSION_MISSING' });
  await expect(computeClaim(app, { campaign: campaign.id })).rejects.toMatchObject({ code: 'POLICY_MISSING' });
});

it('a schema file that was changed after it had been applied', async () => {
  await app.pool.query(
    `update platform.migration set sha256 = repeat('0', 64) where name = (select min(name) from platform.migration)`,
  );
  await expect(migrate(app.pool)).rejects.toMatchObject({ code: 'MIGRATION_CHANGED' });
});
