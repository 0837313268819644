/** The mails, letters and gifts that wait until a log or two people say what became of them: how many, and the most urgent. */
import { z } from 'zod';
import { channels } from '../../campaign/wave/channel.ts';
import { countDoubtedLetters } from '../../delivery/home/doubt-store.ts';
import { countUncertain } from '../../delivery/mail/trace-store.ts';
import { listUncertainPlaces } from '../../delivery/uncertain-store.ts';
import { listNoticeNumbers } from '../../notice/store.ts';
import { actingName, count, isoInstant, namesByRef, withNames } from '../fields/operation-field.ts';
import { MAX_NAMED, openNames } from '../open-names.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'read',
  input: z.strictObject({ names: withNames, by: actingName.optional() }),
  output: z.strictObject({
    /** Mails, and letters and cards, that are uncertain. */
    left: count,
    letters: count,
    /** The first fifty, those due first in front. */
    waiting: z.array(
      z.strictObject({
        /** The notice's number; null when none was issued yet. */
        number: z.string().nullable(),
        ref: z.uuid(),
        wave: z.string(),
        channel: z.enum(channels),
        /** Null for what another home may have sent. */
        submittedAt: isoInstant.nullable(),
        /** When the person goes on to the next way of being told. */
        dueOn: z.iso.date().nullable(),
      }),
    ),
    names: namesByRef,
  }),
  run: async (context, { names }) => {
    const { db, campaign } = context;
    const places = await listUncertainPlaces(db, campaign.id, MAX_NAMED);
    const numbers = await listNoticeNumbers(
      db,
      places.flatMap(({ noticeId }) => noticeId ?? []),
    );
    const refs = places.map(({ ref }) => ref);
    return {
      left: await countUncertain(db, campaign.id),
      letters: await countDoubtedLetters(db, campaign.id),
      waiting: places.map(({ noticeId, ...place }) => ({ number: numbers.get(noticeId ?? '') ?? null, ...place })),
      ...(names ? { names: await openNames(context, refs) } : {}),
    };
  },
});
