-- Letters and gifts that another home may have sent: in doubt per person, until two named people say what became of them.
alter table delivery.person_event drop constraint person_event_kind_check;
alter table delivery.person_event add constraint person_event_kind_check check (kind in ('substituted', 'excluded', 'readmitted',
  'released_from_letter', 'address_corrected', 'paper_doubted', 'paper_assumed_posted', 'paper_released'));
create index person_event_doubt on delivery.person_event (campaign_id, ref, id) where kind in ('paper_doubted', 'paper_assumed_posted', 'paper_released');
