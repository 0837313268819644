/**
 * The shape of campaign.yaml. Every key is checked, unknown keys are faults, and the parsed value parses to itself again,
 * so that a plan's snapshot can be read back through the same schema.
 */
import { z } from 'zod';
import { channels, tellingChannels } from '../wave/channel.ts';
import { handlingFlags, personKinds } from '../wave/person-kind.ts';
import { noticePurposes } from '../wave/purpose.ts';
import { daySchema, localTimeSchema } from './local-time.ts';

const text = z.string().trim().min(1);
const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,39}$/, 'want.id')
  .describe('lower-case letters, digits and hyphens');
const itemCode = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'want.itemCode');
const languageSchema = z.enum(['ja', 'en']);
const yen = z.int().min(0).max(100_000_000);
const emailAddress = z.email('want.email');
const domain = z.string().regex(/^([a-z0-9-]+\.)+[a-z0-9-]+$/, 'want.domain');

/** 施行規則7条: why the incident must be reported. Versioned, because R7-3 may only appear during the investigation. */
export const incidentTypes = ['R7-1', 'R7-2', 'R7-3', 'R7-4'] as const;
export type IncidentType = (typeof incidentTypes)[number];

const incidentSchema = z.strictObject({
  knownAt: localTimeSchema.describe('when anyone in the company first knew; the legal clocks start here (day 1)'),
  knownBy: text.describe('the department that knew first').optional(),
  types: z
    .array(z.strictObject({ type: z.enum(incidentTypes), since: daySchema }))
    .min(1)
    .describe('施行規則7条 types, each with the day since when it is believed to apply'),
  certainty: z.enum(['confirmed', 'possible']).describe('confirmed = 漏えいした, possible = 漏えいしたおそれ'),
  summary: text.describe('概要: what happened, one or two sentences'),
  period: z.strictObject({ from: daySchema, to: daySchema }).describe('the days on which the data was exposed'),
  items: z
    .array(
      z.strictObject({
        code: itemCode,
        label: text.describe('as printed in the notice, Japanese'),
        labelEn: text.optional(),
      }),
    )
    .min(1)
    .describe('漏えい等した項目: everything that leaked of anyone; each person is told only their own'),
  whatDidNotLeak: z.array(text).default([]),
  cause: text,
  secondaryDamage: z.strictObject({
    status: z.enum(['none_confirmed', 'possible', 'confirmed']),
    asOf: daySchema,
    source: text.describe('who established it: the forensic firm, the card company'),
    detail: text.optional(),
  }),
  reports: z
    .strictObject({
      preliminaryFiledOn: daySchema.optional(),
      finalFiledOn: daySchema.optional(),
      insurerToldAt: localTimeSchema.optional(),
      policeToldOn: daySchema.optional(),
    })
    .default({})
    .describe('what was already reported; leave out what was not'),
  filed: z
    .record(id, localTimeSchema)
    .optional()
    .describe('what was filed under the other laws and duties: the id of its clock and when'),
});

/** What the law accepts when telling a person is difficult (個人情報保護法26条2項ただし書). */
export const substituteMeasures = ['public_notice'] as const;

const segmentSchema = z.strictObject({
  id,
  variant: id.describe('which text: notice/<variant>.<language>.md'),
  language: languageSchema.optional().describe('the language of its texts, when it is not the campaign’s'),
  when: z
    .strictObject({
      kinds: z.array(z.enum(personKinds)).min(1).optional(),
      items: z.array(itemCode).min(1).optional().describe('any of these items leaked of the person'),
      flags: z.array(z.enum(handlingFlags)).min(1).optional().describe('the person carries any of these flags'),
      withoutFlags: z.array(z.enum(handlingFlags)).min(1).optional().describe('the person carries none of these flags'),
      hasEmail: z.boolean().optional(),
      hasAddress: z.boolean().optional(),
    })
    .default({})
    .describe('all given conditions must hold; empty means everyone; the first matching segment wins'),
});

const waveSchema = z.strictObject({
  id,
  channel: z.enum(channels),
  purpose: z
    .enum(noticePurposes)
    .default('initial')
    .describe(
      'supplement and correction go to those who were told, retraction to those of them whom a later list no longer holds, resend only to people who are named',
    ),
  segments: z.array(id).min(1),
  variant: id
    .optional()
    .describe('a text of this wave’s own, for a supplement or a gift that follows; else the segment’s'),
  gift: id.optional().describe('id of a gift below; goes along only with the insurer’s consent'),
  start: localTimeSchema,
  latest: localTimeSchema.describe('neither money nor pacing holds the wave beyond this'),
  fallbackOf: id.optional().describe('a letter wave that takes over people whom that e-mail wave cannot reach'),
  toldBy: z
    .array(z.enum(tellingChannels))
    .min(1)
    .optional()
    .describe('of a wave that follows: by which channel its people were told; else its own, for a gift the letter'),
});

