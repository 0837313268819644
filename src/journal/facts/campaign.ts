/** The facts that the campaign room writes: decisions of people about what runs and what may be spent. Closed union. */
export const campaignFacts = [
  'campaign.created',
  'approver.registered',
  'plan.proposed',
  'plan.approved',
  'campaign.state_changed',
  /** This database was found to be a copy: nothing is sent from it until a named person takes the campaign over. */
  'home.suspended',
  'home.taken',
  'consent.asked',
  'consent.answered',
  'consent.held',
  'consent.released',
  'publication.recorded',
  'policy.adopted',
  'checklist.ticked',
  'checklist.reopened',
  'campaign.held',
  'campaign.hold_released',
  /** Written before anything is destroyed, so that no purge can be unrecorded; `campaign.purged` follows when all is gone. */
  'campaign.purge_begun',
  'campaign.purged',
] as const;
