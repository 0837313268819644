/**
 * Writes PDF documents whose pages share drawings and one subset font, by raw operators through pdfkit's `ref()`. pdfkit's own text
 * layout caches every string for ever and encodes it twice; here a page costs one deflate. Same calls, same bytes.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as fontkit from 'fontkit';
import PDFDocument from 'pdfkit';

/** An opened font. Widths are in thousandths of the type size. */
export type PdfFont = {
  readonly name: string;
  has(codePoint: number): boolean;
  /** Advance width of one code point; the width of the missing glyph when the font lacks it. */
  advance(codePoint: number): number;
  /** Width of a text without kerning, in points. */
  width(text: string, sizePt: number): number;
  /** What pdfkit embeds from; nobody else's business. */
  readonly source: FontSource;
};

/** A drawing stored once and placed on many pages (form XObject). */
export type PdfForm = { readonly name: string };

export type PdfWriter = {
  /** Encodes a text for `Tj` with the document's subset of the font: `<0001002a…>`. */
  encode(text: string): string;
  /** Stores operators as a form XObject of the given size in points. */
  addForm(operators: string, widthPt: number, heightPt: number): PdfForm;
  /** Appends a page made of operators; `/F1` is the font, forms are placed by their name. */
  addPage(operators: string): void;
  /** Ends the document and returns its bytes. */
  finish(): Promise<Uint8Array>;
};

type Glyph = { id: number; advanceWidth: number };
type FontSource = {
  unitsPerEm: number;
  postscriptName: string;
  hasGlyphForCodePoint(codePoint: number): boolean;
  glyphForCodePoint(codePoint: number): Glyph;
};
/** The few members of pdfkit that are not in its types. The version is pinned exactly because of them. */
type Ref = { data: Record<string, unknown>; end(chunk?: Uint8Array): void };
type Embedded = {
  subset: { includeGlyph(id: number): number };
  widths: number[];
  unicode: number[][];
  scale: number;
  ref(): Ref;
};
type LowLevelDocument = Omit<InstanceType<typeof PDFDocument>, 'ref'> & {
  ref(data: Record<string, unknown>): Ref;
  _root: { data: { Pages: Ref & { data: { Kids: unknown[]; Count: number } } } };
  _font: Embedded;
};

/** Opened once per process or thread: opening costs 15 ms and the first use of each glyph some microseconds more. */
const openFonts = new Map<string, PdfFont>();

/** The path of the letter font (BIZ UDPMincho: UD face made for Japanese official documents, SIL Open Font License). */
export function letterFontPath(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/biz-udpmincho/package.json'));
  return join(folder, '400Regular', 'BIZUDPMincho_400Regular.ttf');
}

/** Opens a TrueType font; the same path gives the same object. */
export function openFont(path: string): PdfFont {
  const known = openFonts.get(path);
  if (known) return known;
  const source = fontkit.create(readFileSync(path)) as unknown as FontSource;
  // Both grow with the distinct characters ever asked for, never with the people.
  const presence = new Map<number, boolean>();
  const advances = new Map<number, number>();
  const advance = (codePoint: number): number => {
    let value = advances.get(codePoint);
    if (value === undefined) {
      value = (source.glyphForCodePoint(codePoint).advanceWidth * 1000) / source.unitsPerEm;
      advances.set(codePoint, value);
    }
    return value;
  };
  const font: PdfFont = {
    name: source.postscriptName,
    has: (codePoint) => {
      let known = presence.get(codePoint);
      if (known === undefined) {
        known = source.hasGlyphForCodePoint(codePoint);
        presence.set(codePoint, known);
      }
      return known;
    },
    advance,
    width: (text, sizePt) => {
      let sum = 0;
      for (const character of text) sum += advance(character.codePointAt(0) ?? 0);
      return (sum * sizePt) / 1000;
    },
    source,
  };
  openFonts.set(path, font);
  return font;
}

/**
 * Starts a document of equal pages. `createdAt` is part of the bytes, so pass an instant that belongs to the content and
 * never the clock. `title` must not name a person: readers show it.
 */
