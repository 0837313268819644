/**
 * What is printed of a stored name or address: the same characters unless the font lacks one and the campaign approved a substitute for it.
 * A missing glyph is never drawn as a blank or a box; without a substitute the piece is held back.
 */
import { findMissingGlyphs, type PdfFont } from '../../platform/formats/pdf.ts';

/** `missing` lists what neither the font nor the substitutes cover; `substituted` the stored characters that were replaced. */
export type PrintedForm = { text: string; substituted: string[]; missing: string[] };

/** The printed form of a text. Combining dakuten are composed (カ + U+3099), nothing else is normalised: 神 U+FA19 stays what it is. */
export function printedForm(font: PdfFont, stored: string, substitutes: Readonly<Record<string, string>>): PrintedForm {
  const composed = stored.replaceAll(/\p{L}[\u3099\u309a]/gu, (pair) => pair.normalize('NFC'));
  const wanting = findMissingGlyphs(font, composed);
  if (wanting.length === 0) return { text: composed, substituted: [], missing: [] };
  let text = composed;
  const substituted: string[] = [];
  for (const character of wanting) {
    const substitute = substitutes[character];
    if (substitute === undefined || findMissingGlyphs(font, substitute).length > 0) continue;
    text = text.replaceAll(character, substitute);
    substituted.push(character);
  }
  return { text, substituted, missing: wanting.filter((character) => !substituted.includes(character)) };
}
