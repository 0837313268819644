/** The JSON Schema of campaign.yaml for editors, generated from the zod schema; a test keeps the shipped file fresh. */
import { z } from 'zod';
import { campaignFileSchema } from './campaign-file.ts';

/** The content of templates/campaign/campaign.schema.json. */
export function campaignJsonSchema(): string {
  const schema = z.toJSONSchema(campaignFileSchema, { io: 'input', unrepresentable: 'any' });
  return `${JSON.stringify({ title: 'Owabi campaign', ...schema }, null, 2)}\n`;
}
