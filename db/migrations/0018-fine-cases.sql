-- Fine cases on lapsed orders: who, how much, and the fine in the books, apart from the fee.

insert into journal_accounts (code, name_zh, name_en, kind) values
  ('fines_receivable', '应收罚款', 'fines receivable', 'asset'),
  ('fine_income', '罚没收入', 'fine income', 'income'),
  ('fine_treasury_received', '国库已收罚没款', 'fines received by the treasury', 'asset');

create table discretion_grids (
  id bigint generated always as identity primary key,
  document_no text not null check (document_no <> ''),
  issuer text not null check (issuer <> ''),
  valid_from date not null unique,
  -- Factor with its lowest and highest multiple.
  rows jsonb not null,
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands
);
select declare_facts('discretion_grids');

create table fine_cases (
  id bigint generated always as identity primary key,
  number_year integer not null,
  number integer not null check (number > 0),
  order_id bigint not null references orders_to_pay,
  filed_on date not null,
  base_amount numeric(16, 2) not null check (base_amount > 0),
  reporter_id bigint not null references staff,
  reporter_certificate text not null check (reporter_certificate <> ''),
  second_id bigint not null references staff,
  second_certificate text not null check (second_certificate <> ''),
  filed_by bigint not null references staff,
  report_digest text not null references stored_files,
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands,
  unique (number_year, number),
  unique (id, order_id),
  unique (id, reporter_id, second_id),
  constraint two_officers check (reporter_id <> second_id and reporter_certificate <> second_certificate),
  constraint filed_by_a_third check (filed_by not in (reporter_id, second_id))
);
select declare_facts('fine_cases');
create index fine_cases_by_order on fine_cases (order_id);

-- The unpaid periods of a case: what lapsed of each bill.
create table fine_case_bills (
  case_id bigint not null references fine_cases,
  bill_id bigint not null references bills,
  account_id bigint not null references accounts,
  fee_month date not null,
  discharger_id bigint not null references dischargers,
  base_amount numeric(16, 2) not null check (base_amount > 0),
  primary key (case_id, bill_id)
);
select declare_facts('fine_case_bills');

-- Derived: the periods that are in a case or were judged. Nothing is punished twice (APL 29); a case that was revoked or
-- annulled gives them back.
create table fined_periods (
  account_id bigint not null,
  fee_month date not null,
  discharger_id bigint not null,
  case_id bigint not null references fine_cases,
  primary key (account_id, fee_month, discharger_id)
);
create index fined_periods_by_case on fined_periods (case_id);

alter table enforcement_steps add constraint step_of_case_of_its_order
  foreign key (case_id, order_id) references fine_cases (id, order_id);

-- The decision in numbers and persons (641 art. 54; APL 42, 57, 58): whoever decides investigated, prepared and reviewed nothing.
create table fines (
  case_id bigint primary key references fine_cases,
  step_id bigint not null unique references enforcement_steps,
  decided_on date not null,
  base_amount numeric(16, 2) not null check (base_amount > 0),
  multiplier numeric(7, 4) not null,
  fine_amount numeric(16, 2) not null,
  addition_announced boolean not null,
  reporter_id bigint not null,
  second_id bigint not null,
  maker_id bigint not null references staff,
  reviewer_id bigint not null references staff,
  head_id bigint not null references staff,
  foreign key (case_id, reporter_id, second_id) references fine_cases (id, reporter_id, second_id),
  constraint multiplier_within_the_law check (multiplier between 1 and 3),
  constraint fine_is_the_product check (fine_amount = round(base_amount * multiplier, 2)),
  constraint head_has_no_other_part check (head_id not in (reporter_id, second_id, maker_id, reviewer_id)),
  constraint reviewer_has_no_other_part check (reviewer_id not in (reporter_id, second_id, maker_id))
);
select declare_facts('fines');

-- The subledger of fines: what each command moved, in yuan, with its journal entry.
create table fine_postings (
  id bigint generated always as identity primary key,
  case_id bigint not null references fine_cases,
  kind text not null check (kind in ('fine', 'addition', 'paid')),
  amount numeric(16, 2) not null check (amount <> 0),
  entry_id bigint not null references journal_entries,
  command_id text not null references commands
);
select declare_facts('fine_postings');
create index fine_postings_by_case on fine_postings (case_id);
