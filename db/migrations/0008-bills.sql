-- What is owed. Drafts are computed in blocks and disposable; a bill is a fact from the moment it has a number.

create table bill_runs (
  id bigint generated always as identity primary key,
  fee_month date not null check (extract(day from fee_month) = 1),
  purpose text not null check (purpose in ('regular', 'supplementary')),
  scope jsonb not null,
  roster_version_id bigint not null references roster_versions,
  maker_id bigint not null references staff,
  command_id text not null references commands,
  recorded_at timestamptz not null
);
select declare_facts('bill_runs');

-- One open run per month: the second of two at once meets this row and is refused by name.
create table open_bill_runs (
  fee_month date primary key,
  run_id bigint not null unique references bill_runs
);

create table bill_run_discards (
  run_id bigint primary key references bill_runs,
  reason text not null check (reason <> ''),
  command_id text not null references commands
);
select declare_facts('bill_run_discards');

-- Disposable: unlogged, without triggers; after a crash of the server the blocks are simply computed again.
create unlogged table bill_draft_blocks (
  run_id bigint not null,
  block_no integer not null,
  last_collector_id bigint not null,
  last_account_no text not null collate "C",
  account_count integer not null,
  facts_mark text not null,
  digest text not null,
  summary jsonb not null,
  primary key (run_id, block_no)
);

-- One row per line of a drafted bill, or one per held or exempt account. `ordinal` counts the bills of a block, so that
-- issuing assigns numbers without sorting; the bill's totals stand on its first line.
create unlogged table bill_drafts (
  run_id bigint not null,
  block_no integer not null,
  position integer not null,
  line_no smallint not null,
  ordinal integer,
  status text not null check (status in ('billed', 'held', 'exempt')),
  kind text not null check (kind in ('original', 'upward', 'downward')),
  account_id bigint not null,
  discharger_id bigint not null,
  fee_month date not null,
  corrects_bill_id bigint,
  bill_volume_m3 numeric(16, 3),
  bill_amount numeric(16, 2),
  category_code text,
  schedule_id bigint,
  basis text,
  used_from date,
  used_until date,
  volume_m3 numeric(14, 3),
  amount numeric(16, 2),
  derivation jsonb,
  reason jsonb,
  primary key (run_id, block_no, position, line_no)
);

-- One act of issuing: a run, a cancellation, an adjustment. Its control totals are checked at commit.
create table bill_issues (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('run', 'correction', 'opening')),
  run_id bigint unique references bill_runs,
  proposal_id bigint references proposals,
  number_year integer not null,
  first_number integer not null,
  bill_count integer not null check (bill_count > 0),
  total_amount numeric(18, 2) not null,
  issued_on date not null,
  entry_id bigint references journal_entries,
  command_id text not null references commands,
  recorded_at timestamptz not null,
  constraint issued_in_its_year check (number_year = extract(year from issued_on)),
  constraint run_has_run check ((kind = 'run') = (run_id is not null)),
  unique (id, number_year)
);
select declare_facts('bill_issues');

create table bills (
  id bigint generated always as (number_year::bigint * 100000000 + number) stored primary key,
  number_year integer not null,
  number integer not null check (number between 1 and 99999999),
  issue_id bigint not null,
  kind text not null check (kind in ('original', 'rebill', 'red', 'upward', 'downward')),
  account_id bigint not null references accounts,
  discharger_id bigint not null references dischargers,
  fee_month date not null check (extract(day from fee_month) = 1),
  generation smallint not null default 0,
  corrects_bill_id bigint references bills,
  reason text check (reason in ('volume', 'category', 'rate_version', 'duplicate')),
  evidence text,
  due_on date not null,
  volume_m3 numeric(16, 3) not null,
  total_amount numeric(16, 2) not null,
  foreign key (issue_id, number_year) references bill_issues (id, number_year),
  constraint correction_names_its_bill check ((kind = 'original') = (corrects_bill_id is null)),
  constraint correction_has_reason check ((kind = 'original') = (reason is null) and (kind = 'original') = (evidence is null)),
  -- the full negative of a 退补 is positive, so a red bill may have either sign
  constraint sign_follows_kind check (case kind when 'red' then true when 'downward' then total_amount < 0
    when 'upward' then total_amount > 0 else total_amount >= 0 end),
  constraint rebill_is_a_later_generation check ((kind in ('original', 'red', 'upward', 'downward')) = (generation = 0))
);
select declare_facts('bills');
create unique index one_live_bill on bills (account_id, fee_month, discharger_id, generation) where kind in ('original', 'rebill');
create unique index cancelled_once on bills (corrects_bill_id) where kind = 'red';
create index bills_by_issue on bills (issue_id);
create index bills_by_corrected on bills (corrects_bill_id) where corrects_bill_id is not null;

