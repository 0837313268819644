/** The languages of the interface, and which one a person wants who has not said so on the command line. */
export const languages = ['ja', 'en'] as const;
export type Language = (typeof languages)[number];

export const isLanguage = (value: unknown): value is Language => languages.some((language) => language === value);

/** OWABI_LANG, else the system's locale. A value that is no language counts as absent here; loadConfig refuses it. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  if (isLanguage(env.OWABI_LANG)) return env.OWABI_LANG;
  return (env.LC_ALL || env.LANG || '').startsWith('ja') ? 'ja' : 'en';
}