export function createPdf(options: {
  font: PdfFont;
  title: string;
  language: string;
  createdAt: Date;
  pageWidthPt: number;
  pageHeightPt: number;
}): PdfWriter {
  const document = openDocument(options);
  const chunks: Uint8Array[] = [];
  document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
  const embedded = document._font;
  const pages = document._root.data.Pages;
  const forms: Record<string, Ref> = {};
  const resources = { Font: { F1: embedded.ref() }, XObject: forms };
  // Resources and page size are inherited from the root of the page tree: 100 bytes less per page.
  const resourcesRef = document.ref(resources);
  pages.data.MediaBox = [0, 0, options.pageWidthPt, options.pageHeightPt];
  pages.data.Resources = resourcesRef;
  return {
    encode: createEncoder(options.font, embedded),
    addForm: (operators, widthPt, heightPt) => {
      const name = `X${Object.keys(forms).length + 1}`;
      const form = document.ref({
        Type: 'XObject',
        Subtype: 'Form',
        BBox: [0, 0, widthPt, heightPt],
        Resources: resourcesRef,
      });
      form.end(Buffer.from(operators, 'latin1'));
      forms[name] = form;
      return { name };
    },
    addPage: (operators) => {
      const content = document.ref({});
      content.end(Buffer.from(operators, 'latin1'));
      const page = document.ref({ Type: 'Page', Parent: pages, Contents: content });
      page.end();
      pages.data.Kids.push(page);
      pages.data.Count += 1;
    },
    finish: async () => {
      resourcesRef.end();
      const ended = new Promise<void>((resolve, reject) => document.on('end', resolve).on('error', reject));
      document.end();
      await ended;
      return joinChunks(chunks);
    },
  };
}

/** One buffer of its own, never a slice of Node's pool: threads hand it over. */
function joinChunks(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}

function openDocument(options: { font: PdfFont; title: string; language: string; createdAt: Date }): LowLevelDocument {
  const document = new PDFDocument({
    autoFirstPage: false,
    pdfVersion: '1.7',
    lang: options.language,
    fontLayoutCache: false,
    // The document's default font would read an AFM file that no page uses.
    font: options.font.source as unknown as string,
    info: { Title: options.title, Producer: 'Owabi', Creator: 'Owabi', CreationDate: options.createdAt },
  } as PDFKit.PDFDocumentOptions);
  return document as unknown as LowLevelDocument;
}

/** Code point → four hex digits of the glyph in the subset; numbering follows first use, so it is as deterministic as the calls. */
function createEncoder(font: PdfFont, embedded: Embedded): (text: string) => string {
  const codes = new Map<number, string>();
  return (text) => {
    let encoded = '<';
    for (const character of text) {
      const codePoint = character.codePointAt(0) ?? 0;
      let code = codes.get(codePoint);
      if (code === undefined) {
        const glyphId = embedded.subset.includeGlyph(font.source.glyphForCodePoint(codePoint).id);
        embedded.widths[glyphId] ??= font.advance(codePoint);
        embedded.unicode[glyphId] ??= [codePoint];
        code = glyphId.toString(16).padStart(4, '0');
        codes.set(codePoint, code);
      }
      encoded += code;
    }
    return `${encoded}>`;
  };
}

/**
 * The distinct characters of a text that the font cannot draw, in order of appearance. A base with a variation selector or a
 * combining mark is one character here: dropping the selector would print another person's name.
 */
export function findMissingGlyphs(font: PdfFont, text: string): string[] {
  if (isPlain(font, text)) return [];
  const missing = new Set<string>();
  for (const character of text.match(/\P{M}\p{M}*|\p{M}+/gu) ?? []) {
    const codePoints = Array.from(character, (part) => part.codePointAt(0) ?? 0);
    if (codePoints.length > 1 || !font.has(codePoints[0] ?? 0)) missing.add(character);
  }
  return [...missing];
}

/** Whether every character is one code point that the font has: true of nearly every name, and cheap to see. */
function isPlain(font: PdfFont, text: string): boolean {
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (!font.has(codePoint) || (codePoint >= 0x300 && codePoint < 0x3000) || isMark(codePoint)) return false;
  }
  return true;
}

/** Voicing marks and variation selectors; other marks lie below U+3000 or are not in a Japanese font. */
function isMark(codePoint: number): boolean {
  return (
    codePoint === 0x3099 || codePoint === 0x309a || (codePoint >= 0xfe00 && codePoint <= 0xfe0f) || codePoint >= 0xe0100
  );
}
