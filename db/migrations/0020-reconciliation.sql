-- Closing quarters and years: what the company says it sold, what was billed, collected, remitted and confirmed; signed by
-- three parties, frozen, and later corrections in the next one. The annual settlement (汇算清缴, 151 art. 16) and the
-- write-offs that lower the collector's quota, never the debt.

-- 151 art. 15: the company declares the volume it sold, by category; the latest declaration of a month counts.
create table sold_volume_declarations (
  collector_id bigint not null references collectors,
  fee_month date not null check (extract(day from fee_month) = 1),
  category_code text not null references price_categories,
  revision smallint not null check (revision >= 0),
  volume_m3 numeric(16, 3) not null check (volume_m3 >= 0),
  document text not null check (document <> ''),
  declared_on date not null check (declared_on > fee_month),
  declared_by bigint not null references staff,
  command_id text not null references commands,
  primary key (collector_id, fee_month, category_code, revision)
);
select declare_facts('sold_volume_declarations');

create table reconciliations (
  id bigint generated always as identity primary key,
  number_year integer not null,
  number integer not null check (number > 0),
  collector_id bigint not null references collectors,
  quarter_from date not null check (extract(day from quarter_from) = 1 and extract(month from quarter_from) in (1, 4, 7, 10)),
  content jsonb not null,
  -- Of the content, the cells and the lists of users.
  content_digest text not null check (content_digest ~ '^[0-9a-f]{64}$'),
  drawn_on date not null,
  drawn_by bigint not null references staff,
  command_id text not null references commands,
  recorded_at timestamptz not null,
  unique (number_year, number),
  unique (id, drawn_by),
  unique (id, content_digest),
  constraint drawn_after_its_quarter check (drawn_on >= quarter_from + interval '3 months')
);
select declare_facts('reconciliations');
create index reconciliations_by_collector on reconciliations (collector_id, quarter_from);

-- What was so then less what the reconciliations before had signed: for the quarter's own months all of it, for earlier
-- ones what has changed since.
create table reconciliation_cells (
  reconciliation_id bigint not null references reconciliations,
  fee_month date not null check (extract(day from fee_month) = 1),
  category_code text not null references price_categories,
  supply text not null check (supply in ('public', 'own_source')),
  sold_m3 numeric(18, 3) not null,
  billed_m3 numeric(18, 3) not null,
  billed_amount numeric(18, 2) not null,
  collected_amount numeric(18, 2) not null,
  direct_amount numeric(18, 2) not null,
  remitted_amount numeric(18, 2) not null,
  confirmed_amount numeric(18, 2) not null,
  primary key (reconciliation_id, fee_month, category_code, supply)
);
select declare_facts('reconciliation_cells');

-- Users on one side only, as they were then.
create table reconciliation_users (
  reconciliation_id bigint not null references reconciliations,
  side text not null check (side in ('unknown_account', 'read_not_billed', 'billed_not_read')),
  fee_month date not null,
  account_no text collate "C" not null,
  account_id bigint references accounts,
  volume_m3 numeric(16, 3),
  amount numeric(16, 2),
  primary key (reconciliation_id, side, fee_month, account_no)
);
select declare_facts('reconciliation_users');

create table reconciliation_signatures (
  reconciliation_id bigint not null,
  party text not null check (party in ('collector', 'bureau', 'finance')),
  drawn_by bigint not null,
  signed_by bigint not null references staff,
  digest_seen text not null,
  signed_on date not null,
  command_id text not null references commands,
  primary key (reconciliation_id, party),
  unique (reconciliation_id, signed_by),
  foreign key (reconciliation_id, drawn_by) references reconciliations (id, drawn_by),
  -- Who signs names the whole of what was drawn.
  foreign key (reconciliation_id, digest_seen) references reconciliations (id, content_digest),
  constraint two_persons check (signed_by <> drawn_by)
);
select declare_facts('reconciliation_signatures');

create table reconciliation_returns (
  reconciliation_id bigint primary key references reconciliations,
  returned_by bigint not null references staff,
  reason text not null check (reason <> ''),
  command_id text not null references commands
);
select declare_facts('reconciliation_returns');

-- Three signatures freeze it; a returned one takes none; a frozen one is not returned.
create function reconciliation_is_open() returns trigger language plpgsql as $$
begin
  perform from reconciliations where id = new.reconciliation_id for update;
  if exists (select from reconciliation_returns r where r.reconciliation_id = new.reconciliation_id) then
    raise exception 'reconciliation % was returned', new.reconciliation_id using errcode = 'QL026';
  end if;
  if tg_table_name = 'reconciliation_returns'
     and (select count(*) = 3 from reconciliation_signatures s where s.reconciliation_id = new.reconciliation_id) then
    raise exception 'reconciliation % is frozen', new.reconciliation_id using errcode = 'QL026';
  end if;
  return new;
end $$;
create trigger reconciliation_is_open before insert on reconciliation_signatures for each row execute function reconciliation_is_open();
create trigger reconciliation_is_open before insert on reconciliation_returns for each row execute function reconciliation_is_open();

