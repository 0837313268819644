/** `owabi publication add|list`: what the client published, with the document's hash. */
import { ensureActor } from '../../campaign/actors/ensure-actor.ts';
import { localTimeSchema, startInstant } from '../../campaign/folder/local-time.ts';
import { type PublicationKind, publicationKinds } from '../../campaign/publications/publication.ts';
import { listPublications, recordPublication } from '../../campaign/publications/record-publication.ts';
import { formatLocalTime } from '../../kernel/calendar.ts';
import { AppError } from '../../kernel/errors.ts';
import type { AppRun, CommandContext } from '../command.ts';
import { optionFault } from '../read-options.ts';
import { resolveCampaign } from '../resolve-campaign.ts';
import { hashDocument } from './consent.ts';

const kindsByWord: Readonly<Record<string, PublicationKind>> = {
  ...Object.fromEntries(publicationKinds.map((kind) => [kind, kind])),
  第一報: 'first',
  続報: 'follow_up',
  最終報: 'final',
  訂正: 'correction',
};

export const runPublicationAdd: AppRun = async ({ app, args, options, say }) => {
  const { kind, url, documentFile, asOf, by } = readOptions(options, app.clock());
  const campaign = await resolveCampaign(app, args[0]);
  const documentSha256 = await hashDocument(documentFile);
  const actor =
    by === undefined ? {} : { actorId: await ensureActor(app, app.pool, { campaignId: campaign.id, name: by }) };
  const { isNew } = await recordPublication(app, { campaign, kind, url, documentSha256, asOf, ...actor });
  const json = { kind, url, documentSha256, asOf: asOf.toISOString(), isNew };
  return { json, text: say(isNew ? 'cli.publication.added' : 'cli.publication.known', { url, documentSha256 }) };
};

export const runPublicationList: AppRun = async ({ app, args, say }) => {
  const campaign = await resolveCampaign(app, args[0]);
  const publications = await listPublications(app.pool, campaign.id);
  const lines = publications.map(
    (one) =>
      `${say(`cli.publication.kind.${one.kind}`)}  ${formatLocalTime(one.asOf)}  ${one.url}  ${one.documentSha256}`,
  );
  return { json: { publications }, text: lines.length === 0 ? say('cli.publication.none') : lines.join('\n') };
};

type PublicationOptions = {
  kind: PublicationKind;
  url: string;
  documentFile: string;
  asOf: Date;
  by: string | undefined;
};

/** All faulty options at once. Throws USAGE_WRONG. */
function readOptions(options: CommandContext['options'], now: Date): PublicationOptions {
  const text = (name: string) => (typeof options[name] === 'string' ? options[name] : undefined);
  const kind = kindsByWord[text('kind') ?? ''];
  const url = text('url') ?? '';
  const asOf = text('asOf');
  const documentFile = text('document') ?? '';
  const faults = [
    ...(kind
      ? []
      : [
          optionFault('kind', {
            word: 'yaml.notOneOf',
            params: { value: text('kind') ?? '-', allowed: Object.keys(kindsByWord).join(', ') },
          }),
        ]),
    ...(/^https?:\/\/[^\s]+$/.test(url)
      ? []
      : [optionFault('url', { word: 'yaml.notWanted', params: { value: url || '-', wanted: { word: 'want.url' } } })]),
    ...(documentFile === '' ? [optionFault('document', { word: 'cli.publication.documentMissing' })] : []),
    ...(asOf !== undefined && !localTimeSchema.safeParse(asOf).success
      ? [optionFault('asOf', { word: 'yaml.notWanted', params: { value: asOf, wanted: { word: 'want.localTime' } } })]
      : []),
  ];
  if (!kind || faults.length > 0) throw new AppError('USAGE_WRONG.options', { faults });
  return { kind, url, documentFile, asOf: asOf === undefined ? now : startInstant(asOf), by: text('by') };
}
