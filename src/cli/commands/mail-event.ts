/** `owabi mail-event`: reads mails that came back; with --campaign it records them and moves the people on. */
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext, Run } from '../command.ts';

export const runMailEvent: Run = async ({ args: files, options, say, call }) => {
  if (options.campaign === undefined) {
    const json = await call('read-mails', { files });
    return { json, text: describe(json, say) };
  }
  const { files: json, recorded, known } = await call('record-mails', { campaign: options.campaign, files });
  const unmatched = json.filter(({ matched }) => !matched).map(({ file }) => say('cli.mail-event.unmatched', { file }));
  const summary = say('cli.mail-event.recorded', { recorded, known });
  return { json, text: [describe(json, say), summary, ...unmatched].join('\n') };
};

function describe(files: OperationOutput<'read-mails'>, say: CommandContext['say']): string {
  return files
    .flatMap(({ file, events }) =>
      events.map((event) => {
        const words = [event.recipient, event.status, event.replyCode].filter((word) => word !== '');
        const dead = event.hard ? ` ${say('cli.mail-event.dead')}` : '';
        return `${file}: ${say(`cli.mail-event.kind.${event.kind}`)} ${words.join(' ')}${dead}`.trimEnd();
      }),
    )
    .join('\n');
}
