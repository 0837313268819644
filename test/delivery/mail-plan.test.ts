// How fast mails go to a site: the campaign's own pace always, and the slower one of the site when the plan names it.
import { expect, it } from 'vitest';
import { shapingOf } from '../../src/delivery/mail/mail-plan.ts';
import { aCampaignFile } from '../support/campaign-file.ts';

const smtp = {
  ...aCampaignFile().smtp,
  messagesPerMinute: 600,
  connections: 8,
  sites: [
    { name: 'mobile', domains: ['docomo.ne.jp', 'au.com'], messagesPerMinute: 60, connections: 2 },
    { name: 'school', domains: ['example.ac.jp'], messagesPerMinute: 30, connections: 1 },
  ],
};
const whole = { site: '*', mailsPerMinute: 600, connections: 8 };

it.each([
  ['docomo.ne.jp', [whole, { site: 'mobile', mailsPerMinute: 60, connections: 2 }]],
  ['au.com', [whole, { site: 'mobile', mailsPerMinute: 60, connections: 2 }]],
  ['example.ac.jp', [whole, { site: 'school', mailsPerMinute: 30, connections: 1 }]],
  ['example.com', [whole]],
])('mails to %s keep their paces', (domain, paces) => {
  const siteKeyOf = (name: string) => `key of ${name}`;
  expect(shapingOf(smtp, siteKeyOf)(siteKeyOf(domain))).toEqual(paces);
});
