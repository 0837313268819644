/** Whether an answer says that nothing was done: refusals that a door must show are answers, not errors, and are refusals all the same. */

const code = /^[A-Z][A-Z_]{1,59}$/;
const isCode = (value: unknown): value is string => typeof value === 'string' && code.test(value);

/**
 * The first code of a refusal, null for an answer that did something. `{kind: 'refused', reasons}`, `{refused: CODE}` and
 * `{refused: [CODE…]}` are refusals; a list of people or pieces that were left out of what was done is none.
 */
export function refusalOf(answer: unknown): string | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const { kind, reasons, refused } = answer as Record<string, unknown>;
  const codes = [kind === 'refused' ? reasons : [], refused].flat();
  const first = codes.find(isCode);
  if (first !== undefined) return first;
  return kind === 'refused' ? 'REFUSED' : null;
}
