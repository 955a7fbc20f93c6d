-- 财政电子票据 (财库〔2021〕31号): what is asked of the finance platform and what it answers, by file. Official numbers come
-- from the platform alone; ours are the numbers of requests.

create table receipts (
  id bigint generated always as identity primary key,
  number_year integer not null,
  number integer not null check (number > 0),
  -- notice: 缴款通知 before payment; receipt: for money that was paid.
  kind text not null check (kind in ('notice', 'receipt')),
  discharger_id bigint not null references dischargers,
  payment_id bigint references payments,
  amount numeric(16, 2) not null check (amount > 0),
  drafted_on date not null,
  command_id text not null references commands,
  unique (number_year, number),
  constraint receipt_of_a_payment check ((kind = 'receipt') = (payment_id is not null))
);
select declare_facts('receipts');
create index receipts_by_payment on receipts (payment_id) where payment_id is not null;

-- A part: what an allocation paid of a line of a bill, or the whole line of a bill that a notice asks for.
create table receipt_parts (
  receipt_id bigint not null references receipts,
  part_no integer not null check (part_no > 0),
  bill_id bigint not null,
  line_no smallint not null,
  allocation_id bigint references allocations,
  amount numeric(16, 2) not null check (amount > 0),
  volume_m3 numeric(14, 3) not null,
  unit_price text not null,
  primary key (receipt_id, part_no),
  foreign key (bill_id, line_no) references bill_lines (bill_id, line_no)
);
select declare_facts('receipt_parts');
create index receipt_parts_by_allocation on receipt_parts (allocation_id) where allocation_id is not null;
create index receipt_parts_by_bill on receipt_parts (bill_id);

-- A file of requests that went to the platform: it can be written again, byte for byte.
create table receipt_batches (
  id bigint generated always as identity primary key,
  number_year integer not null,
  number integer not null check (number > 0),
  format text not null check (format in ('csv', 'xml')),
  encoding text not null check (encoding in ('utf-8', 'gbk')),
  -- The codes of the unit and the item as they were then.
  terms jsonb not null,
  request_count integer not null check (request_count > 0),
  file_digest text not null check (file_digest ~ '^[0-9a-f]{64}$'),
  exported_on date not null,
  command_id text not null references commands,
  unique (number_year, number)
);
select declare_facts('receipt_batches');

create table receipt_events (
  id bigint generated always as identity primary key,
  receipt_id bigint not null references receipts,
  event text not null check (event in ('requested', 'void_requested', 'reversal_requested', 'refused', 'issued', 'paid', 'sealed',
    'written_off', 'voided', 'reversed')),
  event_on date not null,
  batch_id bigint references receipt_batches,
  import_id bigint references imports,
  row_no integer,
  reason text not null default '',
  command_id text not null references commands,
  constraint requested_in_a_batch check ((event in ('requested', 'void_requested', 'reversal_requested')) = (batch_id is not null)),
  constraint row_of_import check ((import_id is null) = (row_no is null))
);
select declare_facts('receipt_events');
create index receipt_events_by_receipt on receipt_events (receipt_id, id);
create index receipt_events_by_batch on receipt_events (batch_id) where batch_id is not null;
-- What happens once at most.
create unique index receipt_event_once on receipt_events (receipt_id, event)
  where event in ('issued', 'paid', 'sealed', 'written_off', 'voided', 'reversed');

-- The official codes, as the platform gave them: strings with their zeros, once per receipt; a number is one receipt's.
create table receipt_codes (
  receipt_id bigint primary key references receipts,
  bill_code text collate "C" not null check (bill_code <> ''),
  bill_number text collate "C" not null check (bill_number <> ''),
  check_code text collate "C" not null,
  payment_code text collate "C" not null,
  command_id text not null references commands,
  unique (bill_code, bill_number)
);
select declare_facts('receipt_codes');

-- At most one live receipt for a part: of an allocation, or of a bill that a notice asks for.
create function one_live_receipt() returns trigger language plpgsql as $$
declare
  twice record;
begin
  select a.receipt_id, a.bill_id into twice
    from added a join receipt_parts p on p.receipt_id <> a.receipt_id and case when a.allocation_id is not null
        then p.allocation_id = a.allocation_id else p.allocation_id is null and p.bill_id = a.bill_id end
    where not exists (select from receipt_events e where e.receipt_id = p.receipt_id and e.event in ('voided', 'reversed')) limit 1;
  if found then
    raise exception 'bill % has a live receipt for this part', twice.bill_id using errcode = 'QL029';
  end if;
  select r.id, r.amount into twice from receipts r join added a on a.receipt_id = r.id
    group by r.id, r.amount having r.amount <> sum(a.amount) limit 1;
  if found then
    raise exception 'receipt % does not add up', twice.id using errcode = 'QL029';
  end if;
  return null;
end $$;
create trigger one_live_receipt after insert on receipt_parts referencing new table as added
  for each statement execute function one_live_receipt();
