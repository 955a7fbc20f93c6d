-- Collected money on its way to the treasury (151 art. 4, 13, 15, 17; Measures art. 13). A statement takes lines, each of
-- them a fact of payments, from the moment it is drawn; vouchers say what the collector paid in, and finance what arrived.
-- The collection fee is a claim of its own.

insert into journal_accounts (code, name_zh, name_en, kind) values
  ('collection_fee_expense', '代征手续费', 'collection fee', 'expense'),
  ('collection_fee_payable', '应付代征手续费', 'collection fee payable', 'liability'),
  ('collection_fee_appropriation', '财政拨款（代征手续费）', 'appropriation for the collection fee', 'income');

-- What a collector took, by day; a statement looks for what came since the one before it.
create index payments_of_collector on payments (collector_id, paid_on) include (amount) where channel = 'collector';
create index refunds_by_day on refunds (refunded_on) where refunded_by = 'collector';

create table remittance_statements (
  id bigint generated always as identity primary key,
  number_year integer not null,
  number integer not null check (number > 0),
  collector_id bigint not null references collectors,
  contract_id bigint references collector_contracts,
  period_kind text not null check (period_kind in ('quarter', 'month')),
  period_from date not null,
  period_until date not null check (period_until > period_from),
  -- The newest payment there was: what is recorded later belongs to a later statement.
  payment_mark bigint not null,
  line_count integer not null check (line_count >= 0),
  collected_amount numeric(18, 2) not null check (collected_amount >= 0),
  -- Of what was collected: paid before this period, and recorded too late for its own.
  late_amount numeric(18, 2) not null check (late_amount between 0 and collected_amount),
  reversed_amount numeric(18, 2) not null check (reversed_amount >= 0),
  refunded_amount numeric(18, 2) not null check (refunded_amount >= 0),
  -- What the statements before it had too much, at most 0.00.
  carried_amount numeric(18, 2) not null check (carried_amount <= 0),
  total_amount numeric(18, 2) not null,
  declared_amount numeric(18, 2) not null,
  difference_reason text,
  drawn_on date not null,
  drawn_by bigint not null references staff,
  command_id text not null references commands,
  recorded_at timestamptz not null,
  unique (number_year, number),
  unique (id, drawn_by),
  constraint statement_is_gross check (total_amount = collected_amount - reversed_amount - refunded_amount + carried_amount),
  constraint drawn_after_its_period check (drawn_on >= period_until),
  constraint difference_has_reason check (declared_amount = total_amount or difference_reason <> '')
);
select declare_facts('remittance_statements');
create index remittance_statements_by_collector on remittance_statements (collector_id, period_from);

create table remittance_lines (
  statement_id bigint not null references remittance_statements,
  kind text not null check (kind in ('payment', 'opening', 'reversal', 'refund', 'carried')),
  -- The payment (of a reversal, too), the refund, what was held at go-live, or the statement that had too much.
  source_id bigint not null,
  payment_id bigint references payments,
  amount numeric(18, 2) not null,
  -- The day it happened: its own period. And the day it was recorded.
  event_on date not null,
  recorded_on date not null,
  primary key (statement_id, kind, source_id),
  constraint sign_follows_kind check (case when kind in ('payment', 'opening') then amount > 0 else amount < 0 end),
  constraint of_a_payment check ((kind in ('payment', 'reversal', 'refund')) = (payment_id is not null))
);
select declare_facts('remittance_lines');
create index remittance_lines_by_source on remittance_lines (kind, source_id);

-- Signed or returned, once: the second of two at once meets this row.
create table remittance_outcomes (
  statement_id bigint primary key,
  outcome text not null check (outcome in ('approved', 'returned')),
  drawn_by bigint not null,
  reviewed_by bigint references staff,
  decided_by bigint not null references staff,
  decided_on date not null,
  reason text not null default '',
  proposal_id bigint unique references proposals,
  command_id text not null references commands,
  foreign key (statement_id, drawn_by) references remittance_statements (id, drawn_by),
  constraint three_persons check (decided_by <> drawn_by and (outcome = 'returned'
    or (reviewed_by is not null and reviewed_by <> drawn_by and reviewed_by <> decided_by and proposal_id is not null))),
  constraint returned_with_reason check (outcome = 'approved' or reason <> '')
);
select declare_facts('remittance_outcomes');

-- A line is a fact of its collector, whole, taken by one statement that was not returned; money that went straight to the
-- treasury is none; and what was drawn is closed: a signed period accepts nothing recorded later.
create function remittance_lines_are_facts() returns trigger language plpgsql as $$
declare
  wrong record;
