-- What is discharged: permitted limits, samples, accidents, credit grades, and what was referred to other authorities.
-- Nothing here ever touches the fee or its fine (办法第十二条).

create table pollutants (
  code text primary key check (code ~ '^[a-z0-9_]{1,40}$'),
  name_zh text not null unique check (name_zh <> ''),
  name_en text not null check (name_en <> ''),
  -- how laboratories and files call it besides
  aliases text[] not null default '{}',
  unit text not null check (unit <> ''),
  -- of GB 8978-1996, table 1: never diluted away, never connected above the standard (办法第五条)
  first_class boolean not null default false,
  command_id text references commands
);
select declare_facts('pollutants');
insert into pollutants (code, name_zh, name_en, aliases, unit, first_class) values
  ('ph', 'pH', 'pH', '{pH值,酸碱度}', '无量纲', false),
  ('chroma', '色度', 'colour', '{}', '倍', false),
  ('ss', '悬浮物', 'suspended solids', '{SS}', 'mg/L', false),
  ('bod5', '五日生化需氧量', 'BOD5', '{BOD5,BOD,生化需氧量}', 'mg/L', false),
  ('cod', '化学需氧量', 'COD', '{COD,CODcr}', 'mg/L', false),
  ('nh3n', '氨氮', 'ammonia nitrogen', '{NH3-N,NH4-N}', 'mg/L', false),
  ('tn', '总氮', 'total nitrogen', '{TN}', 'mg/L', false),
  ('tp', '总磷', 'total phosphorus', '{TP}', 'mg/L', false),
  ('oil', '石油类', 'petroleum oil', '{}', 'mg/L', false),
  ('animal_oil', '动植物油', 'animal and vegetable oil', '{动植物油类}', 'mg/L', false),
  ('phenol', '挥发酚', 'volatile phenol', '{}', 'mg/L', false),
  ('cyanide', '总氰化物', 'total cyanide', '{总氰化合物,氰化物}', 'mg/L', false),
  ('sulfide', '硫化物', 'sulfide', '{}', 'mg/L', false),
  ('fluoride', '氟化物', 'fluoride', '{}', 'mg/L', false),
  ('las', '阴离子表面活性剂', 'anionic surfactant', '{LAS}', 'mg/L', false),
  ('copper', '总铜', 'total copper', '{Cu,铜}', 'mg/L', false),
  ('zinc', '总锌', 'total zinc', '{Zn,锌}', 'mg/L', false),
  ('manganese', '总锰', 'total manganese', '{Mn,锰}', 'mg/L', false),
  ('mercury', '总汞', 'total mercury', '{Hg,汞}', 'mg/L', true),
  ('alkylmercury', '烷基汞', 'alkylmercury', '{}', 'mg/L', true),
  ('cadmium', '总镉', 'total cadmium', '{Cd,镉}', 'mg/L', true),
  ('chromium', '总铬', 'total chromium', '{Cr,铬}', 'mg/L', true),
  ('chromium6', '六价铬', 'hexavalent chromium', '{Cr6+}', 'mg/L', true),
  ('arsenic', '总砷', 'total arsenic', '{As,砷}', 'mg/L', true),
  ('lead', '总铅', 'total lead', '{Pb,铅}', 'mg/L', true),
  ('nickel', '总镍', 'total nickel', '{Ni,镍}', 'mg/L', true),
  ('benzopyrene', '苯并[a]芘', 'benzo[a]pyrene', '{苯并(a)芘}', 'mg/L', true),
  ('beryllium', '总铍', 'total beryllium', '{Be,铍}', 'mg/L', true),
  ('silver', '总银', 'total silver', '{Ag,银}', 'mg/L', true),
  ('alpha', '总α放射性', 'gross alpha', '{}', 'Bq/L', true),
  ('beta', '总β放射性', 'gross beta', '{}', 'Bq/L', true);

