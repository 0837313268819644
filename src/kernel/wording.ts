/** Words to be said later, in the language of whoever reads them: a key of the catalogue and what fills its places. */
export type Wording = { readonly word: string; readonly params?: WordParams };

/** A list is said line by line. */
export type WordParam = string | number | Wording | readonly (string | Wording)[];
export type WordParams = Readonly<Record<string, WordParam>>;