begin
  select s.id into wrong from remittance_statements s
    where s.id in (select distinct statement_id from added) and s.xmin <> pg_current_xact_id()::xid limit 1;
  if found then
    raise exception 'statement % is closed: nothing joins it afterwards', wrong.id using errcode = 'QL021';
  end if;
  select a.kind, a.source_id into wrong
    from added a join remittance_statements s on s.id = a.statement_id left join payments p on p.id = a.payment_id
      left join payment_reversals v on a.kind = 'reversal' and v.payment_id = a.payment_id
      left join refunds r on a.kind = 'refund' and r.id = a.source_id
      left join opening_held_money o on a.kind = 'opening' and o.id = a.source_id
      left join remittance_statements f on a.kind = 'carried' and f.id = a.source_id
    where not coalesce(a.event_on < s.period_until and case a.kind
      when 'carried' then f.collector_id = s.collector_id and f.period_from < s.period_from
      when 'opening' then o.collector_id = s.collector_id and o.amount = a.amount and o.paid_on = a.event_on
      else p.channel = 'collector' and p.collector_id = s.collector_id and case a.kind
        when 'payment' then p.id = a.source_id and p.amount = a.amount and p.paid_on = a.event_on and p.id <= s.payment_mark
        when 'reversal' then p.id = a.source_id and p.amount = -a.amount and v.reversed_on = a.event_on
        else r.payment_id = p.id and r.refunded_by = 'collector' and r.amount = -a.amount and r.refunded_on = a.event_on end
      end, false) limit 1;
  if found then
    raise exception 'line % % is no fact of its collector and period', wrong.kind, wrong.source_id using errcode = 'QL022';
  end if;
  select a.kind, a.source_id into wrong
    from added a join remittance_lines l on l.kind = a.kind and l.source_id = a.source_id and l.statement_id <> a.statement_id
    where a.kind <> 'carried'
      and not exists (select from remittance_outcomes o where o.statement_id = l.statement_id and o.outcome = 'returned') limit 1;
  if found then
    raise exception '% % was taken by another statement', wrong.kind, wrong.source_id using errcode = 'QL023';
  end if;
  return null;
end $$;
create trigger remittance_lines_are_facts after insert on remittance_lines referencing new table as added
  for each statement execute function remittance_lines_are_facts();

-- The control totals of a statement are those of its lines, at commit.
create function statement_adds_up() returns trigger language plpgsql as $$
declare
  f record;
begin
  select count(*) as lines,
      coalesce(sum(amount) filter (where kind in ('payment', 'opening')), 0) as collected,
      coalesce(sum(amount) filter (where kind in ('payment', 'opening') and event_on < new.period_from), 0) as late,
      coalesce(-sum(amount) filter (where kind = 'reversal'), 0) as reversed,
      coalesce(-sum(amount) filter (where kind = 'refund'), 0) as refunded,
      coalesce(sum(amount) filter (where kind = 'carried'), 0) as carried
    into f from remittance_lines where statement_id = new.id;
  if (f.lines, f.collected, f.late, f.reversed, f.refunded, f.carried) is distinct from
     (new.line_count::bigint, new.collected_amount, new.late_amount, new.reversed_amount, new.refunded_amount, new.carried_amount) then
    raise exception 'statement % does not add up', new.id using errcode = 'QL024';
  end if;
  return null;
end $$;
create constraint trigger statement_adds_up after insert on remittance_statements deferrable initially deferred
  for each row execute function statement_adds_up();

create table remittance_vouchers (
  id bigint generated always as identity primary key,
  statement_id bigint not null references remittance_statements,
  amount numeric(18, 2) not null check (amount > 0),
  paid_on date not null,
  bank_reference text collate "C" not null check (bank_reference <> ''),
  file_digest text not null references stored_files,
  -- Why it is not what the statement still asks for.
  difference_reason text check (difference_reason <> ''),
  submitted_on date not null check (submitted_on >= paid_on),
  submitted_by bigint not null references staff,
  command_id text not null references commands,
  unique (id, submitted_by)
);
select declare_facts('remittance_vouchers');
create index remittance_vouchers_by_statement on remittance_vouchers (statement_id);
create index remittance_vouchers_by_reference on remittance_vouchers (bank_reference);

