/** One contact at the window: what was asked, what may be said about the list, and the case it opens. */
import { z } from 'zod';
import { daySchema, localTimeSchema, startInstant } from '../../campaign/folder/local-time.ts';
import {
  callerKinds,
  contactChannels,
  contactResults,
  contactTopics,
  type EscalationLevel,
  listAnswers,
} from '../../contacts/contact.ts';
import { recordContact } from '../../contacts/record-contact.ts';
import { isNoticeNumber } from '../../kernel/ids.ts';
import { contactDetails } from '../fields/contact-details.ts';
import { actingName, count, definedOnly } from '../fields/operation-field.ts';
import { findPerson, lookUpPerson } from '../find-person.ts';
import { operationOf } from '../operation.ts';

/** A day has no more. */
const MINUTES_MAX = 1440;

export const operation = operationOf({
  kind: 'write',
  input: z.strictObject({
    topic: z.enum(contactTopics),
    channel: z.enum(contactChannels).default('phone'),
    caller: z.enum(callerKinds).optional(),
    result: z.enum(contactResults).optional(),
    minutes: z.coerce.number().int().min(0).max(MINUTES_MAX).optional(),
    level: z.coerce.number().int().min(1).max(5).optional(),
    /** A notice number, or a reference. */
    person: z.string().trim().min(1).optional(),
    details: contactDetails.default({}),
    claimsAffected: z.boolean().optional(),
    /** Who was at the window. */
    by: actingName.optional(),
    promiseDue: daySchema.optional(),
    at: localTimeSchema.optional(),
    direction: z.enum(['in', 'out']).optional(),
  }),
  output: z.strictObject({
    id: z.uuid(),
    /** There is no "not affected": who is not on this version may be on the next. */
    answer: z.enum(listAnswers),
    listVersion: count.nullable(),
    escalation: count,
    caseId: z.uuid().nullable(),
  }),
  run: async ({ app, campaign, concerns }, { topic, channel, person, details, caller, level, by, at, ...rest }) => {
    const { note, promise, ...identity } = details;
    const claimed = definedOnly(identity);
    const isNumber = person !== undefined && isNoticeNumber(person);
    // Of a number that was never issued the room itself tells: it may be somebody's fraud.
    const look = isNumber ? lookUpPerson : findPerson;
    const ref = person === undefined ? null : await look(app.pool, campaign.id, person);
    if (ref !== null) await concerns([ref]);
    return await recordContact(app, {
      campaign,
      topic,
      channel,
      ...(isNumber ? { notice: person } : ref === null ? {} : { ref }),
      ...(Object.keys(claimed).length > 0 ? { claimed } : {}),
      ...definedOnly({
        ...rest,
        note,
        promise,
        callerKind: caller,
        escalation: level as EscalationLevel | undefined,
        handledBy: by,
        receivedAt: at === undefined ? undefined : startInstant(at),
      }),
    });
  },
});
