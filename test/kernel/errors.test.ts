// What each edge makes of an error: the exit codes that scripts wait for, the statuses of HTTP, whether the queue tries again.
import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode, errorCodeOf, errorTable } from '../../src/kernel/errors.ts';
import { problemLines } from '../../src/kernel/problem.ts';

describe('an error', () => {
  // RFC 9110, 15.5 and 15.6: 404 nothing there, 409 conflicts with the state, 422 not processable, 403 refused, 503 for a while.
  it.each<[string, ErrorCode, number, number, boolean]>([
    ['the answer is no', 'CAMPAIGN_CLOSED', 409, 1, false],
    ['the input cannot be read', 'CAMPAIGN_INVALID', 422, 2, false],
    ['what is asked for is not there', 'PERSON_MISSING', 404, 2, false],
    ['something that Owabi depends on is down, and may be up again', 'DATABASE_DOWN', 503, 3, true],
    ['the program is at fault, and trying again would not help', 'OUTPUT_WRONG', 500, 3, false],
    ['the same request is at work, and its answer will be there', 'IDEMPOTENCY_BUSY', 409, 1, true],
    ['somebody may not do this', 'RIGHT_MISSING', 403, 1, false],
  ])('says that %s (%s)', (_, code, httpStatus, exitCode, retry) => {
    expect(errorTable[code]).toEqual({ httpStatus, exitCode, retry });
  });

  it('is of its code, whichever of the code’s reasons it was thrown for', () => {
    const error = new AppError('DAY_REFUSED.future', { day: '2027-01-01' });
    expect(error).toMatchObject({ code: 'DAY_REFUSED', key: 'DAY_REFUSED.future', params: { day: '2027-01-01' } });
    expect(new AppError('LIST_EMPTY')).toMatchObject({ code: 'LIST_EMPTY', key: 'LIST_EMPTY', params: {} });
  });

  it('shows in a log as what it is, without what was in its places, and keeps its cause', () => {
    const cause = new Error('connection refused');
    expect(String(new AppError('PERSON_MISSING', { name: '見本 太郎' }))).toBe('AppError: PERSON_MISSING');
    expect(new AppError('QUEUE_DOWN', {}, { cause }).cause).toBe(cause);
    expect(new AppError('QUEUE_DOWN')).not.toHaveProperty('cause');
  });

  it('that nobody foresaw is stored without its message, which could hold a name', () => {
    expect(errorCodeOf(new AppError('STOCK_SHORT'))).toBe('STOCK_SHORT');
    for (const foreign of [new Error('見本 太郎'), 'text', null]) expect(errorCodeOf(foreign)).toBe('UNEXPECTED');
  });
});

describe('a problem of a file', () => {
  it('is named with file, line and what is wrong, and with the place inside the document where there is one', () => {
    const message = { word: 'want.id', params: {} };
    expect(
      problemLines([
        { file: 'campaign.yaml', line: 3, path: 'waves.0.latest', message },
        { file: 'policy.yaml', line: 0, path: '', message },
      ]),
    ).toEqual([
      { word: 'problem.line.path', params: { file: 'campaign.yaml', line: 3, path: 'waves.0.latest', message } },
      { word: 'problem.line', params: { file: 'policy.yaml', line: 0, message } },
    ]);
  });
});
