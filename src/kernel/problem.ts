/** One mistake in a file that a person wrote, with where it is and what to do about it. Checks return all of them at once. */
import type { Wording } from './wording.ts';

type Place = {
  /** Path as the person knows it (relative to the campaign folder, or as given). */
  readonly file: string;
  /** 1-based; 0 when the whole file is meant. */
  readonly line: number;
  /** Dotted path inside the document (`waves.0.latest`), or "". */
  readonly path: string;
};

export type Problem = Place & {
  /** What is wrong and the remedy, in one or two sentences. */
  readonly message: string;
};

/** The same before anybody's language is known, as an AppError carries it to the edge. */
export type WordedProblem = Place & { readonly message: Wording };

/** One line for each problem, `file:line: path what is wrong`, as the `faults` of an error. */
export function problemLines(problems: readonly WordedProblem[]): Wording[] {
  return problems.map(({ file, line, path, message }) => ({
    word: path === '' ? 'problem.line' : 'problem.line.path',
    params: path === '' ? { file, line, message } : { file, line, path, message },
  }));
}
