// From a notice text to what rendering and checks work on. A text with a fault can be read (so that all its faults are shown at once)
// but is never compiled: only a clean one can be frozen in a plan and sent.
import { AppError } from '../kernel/errors.ts';
import { nearestWord } from '../kernel/nearest-word.ts';
import type { Problem } from '../kernel/problem.ts';
import { parseYaml } from '../platform/formats/yaml.ts';
import { say } from '../platform/words.ts';
import { isMark, isSection, marks, personalFields, sections, sharedFields } from './notice-field.ts';
import { type NoticeFront, noticeFrontSchema } from './notice-front.ts';
import type { NoticeLanguage } from './notice-person.ts';
import type { NoticeFault, NoticeSource, SourceBlock } from './notice-source.ts';
import { parseBody } from './parse-body.ts';

/** A text ready for rendering. Immutable; one object per variant and language serves a whole campaign. */
export type CompiledNotice = {
  readonly variant: string;
  readonly language: NoticeLanguage;
  readonly front: NoticeFront;
  readonly blocks: readonly SourceBlock[];
};

/** What could be read of a text, and all that is wrong with its form. `notice` is absent when the front matter cannot be read. */
export type ReadNotice = { notice?: CompiledNotice; problems: Problem[]; lineOf: (path: string) => number };

/** Compiles a text that is known to be clean. Throws NOTICE_INVALID with the first fault otherwise. */
export function compileNotice(source: NoticeSource): CompiledNotice {
  const { notice, problems } = readNotice(source, 'en');
  const [first] = problems;
  if (first || !notice) {
    throw new AppError('NOTICE_INVALID.first', {
      file: source.file,
      line: first?.line ?? 1,
      fault: first?.message ?? '',
    });
  }
  return notice;
}

/** Reads front matter and body. Problems are in `language`, the language of whoever runs the check, not of the text. */
export function readNotice(source: NoticeSource, language: NoticeLanguage): ReadNotice {
  const split = splitFront(source.text);
  if (!split) {
    const problems = [toProblem(source.file, { line: 1, path: '', key: 'notice.front.missing' }, language)];
    return { problems, lineOf: () => 1 };
  }
  const front = parseYaml(source.file, split.front, noticeFrontSchema, language);
  const body = parseBody(split.body, source.language, split.bodyLine);
  const faults = [...body.faults, ...unknownMarks(body.blocks)];
  const problems = [...front.problems, ...faults.map((fault) => toProblem(source.file, fault, language))];
  if (!front.value) return { problems, lineOf: front.lineOf };
  const { variant, language: textLanguage } = source;
  return {
    notice: { variant, language: textLanguage, front: front.value, blocks: body.blocks },
    problems,
    lineOf: front.lineOf,
  };
}

/** The front matter keeps its line numbers: the opening `---` becomes an empty line. */
function splitFront(text: string): { front: string; body: string; bodyLine: number } | null {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines[0]?.trim() !== '---') return null;
  const end = lines.findIndex((line, index) => index > 0 && line.trim() === '---');
  if (end < 0) return null;
  return { front: `\n${lines.slice(1, end).join('\n')}\n`, body: lines.slice(end + 1).join('\n'), bodyLine: end + 2 };
}

function unknownMarks(blocks: readonly SourceBlock[]): NoticeFault[] {
  return blocks.flatMap((block): NoticeFault[] => {
    if (block.kind === 'section') return unknownMarks(block.blocks);
    if (block.kind !== 'heading') return [];
    return block.marks
      .filter((mark) => !isMark(mark))
      .map((mark) => ({ line: block.line, path: `#${mark}`, key: 'notice.mark.unknown', params: { name: mark } }));
  });
}

const suggestions: Record<string, readonly string[]> = {
  'notice.field.unknown': [...Object.keys(sharedFields), ...Object.keys(personalFields)],
  'notice.section.unknown': Object.keys(sections),
  'notice.mark.unknown': Object.keys(marks),
};

/** The sentence for a fault. An unknown word comes with the nearest known one, or with the whole list when none is near. */
export function toProblem(file: string, fault: NoticeFault, language: NoticeLanguage): Problem {
  const params = { ...fault.params };
  if (params.mark) params.meaning = say(language, `notice.meaning.${params.mark}`);
  if (params.channel) params.channel = say(language, `notice.channel.${params.channel}`);
  if (params.reader) params.reader = say(language, `notice.reader.${params.reader}`);
  return {
    file,
    line: fault.line,
    path: fault.path,
    message: say(language, fault.key, params) + suggestion(fault, language),
  };
}

function suggestion({ key, params }: NoticeFault, language: NoticeLanguage): string {
  const known = suggestions[key];
  if (!known) return '';
  const name = params?.name ?? '';
  if (isSection(name)) return say(language, 'notice.remedy.section', { name });
  const nearest = nearestWord(name, known);
  return nearest
    ? say(language, 'notice.remedy.nearest', { name: nearest })
    : say(language, 'notice.remedy.list', { list: known.join(', ') });
}
