-- What the meter said. Every accepted row is a fact; a corrected one is a further revision that ends the one before.

create table meter_readings (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  installation_id bigint references installations,
  import_id bigint references imports,
  row_no integer,
  fee_month date not null check (extract(day from fee_month) = 1),
  used_from date not null,
  used_until date not null,
  read_on date not null,
  revision smallint not null default 0 check (revision >= 0),
  kind text not null check (kind in ('normal', 'residual', 'final', 'supplement')),
  source text not null check (source in ('actual', 'remote', 'phone', 'estimated', 'unstated')),
  start_reading numeric(14, 3) check (start_reading >= 0),
  end_reading numeric(14, 3) check (end_reading >= 0),
  volume_m3 numeric(14, 3) not null check (volume_m3 >= 0),
  notes jsonb,
  -- Of an entry by hand or a decision on a held row; what came straight from a file has the command of its import.
  command_id text references commands,
  constraint use_runs_forward check (used_from < used_until),
  constraint readings_in_pairs check ((start_reading is null) = (end_reading is null)),
  constraint row_of_import check ((import_id is null) = (row_no is null)),
  constraint came_by_a_command check (import_id is not null or command_id is not null)
);
select declare_facts('meter_readings');
create unique index meter_readings_key on meter_readings (installation_id, read_on, kind, revision) where installation_id is not null;
create unique index meter_readings_key_without_meter on meter_readings (account_id, fee_month, kind, revision) where installation_id is null;
create index meter_readings_by_account on meter_readings (account_id, fee_month);
-- Few: an estimate is looked for with every bill, and mostly there is none.
create index meter_readings_estimated on meter_readings (account_id, fee_month) where source = 'estimated';
-- Few: entries by hand and decided rows. With the imports they tell which months have readings at all.
create index meter_readings_by_hand on meter_readings (fee_month) where command_id is not null;

-- A reading that no longer counts: a later revision took its place, or it was taken back without one and the billed month
-- waits for a person. Apart from meter_readings, because a fact is never changed and because there are few.
create table reading_endings (
  reading_id bigint primary key references meter_readings,
  successor_id bigint unique references meter_readings check (successor_id <> reading_id),
  reason text not null default '',
  command_id text not null references commands,
  constraint withdrawn_with_reason check (successor_id is not null or reason <> '')
);
select declare_facts('reading_endings');

-- A key has one reading that counts: a further revision needs the ending of the one before.
create function revision_ends_the_one_before() returns trigger language plpgsql as $$
begin
  if exists (
    select from meter_readings earlier
    where case when new.installation_id is null
        then earlier.installation_id is null and earlier.account_id = new.account_id and earlier.fee_month = new.fee_month
        else earlier.installation_id = new.installation_id and earlier.read_on = new.read_on end
      and earlier.kind = new.kind and earlier.revision < new.revision
      and not exists (select from reading_endings e where e.reading_id = earlier.id)
  ) then
    raise exception 'reading % is a further revision of one that still counts', new.id using errcode = 'QL020';
  end if;
  return null;
end $$;
create constraint trigger revision_ends_the_one_before after insert on meter_readings deferrable initially deferred
  for each row when (new.revision > 0) execute function revision_ends_the_one_before();

-- Use before the product was live, for comparison only (go-live, decision 23).
create table opening_uses (
  account_id bigint not null references accounts,
  fee_month date not null check (extract(day from fee_month) = 1),
  volume_m3 numeric(14, 3) not null check (volume_m3 >= 0),
  estimated boolean not null default false,
  command_id text not null references commands,
  primary key (account_id, fee_month)
);
select declare_facts('opening_uses');

create table opening_readings (
  installation_id bigint primary key references installations,
  read_on date not null,
  reading numeric(14, 3) not null check (reading >= 0),
  command_id text not null references commands
);
select declare_facts('opening_readings');
