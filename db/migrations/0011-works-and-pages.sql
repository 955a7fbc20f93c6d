-- Long work that was asked for over HTTP: who asked for what under which command id, and how it ended. What it did to the
-- facts is in the command itself; here stands what somebody who comes back is told.
create table works (
  id uuid primary key,
  command_id text not null check (length(command_id) between 8 and 200),
  actor text not null,
  route text not null,
  input jsonb not null,
  input_digest text not null,
  file_name text,
  byte_count bigint,
  started_at timestamptz not null
);
select declare_facts('works');
create index works_by_command on works (command_id);
create index works_newest on works (started_at desc, id desc);

create table work_ends (
  work_id uuid primary key references works,
  outcome jsonb not null,
  ended_at timestamptz not null
);
select declare_facts('work_ends');

-- The sign of life of a process at work, renewed every few seconds: without one, work that has no end was interrupted.
create table work_beats (
  work_id uuid primary key references works,
  progress jsonb,
  beat_at timestamptz not null
);

-- Lists are read a page at a time, each page found by an index in the order of its key.
create index bills_by_month on bills (fee_month, id);
drop index bills_by_issue;
create index bills_by_issue on bills (issue_id, id);
create index credits_by_day on credits (paid_on, payment_id);
-- Payments lie in the order in which they came in, which is nearly that of their days.
create index payments_by_day on payments using brin (paid_on);
