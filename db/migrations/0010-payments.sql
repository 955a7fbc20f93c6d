-- What was paid, what it paid for, and what is left open. Payments, reversals, refunds, allocations and their lapses are
-- facts; open items and credits are derived from them by the same commands and may be rebuilt.

insert into journal_accounts (code, name_zh, name_en, kind) values
  ('collector_held', '代征单位待缴', 'held by collector', 'asset'),
  ('treasury_received', '国库已收', 'treasury received', 'asset'),
  ('unallocated_receipts', '预收待分配', 'unallocated receipts', 'liability');

-- A reduced or cancelled bill changes what its month owes as a whole; and an enterprise asks for its own bills.
create index bills_by_account on bills (account_id, fee_month);
create index bills_by_discharger on bills (discharger_id);

create table payments (
  id bigint generated always as identity primary key,
  channel text not null check (channel in ('collector', 'treasury')),
  collector_id bigint references collectors,
  reference text collate "C" not null check (reference <> ''),
  account_id bigint references accounts,
  -- The payer: who held the account on the day of payment.
  discharger_id bigint not null references dischargers,
  paid_on date not null,
  recorded_on date not null,
  amount numeric(16, 2) not null check (amount > 0),
  method text,
  -- Bills the payer named, in their order; the rest goes by due date.
  named_bills bigint[],
  import_id bigint references imports,
  row_no integer,
  -- Of an entry by hand or a decision on a held row; what came straight from a file has the command of its import.
  command_id text references commands,
  constraint collector_of_its_channel check ((channel = 'collector') = (collector_id is not null)),
  constraint paid_before_recorded check (paid_on <= recorded_on),
  constraint row_of_import check ((import_id is null) = (row_no is null)),
  constraint came_by_a_command check (import_id is not null or command_id is not null)
);
select declare_facts('payments');
create unique index payment_reference on payments (collector_id, reference) where channel = 'collector';
create unique index payment_reference_at_treasury on payments (reference) where channel = 'treasury';
create index payments_by_account on payments (account_id, paid_on);
create index payments_by_discharger on payments (discharger_id, paid_on);
create index payments_by_import on payments (import_id) where import_id is not null;

-- A payment is reversed as a whole, once.
create table payment_reversals (
  payment_id bigint primary key references payments,
  reversed_on date not null,
  recorded_on date not null,
  reason text not null check (reason <> ''),
  import_id bigint references imports,
  row_no integer,
  command_id text references commands,
  constraint reversed_before_recorded check (reversed_on <= recorded_on),
  constraint row_of_import check ((import_id is null) = (row_no is null)),
  constraint came_by_a_command check (import_id is not null or command_id is not null)
);
select declare_facts('payment_reversals');
create index payment_reversals_by_import on payment_reversals (import_id) where import_id is not null;

create table refunds (
  id bigint generated always as identity primary key,
  payment_id bigint not null references payments,
  amount numeric(16, 2) not null check (amount > 0),
  refunded_on date not null,
  refunded_by text not null check (refunded_by in ('collector', 'treasury')),
  evidence text not null check (evidence <> ''),
  -- Decided by a second person.
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands
);
select declare_facts('refunds');
create index refunds_by_payment on refunds (payment_id);

create table allocations (
  id bigint generated always as identity primary key,
  payment_id bigint not null references payments,
  bill_id bigint not null references bills,
  amount numeric(16, 2) not null check (amount > 0),
  basis text not null check (basis in ('order', 'named', 'credit', 'opening')),
  allocated_on date not null,
  command_id text not null references commands
);
select declare_facts('allocations');
create index allocations_by_payment on allocations (payment_id);
create index allocations_by_bill on allocations (bill_id);

-- An allocation that no longer counts. A part lapses by the whole lapsing and the rest being allocated anew.
create table allocation_lapses (
  allocation_id bigint primary key references allocations,
  reason text not null check (reason in ('bill_cancelled', 'bill_reduced', 'payment_reversed', 'moved')),
  lapsed_on date not null,
  command_id text not null references commands
);
select declare_facts('allocation_lapses');

-- Derived: what each bill that asks for money still asks for. The checks are the last word on paying too much.
create table open_items (
  bill_id bigint primary key references bills,
  account_id bigint not null,
  discharger_id bigint not null,
  fee_month date not null,
  due_on date not null,
  payable numeric(16, 2) not null check (payable >= 0),
  outstanding numeric(16, 2) not null,
  -- The latest day of payment among what is allocated.
  last_paid_on date,
  -- The day on which nothing was left to pay: from then on it was not overdue.
  settled_on date generated always as (case when outstanding = 0 and payable > 0 then last_paid_on end) stored,
  constraint outstanding_within_payable check (outstanding between 0 and payable),
  constraint paid_on_some_day check ((last_paid_on is null) = (outstanding = payable))
);
-- Overdue as of a day: what is open now, and what was paid late, after that day.
create index open_items_unpaid on open_items (due_on, bill_id) where outstanding > 0;
create index open_items_paid_late on open_items (settled_on, due_on) where settled_on > due_on;
create index open_items_by_account on open_items (account_id, discharger_id) where outstanding > 0;
create index open_items_by_discharger on open_items (discharger_id) where outstanding > 0;

-- Derived: what of a payment is not used. A row is there only while something remains, so that the table stays as small
-- as what it is asked for and whoever waits for a used-up credit finds it gone.
create table credits (
  payment_id bigint primary key references payments,
  account_id bigint,
  discharger_id bigint not null,
  paid_on date not null,
  remaining numeric(16, 2) not null check (remaining > 0)
);
create index credits_by_discharger on credits (discharger_id);
create index credits_by_account on credits (account_id) where account_id is not null;

-- 异议: an objection does not move the due date; it is answered within its term.
create table objections (
  id bigint generated always as identity primary key,
  bill_id bigint not null references bills,
  received_on date not null,
  received_from text not null check (received_from <> ''),
  grounds text not null check (grounds <> ''),
  evidence text not null default '',
  answer_due_on date not null check (answer_due_on >= received_on),
  command_id text not null references commands
);
select declare_facts('objections');
create index objections_by_bill on objections (bill_id);

create table objection_answers (
  objection_id bigint primary key references objections,
  outcome text not null check (outcome in ('kept', 'corrected')),
  answered_on date not null,
  reason text not null check (reason <> ''),
  -- The approved correction that carries the outcome out (红冲、重开、追补、退补).
  correction_proposal_id bigint references proposals,
  command_id text not null references commands,
  constraint corrected_by_a_correction check ((outcome = 'corrected') = (correction_proposal_id is not null))
);
select declare_facts('objection_answers');
