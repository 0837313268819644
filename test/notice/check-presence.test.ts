// That a notice says what it must: the items of 施行規則 10条 1, 2, 4, 5 and 9 号 in a first notice, less of them in a later one, and
// for every reader. Each fault with its line and path.
import { describe, expect, it } from 'vitest';
import type { CampaignFile } from '../../src/campaign/folder/campaign-file.ts';
import { checkNotice } from '../../src/notice/check-notice.ts';
import { sampleCampaign, shippedSource } from './sample-notice.ts';

type Change = (campaign: CampaignFile) => void;
type Edit = (text: string) => string;
const same: Edit = (text) => text;

/** `line path` of each fault. */
function found(edit: Edit, change: Change = () => {}, variant = 'adult'): string[] {
  const source = shippedSource(variant);
  return checkNotice({ ...source, text: edit(source.text) }, sampleCampaign(change)).map(
    ({ line, path }) => `${line} ${path}`,
  );
}
const lineOf = (part: string, variant = 'adult') => {
  const { text } = shippedSource(variant);
  return text.slice(0, text.indexOf(part)).split('\n').length;
};
const unmark = (mark: string) => (text: string) => text.replace(` {#${mark}}`, '');
const put = (line: string) => (text: string) => text.replace('\n## 原因', `\n${line}\n\n## 原因`);
const putAt = 40;
const only =
  (channel: string): Change =>
  (campaign) => {
    campaign.waves = campaign.waves.filter((wave) => wave.channel === channel && !wave.purpose?.startsWith('supp'));
  };

