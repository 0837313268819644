import { describe, expect, it } from 'vitest';
import { isNoticeNumber, newRef } from '../../src/kernel/ids.ts';
import { issueNotices } from '../../src/notice/issue-notices.ts';
import { findNotice, insertNotices, listNotices, type NewNotice } from '../../src/notice/store.ts';
import { sql, transaction } from '../../src/platform/postgres/db.ts';
import { useDatabase } from '../support/database.ts';

const database = useDatabase();

function wave(
  count: number,
  change: { campaignId?: string; waveId?: string; purpose?: 'initial' | 'supplement'; refs?: string[] } = {},
) {
  const refs = change.refs ?? Array.from({ length: count }, () => newRef());
  return {
    campaign: { id: change.campaignId ?? newRef(), listVersion: 1 },
    planId: newRef(),
    waveId: change.waveId ?? 'email-1',
    purpose: change.purpose ?? ('initial' as const),
    people: refs.map((ref) => ({ ref, variant: 'adult' })),
  };
}

const issue = (input: ReturnType<typeof wave>) => transaction(database.pool, (tx) => issueNotices(tx, input));

describe('issuing notices', () => {
  it('gives every person of a wave one valid number of their own, in the order asked', async () => {
    const input = wave(12_000);
    const issued = await issue(input);
    expect(issued.map((notice) => notice.ref)).toEqual(input.people.map((person) => person.ref));
    expect(new Set(issued.map((notice) => notice.number)).size).toBe(12_000);
    expect(issued.every((notice) => isNoticeNumber(notice.number))).toBe(true);
  });

  it('gives back the same numbers when a wave is prepared again', async () => {
    const input = wave(20);
    const first = await issue(input);
    const more = { ...input, people: [...input.people, { ref: newRef(), variant: 'adult' }] };
    const again = await issue(more);
    expect(again.slice(0, 20)).toEqual(first);
    expect(again).toHaveLength(21);
  });

  it('leaves no notice behind when the transaction fails', async () => {
    const input = wave(3);
    const failing = transaction(database.pool, async (tx) => {
      await issueNotices(tx, input);
      throw new Error('crash');
    });
    await expect(failing).rejects.toThrow('crash');
    const left = sql`select 1 from notice.notice where campaign_id = ${input.campaign.id}`;
    expect((await database.pool.query(left)).rows).toEqual([]);
  });

  it('issues one notice to a person whom two transactions prepare at once', async () => {
    const input = wave(200);
    const [one, two] = await Promise.all([issue(input), issue(input)]);
    expect(one).toEqual(two);
  });

  it('leaves out a number that is taken, so that another round finds a free one', async () => {
    const campaignId = newRef();
    const [taken] = await issue(wave(1, { campaignId }));
    const fresh: NewNotice = {
      id: newRef(),
      campaignId,
      waveId: 'email-1',
      personRef: newRef(),
      purpose: 'initial',
      variant: 'adult',
      language: 'ja',
      number: taken?.number ?? '',
      listVersion: 1,
      planId: newRef(),
    };
    expect(await transaction(database.pool, (tx) => insertNotices(tx, [fresh]))).toBe(0);
  });

  it('refuses a list that is not frozen', async () => {
    const input = wave(1);
    const unfrozen = { ...input, campaign: { ...input.campaign, listVersion: null } };
    await expect(transaction(database.pool, (tx) => issueNotices(tx, unfrozen))).rejects.toMatchObject({
      code: 'LIST_NOT_FROZEN',
    });
  });

  it('links a supplement to the notice that it supersedes', async () => {
    const input = wave(2);
    const [first] = await issue(input);
    const refs = input.people.map((person) => person.ref);
    const [supplement] = await issue(
      wave(0, { campaignId: input.campaign.id, waveId: 'more-1', purpose: 'supplement', refs }),
    );
    const story = await listNotices(database.pool, input.campaign.id, refs[0] ?? '');
    expect(story.map((notice) => [notice.purpose, notice.supersedesId])).toEqual([
      ['initial', null],
      ['supplement', first?.noticeId],
    ]);
    expect(story[1]?.id).toBe(supplement?.noticeId);
  });

  it('finds a notice by its number however a caller reads it out, within its campaign only', async () => {
    const input = wave(1);
    const [issued] = await issue(input);
    const number = issued?.number ?? '';
    for (const spoken of [number, `${number.slice(0, 4)}-${number.slice(4, 8)}-${number.slice(8)}`, ` ${number} `]) {
      expect(await findNotice(database.pool, input.campaign.id, spoken)).toMatchObject({ id: issued?.noticeId });
    }
    expect(await findNotice(database.pool, newRef(), number)).toBeNull();
  });

  it('never rewrites a notice that was issued', async () => {
    const input = wave(1);
    await issue(input);
    const rewrite = sql`update notice.notice set variant = 'card' where campaign_id = ${input.campaign.id}`;
    await expect(database.pool.query(rewrite)).rejects.toThrow();
    await expect(database.pool.query(sql`delete from notice.notice`)).rejects.toThrow();
  });
});
