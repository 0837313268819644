// The short form of test/long/mail-kills.test.ts: a few kills, so that every run of the suite meets them.
import { expect, test } from 'vitest';
import { useDatabase } from '../support/database.ts';
import { runKills } from '../support/smtp-kill-run.ts';

const database = useDatabase();

test('Workers killed and stopped a few times leave nobody out and tell nobody twice', { timeout: 60_000 }, async () => {
  const { uncertain, unproven } = await runKills(database, {
    people: 400,
    kills: 5,
    mailsPerMinute: 12_000,
    everyMs: 500,
  });
  expect(unproven).toBeLessThanOrEqual(uncertain);
});
