// Drafts as texts by path: which belong to a campaign, when two are the same, and what one sees who goes from one to the other.
import { describe, expect, it } from 'vitest';
import { compareDrafts, hashDraft, isDraftPath } from '../../src/desk/drafts/draft.ts';

const draft = (texts: Record<string, string>) => new Map(Object.entries(texts));

describe('a document of a draft', () => {
  it.each(['campaign.yaml', 'policy.yaml', 'rates.yaml', 'notice/adult.ja.md', 'notice/card-2.en.md'])(
    '%s is one',
    (path) => {
      expect(isDraftPath(path)).toBe(true);
    },
  );
  it.each([
    'list.csv',
    'campaign.yaml.bak',
    'x/campaign.yaml',
    'campaignxyaml',
    'notice/adult.md',
    'notice/adult.jpn.md',
    'notice/../campaign.yaml',
    'notice/-adult.ja.md',
    'notice/Adult.ja.md',
    'notice/sub/adult.ja.md',
  ])('%s is none', (path) => {
    expect(isDraftPath(path)).toBe(false);
  });
});

describe('the hash of a draft', () => {
  it('is the same for the same documents in any order, and another for another text or path', () => {
    const hash = hashDraft(draft({ 'campaign.yaml': 'a', 'policy.yaml': 'b', 'rates.yaml': 'c' }));
    expect(hashDraft(draft({ 'rates.yaml': 'c', 'campaign.yaml': 'a', 'policy.yaml': 'b' }))).toBe(hash);
    expect(hashDraft(draft({ 'campaign.yaml': 'a', 'policy.yaml': 'b', 'rates.yaml': 'C' }))).not.toBe(hash);
    expect(hashDraft(draft({ 'campaign.yaml': 'b', 'policy.yaml': 'a', 'rates.yaml': 'c' }))).not.toBe(hash);
    expect(hashDraft(draft({ 'campaign.yaml': 'a', 'policy.yaml': 'b' }))).not.toBe(hash);
  });
});

describe('two drafts', () => {
  it('differ by what was added, removed and changed, by path; an empty text is not a missing one', () => {
    const before = draft({ 'rates.yaml': 'r', 'campaign.yaml': 'a', 'policy.yaml': 'p', 'notice/old.ja.md': '' });
    const after = draft({ 'rates.yaml': 'r', 'campaign.yaml': 'b', 'policy.yaml': '', 'notice/new.ja.md': '' });
    expect(compareDrafts(before, after)).toEqual([
      { path: 'campaign.yaml', change: 'changed' },
      { path: 'notice/new.ja.md', change: 'added' },
      { path: 'notice/old.ja.md', change: 'removed' },
      { path: 'policy.yaml', change: 'changed' },
    ]);
    expect(compareDrafts(before, before)).toEqual([]);
  });
});
