/** `owabi preview`: the e-mail and the letter of any person, or of the hardest ones, exactly as they would leave. */
import type { Run } from '../command.ts';

export const runPreview: Run = async ({ args, options, say, call }) => {
  const json = await call('preview-notices', { campaign: args[0], ...options });
  const { files, skipped, people } = json;
  const lines = [
    say(`cli.preview.from.${people}`),
    ...files,
    ...skipped.map((reason) => say('cli.preview.skipped', { reason })),
  ];
  return { json, text: lines.join('\n'), exitCode: skipped.length > 0 ? 1 : 0 };
};