-- Cells and users join a reconciliation in the transaction that draws it, never afterwards.
create function reconciliation_is_closed() returns trigger language plpgsql as $$
declare
  closed bigint;
begin
  select r.id into closed from reconciliations r
    where r.id in (select distinct reconciliation_id from added) and r.xmin <> pg_current_xact_id()::xid limit 1;
  if found then
    raise exception 'reconciliation % is closed: nothing joins it afterwards', closed using errcode = 'QL027';
  end if;
  return null;
end $$;
create trigger reconciliation_is_closed after insert on reconciliation_cells referencing new table as added
  for each statement execute function reconciliation_is_closed();
create trigger reconciliation_is_closed after insert on reconciliation_users referencing new table as added
  for each statement execute function reconciliation_is_closed();

-- Uncollectable, confirmed by two persons: the collector's quota of the year is less by it, the debt stays.
create table write_offs (
  bill_id bigint primary key references bills,
  collector_id bigint not null references collectors,
  amount numeric(16, 2) not null check (amount > 0),
  volume_m3 numeric(16, 3) not null check (volume_m3 >= 0),
  ground text not null check (ground in ('bankrupt', 'closed', 'untraceable', 'court_ended', 'other')),
  evidence text not null check (evidence <> ''),
  confirmed_on date not null,
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands
);
select declare_facts('write_offs');
create index write_offs_by_collector on write_offs (collector_id);

create table annual_settlements (
  id bigint generated always as identity primary key,
  number_year integer not null,
  number integer not null check (number > 0),
  collector_id bigint not null references collectors,
  year integer not null check (year between 1990 and 2199),
  -- The facts of this day; what comes later goes into the current period.
  settled_on date not null,
  due_amount numeric(18, 2) not null,
  remitted_amount numeric(18, 2) not null,
  direct_amount numeric(18, 2) not null,
  balance_amount numeric(18, 2) not null,
  proposal_id bigint not null unique references proposals,
  approved_on date not null,
  command_id text not null references commands,
  unique (number_year, number),
  unique (collector_id, year),
  constraint settled_after_its_year check (extract(year from settled_on) > year),
  constraint balance_is_the_rest check (balance_amount = due_amount - remitted_amount - direct_amount)
);
select declare_facts('annual_settlements');

create table annual_settlement_lines (
  settlement_id bigint not null references annual_settlements,
  fee_month date not null check (extract(day from fee_month) = 1),
  category_code text not null references price_categories,
  declared_m3 numeric(18, 3) not null check (declared_m3 >= 0),
  exempt_m3 numeric(18, 3) not null check (exempt_m3 >= 0),
  discharge_m3 numeric(18, 3) not null,
  written_off_m3 numeric(18, 3) not null check (written_off_m3 >= 0),
  chargeable_m3 numeric(18, 3) not null,
  billed_m3 numeric(18, 3) not null,
  -- Sold, neither exempt nor billed.
  gap_m3 numeric(18, 3) not null,
  unit_price numeric,
  price_source text not null,
  billed_amount numeric(18, 2) not null,
  gap_amount numeric(18, 2) not null check (gap_amount >= 0),
  written_off_amount numeric(18, 2) not null check (written_off_amount >= 0),
  due_amount numeric(18, 2) not null,
  remitted_amount numeric(18, 2) not null,
  direct_amount numeric(18, 2) not null,
  balance_amount numeric(18, 2) not null,
  outstanding_amount numeric(18, 2) not null,
  held_amount numeric(18, 2) not null,
  primary key (settlement_id, fee_month, category_code),
  constraint volumes_add_up check (chargeable_m3 = declared_m3 - exempt_m3 - discharge_m3 - written_off_m3
    and gap_m3 = declared_m3 - exempt_m3 - discharge_m3 - billed_m3),
  constraint gap_has_its_price check (case when gap_m3 > 0 then unit_price is not null and gap_amount = round(gap_m3 * unit_price, 2)
    else gap_amount = 0 end),
  constraint amounts_add_up check (due_amount = billed_amount + gap_amount - written_off_amount
    and balance_amount = due_amount - remitted_amount - direct_amount),
  -- What the balance is made of: the gap, what is owed and not written off, and what the collector still holds.
  constraint balance_is_explained check (balance_amount = gap_amount + outstanding_amount - written_off_amount + held_amount)
);
select declare_facts('annual_settlement_lines');

create function settlement_adds_up() returns trigger language plpgsql as $$
begin
  if (new.due_amount, new.remitted_amount, new.direct_amount, new.balance_amount) is distinct from
     (select (coalesce(sum(due_amount), 0), coalesce(sum(remitted_amount), 0), coalesce(sum(direct_amount), 0), coalesce(sum(balance_amount), 0))
        from annual_settlement_lines where settlement_id = new.id) then
    raise exception 'annual settlement % does not add up', new.id using errcode = 'QL028';
  end if;
  return null;
end $$;
create constraint trigger settlement_adds_up after insert on annual_settlements deferrable initially deferred
  for each row execute function settlement_adds_up();
