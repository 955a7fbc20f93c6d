-- Orders to pay (责令限期缴纳) and the log of steps of an order or of a case. Where an order stands is derived from its
-- steps, dates and payments; `live_orders` is derived too and may be rebuilt.

create table orders_to_pay (
  id bigint generated always as identity primary key,
  number_year integer not null,
  number integer not null check (number > 0),
  discharger_id bigint not null references dischargers,
  issued_on date not null,
  -- Calendar days from service, with the clause or policy they rest on.
  term_days integer not null check (term_days between 1 and 90),
  term_citation text not null check (term_citation <> ''),
  amount numeric(16, 2) not null check (amount > 0),
  maker_id bigint not null references staff,
  approver_id bigint not null references staff,
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands,
  unique (number_year, number),
  constraint drafted_and_approved_by_two check (maker_id <> approver_id)
);
select declare_facts('orders_to_pay');
create index orders_to_pay_by_discharger on orders_to_pay (discharger_id);

-- What the order names: unpaid of each bill on the day of issue.
create table order_bills (
  order_id bigint not null references orders_to_pay,
  bill_id bigint not null references bills,
  amount numeric(16, 2) not null check (amount > 0),
  primary key (order_id, bill_id)
);
select declare_facts('order_bills');
create index order_bills_by_bill on order_bills (bill_id);

-- Derived: the order a bill is under. One at a time.
create table live_orders (
  bill_id bigint primary key references bills,
  order_id bigint not null references orders_to_pay
);
create index live_orders_by_order on live_orders (order_id);

-- What happened, in order: of the order itself (no case) or of a case on it.
create table enforcement_steps (
  id bigint generated always as identity primary key,
  order_id bigint not null references orders_to_pay,
  case_id bigint,
  seq integer not null,
  step text not null check (step ~ '^[a-z_]+$'),
  acted_on date not null,
  recorded_on date not null,
  particulars jsonb not null,
  evidence_digest text references stored_files,
  actor_id bigint not null references staff,
  approved_by bigint references staff,
  proposal_id bigint unique references proposals,
  number_year integer,
  number integer,
  command_id text not null references commands,
  unique nulls not distinct (order_id, case_id, seq),
  unique (step, number_year, number),
  constraint done_before_recorded check (acted_on <= recorded_on),
  constraint step_by_two_persons check (approved_by <> actor_id),
  constraint approved_by_proposal check ((approved_by is null) = (proposal_id is null)),
  constraint number_within_year check ((number is null) = (number_year is null)),
  constraint numbered_paper check ((number is not null) = (step in ('notice_issued', 'decided', 'demand_issued', 'court_applied'))),
  constraint step_of_its_log check (
    case when step in ('order_served', 'order_withdrawn', 'correction_opened') then case_id is null
         when step in ('defence_received', 'defence_rechecked', 'review_filed', 'review_decided', 'suit_filed', 'suit_decided',
                       'demand_issued', 'demand_served', 'court_applied', 'court_ruled') then true
         else case_id is not null end),
  constraint proved check (evidence_digest is not null or step not in (
    'order_served', 'notice_served', 'decision_served', 'demand_served', 'hearing_notified', 'correction_opened', 'investigated',
    'defence_received', 'rights_waived', 'hearing_requested', 'hearing_held', 'hearing_dropped', 'discussed', 'no_penalty',
    'deferred', 'fine_paid', 'fine_payment_reversed', 'fine_refunded', 'annulled', 'review_filed', 'review_decided',
    'suit_filed', 'suit_decided', 'court_ruled')),
  constraint decided_by_two check (approved_by is not null or step not in (
    'order_withdrawn', 'notice_issued', 'decided', 'no_penalty', 'deferred', 'fine_payment_reversed', 'fine_refunded', 'annulled',
    'review_decided', 'suit_decided', 'demand_issued', 'court_applied', 'closed'))
);
select declare_facts('enforcement_steps');
create unique index steps_taken_once on enforcement_steps (order_id, case_id, step) nulls not distinct
  where step in ('order_served', 'order_withdrawn', 'investigated', 'decided', 'decision_served', 'no_penalty', 'annulled', 'closed');
create unique index fine_payment_reference on enforcement_steps ((particulars ->> 'reference')) where step = 'fine_paid';

-- A log has no gap: each step is the next one, whoever writes it.
create function step_follows() returns trigger language plpgsql as $$
declare
  last integer;
begin
  select coalesce(max(seq), 0) into last from enforcement_steps
    where order_id = new.order_id and case_id is not distinct from new.case_id;
  if new.seq <> last + 1 then
    raise exception 'step % does not follow step % of its log', new.seq, last using errcode = 'QL020';
  end if;
  return new;
end $$;
create trigger step_follows before insert on enforcement_steps for each row execute function step_follows();

-- An estimate is fined only after a person has reviewed it.
create table estimate_reviews (
  bill_id bigint primary key references bills,
  reviewed_on date not null,
  finding text not null check (finding <> ''),
  evidence_digest text not null references stored_files,
  command_id text not null references commands
);
select declare_facts('estimate_reviews');
