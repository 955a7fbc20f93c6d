-- The claim for a fee ends by a step of its own, by two persons and once, as a case is closed.
alter table enforcement_steps
  drop constraint step_of_its_log,
  add constraint step_of_its_log check (
    case when step in ('order_served', 'order_withdrawn', 'correction_opened', 'claim_ended') then case_id is null
         when step in ('defence_received', 'defence_rechecked', 'review_filed', 'review_decided', 'suit_filed', 'suit_decided',
                       'demand_issued', 'demand_served', 'court_applied', 'court_ruled') then true
         else case_id is not null end),
  drop constraint decided_by_two,
  add constraint decided_by_two check (approved_by is not null or step not in (
    'order_withdrawn', 'notice_issued', 'decided', 'no_penalty', 'deferred', 'fine_payment_reversed', 'fine_refunded', 'annulled',
    'review_decided', 'suit_decided', 'demand_issued', 'court_applied', 'claim_ended', 'closed'));

drop index steps_taken_once;
create unique index steps_taken_once on enforcement_steps (order_id, case_id, step) nulls not distinct
  where step in ('order_served', 'order_withdrawn', 'investigated', 'decided', 'decision_served', 'no_penalty', 'annulled',
                 'claim_ended', 'closed');
