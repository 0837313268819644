/** A forgiving reading of MIME: whatever arrives becomes a tree of parts, and nothing in a mail can make it throw. */

export type MimePart = {
  /** Lower-case field names; every value of a repeated field, unfolded. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Lower-case media type; `text/plain` when none is named. */
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly parts: readonly MimePart[];
  /** Decoded content of a part that is not a multipart. */
  readonly text: string;
};

const MAX_DEPTH = 12;
const MAX_PARTS = 200;

/** Reads a whole mail file; LF, CRLF and an mbox line at the beginning are all right. */
export function readMimeMessage(raw: Uint8Array): MimePart {
  // One character per byte keeps the structure readable whatever the charset; contents are decoded part by part.
  const text = Buffer.from(raw)
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:From [^\n]*\n|\n)+/, '');
  return readPart(text, 0, { left: MAX_PARTS });
}

function readPart(text: string, depth: number, budget: { left: number }): MimePart {
  budget.left -= 1;
  const { headers, body } = splitHeaders(text);
  const { value: type, parameters } = readStructured(headers.get('content-type')?.[0] ?? 'text/plain');
  const boundary = parameters.boundary;
  const encoding = headers.get('content-transfer-encoding')?.[0]?.trim().toLowerCase() ?? '';
  if (type.startsWith('multipart/') && boundary && depth < MAX_DEPTH && budget.left > 0) {
    const parts = splitParts(body, boundary).map((part) => readPart(part, depth + 1, budget));
    // Without a single part the boundary is wrong, and the text is all there is.
    return { headers, type, parameters, parts, text: parts.length === 0 ? body : '' };
  }
  const content = decodeTransfer(body, encoding);
  if (type === 'message/rfc822' || type === 'message/global') {
    const inner = depth < MAX_DEPTH ? [readPart(content.replace(/^\n+/, ''), depth + 1, budget)] : [];
    return { headers, type, parameters, parts: inner, text: '' };
  }
  return { headers, type, parameters, parts: [], text: decodeCharset(content, parameters.charset) };
}

/** Header fields until the first empty line, or until a line that cannot be one: some senders forget the empty line. */
export function splitHeaders(text: string): { headers: Map<string, string[]>; body: string } {
  const headers = new Map<string, string[]>();
  let at = 0;
  let last: string[] | undefined;
  while (at < text.length) {
    const end = text.indexOf('\n', at) < 0 ? text.length : text.indexOf('\n', at);
    const line = text.slice(at, end);
    if (line.trim() === '') return { headers, body: text.slice(end + 1) };
    const field = /^([!-9;-~]+)[ \t]*:(.*)$/.exec(line);
    if (field?.[1] !== undefined) {
      last = headers.get(field[1].toLowerCase()) ?? [];
      headers.set(field[1].toLowerCase(), last);
      last.push((field[2] ?? '').trim());
    } else if (/^[ \t]/.test(line) && last) {
      last.push(`${last.pop() ?? ''} ${line.trim()}`);
    } else {
      return { headers, body: text.slice(at) };
    }
    at = end + 1;
  }
  return { headers, body: '' };
}

/** `text/plain; charset="utf-8"` as a value and its parameters, names in lower case. */
export function readStructured(field: string): { value: string; parameters: Record<string, string> } {
  const parameters: Record<string, string> = {};
  for (const [, name, quoted, plain] of field.matchAll(/;\s*([^=;\s]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/g)) {
    if (name !== undefined) parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '';
  }
  return { value: (field.split(';')[0] ?? '').trim().toLowerCase(), parameters };
}

function splitParts(body: string, boundary: string): string[] {
  const parts: string[] = [];
  let current: string[] | null = null;
  for (const line of body.split('\n')) {
    const trimmed = line.trimEnd();
    if (trimmed === `--${boundary}` || trimmed === `--${boundary}--`) {
      if (current) parts.push(current.join('\n'));
      current = trimmed.endsWith('--') && trimmed !== `--${boundary}` ? null : [];
    } else current?.push(line);
  }
  // A file cut short has no closing line; its last part counts.
  if (current && current.length > 0) parts.push(current.join('\n'));
  return parts;
}

function decodeTransfer(body: string, encoding: string): string {
  if (encoding === 'base64') {
    return Buffer.from(body.replace(/[^A-Za-z0-9+/=]/g, ''), 'base64')
      .toString('latin1')
      .replace(/\r\n?/g, '\n');
  }
  if (encoding !== 'quoted-printable') return body;
  return body
    .replace(/=[ \t]*\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\r\n?/g, '\n');
}

/** Bytes as text: the named charset, else UTF-8 when it is that, else as they are. */
export function decodeCharset(bytes: string, charset: string | undefined): string {
  if (/^\p{ASCII}*$/u.test(bytes) && !bytes.includes('\x1b')) return bytes;
  const buffer = Buffer.from(bytes, 'latin1');
  for (const name of [charset ?? 'utf-8', 'utf-8']) {
    try {
      return new TextDecoder(name, { fatal: true }).decode(buffer);
    } catch {}
  }
  return bytes;
}

/** RFC 2047 words in a header field. */
export function decodeHeaderText(field: string): string {
  return field
    .replace(/(=\?[^?\s]+\?[bqBQ]\?[^?\s]*\?=)\s+(?==\?)/g, '$1')
    .replace(
      /=\?([^?*\s]+)(?:\*[^?]*)?\?([bqBQ])\?([^?\s]*)\?=/g,
      (_all, charset: string, kind: string, data: string) =>
        decodeCharset(
          kind.toLowerCase() === 'b'
            ? Buffer.from(data, 'base64').toString('latin1')
            : data
                .replaceAll('_', ' ')
                .replace(/=([0-9A-Fa-f]{2})/g, (_hex, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
          charset,
        ),
    );
}

/** The part itself and everything in it, outermost first. */
export function* walkParts(part: MimePart): Generator<MimePart> {
  yield part;
  for (const inner of part.parts) yield* walkParts(inner);
}
