/** `owabi publication add|list`: what the client published, with the document's hash. */
import { formatLocalTime } from '../../kernel/calendar.ts';
import type { Run } from '../command.ts';

export const runPublicationAdd: Run = async ({ args, options, say, call }) => {
  const json = await call('record-publication', { campaign: args[0], ...options });
  const { url, documentSha256, isNew } = json;
  return { json, text: say(isNew ? 'cli.publication.added' : 'cli.publication.known', { url, documentSha256 }) };
};

export const runPublicationList: Run = async ({ args, say, call }) => {
  const json = await call('list-publications', { campaign: args[0] });
  const lines = json.publications.map(
    ({ kind, asOf, url, documentSha256 }) =>
      `${say(`cli.publication.kind.${kind}`)}  ${formatLocalTime(new Date(asOf))}  ${url}  ${documentSha256}`,
  );
  return { json, text: lines.length === 0 ? say('cli.publication.none') : lines.join('\n') };
};
