// Fifty kills and stops of real worker processes while thousands of mails go out, with a relay that also drops and defers.
import { expect, test } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { runKills } from '../support/smtp-kill-run.ts';

const database = useDatabase();

test('Fifty kills and stops leave nobody out and tell nobody twice', { timeout: 600_000 }, async () => {
  const run = { people: 6_000, kills: 50, mailsPerMinute: 12_000, everyMs: 900 };
  const { uncertain, unproven } = await runKills(database, run);
  expect(unproven).toBeLessThanOrEqual(uncertain);
});
