-- The ground below the stages: who acts, what was asked, what was decided by two persons, which files came in.

create extension if not exists btree_gist;

-- Facts are added, never edited. Roles alone do not stop a superuser, so the tables refuse by themselves.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'rows of % are facts: they are added, never changed or removed', tg_table_name using errcode = 'QL001';
end $$;

-- A validity may be ended once (open -> date); every other change is refused (decision 19).
create function allow_one_end() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.valid_until is null and new.valid_until is not null
     and to_jsonb(old) - 'valid_until' = to_jsonb(new) - 'valid_until' then
    return new;
  end if;
  raise exception 'the validity in % can only be ended, once', tg_table_name using errcode = 'QL002';
end $$;

create function declare_facts(table_name regclass) returns void language plpgsql as $$
begin
  execute format('create trigger facts_stay before update or delete on %s for each row execute function refuse_change()', table_name);
  execute format('create trigger facts_stay_whole before truncate on %s for each statement execute function refuse_change()', table_name);
end $$;

create function declare_validity(table_name regclass) returns void language plpgsql as $$
begin
  execute format('create trigger validity_ends_once before update or delete on %s for each row execute function allow_one_end()', table_name);
  execute format('create trigger facts_stay_whole before truncate on %s for each statement execute function refuse_change()', table_name);
end $$;

create table organisations (
  id bigint generated always as identity primary key,
  code text not null unique check (code ~ '^[a-z0-9-]{2,40}$'),
  name text not null check (name <> ''),
  kind text not null check (kind in ('water_company', 'bureau', 'brigade', 'plant', 'finance', 'ecology', 'audit'))
);
select declare_facts('organisations');

create table staff (
  id bigint generated always as identity primary key,
  code text not null unique check (code ~ '^[a-z0-9-]{2,40}$'),
  name text not null check (name <> ''),
  organisation_id bigint not null references organisations,
  certificate_no text
);
select declare_facts('staff');