-- A permitted limit of one outlet, from the approval it rests on (环评批复、排水许可).
create table permitted_limits (
  id bigint generated always as identity primary key,
  outlet_id bigint not null references outlets,
  pollutant text not null references pollutants,
  -- at_most, at_least: of a concentration; not_detected: nothing may be found; daily_total: kg in a day
  bound text not null check (bound in ('at_most', 'at_least', 'not_detected', 'daily_total')),
  limit_value numeric check (limit_value > 0),
  unit text not null check (unit <> ''),
  document text not null check (document <> ''),
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  proposal_id bigint not null references proposals,
  command_id text not null references commands,
  constraint a_number_where_there_is_one check ((bound = 'not_detected') = (limit_value is null)),
  exclude using gist (outlet_id with =, pollutant with =, bound with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('permitted_limits');

create table samples (
  id bigint generated always as identity primary key,
  outlet_id bigint not null references outlets,
  -- the number that whoever analysed it gave it
  body text not null check (body <> ''),
  sample_no text not null check (sample_no <> ''),
  source text not null check (source in ('plant', 'qualified_body', 'online', 'supervision')),
  certificate_no text not null default '',
  taken_on date not null,
  taken_at time,
  sampler text not null check (sampler <> ''),
  -- discharged on that day: what a daily total is computed from
  day_volume_m3 numeric(14, 3) check (day_volume_m3 >= 0),
  report_no text not null default '',
  evidence_digest text references stored_files,
  import_id bigint references imports,
  command_id text not null references commands,
  recorded_at timestamptz not null,
  unique (body, sample_no),
  constraint qualified_by_certificate check (source <> 'qualified_body' or certificate_no <> '')
);
select declare_facts('samples');
create index samples_by_outlet on samples (outlet_id, taken_on);
create index samples_by_day on samples (taken_on, id);

-- Below the detection limit is a result of its own, never 0.
create table sample_results (
  sample_id bigint not null references samples,
  pollutant text not null references pollutants,
  measured numeric check (measured > 0),
  detection_limit numeric check (detection_limit > 0),
  unit text not null check (unit <> ''),
  method text not null check (method <> ''),
  primary key (sample_id, pollutant),
  constraint measured_or_below check (measured is not null or detection_limit is not null)
);
select declare_facts('sample_results');

create function sample_has_results() returns trigger language plpgsql as $$
begin
  if not exists (select from sample_results r where r.sample_id = new.id) then
    raise exception 'sample % has no result', new.sample_no using errcode = 'QL181';
  end if;
  return null;
end $$;
create constraint trigger sample_has_results after insert on samples deferrable initially deferred
  for each row execute function sample_has_results();

-- A mistaken sample is withdrawn and entered anew under another number; it is never corrected.
create table sample_withdrawals (
  sample_id bigint primary key references samples,
  reason text not null check (reason <> ''),
  command_id text not null references commands
);
select declare_facts('sample_withdrawals');

-- What got into the sewers by accident and must be reported at once (办法第六条).
create table accidents (
  id bigint generated always as identity primary key,
  discharger_id bigint not null references dischargers,
  outlet_id bigint references outlets,
  occurred_on date not null,
  reported_on date not null check (reported_on >= occurred_on),
  reported_by text not null check (reported_by <> ''),
  -- of the five kinds of art. 6
  substance_kind text not null check (substance_kind in ('volatile', 'toxic', 'corrosive', 'pathogenic', 'other')),
  substances text not null check (substances <> ''),
  description text not null check (description <> ''),
  measures text not null default '',
  evidence_digest text references stored_files,
  command_id text not null references commands
);
select declare_facts('accidents');
create index accidents_by_day on accidents (occurred_on, id);

create table credit_grades (
  id bigint generated always as identity primary key,
  discharger_id bigint not null references dischargers,
  grade text not null check (grade in ('green', 'blue', 'yellow', 'red', 'black')),
  rated_year integer not null check (rated_year between 1990 and 2199),
  document text not null check (document <> ''),
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands,
  exclude using gist (discharger_id with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('credit_grades');

-- An exceedance or an accident handed to the authority that may punish it, once each.
create table referrals (
  id bigint generated always as identity primary key,
  number text not null unique check (number <> ''),
  sample_id bigint references samples,
  accident_id bigint references accidents,
  recipient text not null check (recipient <> ''),
  dated_on date not null,
  document_id bigint not null unique references issued_documents,
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands,
  constraint of_one_matter check ((sample_id is null) <> (accident_id is null)),
  unique (sample_id, recipient),
  unique (accident_id, recipient)
);
select declare_facts('referrals');

create table referral_evidence (
  referral_id bigint not null references referrals,
  file_digest text not null references stored_files,
  name text not null check (name <> ''),
  primary key (referral_id, file_digest)
);
select declare_facts('referral_evidence');

create table referral_replies (
  id bigint generated always as identity primary key,
  referral_id bigint not null references referrals,
  received_on date not null,
  document text not null check (document <> ''),
  content text not null check (content <> ''),
  command_id text not null references commands
);
select declare_facts('referral_replies');
create index referral_replies_by_referral on referral_replies (referral_id);

-- What was referred stands: its sample is not withdrawn afterwards.
create function referred_sample_stays() returns trigger language plpgsql as $$
begin
  perform from samples where id = new.sample_id for update;
  if exists (select from referrals r where r.sample_id = new.sample_id) then
    raise exception 'a sample that was referred is not withdrawn' using errcode = 'QL182';
  end if;
  return new;
end $$;
create trigger referred_sample_stays before insert on sample_withdrawals for each row execute function referred_sample_stays();

create function withdrawn_sample_stays_away() returns trigger language plpgsql as $$
begin
  perform from samples where id = new.sample_id for update;
  if exists (select from sample_withdrawals w where w.sample_id = new.sample_id) then
    raise exception 'a withdrawn sample is not referred' using errcode = 'QL183';
  end if;
  return new;
end $$;
create trigger withdrawn_sample_stays_away before insert on referrals for each row execute function withdrawn_sample_stays_away();
