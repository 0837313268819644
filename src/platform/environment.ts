/** The only reader of the process's environment; what it means is config.ts's and language.ts's. */
export function processEnvironment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}
