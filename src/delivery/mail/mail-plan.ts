/** What sending a chunk needs to know from the approved plan: who sends, how fast, and how a mail is composed. */
import type { CampaignFile } from '../../campaign/folder/campaign-file.ts';
import type { Mailbox } from '../../platform/smtp/mail-message.ts';
import type { OpenMail } from './chunk-store.ts';
import type { Pace } from './lease-slice.ts';

/** A rendered and checked mail, or why it must not leave. Codes name no one. */
export type ComposedMail =
  | {
      readonly kind: 'ready';
      readonly to: Mailbox;
      readonly subject: string;
      readonly text: string;
      readonly html: string;
      readonly language: string;
    }
  | { readonly kind: 'blocked'; readonly code: string };

export type MailPlan = {
  readonly planId: string;
  readonly from: Mailbox;
  readonly replyTo?: Mailbox;
  readonly returnDomain: string;
  readonly acceptedBy: 'relay' | 'receiver';
  readonly deferredHours: number;
  /** The paces that a chunk of this site key keeps, the campaign's own first. */
  readonly pacesOf: (siteKey: string) => readonly Pace[];
  /** Opens the people of these mails and renders each; whoever is missing in the answer is blocked. */
  readonly compose: (mails: readonly OpenMail[]) => Promise<ReadonlyMap<string, ComposedMail>>;
};

type Smtp = CampaignFile['smtp'];

/** The name of the bucket that holds the whole campaign's pace. */
const CAMPAIGN_PACE = '*';

/** `siteKeyOf` is the keyed hash that intake stores instead of a domain. */
export function shapingOf(smtp: Smtp, siteKeyOf: (domain: string) => string): (siteKey: string) => readonly Pace[] {
  const whole: Pace = {
    site: CAMPAIGN_PACE,
    mailsPerMinute: smtp.messagesPerMinute,
    connections: smtp.connections,
  };
  const slower = new Map<string, Pace>();
  for (const site of smtp.sites) {
    const pace = { site: site.name, mailsPerMinute: site.messagesPerMinute, connections: site.connections };
    for (const domain of site.domains) slower.set(siteKeyOf(domain), pace);
  }
  return (siteKey) => {
    const own = slower.get(siteKey);
    return own ? [whole, own] : [whole];
  };
}
