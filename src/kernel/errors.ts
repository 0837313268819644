/**
 * The one exception of the house and the one table of its codes. An AppError is a broken dependency, unreadable input
 * or a refused act; expected outcomes are returned as unions instead. http, cli and queue each read the same table.
 */
import type { WordParams } from './wording.ts';

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
  DAY_REFUSED: badInput,
  DATABASE_DOWN: down,
  DATABASE_MAJOR: down,
  DATABASE_NOT_EMPTY: no,
  DATABASE_UNUSABLE: down,
  DEMO_STUCK: bug,
  DRAFT_MISSING: missing,
  FILE_CORRUPT: bug,
  FILE_EXISTS: no,
  FILE_MISSING: missing,
  FOLDER_NOT_EMPTY: badInput,
  FOLDER_UNREADABLE: badInput,
  FORMAT_NEWER: badInput,
  GIFT_UNKNOWN: missing,
  HOME_UNKNOWN: no,
  HOME_UNMARKED: no,
  IDEMPOTENCY_BUSY: { httpStatus: 409, exitCode: 1, retry: true },
  IDEMPOTENCY_CLASH: no,
  IDEMPOTENCY_UNKNOWN: no,
  IMPORT_BUSY: no,
  INVOICE_CHANGED: no,
  INVOICE_INVALID: badInput,
  INTERVALS_INVALID: badInput,
  KEY_EXISTS: no,
  KEY_INVALID: badInput,
  KEY_MISSING: no,
  KEY_WRONG: bug,
  LINE_MISSING: missing,
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
  OUTPUT_WRONG: bug,
  PASSPHRASE_WEAK: badInput,
  PERSON_MISSING: missing,
  PLAN_MISSING: no,
  POLICY_INVALID: badInput,
  POLICY_MISSING: no,
  QUEUE_DOWN: down,
  RIGHT_MISSING: { httpStatus: 403, exitCode: 1, retry: false },
  ROSTER_HEADER_UNKNOWN: badInput,
  ROSTER_TOO_LONG: badInput,
  ROSTER_UNREADABLE: badInput,
  RATES_INVALID: badInput,
  ROW_MISSING: bug,
  SERVER_DOWN: down,
  SMTP_DOWN: down,
  SMTP_URL_INVALID: badInput,
  STEP_UNKNOWN: badInput,
  STOCK_SHORT: no,
  TEMPLATE_INVALID: bug,
  THREAD_FAILED: bug,
  USAGE_WRONG: badInput,
  VENDOR_FILE_INVALID: badInput,
  ZIP_INVALID: badInput,
  WAVE_MISSING: missing,
} as const satisfies Record<string, ErrorTraits>;

export type ErrorCode = keyof typeof errorTable;

/** `CODE`, or `CODE.which` where a code is thrown for several reasons: `error.` + this is its entry in the catalogue of words. */
export type ErrorKey = ErrorCode | `${ErrorCode}.${string}`;

/**
 * An error with a code from the table. What a person reads is said at the edge, in their language, from the catalogue:
 * `error.<key>` and, for the remedy, `error.<key>.hint` or `error.<code>.hint`. `params` fill its places and may name files
 * and lines, never a victim of the breach. `message` is the key alone, so that a log or a stack tells nothing else.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly key: ErrorKey;
  readonly params: WordParams;

  constructor(key: ErrorKey, params: WordParams = {}, options: { cause?: unknown } = {}) {
    super(key, options);
    this.name = 'AppError';
    this.code = key.split('.')[0] as ErrorCode;
    this.key = key;
    this.params = params;
  }
}

/** The code of any thrown value: an AppError's own, else UNEXPECTED. Safe to store: it never carries a message. */
export function errorCodeOf(error: unknown): ErrorCode | 'UNEXPECTED' {
  return error instanceof AppError ? error.code : 'UNEXPECTED';
}
