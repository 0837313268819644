/** `owabi consent add|list`: what the insurer was asked and answered, and how much of it is held. */
import type { OperationOutput } from '../../desk/operations.ts';
import type { CommandContext, Run } from '../command.ts';

export const runConsentAdd: Run = async ({ args, options, say, call }) => {
  const json = await call('record-consent', { campaign: args[0], ...options });
  return { json, text: toLine(json.consent, say) };
};

export const runConsentList: Run = async ({ args, say, call }) => {
  const json = await call('list-consents', { campaign: args[0] });
  const lines = json.consents.map((one) => toLine(one, say));
  return { json, text: lines.length === 0 ? say('cli.consent.none') : lines.join('\n') };
};

function toLine(consent: OperationOutput<'record-consent'>['consent'], say: CommandContext['say']): string {
  const cap = (value: number | null) => (value === null ? say('cli.consent.noCap') : value.toLocaleString('en-US'));
  return say('cli.consent.line', {
    id: consent.id,
    category: consent.category,
    vendor: consent.vendor ?? '-',
    answer: say(`cli.consent.answer.${consent.answer}`),
    heldQuantity: consent.heldQuantity.toLocaleString('en-US'),
    quantityCap: cap(consent.quantityCap),
    heldYen: consent.heldYen.toLocaleString('en-US'),
    amountCap: cap(consent.amountCapYen),
    validTo: consent.validTo ?? '-',
  });
}
