-- Who owes: dischargers, agreements, accounts and their life, meters and their installations, outlets, collectors, roster.
-- On the day of an event the new state already holds. A validity that ends on the day it began never held: so a mistaken
-- entry is taken back without being erased.

-- GB 32100-2015: 18 characters without I O Z S V, six digits of the division inside, the last a check character modulo 31.
create function credit_code_is_valid(code text) returns boolean language plpgsql immutable as $$
declare
  alphabet constant text := '0123456789ABCDEFGHJKLMNPQRTUWXY';
  weight integer := 1;
  total integer := 0;
begin
  if code !~ '^[0-9ABCDEFGHJKLMNPQRTUWXY]{2}[0-9]{6}[0-9ABCDEFGHJKLMNPQRTUWXY]{10}$' then return false; end if;
  for place in 1..17 loop
    total := total + (strpos(alphabet, substr(code, place, 1)) - 1) * weight;
    weight := weight * 3 % 31;
  end loop;
  return substr(alphabet, (31 - total % 31) % 31 + 1, 1) = substr(code, 18, 1);
end $$;

create table price_categories (
  code text primary key check (code ~ '^[A-Za-z0-9_-]{1,40}$'),
  name_zh text not null unique check (name_zh <> ''),
  name_en text not null check (name_en <> ''),
  command_id text not null references commands
);
select declare_facts('price_categories');

-- The groups of art. 9 ship with the product (no command); a group added later names its clause.
create table payer_groups (
  code text primary key check (code ~ '^[a-z0-9_]{1,40}$'),
  name_zh text not null unique check (name_zh <> ''),
  name_en text not null check (name_en <> ''),
  clause text not null check (clause <> ''),
  needs_agreement boolean not null,
  command_id text references commands
);
select declare_facts('payer_groups');
insert into payer_groups (code, name_zh, name_en, clause, needs_agreement) values
  ('park_enterprise', '园区企业', 'park enterprise', '办法第二条、第九条', true),
  ('maodian_resident', '茅店镇纳管居民', 'resident of Maodian town', '办法第九条', false),
  ('urban_resident', '城区居民', 'urban resident', '办法第九条', false),
  ('cas_academy', '中科院赣江创新研究院', 'CAS Ganjiang Innovation Academy', '办法第九条', false),
  ('mixed_block', '园区综合商住区块', 'mixed block of the park', '办法第九条', false);

create table collectors (
  id bigint generated always as identity primary key,
  code text not null unique check (code ~ '^[a-z0-9-]{2,40}$'),
  name text not null check (name <> ''),
  credit_code text check (credit_code_is_valid(credit_code)),
  organisation_id bigint references organisations,
  command_id text not null references commands
);
select declare_facts('collectors');