const giftSchema = z.strictObject({
  id,
  label: text,
  faceYen: yen,
  priceYen: yen.describe('what one card costs, issuing fee included'),
  vendor: text,
});

const dutySchema = z.strictObject({
  id,
  to: text.describe('who must be told'),
  within: z
    .string()
    .regex(/^[1-9]\d{0,3} (hours|days)$/, 'want.within')
    .describe('from knowing; the day of knowing is day 1'),
  document: text.describe('the contract or rule that says so'),
  by: text.describe('who typed it in'),
});

const smtpSchema = z.strictObject({
  acceptedBy: z.enum(['relay', 'receiver']).default('relay').describe('whose 250 an accepted mail is'),
  connections: z.int().min(1).max(200).default(10),
  messagesPerMinute: z.int().min(1).max(100_000).default(6_000),
  sites: z
    .array(
      z.strictObject({
        name: id,
        domains: z.array(domain).min(1),
        connections: z.int().min(1).max(100),
        messagesPerMinute: z.int().min(1).max(100_000),
      }),
    )
    .default([])
    .describe('receiving sites that want a slower pace'),
  dkim: z.strictObject({ domain, selector: z.string().regex(/^[a-z0-9._-]+$/i) }).optional(),
});

/** campaign.yaml. Days and times are Japan's; yen are whole yen, tax included unless the rate card says otherwise. */
export const campaignFileSchema = z.strictObject({
  id: id.describe('short name of the campaign, unique on this machine'),
  client: text.describe('the company whose data leaked'),
  occurrence: id.optional().describe('campaigns of one occurrence (一連の事故) share deductible and limits'),
  language: languageSchema.default('ja'),
  parties: z
    .array(
      z.strictObject({
        role: z.enum(['sole', 'entruster', 'contractor', 'joint']).describe('委託元 entruster, 委託先 contractor'),
        name: text,
        notifies: z.boolean(),
      }),
    )
    .min(1),
  incident: incidentSchema,
  laws: z
    .array(id)
    .min(1)
    .optional()
    .describe('whose clocks run: appi when left out; my-number, telecom, gdpr and others as shipped'),
  duties: z
    .array(dutySchema)
    .optional()
    .describe('what contracts and rules of others demand (委託元, card brands, P-mark), typed in from the document'),
  sender: z.strictObject({
    name: text,
    representative: text.describe('title and name, as signed'),
    postcode: z.string().regex(/^\d{3}-\d{4}$/, 'want.postcode'),
    address: z.array(text).min(1).max(3),
    phone: text.optional(),
    email: z.strictObject({
      from: emailAddress,
      fromName: text.optional(),
      replyTo: emailAddress.optional(),
      returnDomain: domain.describe('bounces come back to this domain'),
    }),
  }),
  callCentre: z.strictObject({
    name: text.optional(),
    phone: text,
    hours: text.describe('as printed in the notice'),
    email: emailAddress.optional(),
    url: z.url({ protocol: /^https?$/, error: 'want.url' }).describe('the page where a notice can be verified'),
    opensOn: daySchema,
    closesOn: daySchema,
  }),
  segments: z.array(segmentSchema).min(1),
  waves: z.array(waveSchema).min(1),
  gifts: z.array(giftSchema).default([]),
  fallback: z
    .strictObject({
      uncertainDays: z.int().min(1).max(30).default(3),
      deferredHours: z.int().min(1).max(240).default(72),
      returnedDays: z.int().min(1).max(60).default(14),
      undecidedDays: z.int().min(1).max(60).default(7),
    })
    .prefault({})
    .describe('how long each step waits before the person moves on'),
  substitute: z
    .strictObject({
      measure: z.enum(substituteMeasures),
      url: z.url({ protocol: /^https?$/, error: 'want.url' }).describe('where it is published'),
      decidedBy: text.describe('the office that decided it, as it stands in the minutes'),
      reason: text,
    })
    .optional()
    .describe('代替措置: for people whom no wave can reach and who left no postal address'),
  letterRequiredFor: z.array(itemCode).default([]).describe('items for which an e-mail alone is not enough'),
  approvers: z.strictObject({ required: z.int().min(2).max(5).default(2) }).prefault({}),
  characters: z
    .strictObject({ substitutes: z.record(z.string(), z.string()).default({}) })
    .prefault({})
    .describe('characters that a print house cannot set, and what is printed instead'),
  lots: z.strictObject({ pieces: z.int().min(1).max(1_000).default(1_000) }).prefault({}),
  smtp: smtpSchema.prefault({}),
});

export type CampaignFile = z.infer<typeof campaignFileSchema>;
export type Segment = CampaignFile['segments'][number];
export type Wave = CampaignFile['waves'][number];
export type Gift = CampaignFile['gifts'][number];
