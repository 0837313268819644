/** What intake needs to know of a campaign; `Campaign` of the campaign room fits. */
import type { App } from '../platform/app.ts';

/** `listVersion` is the version that runs; null or absent while nothing is approved. */
export type RosterCampaign = { readonly id: string; readonly slug: string; readonly listVersion?: number | null };

export type IntakeApp = Pick<App, 'pool' | 'keys' | 'files' | 'clock' | 'exportDir'>;
