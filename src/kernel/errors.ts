/**
 * The one exception of the house and the one table of its codes. An AppError is a broken dependency, unreadable input
 * or a refused act; expected outcomes are returned as unions instead. http, cli and queue each read the same table.
 */

/** exitCode: 1 the answer is "no", 2 wrong usage or unreadable input, 3 something Owabi depends on is down. */
type ErrorTraits = { readonly httpStatus: number; readonly exitCode: 1 | 2 | 3; readonly retry: boolean };

const no: ErrorTraits = { httpStatus: 409, exitCode: 1, retry: false };
const badInput: ErrorTraits = { httpStatus: 422, exitCode: 2, retry: false };
const missing: ErrorTraits = { httpStatus: 404, exitCode: 2, retry: false };
const down: ErrorTraits = { httpStatus: 503, exitCode: 3, retry: true };
const bug: ErrorTraits = { httpStatus: 500, exitCode: 3, retry: false };

/** Every code with what each edge makes of it. A code is NOUN_PROBLEM; one line each, sorted. */
export const errorTable = {
  BACKUP_INVALID: badInput,
  ACTOR_UNKNOWN: missing,
  APPROVER_EXISTS: no,
  APPROVER_UNVOUCHED: no,
  BLOCK_MISSING: missing,
  CAMPAIGN_CLOSED: no,
  CAMPAIGN_EXISTS: no,
  CAMPAIGN_INVALID: badInput,
  CAMPAIGN_MISSING: missing,
  CAMPAIGN_NOT_RUNNING: no,
  CASE_MISSING: missing,
  CHARACTER_UNENCODABLE: no,
  CONFIG_INVALID: badInput,
  CONSENT_HELD: no,
  CONSENT_MISSING: missing,
  CUSTODY_INCOMPLETE: badInput,
  DATABASE_DOWN: down,
  DATABASE_MAJOR: down,
  DATABASE_NOT_EMPTY: no,
  DATABASE_UNUSABLE: down,
  DEMO_STUCK: bug,
  FILE_CORRUPT: bug,
  FILE_EXISTS: no,
  FILE_MISSING: missing,
  FOLDER_NOT_EMPTY: badInput,
  FOLDER_UNREADABLE: badInput,
  GIFT_UNKNOWN: missing,
  IMPORT_BUSY: no,
  INVOICE_CHANGED: no,
  INVOICE_INVALID: badInput,
  INTERVALS_INVALID: badInput,
  KEY_EXISTS: no,
  KEY_INVALID: badInput,
  KEY_MISSING: no,
  KEY_WRONG: bug,
  LIST_EMPTY: no,
  LIST_NOT_FROZEN: no,
  LIST_VERSION_MISSING: missing,
  LOT_MISSING: missing,
  MAIL_INVALID: badInput,
  MAPPING_INVALID: badInput,
  MIGRATION_CHANGED: down,
  NOTICE_INVALID: badInput,
  NOTICE_NUMBER_EXHAUSTED: bug,
  NOTICE_UNSAFE: no,
  PASSPHRASE_WEAK: badInput,
  PERSON_MISSING: missing,
  PLAN_MISSING: no,
  POLICY_INVALID: badInput,
  POLICY_MISSING: no,
  QUEUE_DOWN: down,
  ROSTER_HEADER_UNKNOWN: badInput,
  ROSTER_TOO_LONG: badInput,
  ROSTER_UNREADABLE: badInput,
  RATES_INVALID: badInput,
  ROW_MISSING: bug,
  SERVER_DOWN: down,
  SMTP_DOWN: down,
  SMTP_URL_INVALID: badInput,
  STOCK_SHORT: no,
  TEMPLATE_INVALID: bug,
  THREAD_FAILED: bug,
  USAGE_WRONG: badInput,
  VENDOR_FILE_INVALID: badInput,
  ZIP_INVALID: badInput,
} as const satisfies Record<string, ErrorTraits>;

export type ErrorCode = keyof typeof errorTable;

/**
 * An error with a code from the table. `message` is for a person at the terminal and may name files and lines, never a
 * victim of the breach; `hint` is the remedy.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
  }
}

/** The code of any thrown value: an AppError's own, else UNEXPECTED. Safe to store: it never carries a message. */
export function errorCodeOf(error: unknown): ErrorCode | 'UNEXPECTED' {
  return error instanceof AppError ? error.code : 'UNEXPECTED';
}
