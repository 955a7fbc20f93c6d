-- Who signs in: people of enterprises beside staff, invitations, API keys, what happened at the door, and the tables of the
-- sign-in library as it wants them (its rows change; what they meant is told by the facts beside them).

alter table organisations drop constraint organisations_kind_check;
alter table organisations add constraint organisations_kind_check
  check (kind in ('water_company', 'bureau', 'brigade', 'plant', 'finance', 'ecology', 'audit', 'enterprise'));

alter table staff_roles drop constraint staff_roles_role_check;
alter table staff_roles add constraint staff_roles_role_check check (role in ('administrator', 'water_company_operator',
  'bureau_clerk', 'bureau_approver', 'brigade_officer', 'plant_operator', 'finance_officer', 'bureau_head',
  'legal_reviewer', 'hearing_host', 'ecology_officer', 'auditor', 'enterprise_user', 'scheduler'));

-- Who pays the fee has no part in the office: people of an enterprise hold its role and no other, and nobody else holds it.
create function enterprise_stands_alone() returns trigger language plpgsql as $$
begin
  if exists (select from added a join staff s on s.id = a.staff_id join organisations o on o.id = s.organisation_id
      where (o.kind = 'enterprise') <> (a.role = 'enterprise_user')) then
    raise exception 'people of enterprises are enterprise users, and nobody else is' using errcode = 'QL030';
  end if;
  return null;
end $$;
create trigger enterprise_stands_alone after insert on staff_roles referencing new table as added
  for each statement execute function enterprise_stands_alone();

-- Whose data a person of an enterprise sees.
create table enterprise_dischargers (
  id bigint generated always as identity primary key,
  staff_id bigint not null references staff,
  discharger_id bigint not null references dischargers,
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  command_id text not null references commands,
  exclude using gist (staff_id with =, discharger_id with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('enterprise_dischargers');
create index enterprise_dischargers_by_staff on enterprise_dischargers (staff_id);

-- A link that sets the password, once. Only its hash is kept; the newest one of a person is the one that counts.
create table invitations (
  id bigint generated always as identity primary key,
  staff_id bigint not null references staff,
  token_digest text not null unique check (token_digest ~ '^[0-9a-f]{64}$'),
  expires_at timestamptz not null,
  command_id text not null references commands,
  recorded_at timestamptz not null,
  constraint expires_later check (expires_at > recorded_at)
);
select declare_facts('invitations');
create index invitations_by_staff on invitations (staff_id, id desc);

create table invitation_uses (
  invitation_id bigint primary key references invitations,
  command_id text not null references commands,
  recorded_at timestamptz not null
);
select declare_facts('invitation_uses');

-- From here on the person does not sign in until invited anew.
create table access_endings (
  id bigint generated always as identity primary key,
  staff_id bigint not null references staff,
  reason text not null check (reason <> ''),
  command_id text not null references commands,
  recorded_at timestamptz not null
);
select declare_facts('access_endings');
create index access_endings_by_staff on access_endings (staff_id, id desc);

-- A key by which another system asks in a person's name, for the permissions it names alone.
create table api_keys (
  id bigint generated always as identity primary key,
  staff_id bigint not null references staff,
  name text not null check (name <> ''),
  -- Its first characters, by which people tell keys apart.
  hint text not null check (length(hint) between 4 and 16),
  token_digest text not null unique check (token_digest ~ '^[0-9a-f]{64}$'),
  permissions text[] not null check (cardinality(permissions) > 0),
  expires_at timestamptz not null,
  command_id text not null references commands,
  recorded_at timestamptz not null,
  constraint key_expires_later check (expires_at > recorded_at)
);
select declare_facts('api_keys');
create index api_keys_by_staff on api_keys (staff_id);

create table api_key_revocations (
  api_key_id bigint primary key references api_keys,
  reason text not null check (reason <> ''),
  command_id text not null references commands,
  recorded_at timestamptz not null
);
select declare_facts('api_key_revocations');

-- What happened at the door, whoever knocked. Not commands: nobody acts in a failed attempt. Its rows are written under the
-- origin `sign-in` and covered by the next event of the chain.
create table security_events (
  id bigint generated always as identity primary key,
  event text not null check (event in ('signed_in', 'sign_in_failed', 'sign_in_throttled', 'second_factor_failed',
    'second_factor_set', 'backup_code_used', 'session_ended')),
  -- Whose account it was; null where no account has the name that was typed. The name itself is not kept: it may be a password.
  staff_id bigint references staff,
  -- Where it came from, as far as it is known.
  address text not null default '',
  happened_at timestamptz not null,
  -- Of the session, never its token.
  session_ref text not null default ''
);
select declare_facts('security_events');
create index security_events_by_staff on security_events (staff_id, happened_at);
create index security_events_by_address on security_events (address, happened_at);

-- The library's own. A user is a person of the staff table under the same number.
create table sign_in_users (
  id text primary key check (id ~ '^[1-9][0-9]{0,17}$'),
  staff_id bigint generated always as (id::bigint) stored references staff,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  username text unique,
  display_username text,
  two_factor_enabled boolean default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create table sign_in_sessions (
  id text primary key,
  user_id text not null references sign_in_users on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sign_in_sessions_by_user on sign_in_sessions (user_id);
create table sign_in_credentials (
  id text primary key,
  user_id text not null references sign_in_users on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index sign_in_credentials_by_user on sign_in_credentials (user_id);
create table sign_in_verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sign_in_verifications_by_identifier on sign_in_verifications (identifier);
create table sign_in_second_factors (
  id text primary key,
  user_id text not null references sign_in_users on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean default true,
  failed_verification_count integer default 0,
  locked_until timestamptz
);
create index sign_in_second_factors_by_user on sign_in_second_factors (user_id);
