/** One mistake in a file that a person wrote, with where it is and what to do about it. Checks return all of them at once. */
export type Problem = {
  /** Path as the person knows it (relative to the campaign folder, or as given). */
  readonly file: string;
  /** 1-based; 0 when the whole file is meant. */
  readonly line: number;
  /** Dotted path inside the document (`waves.0.latest`), or "". */
  readonly path: string;
  /** What is wrong and the remedy, in one or two sentences. */
  readonly message: string;
};
