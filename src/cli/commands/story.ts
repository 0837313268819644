/** `owabi story CAMPAIGN PERSON`: one person's whole story, with what proves it. */
import type { Run } from '../command.ts';
import { storyText } from '../render/story.ts';

export const runStory: Run = async ({ args, options, say, call }) => {
  const json = await call('tell-story', { campaign: args[0], person: args[1], ...options });
  return { json, text: storyText(json, say) };
};
