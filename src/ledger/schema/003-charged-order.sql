-- Blocks are charged in their order, so that the next one to charge is found without reading all of them.
create index charged_block_version on ledger.charged_block (campaign_id, rate_version_id, block);