describe('a first notice', () => {
  it.each(['legal-1', 'legal-2', 'legal-4', 'legal-5', 'legal-9', 'not-leaked', 'never-ask', 'verify'])(
    'has its part %s',
    (mark) => {
      expect(found(unmark(mark))).toEqual([`0 #${mark}`]);
    },
  );

  it('has it for every reader: not in letters only, not for minors only', () => {
    const within =
      (section: string): Edit =>
      (text) =>
        text.replace(/(## 原因[\s\S]*?)(?=\n## )/, `{{#${section}}}\n$1\n{{/${section}}}\n`);
    expect(found(within('letter'))).toEqual(['0 #legal-4']);
    expect(found(within('minor'))).toEqual(['0 #legal-4']);
    expect(found(within('letter'), only('letter'))).toEqual([]);
  });

  it('has no part without words, and says on which line it stands, in a section as well', () => {
    const emptied: Edit = (text) => text.replace('\n{{cause}}\n', '\n');
    expect(found(emptied)).toEqual([`${lineOf('## 原因')} #legal-4`]);
    const sectioned: Edit = (text) =>
      emptied(text).replace('## 原因 {#legal-4}\n', '{{#possible}}\n## 原因 {#legal-4}\n{{/possible}}\n');
    expect(found(sectioned)).toEqual([`${lineOf('## 原因') + 1} #legal-4`]);
  });

  it.each([
    ['legal-9', 'phone', '{{phone}}', '0120-000-000'],
    ['legal-9', 'hours', '{{hours}}', sampleCampaign().callCentre.hours],
    ['verify', 'url', '{{url}}', 'https://www.mihon-shoten.example/oshirase'],
  ])('has in its part %s the %s, as a field or typed out', (mark, _, field, value) => {
    expect(found((text) => text.replaceAll(field, '掲載'))).toEqual([`${lineOf(`{#${mark}}`)} #${mark}`]);
    expect(found((text) => text.replaceAll(field, value))).toEqual([]);
  });

  it('lists a person’s own items, and names an item nowhere else', () => {
    const items = /\{\{#items\}\}[\s\S]*?\{\{\/items\}\}/;
    expect(found((text) => text.replace(items, '- 氏名'))).toEqual([`${lineOf('{#legal-2}')} #legal-2`]);
    expect(found(put('{{item}}'))).toEqual([`${putAt} item`]);
  });

  it('has a title, and in an e-mail the company, the number and the name that a letter has in its head', () => {
    expect(found((text) => text.replace(/\n# .*\n/, '\n'))).toEqual(['0 title', '0 title']);
    const bare: Edit = (text) => text.replaceAll('{{number}}', '番号').replace('\n{{addressee}}\n', '\n');
    expect(found(bare).sort()).toEqual(['0 addressee', '0 number']);
    expect(found(bare, only('letter'))).toEqual([]);
    expect(found((text) => text.replaceAll('{{asOf}}現在', '現時点'), only('letter'))).toContain('0 asOf');
  });

  it('says in an e-mail why it comes to whoever wants no newsletters', () => {
    const silent: Edit = (text) => text.replace('メールマガジンなどの配信を停止されている方', '皆様');
    expect(found(silent)).toEqual(['0 email']);
    expect(found(silent, only('letter'))).toEqual([]);
  });

  it('tells the guardian, where minors read it', () => {
    const silent: Edit = (text) => text.replace(/\{\{#minor\}\}[\s\S]*?\{\{\/minor\}\}/, '');
    expect(new Set(found(silent))).toEqual(new Set(['0 minor']));
    expect(found((text) => put('{{#minor}}\n親権者の方へ\n{{/minor}}')(silent(text)))).toEqual([]);
  });
});

describe('a value that is empty', () => {
  const noAddress: Change = ({ callCentre }) => void delete callCentre.email;
  it('is found where somebody reads it', () => {
    expect(found(put('{{centreEmail}}'), noAddress)).toEqual([`${putAt} centreEmail`]);
    expect(found(put('{{#confirmed}}\n{{centreEmail}}\n{{/confirmed}}'), noAddress)).toEqual([]);
  });
});

describe('a gift', () => {
  it('is named to no one who gets none', () => {
    expect(found(put('{{gift}}をお届けします。'))).toEqual([`${putAt} gift`]);
    expect(found(put('{{giftYen}}円'))).toEqual([`${putAt} gift`]);
    expect(found(put('{{#gift}}\n{{gift}}\n{{/gift}}'))).toEqual([]);
  });

  it('is explained to those who get it, with its three conditions', () => {
    const part = lineOf('## お詫びの品');
    expect(found((text) => text.replace(/\{\{#gift\}\}[\s\S]*?\{\{\/gift\}\}/, ''))).toEqual(['0 #gift']);
    for (const [sentence, term] of [
      [/お受け取りになることで[^。]*。/, 'waives'],
      [/費用のご負担[^。]*。/, 'costs'],
      [/ご不要の場合[^。]*。/, 'declined'],
    ] as const)
      expect(found((text) => text.replace(sentence, ''))).toEqual([`${part} #gift.${term}`]);
  });

  it('needs no words where none is given', () => {
    expect(found((text) => text.replace(/\{\{#gift\}\}[\s\S]*?\{\{\/gift\}\}/, ''), only('email'))).toEqual([]);
  });
});

describe('a later notice', () => {
  const later: Edit = (text) => text.replace('supersedes: initial\n', '');
  it.each(['legal-1', 'legal-5', 'legal-9', 'never-ask', 'verify'])('a supplement has its part %s', (mark) => {
    expect(found(unmark(mark), undefined, 'supplement')).toEqual([`0 #${mark}`]);
  });

  it('says which one it continues, and a first one continues none', () => {
    expect(found(later, undefined, 'supplement')).toEqual(['2 supersedes']);
    expect(found((text) => text.replace('asOf:', 'supersedes: initial\nasOf:'))).toEqual(['4 supersedes']);
    expect(found(same, undefined, 'supplement')).toEqual([]);
  });

  it.each([
    ['correction', ['legal-1', 'legal-2', 'legal-9', 'never-ask', 'verify']],
    ['retraction', ['legal-1', 'legal-9', 'verify']],
    ['resend', ['legal-1', 'legal-2', 'legal-4', 'legal-5', 'legal-9', 'not-leaked', 'never-ask', 'verify']],
  ])('a %s has its parts', (purpose, marks) => {
    const all = ['legal-1', 'legal-2', 'legal-4', 'legal-5', 'legal-9', 'not-leaked', 'never-ask', 'verify'];
    const bare: Edit = (text) =>
      all
        .reduce((left, mark) => unmark(mark)(left), text)
        .replace('purpose: initial', `purpose: ${purpose}\nsupersedes: initial`);
    const unused: Change = (campaign) => {
      campaign.waves = campaign.waves.filter(({ channel }) => channel === 'gift');
    };
    expect(found(bare, unused).filter((fault) => fault.startsWith('0 #'))).toEqual(marks.map((mark) => `0 #${mark}`));
  });

  it('has the purpose of each wave that sends it; a wave that sends again may send any', () => {
    const correction: Edit = (text) => text.replace('purpose: initial', 'purpose: correction\nsupersedes: initial');
    expect(found(correction)).toEqual(['2 purpose', '2 purpose']);
    const again: Change = (campaign) => {
      for (const wave of campaign.waves) if (wave.channel !== 'gift') wave.purpose = 'resend';
    };
    expect(found(correction, again)).toEqual([]);
    expect(found(same, again)).toEqual([]);
  });
});
