-- What a cubic metre costs. A schedule is a fact once another person approved its proposal.

create table rate_schedules (
  id bigint generated always as identity primary key,
  code text not null unique check (code ~ '^[A-Za-z0-9_-]{1,60}$'),
  title text not null check (title <> ''),
  approval_document text not null check (approval_document <> ''),
  issuer text not null check (issuer <> ''),
  unit text not null default 'm³' check (unit <> ''),
  currency text not null default '元' check (currency <> ''),
  straddle text not null check (straddle in ('by-days', 'whole-at-start', 'whole-at-end')),
  clause text not null check (clause <> ''),
  valid_from date not null,
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands
);
select declare_facts('rate_schedules');

-- One price per category and day of water use: the exclusion constraint is the rule "non-overlapping".
create table rates (
  schedule_id bigint not null references rate_schedules,
  category_code text not null references price_categories,
  price jsonb not null,
  valid_from date not null,
  valid_until date check (valid_until > valid_from),
  primary key (schedule_id, category_code),
  exclude using gist (category_code with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('rates');