-- A month is billed anew only after the full negative of what stood before (decision 11).
create function rebill_follows_red() returns trigger language plpgsql as $$
begin
  if not exists (select from bills red where red.corrects_bill_id = new.corrects_bill_id and red.kind = 'red')
     or not exists (select from bills former where former.id = new.corrects_bill_id and former.account_id = new.account_id
                    and former.fee_month = new.fee_month and former.generation < new.generation) then
    raise exception 'a rebill follows the full negative of the bill before it' using errcode = 'QL005';
  end if;
  return new;
end $$;
create trigger rebill_follows_red before insert on bills for each row when (new.kind = 'rebill') execute function rebill_follows_red();

create table bill_lines (
  bill_id bigint not null references bills,
  line_no smallint not null,
  category_code text not null references price_categories,
  schedule_id bigint not null references rate_schedules,
  basis text not null,
  used_from date not null,
  used_until date not null check (used_until > used_from),
  volume_m3 numeric(14, 3) not null,
  amount numeric(16, 2) not null,
  derivation jsonb not null,
  primary key (bill_id, line_no)
);
select declare_facts('bill_lines');

-- Held and exempt accounts of an issued run, each with its reason; billed ones are its bills (what must hold, 1).
create table bill_run_exceptions (
  run_id bigint not null references bill_runs,
  account_id bigint not null references accounts,
  status text not null check (status in ('held', 'exempt')),
  reason jsonb not null,
  primary key (run_id, account_id)
);
select declare_facts('bill_run_exceptions');

create table bill_run_censuses (
  run_id bigint primary key references bill_runs,
  roster_count integer not null,
  billed_count integer not null,
  -- the amount is that of the run's own month, without the adjustments of earlier ones
  billed_amount numeric(18, 2) not null,
  billed_m3 numeric(18, 3) not null,
  held_count integer not null,
  exempt_count integer not null,
  constraint census_adds_up check (roster_count = billed_count + held_count + exempt_count)
);
select declare_facts('bill_run_censuses');

-- The control totals of an act of issuing hold at commit: count, sum, numbers without gap, total = sum of lines.
create function issue_adds_up() returns trigger language plpgsql as $$
declare
  found record;
  unequal bigint;
begin
  select count(*) as bills, coalesce(sum(total_amount), 0) as amount, min(number) as first, max(number) as last
    into found from bills where issue_id = new.id;
  if found.bills <> new.bill_count or found.amount <> new.total_amount
     -- opening bills keep the numbers they had, of which only the unpaid ones come over
     or new.kind <> 'opening' and (found.first <> new.first_number or found.last <> new.first_number + new.bill_count - 1) then
    raise exception 'issue % does not add up: % bills, %', new.id, found.bills, found.amount using errcode = 'QL006';
  end if;
  select b.id into unequal from bills b
    left join (select l.bill_id, sum(l.amount) as amount, sum(l.volume_m3) as volume
               from bill_lines l join bills lb on lb.id = l.bill_id where lb.issue_id = new.id group by l.bill_id) lines on lines.bill_id = b.id
    where b.issue_id = new.id and (lines.amount is distinct from b.total_amount) limit 1;
  if unequal is not null then
    raise exception 'bill % does not equal the sum of its lines', unequal using errcode = 'QL006';
  end if;
  return null;
end $$;
create constraint trigger issue_adds_up after insert on bill_issues deferrable initially deferred
  for each row execute function issue_adds_up();

-- What was issued is closed: a bill or a line joins its issue in the transaction that issues, never afterwards.
create function issue_is_closed() returns trigger language plpgsql as $$
declare
  closed bigint;
begin
  if tg_table_name = 'bills' then
    select i.id into closed from bill_issues i
      where i.id in (select distinct issue_id from added) and i.xmin <> pg_current_xact_id()::xid limit 1;
  else
    select i.id into closed from bill_issues i
      where i.id in (select distinct b.issue_id from added a join bills b on b.id = a.bill_id) and i.xmin <> pg_current_xact_id()::xid limit 1;
  end if;
  if closed is not null then
    raise exception 'issue % is closed: nothing joins it afterwards', closed using errcode = 'QL007';
  end if;
  return null;
end $$;
create trigger issue_is_closed after insert on bills referencing new table as added for each statement execute function issue_is_closed();
create trigger issue_is_closed after insert on bill_lines referencing new table as added for each statement execute function issue_is_closed();
