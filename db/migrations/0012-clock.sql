-- What the product does by itself: the slots of its schedule, who works on them and how they ended; the notices this
-- leaves for people, and the list of what was overdue on a day. All of it is added, never changed: that a slot is held,
-- done, parked or to be tried again is told by the rows that are there.

-- The schedule acts through a role of its own, held by one staff member at a time who holds no other: what it prepares, a
-- person approves.
alter table staff_roles drop constraint staff_roles_role_check;
alter table staff_roles add constraint staff_roles_role_check check (role in ('administrator', 'water_company_operator',
  'bureau_clerk', 'bureau_approver', 'brigade_officer', 'plant_operator', 'finance_officer', 'bureau_head',
  'legal_reviewer', 'hearing_host', 'ecology_officer', 'auditor', 'scheduler'));
alter table staff_roles add constraint scheduler_is_one
  exclude using gist (role with =, daterange(valid_from, valid_until) with &&) where (role = 'scheduler');
alter table staff_roles add constraint scheduler_stands_alone
  exclude using gist (staff_id with =, ((role = 'scheduler')::int) with <>, daterange(valid_from, valid_until) with &&);

-- A job at one of its due times. The row is the claim: it is there once.
create table job_slots (
  job text not null check (job ~ '^[a-z][a-z-]{1,39}$'),
  due_at timestamptz not null,
  -- The civil day the work acts for, whenever it is done.
  acting_on date not null,
  claimed_at timestamptz not null default clock_timestamp(),
  primary key (job, due_at),
  constraint acts_for_its_day check (acting_on = (due_at at time zone 'Asia/Shanghai')::date)
);
select declare_facts('job_slots');

-- The first round of a slot comes with its claim; a person opens another one after a round that was parked.
create table job_rounds (
  job text not null,
  due_at timestamptz not null,
  round integer not null check (round >= 0),
  reason text not null default '',
  command_id text references commands,
  primary key (job, due_at, round),
  foreign key (job, due_at) references job_slots,
  constraint retried_by_a_person check ((round = 0) = (command_id is null) and (round = 0) = (reason = ''))
);
select declare_facts('job_rounds');

-- Who works on a round and until when others wait: taken, then renewed while the work goes on. The next number is free
-- for one process only.
create table job_leases (
  job text not null,
  due_at timestamptz not null,
  round integer not null,
  lease_no integer not null check (lease_no > 0),
  runner text not null check (runner <> ''),
  renewal boolean not null,
  taken_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  primary key (job, due_at, round, lease_no),
  foreign key (job, due_at, round) references job_rounds,
  constraint expires_later check (expires_at > taken_at)
);
select declare_facts('job_leases');

-- How a round ended, once. `parked` lists what failed, each with its subject, code and reason.
create table job_outcomes (
  job text not null,
  due_at timestamptz not null,
  round integer not null,
  outcome text not null check (outcome in ('done', 'nothing', 'parked')),
  summary jsonb not null,
  parked jsonb not null default '[]',
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (job, due_at, round),
  foreign key (job, due_at, round) references job_rounds,
  constraint parked_with_reasons check ((outcome = 'parked') = (jsonb_array_length(parked) > 0))
);
select declare_facts('job_outcomes');

create function retry_follows_parked() returns trigger language plpgsql as $$
begin
  if new.round > 0 and not exists (select from job_outcomes o
    where o.job = new.job and o.due_at = new.due_at and o.round = new.round - 1 and o.outcome = 'parked') then
    raise exception 'only a parked round is tried again' using errcode = 'QL141';
  end if;
  return new;
end $$;
create trigger retry_follows_parked before insert on job_rounds for each row execute function retry_follows_parked();

-- What people are told, once for each subject. Whether it was dealt with is derived from the facts it is about.
create table notices (
  id bigint generated always as identity primary key,
  kind text not null check (kind ~ '^[a-z][a-z_]{1,39}$'),
  subject text not null check (subject <> ''),
  -- For whom: the holders of these roles, and the people of the organisation where one is named.
  roles text[] not null check (cardinality(roles) > 0),
  organisation_id bigint references organisations,
  since date not null,
  particulars jsonb not null,
  command_id text not null references commands,
  recorded_at timestamptz not null,
  unique (kind, subject)
);
select declare_facts('notices');

-- What was overdue at the end of a day as it was known when the list was made: a later file may show that somebody had
-- paid in time (decision 2), so the list is kept and not the state.
create table overdue_lists (
  id bigint generated always as identity primary key,
  as_of date not null unique,
  bill_count integer not null check (bill_count > 0),
  total_amount numeric(18, 2) not null check (total_amount > 0),
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  command_id text not null unique references commands,
  recorded_at timestamptz not null
);
select declare_facts('overdue_lists');

create table overdue_list_lines (
  list_id bigint not null references overdue_lists,
  bill_id bigint not null references bills,
  due_on date not null,
  outstanding_amount numeric(16, 2) not null check (outstanding_amount > 0),
  primary key (list_id, bill_id)
);
select declare_facts('overdue_list_lines');

-- A list states the sum of its lines, and takes no further ones once its command is answered.
create function overdue_list_adds_up() returns trigger language plpgsql as $$
begin
  if (select (count(*), coalesce(sum(outstanding_amount), 0)) from overdue_list_lines where list_id = new.id)
    is distinct from (new.bill_count::bigint, new.total_amount) then
    raise exception 'the overdue list of % is not the sum of its lines', new.as_of using errcode = 'QL142';
  end if;
  return null;
end $$;
create constraint trigger overdue_list_adds_up after insert on overdue_lists deferrable initially deferred
  for each row execute function overdue_list_adds_up();

create function overdue_list_is_closed() returns trigger language plpgsql as $$
begin
  if exists (select from overdue_lists l join audit_events e on e.command_id = l.command_id
    where l.id in (select distinct list_id from added)) then
    raise exception 'an overdue list that was made takes no further lines' using errcode = 'QL143';
  end if;
  return null;
end $$;
create trigger overdue_list_is_closed after insert on overdue_list_lines referencing new table as added
  for each statement execute function overdue_list_is_closed();
