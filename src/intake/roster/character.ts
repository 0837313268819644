/**
 * Decides whether the characters of a name or address can be trusted as they stand. Nothing is normalised (even NFC turns 神 U+FA19 into
 * another character) and nothing is dropped: what was lost before it reached us goes to a person for review (promise 1).
 */

export type CharacterFault = 'character_lost' | 'character_private' | 'control_character';

/** What stands for a character that an earlier system could not write: replacement character, geta, white box, question mark. */
const LOST = /[\ufffd\u3013\u25a1\ufffc?\uff1f]/;
/** External characters (外字): their shape exists only on the machine where the file was made. */
const PRIVATE = /[\ue000-\uf8ff\u{f0000}-\u{10fffd}]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff\ufffe\uffff]/;
const SUSPECT = new RegExp(`${LOST.source}|[\\ue000-\\uf8ff\\udb80-\\udbff]|${CONTROL.source}`);

/** The first fault of a name or an address line, or null. */
export function findCharacterFault(text: string): CharacterFault | null {
  if (!SUSPECT.test(text)) return null;
  if (CONTROL.test(text)) return 'control_character';
  if (PRIVATE.test(text)) return 'character_private';
  return LOST.test(text) ? 'character_lost' : null;
}

/** Composes only kana with a combining (han)dakuten, as macOS writes them (カ + U+3099 → ガ); every other character stays. */
export function composeDakuten(text: string): string {
  if (!/[\u3099\u309a]/.test(text)) return text;
  return text.replace(/[\u3041-\u30ff][\u3099\u309a]/g, (pair) => pair.normalize('NFC'));
}

/** A cell without outer white space (ideographic space too) and with composed dakuten; nothing else changes. */
export function cleanCell(text: string | undefined): string {
  return text === undefined ? '' : composeDakuten(text.trim());
}
