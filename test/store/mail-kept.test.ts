// What a living worker owes the tables when the database fails it for a moment: no chunk and no intention may stay behind.
import { afterEach, describe, expect, test } from 'vitest';
import { openMailer } from '../../src/delivery/mail/open-mailer.ts';
import { listDueChunks } from '../../src/delivery/mail/plan-chunks.ts';
import { sendChunk } from '../../src/delivery/mail/send-chunk.ts';
import { openKeyStore } from '../../src/platform/crypto/keys.ts';
import type { Pool } from '../../src/platform/postgres/db.ts';
import { useDatabase } from '../support/database.ts';
import { mailingCounts, plainPlan, seedMailing } from '../support/smtp-campaign.ts';
import { startRawSmtpServer } from '../support/smtp-raw-server.ts';

const database = useDatabase();
const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

/** `after`: the fault waits until this statement was seen. */
type Fault = { readonly on: RegExp; times: number; readonly isAfter?: boolean; readonly after?: RegExp };

/** The pool with a connection that breaks on certain statements, before they run or after, with the answer lost. */
function faultyPool(faults: Fault[]): Pool {
  const seen: string[] = [];
  const failing = (target: { query: (...args: never[]) => unknown }) =>
    new Proxy(target, {
      get: (thing, name) => {
        const value = Reflect.get(thing, name);
        if (typeof value !== 'function') return value;
        if (name === 'connect') return async () => failing(await value.call(thing));
        if (name !== 'query') return value.bind(thing);
        return async (...args: [string | { text: string }]) => {
          const text = typeof args[0] === 'string' ? args[0] : args[0].text;
          seen.push(text);
          const isDue = ({ after }: Fault) => after === undefined || seen.some((each) => after.test(each));
          const fault = faults.find((each) => each.times > 0 && each.on.test(text) && isDue(each));
          if (fault) fault.times -= 1;
          if (fault && !fault.isAfter) throw new Error('connection lost');
          const answer = await value.apply(thing, args);
          if (fault) throw new Error('answer lost');
          return answer;
        };
      },
    });
  return failing(database.pool as never) as unknown as Pool;
}

async function scene(faults: Fault[], keepTryingMs = 30_000) {
  const campaign = await seedMailing(database.pool, 4);
  const server = await startRawSmtpServer({});
  const mailer = openMailer({ databaseUrl: database.url, smtp: { url: server.url }, connections: 2 });
  open.push(mailer, server);
  const deps = {
    pool: faultyPool(faults),
    keys: openKeyStore(campaign.keysDir),
    clock: () => new Date(),
    mailer,
    openPlan: async () => plainPlan(campaign.planId),
    keepTryingMs,
  };
  const send = async () => {
    for (const chunk of await listDueChunks(database.pool, campaign.campaignId, new Date()))
      await sendChunk(deps, { ...campaign, chunkId: chunk.id, epoch: chunk.epoch });
  };
  return { campaign, server, mailer, send };
}

const release = /owner_id = null, epoch/;
const claim = /^update delivery.chunk c set owner_id = \$1/;

describe('A worker that lives', () => {
  test('gives its chunk back although the database fails it meanwhile', async () => {
    const { campaign, send, server } = await scene([
      { on: /from delivery.assignment\s+where chunk_id/, times: 1 },
      { on: release, times: 3 },
    ]);
    await expect(send()).rejects.toThrow('connection lost');
    await send();
    expect(await mailingCounts(database.pool, campaign.campaignId)).toMatchObject({ states: { accepted: 4 } });
    expect(server.messages).toHaveLength(4);
  });

  test('does not keep a chunk whose claim was written and not answered', async () => {
    const { campaign, send } = await scene([{ on: claim, times: 1, isAfter: true }]);
    await expect(send()).rejects.toThrow('answer lost');
    await send();
    expect(await mailingCounts(database.pool, campaign.campaignId)).toMatchObject({ states: { accepted: 4 } });
  });

  test('ends its session when it cannot give the chunk back, so that the chunk is anybody’s', async () => {
    const { campaign, mailer, send } = await scene(
      [
        { on: /from delivery.assignment\s+where chunk_id/, times: 1 },
        { on: release, times: 3 },
      ],
      50,
    );
    const first = await mailer.session();
    await expect(send()).rejects.toMatchObject({ code: 'DATABASE_DOWN' });
    expect(first.isAlive()).toBe(false);
    await expect.poll(() => listDueChunks(database.pool, campaign.campaignId, new Date())).toHaveLength(1);
    await send();
    expect(await mailingCounts(database.pool, campaign.campaignId)).toMatchObject({ states: { accepted: 4 } });
  });

  test('withdraws an intention whose commit was not answered, and sends it the next time', async () => {
    const { campaign, server, send } = await scene([
      { on: /^commit$/, times: 1, isAfter: true, after: /with taken as/ },
      { on: /where return_token = any/, times: 2 },
    ]);
    await expect(send()).rejects.toThrow('answer lost');
    await send();
    expect(await mailingCounts(database.pool, campaign.campaignId)).toMatchObject({ states: { accepted: 4 } });
    expect(server.messages).toHaveLength(4);
  });
});
