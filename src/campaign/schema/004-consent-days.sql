-- The day on which a consent was asked for or answered; `at` is the instant at which that was entered. Null in rows older than this column: the day of `at`.
alter table campaign.consent_event add column happened_on date;
