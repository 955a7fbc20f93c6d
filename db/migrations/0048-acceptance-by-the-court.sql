-- Whether the court accepted an application, and what the higher court was asked (行政强制法第五十六条、第五十八条): steps
-- of either claim, each with its paper.
alter table enforcement_steps
  drop constraint step_of_its_log,
  add constraint step_of_its_log check (
    case when step in ('order_served', 'order_withdrawn', 'correction_opened', 'claim_ended') then case_id is null
         when step in ('defence_received', 'defence_rechecked', 'review_filed', 'review_decided', 'suit_filed', 'suit_decided',
                       'demand_issued', 'demand_served', 'court_applied', 'court_accepted', 'court_challenged', 'court_ruled')
           then true
         else case_id is not null end),
  add constraint court_proved check (
    evidence_digest is not null or step not in ('court_accepted', 'court_challenged'));
