/**
 * JSON logs on stderr. Callers log ids, counts and codes; the redaction below is the second fence, for a key that should
 * never have been logged (promise 5).
 */
import { destination, type Logger as PinoLogger, pino } from 'pino';

export type Logger = PinoLogger;

const personalKeys = [
  'name',
  'nameKana',
  'email',
  'phone',
  'address',
  'postcode',
  'recipient',
  'to',
  'reply',
  'response',
  'message',
  'passphrase',
  'note',
];

export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: { pid: process.pid },
      redact: { paths: personalKeys.flatMap((key) => [key, `*.${key}`]), censor: '[redacted]' },
      serializers: {
        // A driver's message may repeat a value ("duplicate key … (email)=(…)"): only its class and codes are kept.
        err: (error: { name?: string; code?: string; constraint?: string }) => ({
          type: error?.name,
          code: error?.code,
          constraint: error?.constraint,
        }),
      },
    },
    destination({ fd: 2, sync: true }),
  );
}
