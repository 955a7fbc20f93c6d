-- What is billable and on which ground (decision 9). An account without a row here is billed by its public meter.

create table volume_bases (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  basis text not null check (basis in ('public_meter', 'own_meter', 'rated_flow', 'actual_discharge',
    'construction_meter', 'construction_quota', 'exempt')),
  rated_flow_m3_per_hour numeric check (rated_flow_m3_per_hour > 0),
  quota_m3_per_month numeric check (quota_m3_per_month > 0),
  outlet_id bigint references outlets,
  determination_no text,
  posted_from date,
  posted_until date check (posted_until > posted_from),
  evidence text not null check (evidence <> ''),
  clause text not null check (clause <> ''),
  valid_from date not null,
  valid_until date check (valid_until > valid_from),
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands,
  constraint rated_flow_has_flow check (basis <> 'rated_flow' or rated_flow_m3_per_hour is not null),
  constraint quota_has_quota check (basis <> 'construction_quota' or quota_m3_per_month is not null),
  constraint discharge_was_determined check (basis <> 'actual_discharge'
    or (outlet_id is not null and determination_no <> '' and posted_from is not null and posted_until is not null
        and valid_from >= posted_until and valid_until is not null)),
  exclude using gist (account_id with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('volume_bases');

-- An own-source user's declared use of a month, a fact once the bureau has reviewed it (151 art. 15).
create table own_source_declarations (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  fee_month date not null check (extract(day from fee_month) = 1),
  volume_m3 numeric(14, 3) not null check (volume_m3 >= 0),
  start_reading numeric(14, 3),
  end_reading numeric(14, 3),
  evidence text not null check (evidence <> ''),
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands,
  revision smallint not null default 0,
  unique (account_id, fee_month, revision)
);
select declare_facts('own_source_declarations');

-- Nothing declared, or the meter failed: rated flow x 24 h by a person's decision for that month (151 art. 10).
create table rated_flow_decisions (
  account_id bigint not null references accounts,
  fee_month date not null check (extract(day from fee_month) = 1),
  rated_flow_m3_per_hour numeric not null check (rated_flow_m3_per_hour > 0),
  reason text not null check (reason <> ''),
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands,
  primary key (account_id, fee_month)
);
select declare_facts('rated_flow_decisions');
