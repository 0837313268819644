/**
 * What the environment means. Every fault is reported at once, each with its variable's name; the result is frozen.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { AppError } from '../kernel/errors.ts';
import { issueRemedy } from './formats/yaml-remedy.ts';
import { type Language, languageOf, languages } from './language.ts';

const environmentSchema = z.object({
  OWABI_HOME: z.string().min(1).optional(),
  OWABI_KEYS: z.string().min(1).optional(),
  OWABI_EXPORT: z.string().min(1).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'want.postgresUrl')
    .optional(),
  REDIS_URL: z
    .string()
    .regex(/^(rediss?|unix):\/\//, 'want.redisUrl')
    .optional(),
  OWABI_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'want.smtpUrl')
    .optional(),
  OWABI_SMTP_CONNECTIONS: z.coerce.number().int().min(1).max(100).default(4),
  OWABI_LANG: z.enum(languages).optional(),
  OWABI_LOG: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
  OWABI_HOST: z.union([z.ipv4(), z.ipv6()]).default('127.0.0.1'),
  OWABI_PORT: z.coerce.number().int().min(0).max(65_535).default(4810),
  OWABI_PASSPHRASE_FILE: z.string().min(1).optional(),
});

/** Every variable that Owabi reads, in the order in which the reference explains them. */
export const configVariables: readonly string[] = Object.keys(environmentSchema.shape);

export type Config = {
  readonly home: string;
  readonly keysDir: string;
  readonly exportDir: string;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly smtpUrl: string | null;
  readonly smtpConnections: number;
  readonly language: Language;
  readonly logLevel: z.output<typeof environmentSchema>['OWABI_LOG'];
  readonly host: string;
  readonly port: number;
  readonly passphraseFile: string | null;
};

/**
 * Reads the configuration. `home` defaults to the user's data folder and `keysDir` to the user's configuration folder, so
 * that a copied data folder never carries its keys (mechanism: keys outside the database and OWABI_HOME).
 * Throws CONFIG_INVALID naming every faulty variable.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => ({
      word: 'config.fault',
      params: { name: String(issue.path[0]), message: issueRemedy(issue, present) },
    }));
    throw new AppError('CONFIG_INVALID.variables', { faults });
  }
  const values = parsed.data;
  const dataHome = present.XDG_DATA_HOME ?? join(homedir(), '.local', 'share');
  const configHome = present.XDG_CONFIG_HOME ?? join(homedir(), '.config');
  const home = resolve(values.OWABI_HOME ?? join(dataHome, 'owabi'));
  const keysDir = resolve(values.OWABI_KEYS ?? join(configHome, 'owabi', 'keys'));
  if (keysDir === home || keysDir.startsWith(`${home}/`)) {
    throw new AppError('CONFIG_INVALID.keysInside', { dir: keysDir });
  }
  return Object.freeze({
    home,
    keysDir,
    exportDir: resolve(values.OWABI_EXPORT ?? join(homedir(), 'owabi-export')),
    databaseUrl: values.DATABASE_URL ?? null,
    redisUrl: values.REDIS_URL ?? null,
    smtpUrl: values.OWABI_SMTP_URL ?? null,
    smtpConnections: values.OWABI_SMTP_CONNECTIONS,
    language: languageOf(present),
    logLevel: values.OWABI_LOG,
    host: values.OWABI_HOST,
    port: values.OWABI_PORT,
    passphraseFile: values.OWABI_PASSPHRASE_FILE ?? null,
  });
}
