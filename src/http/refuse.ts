/** How the server says no: a program gets the code with its words, the same document as a command's --json; a person a page. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, errorTable } from '../kernel/errors.ts';
import { isLanguage, type Language } from '../platform/language.ts';
import { say, sayError } from '../platform/words.ts';

/** What only this door can refuse; what the desk refuses has its code in the table of errors. */
const refusals = {
  HOST_UNKNOWN: 421,
  ORIGIN_FOREIGN: 403,
  PAGE_MISSING: 404,
  REQUEST_WRONG: 400,
  SIGN_IN_MISSING: 401,
  UNEXPECTED: 500,
} as const satisfies Record<string, number>;
export type Refusal = keyof typeof refusals;

type Said = { readonly code: string; readonly message: string; readonly hint: string };

/** Writes a page that shows `said`. */
export type RefusalPage = (language: Language, said: Said) => string;

export function createRefuse(fallback: Language, page: RefusalPage) {
  /** Answers with the refusal, in the reader's language; `status` only where the server's own library knows it better. */
  return (request: FastifyRequest, reply: FastifyReply, why: Refusal | AppError, status?: number): FastifyReply => {
    const language = requestLanguage(request, fallback);
    const said = why instanceof AppError ? sayError(language, why) : sayRefusal(language, why);
    void reply.code(status ?? (why instanceof AppError ? errorTable[why.code].httpStatus : refusals[why]));
    const wantsPage = (request.headers.accept ?? '').includes('text/html');
    return wantsPage
      ? reply.type('text/html; charset=utf-8').send(page(language, said))
      : reply.type('application/json; charset=utf-8').send({ error: said });
  };
}
export type Refuse = ReturnType<typeof createRefuse>;

function sayRefusal(language: Language, code: Refusal): Said {
  return { code, message: say(language, `web.refused.${code}`), hint: say(language, `web.refused.${code}.hint`) };
}

/** `?lang=` wins, then the browser's first language, then the installation's. */
export function requestLanguage(request: FastifyRequest, fallback: Language): Language {
  const asked = (request.query as { lang?: unknown } | undefined)?.lang;
  if (isLanguage(asked)) return asked;
  const first = (request.headers['accept-language'] ?? '').slice(0, 2).toLowerCase();
  return isLanguage(first) ? first : fallback;
}
