/**
 * What a posting slip's number and a post office may look like. Both are typed by others and end in tables and bundles in clear,
 * so a shifted column of a vendor's file must not carry a name, an address or a telephone number there (promise 5).
 */

const SLIP_NUMBER = /^(?=.*\d)[A-Za-z0-9/-]{1,40}$/;
/** 03-1234-5678, 090-1234-5678, 09012345678. */
const PHONE = /^0\d{1,4}-\d{1,4}-\d{3,4}$|^0[5-9]0\d{8}$/;

/** Letters without a figure are a word, and may be somebody's. `text` is in NFKC form. */
export function isSlipNumber(text: string): boolean {
  return SLIP_NUMBER.test(text) && !PHONE.test(text);
}

/** 銀座郵便局, ゆうメール銀座支店, 銀座局; in Latin letters "Ginza Post Office", or a code that has a figure. */
const POST_OFFICE = /^[^@<>"]*(郵便局|支店|局)$|^[A-Za-z .-]+ (Post Office|Branch)$|^(?=.*\d)[A-Za-z0-9 -]+$/iu;

/** `text` is in NFKC form; an empty one is no office but may stand. */
export function isPostOffice(text: string): boolean {
  return text === '' || (text.length <= 30 && POST_OFFICE.test(text) && !/\d{7}|\d-\d+-\d/u.test(text));
}
