/** Every page that is generated, with the function that makes it: `npm run docs` writes them, a test compares them. */
import { renderReference } from './reference.ts';

export const generatedPages: Readonly<Record<string, () => string>> = {
  'docs/reference.md': () => renderReference('en'),
  'docs/reference.ja.md': () => renderReference('ja'),
};
