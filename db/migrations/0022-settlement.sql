-- The plant's service fee (Measures art. 11): the concession agreement, what the plant treated each day, claims and what
-- became of them. Its money is a purse of its own: no entry of the books holds it together with fee money.

insert into journal_accounts (code, name_zh, name_en, kind) values
  ('service_fee_expense', '污水处理服务费', 'service fee of the plant', 'expense'),
  ('service_fee_payable', '应付服务费', 'service fee payable', 'liability'),
  ('service_fee_appropriation', '财政拨款（服务费）', 'appropriation for the service fee', 'income');

-- 收支两条线: what users pay and what the plant is paid never stand in one entry, so neither can be netted.
create function service_fee_stays_apart() returns trigger language plpgsql as $$
declare
  mixed bigint;
begin
  select a.entry_id into mixed from added a join postings p on p.entry_id = a.entry_id
    where starts_with(a.account_code, 'service_fee_') <> starts_with(p.account_code, 'service_fee_') limit 1;
  if mixed is not null then
    raise exception 'journal entry % mixes the service fee with other money', mixed using errcode = 'QL024';
  end if;
  return null;
end $$;
create trigger service_fee_stays_apart after insert on postings referencing new table as added
  for each statement execute function service_fee_stays_apart();

create table concession_agreements (
  id bigint generated always as identity primary key,
  plant_id bigint not null references organisations,
  code text not null unique check (code ~ '^[A-Za-z0-9-]{2,40}$'),
  title text not null check (title <> ''),
  document text not null check (document <> ''),
  terms jsonb not null,
  valid_from date not null,
  valid_until date check (valid_until > valid_from),
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands,
  constraint one_agreement_at_a_time exclude using gist (plant_id with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('concession_agreements');

-- What the plant treated on a day and what its effluent was. A corrected day replaces the one before it; the last counts.
create table plant_days (
  id bigint generated always as identity primary key,
  plant_id bigint not null references organisations,
  day date not null,
  treated_m3 numeric(14, 3) not null check (treated_m3 >= 0),
  inflow_m3 numeric(14, 3) check (inflow_m3 >= 0),
  -- indicator → value as it was given
  effluent jsonb not null,
  replaces bigint unique,
  import_id bigint not null references imports,
  row_no integer not null,
  command_id text not null references commands,
  unique (id, plant_id, day),
  foreign key (replaces, plant_id, day) references plant_days (id, plant_id, day)
);
select declare_facts('plant_days');
create unique index plant_day_begins_once on plant_days (plant_id, day) where replaces is null;
create index plant_days_by_day on plant_days (plant_id, day);

create table service_fee_claims (
  id bigint generated always as identity primary key,
  plant_id bigint not null references organisations,
  month date not null check (extract(day from month) = 1),
  number_year integer not null,
  number integer not null check (number > 0),
  fee_amount numeric(16, 2) not null check (fee_amount >= 0),
  -- Of months claimed before, whose facts have changed since.
  correction_amount numeric(16, 2) not null,
  -- What an earlier claim came out below zero by.
  carried_amount numeric(16, 2) not null check (carried_amount <= 0),
  payable_amount numeric(16, 2) not null,
  calculation jsonb not null,
  calculation_digest text not null,
  replaces bigint unique,
  replaces_step text check (replaces_step = 'returned'),
  claimed_on date not null,
  command_id text not null references commands,
  unique (number_year, number),
  unique (id, payable_amount),
  constraint replaces_what_was_returned check ((replaces is null) = (replaces_step is null)),
  constraint nothing_below_zero_is_paid check (payable_amount = greatest(0, fee_amount + correction_amount + carried_amount))
);
select declare_facts('service_fee_claims');
create unique index service_fee_month_begins_once on service_fee_claims (plant_id, month) where replaces is null;

-- Plant → brigade → bureau → finance. Each step follows the one before it, once; whoever took one takes no other.
create table service_fee_steps (
  claim_id bigint not null references service_fee_claims,
  step text not null,
  after_step text,
  person_id bigint not null references staff,
  acted_on date not null,
  reason text not null default '',
  -- Voucher of the payment, line of the bank statement.
  reference text not null default '',
  amount numeric(16, 2),
  command_id text not null references commands,
  recorded_at timestamptz not null,
  primary key (claim_id, step),
  unique (claim_id, after_step),
  foreign key (claim_id, after_step) references service_fee_steps (claim_id, step),
  foreign key (claim_id, amount) references service_fee_claims (id, payable_amount),
  constraint one_person_one_step unique (claim_id, person_id),
  constraint steps_in_order check (coalesce(case step
    when 'claimed' then after_step is null
    when 'reviewed' then after_step = 'claimed'
    when 'approved' then after_step = 'reviewed'
    when 'paid' then after_step = 'approved'
    when 'reconciled' then after_step = 'paid'
    when 'returned' then after_step in ('claimed', 'reviewed', 'approved')
  end, false)),
  constraint returned_with_reason check (step <> 'returned' or reason <> ''),
  constraint paid_in_full check ((step in ('paid', 'reconciled')) = (amount is not null and amount > 0)),
  constraint paid_with_reference check (step not in ('paid', 'reconciled') or reference <> '')
);
select declare_facts('service_fee_steps');
create unique index service_fee_voucher on service_fee_steps (reference) where step = 'paid';
alter table service_fee_claims
  add foreign key (replaces, replaces_step) references service_fee_steps (claim_id, step);
