-- What goes out to payers and collectors by e-mail and SMS: where they can be reached, what they are told, and how each
-- sending went. A message and its text are facts; where it stands is derived from its attempts and what people decided.

-- An address of a payer or of a body that takes part, with what it was given on. Ended once, never rewritten.
create table contacts (
  id bigint generated always as identity primary key,
  discharger_id bigint references dischargers,
  organisation_id bigint references organisations,
  channel text not null check (channel in ('email', 'sms')),
  -- Letters of any case are the same mailbox, so it is kept in small ones; a mobile number with or without its country.
  address text not null,
  language text not null check (language in ('zh', 'en')),
  person text not null default '',
  -- On what they may be written to: an agreement, an application, a consent.
  consent text not null check (consent <> ''),
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  command_id text not null references commands,
  constraint of_one_party check (num_nonnulls(discharger_id, organisation_id) = 1),
  constraint address_of_its_channel check (case channel
    when 'email' then length(address) <= 254 and address ~ '^[a-z0-9.!#$%&''*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$'
    else address ~ '^(1[3-9][0-9]{9}|\+[1-9][0-9]{6,14})$' end),
  constraint contact_once exclude using gist (coalesce(discharger_id, 0) with =, coalesce(organisation_id, 0) with =,
    channel with =, address with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('contacts');
create index contacts_by_discharger on contacts (discharger_id) where discharger_id is not null;
create index contacts_by_organisation on contacts (organisation_id) where organisation_id is not null;

-- The same address is told the same thing once, whoever asks, however often.
create table messages (
  id bigint generated always as identity primary key,
  -- Names it outside: the Message-ID of a mail, the idempotency key of the hook.
  uid uuid not null default gen_random_uuid() unique,
  kind text not null check (kind ~ '^[a-z][a-z_]{1,39}$'),
  -- What it is about, in the words of its stage: a bill's number, an order's.
  subject text not null check (subject <> ''),
  contact_id bigint not null references contacts,
  channel text not null check (channel in ('email', 'sms')),
  address text not null,
  language text not null check (language in ('zh', 'en')),
  title text not null,
  body text not null check (body <> ''),
  made_on date not null,
  command_id text not null references commands,
  recorded_at timestamptz not null,
  constraint told_once unique (kind, subject, channel, address),
  constraint title_is_one_line check (title !~ '[[:cntrl:]]' and (title <> '') = (channel = 'email'))
);
select declare_facts('messages');
create index messages_by_subject on messages (subject);

-- A process that takes a message to send it. The next number is free for one only.
create table message_attempts (
  message_id bigint not null references messages,
  attempt_no integer not null check (attempt_no > 0),
  runner text not null check (runner <> ''),
  begun_at timestamptz not null default clock_timestamp(),
  primary key (message_id, attempt_no)
);
select declare_facts('message_attempts');

-- Noted before the last byte goes out: without it the other side cannot have accepted anything.
create table message_handovers (
  message_id bigint not null,
  attempt_no integer not null,
  handed_over_at timestamptz not null default clock_timestamp(),
  primary key (message_id, attempt_no),
  foreign key (message_id, attempt_no) references message_attempts
);
select declare_facts('message_handovers');

-- How an attempt ended. `unknown`: handed over, and nobody answered. `stopped`: no longer true when its turn came.
create table message_outcomes (
  message_id bigint not null,
  attempt_no integer not null,
  outcome text not null check (outcome in ('accepted', 'deferred', 'refused', 'given_up', 'unknown', 'stopped')),
  answer jsonb not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (message_id, attempt_no),
  foreign key (message_id, attempt_no) references message_attempts
);
select declare_facts('message_outcomes');
-- What an office looks for among everything that went well.
create index message_outcomes_in_trouble on message_outcomes (outcome, message_id) where outcome not in ('accepted', 'deferred');

-- What a person decided: to send once more, or no more.
create table message_decisions (
  id bigint generated always as identity primary key,
  message_id bigint not null references messages,
  decision text not null check (decision in ('retry', 'stop')),
  reason text not null check (reason <> ''),
  command_id text not null references commands,
  recorded_at timestamptz not null
);
select declare_facts('message_decisions');
create index message_decisions_by_message on message_decisions (message_id, id);

-- Attempts are the running of the work, written outside commands (0024).
select leave_undigested('message_attempts');
select leave_undigested('message_handovers');
select leave_undigested('message_outcomes');

-- Derived: what is still to be sent, from when, and who holds it until when. It may be rebuilt from the rows above.
create table message_queue (
  message_id bigint primary key references messages,
  channel text not null,
  due_at timestamptz not null,
  attempts integer not null default 0,
  -- Since the last time a person asked for it: pauses begin anew then.
  attempts_before integer not null default 0,
  held_until timestamptz,
  handed_over boolean not null default false
);
create index message_queue_due on message_queue (due_at, message_id);
