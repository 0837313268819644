// Builders for notice tests: the scaffold's own campaign and texts, with only what a test is about changed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CampaignFile, campaignFileSchema } from '../../src/campaign/folder/campaign-file.ts';
import { type NoticeContext, noticeContext } from '../../src/notice/notice-context.ts';
import type { NoticeLanguage, NoticePerson } from '../../src/notice/notice-person.ts';
import type { NoticeSource } from '../../src/notice/notice-source.ts';
import { type CompiledNotice, compileNotice } from '../../src/notice/read-notice.ts';
import { parseYaml } from '../../src/platform/formats/yaml.ts';
import { packageRoot } from '../../src/platform/package-root.ts';

export const shippedTexts: readonly (readonly [string, NoticeLanguage])[] = [
  ['adult', 'ja'],
  ['card', 'ja'],
  ['supplement', 'ja'],
  ['adult', 'en'],
];

export function sampleCampaign(change: (campaign: CampaignFile) => void = () => {}): CampaignFile {
  const text = readFileSync(join(packageRoot, 'templates/campaign/campaign.yaml'), 'utf8');
  const { value, problems } = parseYaml('campaign.yaml', text, campaignFileSchema);
  if (!value) throw new Error(JSON.stringify(problems));
  change(value);
  return value;
}

export function shippedSource(variant = 'adult', language: NoticeLanguage = 'ja'): NoticeSource {
  const text = readFileSync(join(packageRoot, 'templates/notice', variant, language, 'notice.md'), 'utf8');
  return { file: `notice/${variant}.${language}.md`, variant, language, text };
}

export function person(change: Partial<NoticePerson> = {}): NoticePerson {
  return {
    ref: '01900000-0000-7000-8000-000000000001',
    number: '1234-5678-9012',
    name: '髙橋 花子',
    honorific: '様',
    addressee: '髙橋 花子 様',
    guardian: '保護者',
    minor: false,
    gift: false,
    items: ['氏名', '住所'],
    ...change,
  };
}

export function prepare(
  source: NoticeSource,
  campaign = sampleCampaign(),
): { compiled: CompiledNotice; context: NoticeContext } {
  const compiled = compileNotice(source);
  return { compiled, context: noticeContext(compiled, campaign, { sentOn: '2026-11-20', gift: campaign.gifts[0] }) };
}