create table collector_contracts (
  id bigint generated always as identity primary key,
  collector_id bigint not null references collectors,
  contract_no text not null unique,
  document text not null check (document <> ''),
  remittance_period text not null check (remittance_period in ('quarter', 'month')),
  fee_rate numeric check (fee_rate >= 0 and fee_rate < 1),
  fee_base text check (fee_base in ('collected', 'remitted', 'confirmed')),
  fee_cap_amount numeric(18, 2) check (fee_cap_amount >= 0),
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  command_id text not null references commands,
  constraint rate_with_base check ((fee_rate is null) = (fee_base is null)),
  exclude using gist (collector_id with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('collector_contracts');

create table dischargers (
  id bigint generated always as identity primary key,
  code text collate "C" not null unique check (code <> ''),
  name text not null check (name <> ''),
  kind text not null check (kind in ('enterprise', 'institution', 'shop', 'resident')),
  credit_code text unique,
  product_is_mainly_water boolean not null default false,
  address text not null default '',
  phone text not null default '',
  command_id text not null references commands,
  constraint credit_code_valid check (credit_code_is_valid(credit_code)),
  constraint enterprise_has_credit_code check (kind <> 'enterprise' or credit_code is not null),
  constraint resident_has_none check (kind <> 'resident' or credit_code is null)
);
select declare_facts('dischargers');

create table connection_agreements (
  id bigint generated always as identity primary key,
  discharger_id bigint not null references dischargers,
  agreement_no text collate "C" not null unique check (agreement_no <> ''),
  signed_on date not null,
  document text not null default '',
  valid_from date not null check (valid_from >= signed_on),
  valid_until date check (valid_until >= valid_from),
  command_id text not null references commands,
  exclude using gist (discharger_id with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('connection_agreements');

create table accounts (
  id bigint generated always as identity primary key,
  collector_id bigint not null references collectors,
  account_no text collate "C" not null check (account_no ~ '^[0-9A-Za-z-]{1,40}$'),
  supply text not null check (supply in ('public', 'own_source')),
  address text not null default '',
  opened_on date not null,
  command_id text not null references commands,
  unique (collector_id, account_no)
);
select declare_facts('accounts');
-- Excel drops leading zeros: the number without them finds the account that was meant.
create index accounts_by_no_without_zeros on accounts (collector_id, ltrim(account_no, '0'));

create table account_holders (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  discharger_id bigint not null references dischargers,
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  command_id text not null references commands,
  exclude using gist (account_id with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('account_holders');
create index account_holders_by_account on account_holders (account_id, valid_from);
create index account_holders_by_discharger on account_holders (discharger_id);

create table account_categories (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  payer_group text not null references payer_groups,
  category_code text not null references price_categories,
  evidence text not null default '',
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  command_id text not null references commands,
  exclude using gist (account_id with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('account_categories');
create index account_categories_by_account on account_categories (account_id, valid_from);

create table account_suspensions (
  id bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  reason text not null check (reason <> ''),
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  command_id text not null references commands,
  exclude using gist (account_id with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('account_suspensions');
create index account_suspensions_by_account on account_suspensions (account_id, valid_from);

-- An account is closed once and never opened again; `closed_on` is the first day without it.
create table account_closures (
  account_id bigint primary key references accounts,
  closed_on date not null,
  reason text not null check (reason <> ''),
  command_id text not null references commands
);
select declare_facts('account_closures');
create index account_closures_by_day on account_closures (closed_on);

create table meters (
  id bigint generated always as identity primary key,
  collector_id bigint not null references collectors,
  meter_no text collate "C" not null check (meter_no <> ''),
  size_mm integer check (size_mm between 8 and 3000),
  command_id text not null references commands,
  unique (collector_id, meter_no)
);
select declare_facts('meters');

-- A meter at an account for a time. Replacement ends one and begins another that names it.
create table installations (
  id bigint generated always as identity primary key,
  meter_id bigint not null references meters,
  account_id bigint not null references accounts,
  purpose text not null check (purpose in ('supply', 'own_source', 'discharge', 'construction')),
  digits smallint not null check (digits between 3 and 10),
  multiplier numeric not null default 1 check (multiplier > 0),
  initial_reading numeric(14, 3) not null check (initial_reading >= 0),
  runs_backwards boolean not null default false,
  master_installation_id bigint references installations check (master_installation_id <> id),
  replaces_installation_id bigint unique references installations check (replaces_installation_id <> id),
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  command_id text not null references commands,
  constraint initial_within_digits check (initial_reading < 10 ^ digits),
  exclude using gist (meter_id with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('installations');
create index installations_by_account on installations (account_id, valid_from);
create index installations_by_meter on installations (meter_id, valid_from);
create index installations_by_master on installations (master_installation_id) where master_installation_id is not null;

-- What the meter showed when it was taken down.
create table installation_removals (
  installation_id bigint primary key references installations,
  final_reading numeric(14, 3) not null check (final_reading >= 0),
  reason text not null check (reason <> ''),
  command_id text not null references commands
);
select declare_facts('installation_removals');

-- No meter comes down without its final reading, and none is read for the last time while it hangs: checked at commit.
create function removal_has_reading() returns trigger language plpgsql as $$
declare
  checked_installation bigint;
  fits boolean;
begin
  if tg_table_name = 'installations' then checked_installation := new.id; else checked_installation := new.installation_id; end if;
  select i.valid_until is not null and r.final_reading < 10 ^ i.digits into fits
    from installations i join installation_removals r on r.installation_id = i.id where i.id = checked_installation;
  if fits is not true then
    raise exception 'installation % ends with a final reading within its digits, and only then', checked_installation using errcode = 'QL010';
  end if;
  return null;
end $$;
create constraint trigger removal_has_reading after insert or update on installations deferrable initially deferred
  for each row when (new.valid_until is not null) execute function removal_has_reading();
create constraint trigger removal_has_reading after insert on installation_removals deferrable initially deferred
  for each row execute function removal_has_reading();

-- One meter, several users: each share cut to the unit, the last takes the remainder (decision 13). A ratio of 1 ends the
-- sharing: from then on one account has all.
create table installation_shares (
  id bigint generated always as identity primary key,
  installation_id bigint not null references installations,
  share_no smallint not null check (share_no > 0),
  account_id bigint not null references accounts,
  share_ratio numeric not null check (share_ratio > 0 and share_ratio <= 1),
  unit_m3 text not null default '1' check (unit_m3 in ('1', '0.001')),
  agreement text not null check (agreement <> ''),
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  command_id text not null references commands,
  exclude using gist (installation_id with =, share_no with =, daterange(valid_from, valid_until) with &&),
  exclude using gist (installation_id with =, account_id with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('installation_shares');
create index installation_shares_by_account on installation_shares (account_id);

-- On every day a meter is shared, its shares are the whole: checked at commit, on each day a share begins or ends.
create function shares_are_the_whole() returns trigger language plpgsql as $$
declare
  wrong_day date;
begin
  select boundary.day into wrong_day
    from (select valid_from as day from installation_shares where installation_id = new.installation_id
          union select valid_until from installation_shares where installation_id = new.installation_id and valid_until is not null) boundary
    where (select sum(s.share_ratio) from installation_shares s where s.installation_id = new.installation_id
           and s.valid_from <= boundary.day and (s.valid_until is null or s.valid_until > boundary.day)) <> 1
    limit 1;
  if wrong_day is not null then
    raise exception 'the shares of installation % do not add up to 1 on %', new.installation_id, wrong_day using errcode = 'QL011';
  end if;
  return null;
end $$;
create constraint trigger shares_are_the_whole after insert or update on installation_shares deferrable initially deferred
  for each row execute function shares_are_the_whole();

-- Nothing of an account is dated before its opening or after its closing (decision 21). Checked once per statement: a
-- block of thousands of rows costs one join.
create function within_account_life() returns trigger language plpgsql as $$
declare
  outside bigint;
begin
  select changed.account_id into outside
    from changed join accounts a on a.id = changed.account_id left join account_closures c on c.account_id = a.id
    where changed.valid_from < a.opened_on
       or c.closed_on is not null and (changed.valid_until is null or changed.valid_until > c.closed_on)
    limit 1;
  if outside is not null then
    raise exception 'a row of % lies outside the life of account %', tg_table_name, outside using errcode = 'QL012';
  end if;
  return null;
end $$;

create function closing_ends_all() returns trigger language plpgsql as $$
declare
  living bigint;
begin
  select c.account_id into living
    from changed c join accounts a on a.id = c.account_id
    where c.closed_on < a.opened_on
       or exists (select from account_holders f where f.account_id = c.account_id and (f.valid_until is null or f.valid_until > c.closed_on))
       or exists (select from account_categories f where f.account_id = c.account_id and (f.valid_until is null or f.valid_until > c.closed_on))
       or exists (select from account_suspensions f where f.account_id = c.account_id and (f.valid_until is null or f.valid_until > c.closed_on))
       or exists (select from installations f where f.account_id = c.account_id and (f.valid_until is null or f.valid_until > c.closed_on))
       or exists (select from installation_shares f where f.account_id = c.account_id and (f.valid_until is null or f.valid_until > c.closed_on))
    limit 1;
  if living is not null then
    raise exception 'account % is closed only when all that is dated of it has ended', living using errcode = 'QL012';
  end if;
  return null;
end $$;
create trigger closing_ends_all after insert on account_closures referencing new table as changed
  for each statement execute function closing_ends_all();

create function declare_account_life(table_name regclass) returns void language plpgsql as $$
begin
  execute format('create trigger within_account_life after insert on %s referencing new table as changed
    for each statement execute function within_account_life()', table_name);
end $$;
select declare_account_life('account_holders');
select declare_account_life('account_categories');
select declare_account_life('account_suspensions');
select declare_account_life('installations');
select declare_account_life('installation_shares');

create table outlets (
  id bigint generated always as identity primary key,
  discharger_id bigint not null references dischargers,
  outlet_no text not null,
  place text not null default '',
  has_sampling_well boolean not null,
  has_online_meter boolean not null default false,
  exception_reason text not null default '',
  valid_from date not null,
  valid_until date check (valid_until >= valid_from),
  command_id text not null references commands,
  exclude using gist (discharger_id with =, outlet_no with =, daterange(valid_from, valid_until) with &&)
);
select declare_validity('outlets');

-- The list of whom the fee is collected from (art. 10): frozen with its proposal, in force once approved, then published.
create table roster_versions (
  id bigint generated by default as identity primary key,
  version_no integer not null unique check (version_no > 0),
  as_of date not null,
  proposal_id bigint not null unique references proposals,
  account_count integer not null check (account_count > 0),
  digest text not null check (digest ~ '^[0-9a-f]{64}$')
);
select declare_facts('roster_versions');

create table roster_entries (
  version_id bigint not null,
  collector_id bigint not null,
  account_no text collate "C" not null,
  account_id bigint not null,
  discharger_id bigint not null,
  discharger_name text not null,
  payer_group text not null,
  category_code text not null,
  supply text not null,
  primary key (version_id, collector_id, account_no)
);
select declare_facts('roster_entries');

-- The version's row closes its entries: it counts them, and none is added afterwards. This stands for a foreign key,
-- which a million entries would pay for one by one.
create function roster_is_frozen() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'roster_entries' then
    if exists (select from roster_versions v where v.id in (select distinct version_id from added)) then
      raise exception 'a frozen roster takes no further entries' using errcode = 'QL013';
    end if;
  elsif new.account_count <> (select count(*) from roster_entries e where e.version_id = new.id) then
    raise exception 'roster version % does not have % entries', new.id, new.account_count using errcode = 'QL013';
  end if;
  return null;
end $$;
create trigger roster_is_frozen after insert on roster_entries referencing new table as added
  for each statement execute function roster_is_frozen();
create trigger roster_is_frozen after insert on roster_versions for each row execute function roster_is_frozen();

create table roster_publications (
  version_id bigint primary key references roster_versions,
  published_on date not null,
  command_id text not null references commands
);
select declare_facts('roster_publications');
