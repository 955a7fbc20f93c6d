-- Double entry. One entry per command with control totals; debit is positive, credit negative; an entry sums to zero.

create table journal_accounts (
  code text primary key check (code ~ '^[a-z_]+$'),
  name_zh text not null,
  name_en text not null,
  kind text not null check (kind in ('asset', 'liability', 'income', 'expense'))
);
select declare_facts('journal_accounts');
insert into journal_accounts (code, name_zh, name_en, kind) values
  ('fees_receivable', '应收污水处理费', 'fees receivable', 'asset'),
  ('fees_due_to_treasury', '应缴财政污水处理费', 'fees due to treasury', 'liability');

create table journal_entries (
  id bigint generated always as identity primary key,
  command_id text not null references commands,
  entry_on date not null,
  memo text not null,
  document_count integer not null check (document_count > 0),
  recorded_at timestamptz not null
);
select declare_facts('journal_entries');

create table postings (
  entry_id bigint not null references journal_entries,
  line_no smallint not null,
  account_code text not null references journal_accounts,
  fee_month date check (extract(day from fee_month) = 1),
  amount numeric(18, 2) not null,
  primary key (entry_id, line_no),
  -- Fees belong to a month of water use; money received belongs to none until it is allocated.
  constraint fees_carry_their_month check ((account_code in ('fees_receivable', 'fees_due_to_treasury')) = (fee_month is not null))
);
select declare_facts('postings');
create index postings_by_account on postings (account_code, fee_month);

create function entry_balances() returns trigger language plpgsql as $$
declare
  checked_entry bigint;
  total numeric;
  lines integer;
begin
  if tg_table_name = 'postings' then checked_entry := new.entry_id; else checked_entry := new.id; end if;
  select sum(amount), count(*) into total, lines from postings where entry_id = checked_entry;
  if lines < 2 or total <> 0 then
    raise exception 'journal entry % does not balance: % lines, sum %', checked_entry, lines, total using errcode = 'QL004';
  end if;
  return null;
end $$;
create constraint trigger entry_balances after insert on postings deferrable initially deferred
  for each row execute function entry_balances();
create constraint trigger entry_balances after insert on journal_entries deferrable initially deferred
  for each row execute function entry_balances();

-- What was posted is closed: a line joins its entry in the transaction that makes the entry, never afterwards.
create function entry_is_closed() returns trigger language plpgsql as $$
declare
  closed bigint;
begin
  select e.id into closed from journal_entries e
    where e.id in (select distinct entry_id from added) and e.xmin <> pg_current_xact_id()::xid limit 1;
  if closed is not null then
    raise exception 'journal entry % is closed: nothing joins it afterwards', closed using errcode = 'QL009';
  end if;
  return null;
end $$;
create trigger entry_is_closed after insert on postings referencing new table as added for each statement execute function entry_is_closed();