-- What finance found: the money arrived, or it did not. Never by who submitted the voucher.
create table remittance_voucher_outcomes (
  voucher_id bigint primary key,
  outcome text not null check (outcome in ('confirmed', 'rejected')),
  submitted_by bigint not null,
  decided_by bigint not null references staff,
  decided_on date not null,
  amount numeric(18, 2) check (amount > 0),
  received_on date check (received_on <= decided_on),
  treasury_reference text collate "C" check (treasury_reference <> ''),
  -- A receipt that was entered anew after it was taken back.
  revision smallint not null default 0,
  reason text not null default '',
  command_id text not null references commands,
  foreign key (voucher_id, submitted_by) references remittance_vouchers (id, submitted_by),
  unique (voucher_id, decided_by),
  unique (treasury_reference, revision),
  constraint two_persons check (decided_by <> submitted_by),
  constraint confirmed_with_money check ((outcome = 'confirmed')
    = (amount is not null and received_on is not null and treasury_reference is not null)),
  constraint rejected_with_reason check (outcome = 'confirmed' or reason <> '')
);
select declare_facts('remittance_voucher_outcomes');

-- A receipt that was wrong, or that the bank took back (退汇); by another person of finance.
create table remittance_receipt_reversals (
  voucher_id bigint primary key,
  confirmed_by bigint not null,
  reversed_by bigint not null references staff,
  reversed_on date not null,
  reason text not null check (reason <> ''),
  command_id text not null references commands,
  foreign key (voucher_id, confirmed_by) references remittance_voucher_outcomes (voucher_id, decided_by),
  constraint two_persons check (reversed_by <> confirmed_by)
);
select declare_facts('remittance_receipt_reversals');

-- Rows of a treasury or bank file that were matched, by the file or by a person.
create table treasury_matches (
  import_id bigint not null references imports,
  row_no integer not null,
  voucher_id bigint not null references remittance_vouchers,
  amount numeric(18, 2) not null,
  received_on date not null,
  treasury_reference text collate "C" not null,
  command_id text not null references commands,
  primary key (import_id, row_no)
);
select declare_facts('treasury_matches');
create index treasury_matches_by_voucher on treasury_matches (voucher_id);

-- 代征手续费: what is claimed of a contract year is its fee so far less what was claimed before.
create table collection_fee_claims (
  id bigint generated always as identity primary key,
  number_year integer not null,
  number integer not null check (number > 0),
  statement_id bigint not null references remittance_statements,
  amount numeric(18, 2) not null check (amount > 0),
  claimed_by bigint not null references staff,
  approved_by bigint not null references staff,
  approved_on date not null,
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands,
  unique (number_year, number),
  unique (id, claimed_by, approved_by),
  constraint two_persons check (claimed_by <> approved_by)
);
select declare_facts('collection_fee_claims');
create index collection_fee_claims_by_statement on collection_fee_claims (statement_id);

create table collection_fee_lines (
  claim_id bigint not null references collection_fee_claims,
  contract_id bigint not null references collector_contracts,
  contract_year smallint not null check (contract_year > 0),
  base_amount numeric(18, 2) not null,
  fee_rate numeric not null,
  cap_amount numeric(18, 2),
  fee_amount numeric(18, 2) not null,
  claimed_before_amount numeric(18, 2) not null,
  amount numeric(18, 2) not null,
  primary key (claim_id, contract_id, contract_year),
  constraint fee_is_rate_of_base check (fee_amount = least(round(greatest(base_amount, 0) * fee_rate, 2), cap_amount)),
  constraint claims_the_rest check (amount = fee_amount - claimed_before_amount)
);
select declare_facts('collection_fee_lines');
create index collection_fee_lines_by_contract on collection_fee_lines (contract_id, contract_year);

create function fee_claim_adds_up() returns trigger language plpgsql as $$
begin
  if new.amount is distinct from (select sum(amount) from collection_fee_lines where claim_id = new.id) then
    raise exception 'claim % does not add up', new.id using errcode = 'QL025';
  end if;
  return null;
end $$;
create constraint trigger fee_claim_adds_up after insert on collection_fee_claims deferrable initially deferred
  for each row execute function fee_claim_adds_up();

-- Paid by finance out of the budget (151 art. 17), by a third person.
create table collection_fee_payments (
  claim_id bigint primary key,
  claimed_by bigint not null,
  approved_by bigint not null,
  paid_by bigint not null references staff,
  paid_on date not null,
  reference text not null check (reference <> ''),
  command_id text not null references commands,
  foreign key (claim_id, claimed_by, approved_by) references collection_fee_claims (id, claimed_by, approved_by),
  constraint three_persons check (paid_by <> claimed_by and paid_by <> approved_by)
);
select declare_facts('collection_fee_payments');
