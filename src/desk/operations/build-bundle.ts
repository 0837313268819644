/** Builds the bundle for an audience: the record without any person's data. */
import { bundleAnswer, bundleCampaign, bundleFields } from '../lifecycle/bundle-campaign.ts';
import { operationOf } from '../operation.ts';

export const operation = operationOf({
  kind: 'write',
  input: bundleFields,
  output: bundleAnswer,
  run: async (context, given) => await bundleCampaign(context, given),
});