create table staff_roles (
  id bigint generated always as identity primary key,
  staff_id bigint not null references staff,
  role text not null check (role in ('administrator', 'water_company_operator', 'bureau_clerk', 'bureau_approver',
    'brigade_officer', 'plant_operator', 'finance_officer', 'bureau_head', 'legal_reviewer', 'hearing_host',
    'ecology_officer', 'auditor')),
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  exclude using gist (staff_id with =, role with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('staff_roles');

-- The claim of a command: the asker chooses the id; a repeat meets this row and returns the first answer.
create table commands (
  command_id text primary key check (length(command_id) between 8 and 200),
  name text not null,
  actor_id bigint not null references staff,
  acting_on date not null,
  input jsonb not null,
  input_digest text not null,
  recorded_at timestamptz not null
);
select declare_facts('commands');

-- One event per command, chained by hash; the head is locked last.
create table audit_events (
  seq bigint primary key check (seq > 0),
  command_id text not null unique references commands,
  answer jsonb not null,
  previous_hash text not null,
  hash text not null unique
);
select declare_facts('audit_events');

create table audit_head (
  single boolean primary key default true check (single),
  seq bigint not null,
  hash text not null
);
insert into audit_head (seq, hash) values (0, repeat('0', 64));

-- The head moves by one event at a time, to the hash of that event, and never leaves.
create function head_follows_its_event() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.seq = old.seq + 1
    and exists (select from audit_events e where e.seq = new.seq and e.hash = new.hash and e.previous_hash = old.hash) then
    return new;
  end if;
  raise exception 'the head of the audit chain only follows its events' using errcode = 'QL014';
end $$;
create trigger head_follows_its_event before update or delete on audit_head for each row execute function head_follows_its_event();
create trigger facts_stay_whole before truncate on audit_head for each statement execute function refuse_change();

-- The two-person rule once for everything: a maker proposes, another person approves or returns (decision 18).
create table proposals (
  id bigint generated always as identity primary key,
  kind text not null,
  subject text not null,
  content jsonb not null,
  content_digest text not null,
  maker_id bigint not null references staff,
  command_id text not null references commands,
  recorded_at timestamptz not null,
  unique (id, maker_id)
);
select declare_facts('proposals');
create index proposals_by_kind on proposals (kind, subject);

create table proposal_decisions (
  proposal_id bigint primary key,
  maker_id bigint not null,
  decided_by bigint not null references staff,
  -- withdrawn: its maker or a later proposal took it back before anyone decided
  decision text not null check (decision in ('approved', 'returned', 'withdrawn')),
  reason text not null default '',
  command_id text not null references commands,
  recorded_at timestamptz not null,
  foreign key (proposal_id, maker_id) references proposals (id, maker_id),
  constraint two_persons check (decision = 'withdrawn' or decided_by <> maker_id),
  constraint returned_with_reason check (decision = 'approved' or reason <> '')
);
select declare_facts('proposal_decisions');

-- A setting is a dated value with its citation; the latest wins.
create table settings (
  id bigint generated always as identity primary key,
  name text not null,
  value jsonb not null,
  citation text not null check (citation <> ''),
  command_id text not null references commands,
  recorded_at timestamptz not null
);
select declare_facts('settings');
create index settings_by_name on settings (name, id desc);

-- One sequence per kind of document and calendar year of issue, without gaps (decision 15): not a database sequence.
create table number_sequences (
  kind text not null,
  year integer not null check (year between 1990 and 2199),
  last_number integer not null check (last_number >= 0),
  primary key (kind, year)
);
create function numbers_only_rise() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.kind = old.kind and new.year = old.year and new.last_number > old.last_number then
    return new;
  end if;
  raise exception 'a number sequence only rises' using errcode = 'QL003';
end $$;
create trigger numbers_only_rise before update or delete on number_sequences for each row execute function numbers_only_rise();
create trigger facts_stay_whole before truncate on number_sequences for each statement execute function refuse_change();

-- Files as they came, compressed, so that any row can be shown again years later.
create table stored_files (
  digest text primary key check (digest ~ '^[0-9a-f]{64}$'),
  name text not null,
  byte_count bigint not null check (byte_count >= 0),
  chunk_count integer not null check (chunk_count >= 0),
  recorded_at timestamptz not null
);
select declare_facts('stored_files');

create table stored_file_chunks (
  digest text not null,
  chunk_no integer not null,
  gzip_bytes bytea not null,
  primary key (digest, chunk_no)
);
select declare_facts('stored_file_chunks');

-- A file taken in: the same file in the same scope is recognised, never taken twice.
create table imports (
  id bigint generated always as identity primary key,
  kind text not null,
  scope text not null,
  file_digest text not null,
  file_name text not null,
  format jsonb not null,
  mapping jsonb not null,
  command_id text not null references commands,
  recorded_at timestamptz not null,
  unique (kind, scope, file_digest)
);
select declare_facts('imports');

create table import_results (
  import_id bigint primary key references imports,
  rows_in integer not null,
  rows_accepted integer not null,
  rows_held integer not null,
  rows_rejected integer not null,
  volume_in_m3 numeric(18, 3) not null default 0,
  volume_accepted_m3 numeric(18, 3) not null default 0,
  volume_held_m3 numeric(18, 3) not null default 0,
  volume_rejected_m3 numeric(18, 3) not null default 0,
  rows_without_volume integer not null default 0,
  amount_in numeric(18, 2) not null default 0,
  amount_accepted numeric(18, 2) not null default 0,
  amount_held numeric(18, 2) not null default 0,
  amount_rejected numeric(18, 2) not null default 0,
  rows_without_amount integer not null default 0,
  findings jsonb not null default '[]',
  constraint nothing_dropped check (rows_in = rows_accepted + rows_held + rows_rejected),
  constraint no_volume_dropped check (volume_in_m3 = volume_accepted_m3 + volume_held_m3 + volume_rejected_m3),
  constraint no_amount_dropped check (amount_in = amount_accepted + amount_held + amount_rejected)
);
select declare_facts('import_results');

-- Rows that were not simply accepted, with the cells as the file held them.
create table import_rows (
  import_id bigint not null references imports,
  row_no integer not null,
  verdict text not null check (verdict in ('held', 'rejected')),
  cells jsonb not null,
  reasons jsonb not null check (jsonb_array_length(reasons) > 0),
  subject jsonb not null default '{}',
  account_id bigint,
  fee_month date,
  volume_m3 numeric(14, 3),
  amount numeric(18, 2),
  primary key (import_id, row_no)
);
select declare_facts('import_rows');
create index import_rows_by_account on import_rows (account_id, fee_month) where account_id is not null;

-- Once an import has its result, its counts are fixed: no row joins it afterwards.
create function import_is_closed() returns trigger language plpgsql as $$
begin
  if exists (select from import_results r where r.import_id in (select distinct import_id from added)) then
    raise exception 'an import with a result takes no further rows' using errcode = 'QL008';
  end if;
  return null;
end $$;
create trigger import_is_closed after insert on import_rows referencing new table as added for each statement execute function import_is_closed();

-- A person's decision on a held row, once.
create table import_row_decisions (
  import_id bigint not null,
  row_no integer not null,
  decision text not null check (decision in ('accepted', 'corrected', 'rejected', 'superseded')),
  reason text not null check (reason <> ''),
  corrected jsonb,
  command_id text not null references commands,
  recorded_at timestamptz not null,
  primary key (import_id, row_no),
  foreign key (import_id, row_no) references import_rows (import_id, row_no)
);
select declare_facts('import_row_decisions');

-- A mapping a person corrected, remembered per scope (collector) and header set; the latest wins.
create table column_mappings (
  id bigint generated always as identity primary key,
  kind text not null,
  scope text not null,
  header_digest text not null,
  mapping jsonb not null,
  command_id text not null references commands,
  recorded_at timestamptz not null
);
select declare_facts('column_mappings');
create index column_mappings_by_header on column_mappings (kind, scope, header_digest, id desc);
