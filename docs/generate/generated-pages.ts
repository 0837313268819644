/** Every page and picture that is generated, with the function that makes it: `npm run docs` writes them, a test compares. */
import { renderReference } from './reference.ts';
import { renderRooms } from './rooms-picture.ts';
import { renderTables } from './tables-picture.ts';

export const generatedPages: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/reference.md': () => renderReference('en'),
  'docs/reference.ja.md': () => renderReference('ja'),
  'docs/rooms.svg': renderRooms,
  'docs/tables.svg': renderTables,
};
