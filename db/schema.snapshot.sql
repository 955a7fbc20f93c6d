-- What the migrations make, as the catalog tells it. Written by `npm run schema:snapshot`; a check compares it.

create extension btree_gist;

create table access_endings (
  id bigint generated always as identity not null,
  staff_id bigint not null,
  reason text not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint access_endings_pkey PRIMARY KEY (id),
  constraint access_endings_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint access_endings_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id),
  constraint access_endings_reason_check CHECK ((reason <> ''::text))
);
CREATE INDEX access_endings_by_staff ON public.access_endings USING btree (staff_id, id DESC);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.access_endings REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.access_endings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.access_endings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.access_endings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table accidents (
  id bigint generated always as identity not null,
  discharger_id bigint not null,
  outlet_id bigint,
  occurred_on date not null,
  reported_on date not null,
  reported_by text not null,
  substance_kind text not null,
  substances text not null,
  description text not null,
  measures text default ''::text not null,
  evidence_digest text,
  command_id text not null,
  constraint accidents_pkey PRIMARY KEY (id),
  constraint accidents_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint accidents_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint accidents_evidence_digest_fkey FOREIGN KEY (evidence_digest) REFERENCES stored_files(digest),
  constraint accidents_outlet_id_fkey FOREIGN KEY (outlet_id) REFERENCES outlets(id),
  constraint accidents_check CHECK ((reported_on >= occurred_on)),
  constraint accidents_description_check CHECK ((description <> ''::text)),
  constraint accidents_reported_by_check CHECK ((reported_by <> ''::text)),
  constraint accidents_substance_kind_check CHECK ((substance_kind = ANY (ARRAY['volatile'::text, 'toxic'::text, 'corrosive'::text, 'pathogenic'::text, 'other'::text]))),
  constraint accidents_substances_check CHECK ((substances <> ''::text))
);
CREATE INDEX accidents_by_day ON public.accidents USING btree (occurred_on, id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.accidents REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.accidents FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.accidents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.accidents REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table accidents enable row level security;
create policy enterprise on accidents for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on accidents for all to qingliu_program using (true);
grant select on accidents to qingliu_enterprise;

create table account_categories (
  id bigint generated always as identity not null,
  account_id bigint not null,
  payer_group text not null,
  category_code text not null,
  evidence text default ''::text not null,
  valid_from date not null,
  valid_until date,
  command_id text not null,
  constraint account_categories_pkey PRIMARY KEY (id),
  constraint account_categories_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint account_categories_category_code_fkey FOREIGN KEY (category_code) REFERENCES price_categories(code),
  constraint account_categories_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint account_categories_payer_group_fkey FOREIGN KEY (payer_group) REFERENCES payer_groups(code),
  constraint account_categories_check CHECK ((valid_until >= valid_from)),
  constraint account_categories_account_id_daterange_excl EXCLUDE USING gist (account_id WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE INDEX account_categories_by_account ON public.account_categories USING btree (account_id, valid_from);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.account_categories REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.account_categories FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.account_categories REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.account_categories FOR EACH ROW EXECUTE FUNCTION allow_one_end();
CREATE TRIGGER within_account_life AFTER INSERT ON public.account_categories REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION within_account_life();
alter table account_categories enable row level security;
create policy collector on account_categories for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = account_categories.account_id))));
create policy enterprise on account_categories for select to qingliu_enterprise using (((account_id = ANY (ARRAY( SELECT h.account_id
   FROM account_holders h))) AND (EXISTS ( SELECT
   FROM account_holders h
  WHERE ((h.account_id = account_categories.account_id) AND ((account_categories.valid_until IS NULL) OR (account_categories.valid_until > h.valid_from)) AND ((h.valid_until IS NULL) OR (h.valid_until > account_categories.valid_from)))))));
create policy program on account_categories for all to qingliu_program using (true);
grant select on account_categories to qingliu_collector;
grant select on account_categories to qingliu_enterprise;

create table account_closures (
  account_id bigint not null,
  closed_on date not null,
  reason text not null,
  command_id text not null,
  constraint account_closures_pkey PRIMARY KEY (account_id),
  constraint account_closures_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint account_closures_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint account_closures_reason_check CHECK ((reason <> ''::text))
);
CREATE INDEX account_closures_by_day ON public.account_closures USING btree (closed_on);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.account_closures REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER closing_ends_all AFTER INSERT ON public.account_closures REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION closing_ends_all();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.account_closures FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.account_closures FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.account_closures REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table account_closures enable row level security;
create policy collector on account_closures for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = account_closures.account_id))));
create policy enterprise on account_closures for select to qingliu_enterprise using ((account_id = ANY (ARRAY( SELECT h.account_id
   FROM account_holders h))));
create policy program on account_closures for all to qingliu_program using (true);
grant select on account_closures to qingliu_collector;
grant select on account_closures to qingliu_enterprise;

create table account_holders (
  id bigint generated always as identity not null,
  account_id bigint not null,
  discharger_id bigint not null,
  valid_from date not null,
  valid_until date,
  command_id text not null,
  constraint account_holders_pkey PRIMARY KEY (id),
  constraint account_holders_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint account_holders_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint account_holders_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint account_holders_check CHECK ((valid_until >= valid_from)),
  constraint account_holders_account_id_daterange_excl EXCLUDE USING gist (account_id WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE INDEX account_holders_by_account ON public.account_holders USING btree (account_id, valid_from);
CREATE INDEX account_holders_by_discharger ON public.account_holders USING btree (discharger_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.account_holders REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.account_holders FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.account_holders REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.account_holders FOR EACH ROW EXECUTE FUNCTION allow_one_end();
CREATE TRIGGER within_account_life AFTER INSERT ON public.account_holders REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION within_account_life();
alter table account_holders enable row level security;
create policy collector on account_holders for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = account_holders.account_id))));
create policy enterprise on account_holders for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on account_holders for all to qingliu_program using (true);
grant select on account_holders to qingliu_collector;
grant select on account_holders to qingliu_enterprise;

create table account_suspensions (
  id bigint generated always as identity not null,
  account_id bigint not null,
  reason text not null,
  valid_from date not null,
  valid_until date,
  command_id text not null,
  constraint account_suspensions_pkey PRIMARY KEY (id),
  constraint account_suspensions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint account_suspensions_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint account_suspensions_check CHECK ((valid_until >= valid_from)),
  constraint account_suspensions_reason_check CHECK ((reason <> ''::text)),
  constraint account_suspensions_account_id_daterange_excl EXCLUDE USING gist (account_id WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE INDEX account_suspensions_by_account ON public.account_suspensions USING btree (account_id, valid_from);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.account_suspensions REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.account_suspensions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.account_suspensions REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.account_suspensions FOR EACH ROW EXECUTE FUNCTION allow_one_end();
CREATE TRIGGER within_account_life AFTER INSERT ON public.account_suspensions REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION within_account_life();
alter table account_suspensions enable row level security;
create policy collector on account_suspensions for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = account_suspensions.account_id))));
create policy enterprise on account_suspensions for select to qingliu_enterprise using (((account_id = ANY (ARRAY( SELECT h.account_id
   FROM account_holders h))) AND (EXISTS ( SELECT
   FROM account_holders h
  WHERE ((h.account_id = account_suspensions.account_id) AND ((account_suspensions.valid_until IS NULL) OR (account_suspensions.valid_until > h.valid_from)) AND ((h.valid_until IS NULL) OR (h.valid_until > account_suspensions.valid_from)))))));
create policy program on account_suspensions for all to qingliu_program using (true);
grant select on account_suspensions to qingliu_collector;
grant select on account_suspensions to qingliu_enterprise;

create table accounts (
  id bigint generated always as identity not null,
  collector_id bigint not null,
  account_no text collate "C" not null,
  supply text not null,
  address text default ''::text not null,
  opened_on date not null,
  command_id text not null,
  constraint accounts_pkey PRIMARY KEY (id),
  constraint accounts_collector_id_account_no_key UNIQUE (collector_id, account_no),
  constraint accounts_collector_id_fkey FOREIGN KEY (collector_id) REFERENCES collectors(id),
  constraint accounts_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint accounts_account_no_check CHECK ((account_no ~ '^[0-9A-Za-z-]{1,40}$'::text)),
  constraint accounts_supply_check CHECK ((supply = ANY (ARRAY['public'::text, 'own_source'::text])))
);
CREATE INDEX accounts_by_account_no ON public.accounts USING btree (account_no, id);
CREATE INDEX accounts_by_no ON public.accounts USING btree (account_no);
CREATE INDEX accounts_by_no_without_zeros ON public.accounts USING btree (collector_id, ltrim(account_no, '0'::text));
CREATE INDEX accounts_with_own_source ON public.accounts USING btree (account_no) WHERE (supply = 'own_source'::text);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.accounts REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.accounts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.accounts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.accounts REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table accounts enable row level security;
create policy collector on accounts for select to qingliu_collector using ((collector_id = ANY (ARRAY( SELECT c.id
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation))))));
create policy enterprise on accounts for select to qingliu_enterprise using ((id = ANY (ARRAY( SELECT h.account_id
   FROM account_holders h))));
create policy program on accounts for all to qingliu_program using (true);
grant select on accounts to qingliu_collector;
grant select on accounts to qingliu_enterprise;

create table allocation_lapses (
  allocation_id bigint not null,
  reason text not null,
  lapsed_on date not null,
  command_id text not null,
  constraint allocation_lapses_pkey PRIMARY KEY (allocation_id),
  constraint allocation_lapses_allocation_id_fkey FOREIGN KEY (allocation_id) REFERENCES allocations(id),
  constraint allocation_lapses_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint allocation_lapses_reason_check CHECK ((reason = ANY (ARRAY['bill_cancelled'::text, 'bill_reduced'::text, 'payment_reversed'::text, 'moved'::text])))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.allocation_lapses REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.allocation_lapses FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.allocation_lapses FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.allocation_lapses REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table allocation_lapses enable row level security;
create policy collector on allocation_lapses for select to qingliu_collector using ((EXISTS ( SELECT
   FROM allocations a
  WHERE (a.id = allocation_lapses.allocation_id))));
create policy enterprise on allocation_lapses for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM allocations a
  WHERE (a.id = allocation_lapses.allocation_id))));
create policy program on allocation_lapses for all to qingliu_program using (true);
grant select on allocation_lapses to qingliu_collector;
grant select on allocation_lapses to qingliu_enterprise;

create table allocations (
  id bigint generated always as identity not null,
  payment_id bigint not null,
  bill_id bigint not null,
  amount numeric(16,2) not null,
  basis text not null,
  allocated_on date not null,
  command_id text not null,
  constraint allocations_pkey PRIMARY KEY (id),
  constraint allocations_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES bills(id),
  constraint allocations_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint allocations_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id),
  constraint allocations_amount_check CHECK ((amount > (0)::numeric)),
  constraint allocations_basis_check CHECK ((basis = ANY (ARRAY['order'::text, 'named'::text, 'credit'::text, 'opening'::text])))
);
CREATE INDEX allocations_by_bill ON public.allocations USING btree (bill_id);
CREATE INDEX allocations_by_payment ON public.allocations USING btree (payment_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.allocations REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.allocations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.allocations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.allocations REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table allocations enable row level security;
create policy collector on allocations for select to qingliu_collector using ((EXISTS ( SELECT
   FROM bills b
  WHERE (b.id = allocations.bill_id))));
create policy enterprise on allocations for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM bills b
  WHERE (b.id = allocations.bill_id))));
create policy program on allocations for all to qingliu_program using (true);
grant select on allocations to qingliu_collector;
grant select on allocations to qingliu_enterprise;

create table annual_settlement_lines (
  settlement_id bigint not null,
  fee_month date not null,
  category_code text not null,
  declared_m3 numeric(18,3) not null,
  exempt_m3 numeric(18,3) not null,
  discharge_m3 numeric(18,3) not null,
  written_off_m3 numeric(18,3) not null,
  chargeable_m3 numeric(18,3) not null,
  billed_m3 numeric(18,3) not null,
  gap_m3 numeric(18,3) not null,
  unit_price numeric,
  price_source text not null,
  billed_amount numeric(18,2) not null,
  gap_amount numeric(18,2) not null,
  written_off_amount numeric(18,2) not null,
  due_amount numeric(18,2) not null,
  remitted_amount numeric(18,2) not null,
  direct_amount numeric(18,2) not null,
  balance_amount numeric(18,2) not null,
  outstanding_amount numeric(18,2) not null,
  held_amount numeric(18,2) not null,
  constraint annual_settlement_lines_pkey PRIMARY KEY (settlement_id, fee_month, category_code),
  constraint annual_settlement_lines_category_code_fkey FOREIGN KEY (category_code) REFERENCES price_categories(code),
  constraint annual_settlement_lines_settlement_id_fkey FOREIGN KEY (settlement_id) REFERENCES annual_settlements(id),
  constraint amounts_add_up CHECK (((due_amount = ((billed_amount + gap_amount) - written_off_amount)) AND (balance_amount = ((due_amount - remitted_amount) - direct_amount)))),
  constraint annual_settlement_lines_declared_m3_check CHECK ((declared_m3 >= (0)::numeric)),
  constraint annual_settlement_lines_exempt_m3_check CHECK ((exempt_m3 >= (0)::numeric)),
  constraint annual_settlement_lines_fee_month_check CHECK ((EXTRACT(day FROM fee_month) = (1)::numeric)),
  constraint annual_settlement_lines_gap_amount_check CHECK ((gap_amount >= (0)::numeric)),
  constraint annual_settlement_lines_written_off_amount_check CHECK ((written_off_amount >= (0)::numeric)),
  constraint annual_settlement_lines_written_off_m3_check CHECK ((written_off_m3 >= (0)::numeric)),
  constraint balance_is_explained CHECK ((balance_amount = (((gap_amount + outstanding_amount) - written_off_amount) + held_amount))),
  constraint gap_has_its_price CHECK (
CASE
    WHEN (gap_m3 > (0)::numeric) THEN ((unit_price IS NOT NULL) AND (gap_amount = round((gap_m3 * unit_price), 2)))
    ELSE (gap_amount = (0)::numeric)
END),
  constraint volumes_add_up CHECK (((chargeable_m3 = (((declared_m3 - exempt_m3) - discharge_m3) - written_off_m3)) AND (gap_m3 = (((declared_m3 - exempt_m3) - discharge_m3) - billed_m3))))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.annual_settlement_lines REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.annual_settlement_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.annual_settlement_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.annual_settlement_lines REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table annual_settlements (
  id bigint generated always as identity not null,
  number_year integer not null,
  number integer not null,
  collector_id bigint not null,
  year integer not null,
  settled_on date not null,
  due_amount numeric(18,2) not null,
  remitted_amount numeric(18,2) not null,
  direct_amount numeric(18,2) not null,
  balance_amount numeric(18,2) not null,
  proposal_id bigint not null,
  approved_on date not null,
  command_id text not null,
  constraint annual_settlements_pkey PRIMARY KEY (id),
  constraint annual_settlements_collector_id_year_key UNIQUE (collector_id, year),
  constraint annual_settlements_number_year_number_key UNIQUE (number_year, number),
  constraint annual_settlements_proposal_id_key UNIQUE (proposal_id),
  constraint annual_settlements_collector_id_fkey FOREIGN KEY (collector_id) REFERENCES collectors(id),
  constraint annual_settlements_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint annual_settlements_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint annual_settlements_number_check CHECK ((number > 0)),
  constraint annual_settlements_year_check CHECK (((year >= 1990) AND (year <= 2199))),
  constraint balance_is_the_rest CHECK ((balance_amount = ((due_amount - remitted_amount) - direct_amount))),
  constraint settled_after_its_year CHECK ((EXTRACT(year FROM settled_on) > (year)::numeric))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.annual_settlements REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.annual_settlements FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.annual_settlements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.annual_settlements REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE CONSTRAINT TRIGGER settlement_adds_up AFTER INSERT ON public.annual_settlements DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION settlement_adds_up();
alter table annual_settlements enable row level security;
create policy collector on annual_settlements for select to qingliu_collector using ((collector_id = ANY (ARRAY( SELECT c.id
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation))))));
create policy program on annual_settlements for all to qingliu_program using (true);
grant select on annual_settlements to qingliu_collector;

create table api_key_revocations (
  api_key_id bigint not null,
  reason text not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint api_key_revocations_pkey PRIMARY KEY (api_key_id),
  constraint api_key_revocations_api_key_id_fkey FOREIGN KEY (api_key_id) REFERENCES api_keys(id),
  constraint api_key_revocations_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint api_key_revocations_reason_check CHECK ((reason <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.api_key_revocations REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.api_key_revocations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.api_key_revocations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.api_key_revocations REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table api_keys (
  id bigint generated always as identity not null,
  staff_id bigint not null,
  name text not null,
  hint text not null,
  token_digest text not null,
  permissions text[] not null,
  expires_at timestamp with time zone not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_token_digest_key UNIQUE (token_digest),
  constraint api_keys_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint api_keys_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id),
  constraint api_keys_hint_check CHECK (((length(hint) >= 4) AND (length(hint) <= 16))),
  constraint api_keys_name_check CHECK ((name <> ''::text)),
  constraint api_keys_permissions_check CHECK ((cardinality(permissions) > 0)),
  constraint api_keys_token_digest_check CHECK ((token_digest ~ '^[0-9a-f]{64}$'::text)),
  constraint key_expires_later CHECK ((expires_at > recorded_at))
);
CREATE INDEX api_keys_by_staff ON public.api_keys USING btree (staff_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.api_keys REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.api_keys FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.api_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.api_keys REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table audit_events (
  seq bigint not null,
  command_id text not null,
  answer jsonb not null,
  previous_hash text not null,
  hash text not null,
  content_digest text,
  outside_until bigint,
  constraint audit_events_pkey PRIMARY KEY (seq),
  constraint audit_events_command_id_key UNIQUE (command_id),
  constraint audit_events_hash_key UNIQUE (hash),
  constraint audit_events_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint audit_events_seq_check CHECK ((seq > 0))
);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.audit_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.audit_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table audit_head (
  single boolean default true not null,
  seq bigint not null,
  hash text not null,
  outside_until bigint default 0 not null,
  constraint audit_head_pkey PRIMARY KEY (single),
  constraint audit_head_single_check CHECK (single)
);
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.audit_head FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER head_follows_its_event BEFORE DELETE OR UPDATE ON public.audit_head FOR EACH ROW EXECUTE FUNCTION head_follows_its_event();
grant select on audit_head to qingliu_collector;
grant select on audit_head to qingliu_enterprise;
grant select on audit_head to qingliu_plant;

create unlogged table bill_draft_blocks (
  run_id bigint not null,
  block_no integer not null,
  last_collector_id bigint not null,
  last_account_no text collate "C" not null,
  account_count integer not null,
  facts_mark text not null,
  digest text not null,
  summary jsonb not null,
  constraint bill_draft_blocks_pkey PRIMARY KEY (run_id, block_no)
);

create unlogged table bill_drafts (
  run_id bigint not null,
  block_no integer not null,
  position integer not null,
  line_no smallint not null,
  ordinal integer,
  status text not null,
  kind text not null,
  account_id bigint not null,
  discharger_id bigint not null,
  fee_month date not null,
  corrects_bill_id bigint,
  bill_volume_m3 numeric(16,3),
  bill_amount numeric(16,2),
  category_code text,
  schedule_id bigint,
  basis text,
  used_from date,
  used_until date,
  volume_m3 numeric(14,3),
  amount numeric(16,2),
  derivation jsonb,
  reason jsonb,
  constraint bill_drafts_pkey PRIMARY KEY (run_id, block_no, "position", line_no),
  constraint bill_drafts_kind_check CHECK ((kind = ANY (ARRAY['original'::text, 'upward'::text, 'downward'::text]))),
  constraint bill_drafts_status_check CHECK ((status = ANY (ARRAY['billed'::text, 'held'::text, 'exempt'::text])))
);

create table bill_issues (
  id bigint generated always as identity not null,
  kind text not null,
  run_id bigint,
  proposal_id bigint,
  number_year integer not null,
  first_number integer not null,
  bill_count integer not null,
  total_amount numeric(18,2) not null,
  issued_on date not null,
  entry_id bigint,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint bill_issues_pkey PRIMARY KEY (id),
  constraint bill_issues_id_number_year_key UNIQUE (id, number_year),
  constraint bill_issues_run_id_key UNIQUE (run_id),
  constraint bill_issues_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint bill_issues_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES journal_entries(id),
  constraint bill_issues_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint bill_issues_run_id_fkey FOREIGN KEY (run_id) REFERENCES bill_runs(id),
  constraint bill_issues_bill_count_check CHECK ((bill_count > 0)),
  constraint bill_issues_kind_check CHECK ((kind = ANY (ARRAY['run'::text, 'correction'::text, 'opening'::text]))),
  constraint issued_in_its_year CHECK (((number_year)::numeric = EXTRACT(year FROM issued_on))),
  constraint run_has_run CHECK (((kind = 'run'::text) = (run_id IS NOT NULL)))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.bill_issues REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.bill_issues FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.bill_issues FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE CONSTRAINT TRIGGER issue_adds_up AFTER INSERT ON public.bill_issues DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION issue_adds_up();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.bill_issues REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table bill_issues enable row level security;
create policy collector on bill_issues for select to qingliu_collector using ((EXISTS ( SELECT
   FROM bills b
  WHERE (b.issue_id = bill_issues.id))));
create policy enterprise on bill_issues for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM bills b
  WHERE (b.issue_id = bill_issues.id))));
create policy program on bill_issues for all to qingliu_program using (true);
grant select (id, kind, run_id, issued_on, command_id, recorded_at) on bill_issues to qingliu_collector;
grant select (id, kind, run_id, issued_on, command_id, recorded_at) on bill_issues to qingliu_enterprise;

create table bill_lines (
  bill_id bigint not null,
  line_no smallint not null,
  category_code text not null,
  schedule_id bigint not null,
  basis text not null,
  used_from date not null,
  used_until date not null,
  volume_m3 numeric(14,3) not null,
  amount numeric(16,2) not null,
  derivation jsonb not null,
  constraint bill_lines_pkey PRIMARY KEY (bill_id, line_no),
  constraint bill_lines_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES bills(id),
  constraint bill_lines_category_code_fkey FOREIGN KEY (category_code) REFERENCES price_categories(code),
  constraint bill_lines_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES rate_schedules(id),
  constraint bill_lines_check CHECK ((used_until > used_from))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.bill_lines REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.bill_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.bill_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER issue_is_closed AFTER INSERT ON public.bill_lines REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION issue_is_closed();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.bill_lines REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table bill_lines enable row level security;
create policy collector on bill_lines for select to qingliu_collector using ((EXISTS ( SELECT
   FROM bills b
  WHERE (b.id = bill_lines.bill_id))));
create policy enterprise on bill_lines for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM bills b
  WHERE (b.id = bill_lines.bill_id))));
create policy program on bill_lines for all to qingliu_program using (true);
grant select on bill_lines to qingliu_collector;
grant select on bill_lines to qingliu_enterprise;

create table bill_run_censuses (
  run_id bigint not null,
  roster_count integer not null,
  billed_count integer not null,
  billed_amount numeric(18,2) not null,
  billed_m3 numeric(18,3) not null,
  held_count integer not null,
  exempt_count integer not null,
  constraint bill_run_censuses_pkey PRIMARY KEY (run_id),
  constraint bill_run_censuses_run_id_fkey FOREIGN KEY (run_id) REFERENCES bill_runs(id),
  constraint census_adds_up CHECK ((roster_count = ((billed_count + held_count) + exempt_count)))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.bill_run_censuses REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.bill_run_censuses FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.bill_run_censuses FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.bill_run_censuses REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table bill_run_discards (
  run_id bigint not null,
  reason text not null,
  command_id text not null,
  constraint bill_run_discards_pkey PRIMARY KEY (run_id),
  constraint bill_run_discards_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint bill_run_discards_run_id_fkey FOREIGN KEY (run_id) REFERENCES bill_runs(id),
  constraint bill_run_discards_reason_check CHECK ((reason <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.bill_run_discards REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.bill_run_discards FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.bill_run_discards FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.bill_run_discards REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table bill_run_exceptions (
  run_id bigint not null,
  account_id bigint not null,
  status text not null,
  reason jsonb not null,
  constraint bill_run_exceptions_pkey PRIMARY KEY (run_id, account_id),
  constraint bill_run_exceptions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint bill_run_exceptions_run_id_fkey FOREIGN KEY (run_id) REFERENCES bill_runs(id),
  constraint bill_run_exceptions_status_check CHECK ((status = ANY (ARRAY['held'::text, 'exempt'::text])))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.bill_run_exceptions REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.bill_run_exceptions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.bill_run_exceptions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.bill_run_exceptions REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table bill_runs (
  id bigint generated always as identity not null,
  fee_month date not null,
  purpose text not null,
  scope jsonb not null,
  roster_version_id bigint not null,
  maker_id bigint not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint bill_runs_pkey PRIMARY KEY (id),
  constraint bill_runs_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint bill_runs_maker_id_fkey FOREIGN KEY (maker_id) REFERENCES staff(id),
  constraint bill_runs_roster_version_id_fkey FOREIGN KEY (roster_version_id) REFERENCES roster_versions(id),
  constraint bill_runs_fee_month_check CHECK ((EXTRACT(day FROM fee_month) = (1)::numeric)),
  constraint bill_runs_purpose_check CHECK ((purpose = ANY (ARRAY['regular'::text, 'supplementary'::text])))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.bill_runs REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.bill_runs FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.bill_runs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.bill_runs REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table bills (
  id bigint generated always as ((((number_year)::bigint * 100000000) + number)) stored not null,
  number_year integer not null,
  number integer not null,
  issue_id bigint not null,
  kind text not null,
  account_id bigint not null,
  discharger_id bigint not null,
  fee_month date not null,
  generation smallint default 0 not null,
  corrects_bill_id bigint,
  reason text,
  evidence text,
  due_on date not null,
  volume_m3 numeric(16,3) not null,
  total_amount numeric(16,2) not null,
  constraint bills_pkey PRIMARY KEY (id),
  constraint bills_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint bills_corrects_bill_id_fkey FOREIGN KEY (corrects_bill_id) REFERENCES bills(id),
  constraint bills_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint bills_issue_id_number_year_fkey FOREIGN KEY (issue_id, number_year) REFERENCES bill_issues(id, number_year),
  constraint bills_fee_month_check CHECK ((EXTRACT(day FROM fee_month) = (1)::numeric)),
  constraint bills_kind_check CHECK ((kind = ANY (ARRAY['original'::text, 'rebill'::text, 'red'::text, 'upward'::text, 'downward'::text]))),
  constraint bills_number_check CHECK (((number >= 1) AND (number <= 99999999))),
  constraint bills_reason_check CHECK ((reason = ANY (ARRAY['volume'::text, 'category'::text, 'rate_version'::text, 'duplicate'::text]))),
  constraint correction_has_reason CHECK ((((kind = 'original'::text) = (reason IS NULL)) AND ((kind = 'original'::text) = (evidence IS NULL)))),
  constraint correction_names_its_bill CHECK (((kind = 'original'::text) = (corrects_bill_id IS NULL))),
  constraint rebill_is_a_later_generation CHECK (((kind = ANY (ARRAY['original'::text, 'red'::text, 'upward'::text, 'downward'::text])) = (generation = 0))),
  constraint sign_follows_kind CHECK (
CASE kind
    WHEN 'red'::text THEN true
    WHEN 'downward'::text THEN (total_amount < (0)::numeric)
    WHEN 'upward'::text THEN (total_amount > (0)::numeric)
    ELSE (total_amount >= (0)::numeric)
END)
);
CREATE INDEX bills_by_account ON public.bills USING btree (account_id, fee_month);
CREATE INDEX bills_by_corrected ON public.bills USING btree (corrects_bill_id) WHERE (corrects_bill_id IS NOT NULL);
CREATE INDEX bills_by_discharger ON public.bills USING btree (discharger_id);
CREATE INDEX bills_by_issue ON public.bills USING btree (issue_id, id);
CREATE INDEX bills_by_month ON public.bills USING btree (fee_month, id);
CREATE UNIQUE INDEX cancelled_once ON public.bills USING btree (corrects_bill_id) WHERE (kind = 'red'::text);
CREATE UNIQUE INDEX one_live_bill ON public.bills USING btree (account_id, fee_month, discharger_id, generation) WHERE (kind = ANY (ARRAY['original'::text, 'rebill'::text]));
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.bills REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.bills FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.bills FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER issue_is_closed AFTER INSERT ON public.bills REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION issue_is_closed();
CREATE TRIGGER rebill_follows_red BEFORE INSERT ON public.bills FOR EACH ROW WHEN ((new.kind = 'rebill'::text)) EXECUTE FUNCTION rebill_follows_red();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.bills REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table bills enable row level security;
create policy collector on bills for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = bills.account_id))));
create policy enterprise on bills for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on bills for all to qingliu_program using (true);
grant select on bills to qingliu_collector;
grant select on bills to qingliu_enterprise;

create table calendar_days (
  year integer not null,
  revision smallint default 0 not null,
  day date not null,
  kind text not null,
  constraint calendar_days_pkey PRIMARY KEY (year, revision, day),
  constraint calendar_days_year_revision_fkey FOREIGN KEY (year, revision) REFERENCES calendar_years(year, revision),
  constraint calendar_days_kind_check CHECK ((kind = ANY (ARRAY['rest'::text, 'work'::text]))),
  constraint day_of_its_year CHECK (((day >= make_date((year - 1), 12, 1)) AND (day <= make_date(year, 12, 31))))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.calendar_days REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.calendar_days FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.calendar_days FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.calendar_days REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
grant select on calendar_days to qingliu_collector;
grant select on calendar_days to qingliu_enterprise;
grant select on calendar_days to qingliu_plant;

create table calendar_years (
  year integer not null,
  revision smallint default 0 not null,
  notice_no text not null,
  proposal_id bigint,
  constraint calendar_years_pkey PRIMARY KEY (year, revision),
  constraint calendar_years_proposal_id_key UNIQUE (proposal_id),
  constraint calendar_years_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint calendar_years_notice_no_check CHECK ((notice_no <> ''::text)),
  constraint calendar_years_revision_check CHECK ((revision >= 0)),
  constraint calendar_years_year_check CHECK (((year >= 1950) AND (year <= 2199)))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.calendar_years REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.calendar_years FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.calendar_years FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.calendar_years REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
grant select on calendar_years to qingliu_collector;
grant select on calendar_years to qingliu_enterprise;
grant select on calendar_years to qingliu_plant;

create table check_keys (
  single boolean default true not null,
  key bytea not null,
  constraint check_keys_pkey PRIMARY KEY (single),
  constraint check_keys_key_check CHECK ((length(key) = 32)),
  constraint check_keys_single_check CHECK (single)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.check_keys REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.check_keys FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.check_keys FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.check_keys REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table collection_fee_claims (
  id bigint generated always as identity not null,
  number_year integer not null,
  number integer not null,
  statement_id bigint not null,
  amount numeric(18,2) not null,
  claimed_by bigint not null,
  approved_by bigint not null,
  approved_on date not null,
  proposal_id bigint not null,
  command_id text not null,
  constraint collection_fee_claims_pkey PRIMARY KEY (id),
  constraint collection_fee_claims_id_claimed_by_approved_by_key UNIQUE (id, claimed_by, approved_by),
  constraint collection_fee_claims_number_year_number_key UNIQUE (number_year, number),
  constraint collection_fee_claims_proposal_id_key UNIQUE (proposal_id),
  constraint collection_fee_claims_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES staff(id),
  constraint collection_fee_claims_claimed_by_fkey FOREIGN KEY (claimed_by) REFERENCES staff(id),
  constraint collection_fee_claims_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint collection_fee_claims_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint collection_fee_claims_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES remittance_statements(id),
  constraint collection_fee_claims_amount_check CHECK ((amount > (0)::numeric)),
  constraint collection_fee_claims_number_check CHECK ((number > 0)),
  constraint two_persons CHECK ((claimed_by <> approved_by))
);
CREATE INDEX collection_fee_claims_by_statement ON public.collection_fee_claims USING btree (statement_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.collection_fee_claims REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.collection_fee_claims FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.collection_fee_claims FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE CONSTRAINT TRIGGER fee_claim_adds_up AFTER INSERT ON public.collection_fee_claims DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fee_claim_adds_up();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.collection_fee_claims REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table collection_fee_claims enable row level security;
create policy collector on collection_fee_claims for select to qingliu_collector using ((EXISTS ( SELECT
   FROM remittance_statements s
  WHERE (s.id = collection_fee_claims.statement_id))));
create policy program on collection_fee_claims for all to qingliu_program using (true);
grant select on collection_fee_claims to qingliu_collector;

create table collection_fee_lines (
  claim_id bigint not null,
  contract_id bigint not null,
  contract_year smallint not null,
  base_amount numeric(18,2) not null,
  fee_rate numeric not null,
  cap_amount numeric(18,2),
  fee_amount numeric(18,2) not null,
  claimed_before_amount numeric(18,2) not null,
  amount numeric(18,2) not null,
  constraint collection_fee_lines_pkey PRIMARY KEY (claim_id, contract_id, contract_year),
  constraint collection_fee_lines_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES collection_fee_claims(id),
  constraint collection_fee_lines_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES collector_contracts(id),
  constraint claims_the_rest CHECK ((amount = (fee_amount - claimed_before_amount))),
  constraint collection_fee_lines_contract_year_check CHECK ((contract_year > 0)),
  constraint fee_is_rate_of_base CHECK ((fee_amount = LEAST(round((GREATEST(base_amount, (0)::numeric) * fee_rate), 2), cap_amount)))
);
CREATE INDEX collection_fee_lines_by_contract ON public.collection_fee_lines USING btree (contract_id, contract_year);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.collection_fee_lines REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.collection_fee_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.collection_fee_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.collection_fee_lines REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table collection_fee_lines enable row level security;
create policy collector on collection_fee_lines for select to qingliu_collector using ((EXISTS ( SELECT
   FROM collection_fee_claims c
  WHERE (c.id = collection_fee_lines.claim_id))));
create policy program on collection_fee_lines for all to qingliu_program using (true);
grant select on collection_fee_lines to qingliu_collector;

create table collection_fee_payments (
  claim_id bigint not null,
  claimed_by bigint not null,
  approved_by bigint not null,
  paid_by bigint not null,
  paid_on date not null,
  reference text not null,
  command_id text not null,
  constraint collection_fee_payments_pkey PRIMARY KEY (claim_id),
  constraint collection_fee_payments_claim_id_claimed_by_approved_by_fkey FOREIGN KEY (claim_id, claimed_by, approved_by) REFERENCES collection_fee_claims(id, claimed_by, approved_by),
  constraint collection_fee_payments_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint collection_fee_payments_paid_by_fkey FOREIGN KEY (paid_by) REFERENCES staff(id),
  constraint collection_fee_payments_reference_check CHECK ((reference <> ''::text)),
  constraint three_persons CHECK (((paid_by <> claimed_by) AND (paid_by <> approved_by)))
);
CREATE UNIQUE INDEX collection_fee_payment_voucher ON public.collection_fee_payments USING btree (reference);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.collection_fee_payments REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.collection_fee_payments FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.collection_fee_payments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.collection_fee_payments REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table collection_fee_payments enable row level security;
create policy collector on collection_fee_payments for select to qingliu_collector using ((EXISTS ( SELECT
   FROM collection_fee_claims c
  WHERE (c.id = collection_fee_payments.claim_id))));
create policy program on collection_fee_payments for all to qingliu_program using (true);
grant select on collection_fee_payments to qingliu_collector;

create table collector_contracts (
  id bigint generated always as identity not null,
  collector_id bigint not null,
  contract_no text not null,
  document text not null,
  remittance_period text not null,
  fee_rate numeric,
  fee_base text,
  fee_cap_amount numeric(18,2),
  valid_from date not null,
  valid_until date,
  command_id text not null,
  combined_order text[],
  constraint collector_contracts_pkey PRIMARY KEY (id),
  constraint collector_contracts_contract_no_key UNIQUE (contract_no),
  constraint collector_contracts_collector_id_fkey FOREIGN KEY (collector_id) REFERENCES collectors(id),
  constraint collector_contracts_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint collector_contracts_check CHECK ((valid_until >= valid_from)),
  constraint collector_contracts_combined_order_check CHECK (((combined_order <@ ARRAY['water'::text, 'wastewater'::text, 'garbage'::text, 'water_resource'::text, 'other'::text]) AND ('wastewater'::text = ANY (combined_order)))),
  constraint collector_contracts_document_check CHECK ((document <> ''::text)),
  constraint collector_contracts_fee_base_check CHECK ((fee_base = ANY (ARRAY['collected'::text, 'remitted'::text, 'confirmed'::text]))),
  constraint collector_contracts_fee_cap_amount_check CHECK ((fee_cap_amount >= (0)::numeric)),
  constraint collector_contracts_fee_rate_check CHECK (((fee_rate >= (0)::numeric) AND (fee_rate < (1)::numeric))),
  constraint collector_contracts_remittance_period_check CHECK ((remittance_period = ANY (ARRAY['quarter'::text, 'month'::text]))),
  constraint rate_with_base CHECK (((fee_rate IS NULL) = (fee_base IS NULL))),
  constraint collector_contracts_collector_id_daterange_excl EXCLUDE USING gist (collector_id WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.collector_contracts REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER contract_outlives_its_statements BEFORE UPDATE OF valid_until ON public.collector_contracts FOR EACH ROW WHEN ((new.valid_until IS NOT NULL)) EXECUTE FUNCTION contract_outlives_its_statements();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.collector_contracts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.collector_contracts REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.collector_contracts FOR EACH ROW EXECUTE FUNCTION allow_one_end();
alter table collector_contracts enable row level security;
create policy collector on collector_contracts for select to qingliu_collector using ((collector_id = ANY (ARRAY( SELECT c.id
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation))))));
create policy program on collector_contracts for all to qingliu_program using (true);
grant select on collector_contracts to qingliu_collector;

create table collectors (
  id bigint generated always as identity not null,
  code text not null,
  name text not null,
  credit_code text,
  organisation_id bigint,
  command_id text not null,
  constraint collectors_pkey PRIMARY KEY (id),
  constraint collectors_code_key UNIQUE (code),
  constraint collectors_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint collectors_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint collectors_code_check CHECK ((code ~ '^[a-z0-9-]{2,40}$'::text)),
  constraint collectors_credit_code_check CHECK (credit_code_is_valid(credit_code)),
  constraint collectors_name_check CHECK ((name <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.collectors REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.collectors FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.collectors FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.collectors REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table collectors enable row level security;
create policy collector on collectors for select to qingliu_collector using ((organisation_id = ( SELECT fenced_organisation() AS fenced_organisation)));
create policy everybody on collectors for select to qingliu_enterprise, qingliu_plant using (true);
create policy program on collectors for all to qingliu_program using (true);
grant select on collectors to qingliu_collector;
grant select on collectors to qingliu_enterprise;
grant select on collectors to qingliu_plant;

create table column_mappings (
  id bigint generated always as identity not null,
  kind text not null,
  scope text not null,
  header_digest text not null,
  mapping jsonb not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint column_mappings_pkey PRIMARY KEY (id),
  constraint column_mappings_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id)
);
CREATE INDEX column_mappings_by_header ON public.column_mappings USING btree (kind, scope, header_digest, id DESC);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.column_mappings REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.column_mappings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.column_mappings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.column_mappings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table column_mappings enable row level security;
create policy collector on column_mappings for select to qingliu_collector using (((kind = ANY (ARRAY['readings'::text, 'payments'::text])) AND (split_part(scope, '/'::text, 1) = ANY (ARRAY( SELECT c.code
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation)))))));
create policy program on column_mappings for all to qingliu_program using (true);
grant select on column_mappings to qingliu_collector;

create table commands (
  command_id text not null,
  name text not null,
  actor_id bigint not null,
  acting_on date not null,
  input jsonb not null,
  input_digest text not null,
  recorded_at timestamp with time zone not null,
  constraint commands_pkey PRIMARY KEY (command_id),
  constraint commands_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES staff(id),
  constraint commands_command_id_check CHECK (((length(command_id) >= 8) AND (length(command_id) <= 200)))
);
CREATE TRIGGER command_begins AFTER INSERT ON public.commands FOR EACH ROW EXECUTE FUNCTION command_begins();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.commands FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.commands FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
grant select (command_id, name, actor_id, acting_on, recorded_at) on commands to qingliu_collector;
grant select (command_id, name, actor_id, acting_on, recorded_at) on commands to qingliu_enterprise;
grant select (command_id, name, actor_id, acting_on, recorded_at) on commands to qingliu_plant;

create table concession_agreements (
  id bigint generated always as identity not null,
  plant_id bigint not null,
  code text not null,
  title text not null,
  document text not null,
  terms jsonb not null,
  valid_from date not null,
  valid_until date,
  proposal_id bigint not null,
  command_id text not null,
  constraint concession_agreements_pkey PRIMARY KEY (id),
  constraint concession_agreements_code_key UNIQUE (code),
  constraint concession_agreements_proposal_id_key UNIQUE (proposal_id),
  constraint concession_agreements_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint concession_agreements_plant_id_fkey FOREIGN KEY (plant_id) REFERENCES organisations(id),
  constraint concession_agreements_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint concession_agreements_check CHECK ((valid_until > valid_from)),
  constraint concession_agreements_code_check CHECK ((code ~ '^[A-Za-z0-9-]{2,40}$'::text)),
  constraint concession_agreements_document_check CHECK ((document <> ''::text)),
  constraint concession_agreements_title_check CHECK ((title <> ''::text)),
  constraint one_agreement_at_a_time EXCLUDE USING gist (plant_id WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.concession_agreements REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.concession_agreements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.concession_agreements REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.concession_agreements FOR EACH ROW EXECUTE FUNCTION allow_one_end();
alter table concession_agreements enable row level security;
create policy plant on concession_agreements for select to qingliu_plant using ((plant_id = ( SELECT fenced_organisation() AS fenced_organisation)));
create policy program on concession_agreements for all to qingliu_program using (true);
grant select on concession_agreements to qingliu_plant;

create table connection_agreements (
  id bigint generated always as identity not null,
  discharger_id bigint not null,
  agreement_no text collate "C" not null,
  signed_on date not null,
  document text default ''::text not null,
  valid_from date not null,
  valid_until date,
  command_id text not null,
  constraint connection_agreements_pkey PRIMARY KEY (id),
  constraint connection_agreements_agreement_no_key UNIQUE (agreement_no),
  constraint connection_agreements_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint connection_agreements_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint connection_agreements_agreement_no_check CHECK ((agreement_no <> ''::text)),
  constraint connection_agreements_check CHECK ((valid_from >= signed_on)),
  constraint connection_agreements_check1 CHECK ((valid_until >= valid_from)),
  constraint connection_agreements_discharger_id_daterange_excl EXCLUDE USING gist (discharger_id WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.connection_agreements REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.connection_agreements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.connection_agreements REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.connection_agreements FOR EACH ROW EXECUTE FUNCTION allow_one_end();
alter table connection_agreements enable row level security;
create policy enterprise on connection_agreements for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on connection_agreements for all to qingliu_program using (true);
grant select on connection_agreements to qingliu_enterprise;

create table contacts (
  id bigint generated always as identity not null,
  discharger_id bigint,
  organisation_id bigint,
  channel text not null,
  address text not null,
  language text not null,
  person text default ''::text not null,
  consent text not null,
  valid_from date not null,
  valid_until date,
  command_id text not null,
  constraint contacts_pkey PRIMARY KEY (id),
  constraint contacts_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint contacts_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint contacts_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint address_of_its_channel CHECK (
CASE channel
    WHEN 'email'::text THEN ((length(address) <= 254) AND (address ~ '^[a-z0-9.!#$%&''*+/=?^_`{|}~-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$'::text))
    ELSE (address ~ '^(1[3-9][0-9]{9}|\+[1-9][0-9]{6,14})$'::text)
END),
  constraint contacts_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text]))),
  constraint contacts_check CHECK ((valid_until >= valid_from)),
  constraint contacts_consent_check CHECK ((consent <> ''::text)),
  constraint contacts_language_check CHECK ((language = ANY (ARRAY['zh'::text, 'en'::text]))),
  constraint of_one_party CHECK ((num_nonnulls(discharger_id, organisation_id) = 1)),
  constraint contact_once EXCLUDE USING gist (COALESCE(discharger_id, (0)::bigint) WITH =, COALESCE(organisation_id, (0)::bigint) WITH =, channel WITH =, address WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE INDEX contacts_by_discharger ON public.contacts USING btree (discharger_id) WHERE (discharger_id IS NOT NULL);
CREATE INDEX contacts_by_organisation ON public.contacts USING btree (organisation_id) WHERE (organisation_id IS NOT NULL);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.contacts REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.contacts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.contacts REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.contacts FOR EACH ROW EXECUTE FUNCTION allow_one_end();

create table credit_grades (
  id bigint generated always as identity not null,
  discharger_id bigint not null,
  grade text not null,
  rated_year integer not null,
  document text not null,
  valid_from date not null,
  valid_until date,
  proposal_id bigint not null,
  command_id text not null,
  constraint credit_grades_pkey PRIMARY KEY (id),
  constraint credit_grades_proposal_id_key UNIQUE (proposal_id),
  constraint credit_grades_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint credit_grades_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint credit_grades_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint credit_grades_check CHECK ((valid_until >= valid_from)),
  constraint credit_grades_document_check CHECK ((document <> ''::text)),
  constraint credit_grades_grade_check CHECK ((grade = ANY (ARRAY['green'::text, 'blue'::text, 'yellow'::text, 'red'::text, 'black'::text]))),
  constraint credit_grades_rated_year_check CHECK (((rated_year >= 1990) AND (rated_year <= 2199))),
  constraint credit_grades_discharger_id_daterange_excl EXCLUDE USING gist (discharger_id WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.credit_grades REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.credit_grades FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.credit_grades REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.credit_grades FOR EACH ROW EXECUTE FUNCTION allow_one_end();
alter table credit_grades enable row level security;
create policy enterprise on credit_grades for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on credit_grades for all to qingliu_program using (true);
grant select on credit_grades to qingliu_enterprise;

create table credits (
  payment_id bigint not null,
  account_id bigint,
  discharger_id bigint not null,
  paid_on date not null,
  remaining numeric(16,2) not null,
  constraint credits_pkey PRIMARY KEY (payment_id),
  constraint credits_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id),
  constraint credits_remaining_check CHECK ((remaining > (0)::numeric))
);
CREATE INDEX credits_by_account ON public.credits USING btree (account_id) WHERE (account_id IS NOT NULL);
CREATE INDEX credits_by_day ON public.credits USING btree (paid_on, payment_id);
CREATE INDEX credits_by_discharger ON public.credits USING btree (discharger_id);
alter table credits enable row level security;
create policy collector on credits for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = credits.account_id))));
create policy enterprise on credits for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on credits for all to qingliu_program using (true);
grant select on credits to qingliu_collector;
grant select on credits to qingliu_enterprise;

create table dischargers (
  id bigint generated always as identity not null,
  code text collate "C" not null,
  name text not null,
  kind text not null,
  credit_code text,
  product_is_mainly_water boolean default false not null,
  address text default ''::text not null,
  phone text default ''::text not null,
  command_id text not null,
  constraint dischargers_pkey PRIMARY KEY (id),
  constraint dischargers_code_key UNIQUE (code),
  constraint dischargers_credit_code_key UNIQUE (credit_code),
  constraint dischargers_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint credit_code_valid CHECK (credit_code_is_valid(credit_code)),
  constraint dischargers_code_check CHECK ((code <> ''::text)),
  constraint dischargers_kind_check CHECK ((kind = ANY (ARRAY['enterprise'::text, 'institution'::text, 'shop'::text, 'resident'::text]))),
  constraint dischargers_name_check CHECK ((name <> ''::text)),
  constraint enterprise_has_credit_code CHECK (((kind <> 'enterprise'::text) OR (credit_code IS NOT NULL))),
  constraint resident_has_none CHECK (((kind <> 'resident'::text) OR (credit_code IS NULL)))
);
CREATE INDEX dischargers_by_letters ON public.dischargers USING gin (letter_pairs(name));
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.dischargers REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.dischargers FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.dischargers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.dischargers REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table dischargers enable row level security;
create policy collector on dischargers for select to qingliu_collector using ((EXISTS ( SELECT
   FROM account_holders h
  WHERE (h.discharger_id = dischargers.id))));
create policy enterprise on dischargers for select to qingliu_enterprise using ((id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on dischargers for all to qingliu_program using (true);
grant select on dischargers to qingliu_collector;
grant select on dischargers to qingliu_enterprise;

create table disclosures (
  id bigint generated always as identity not null,
  year integer not null,
  release integer not null,
  supersedes integer generated always as (NULLIF((release - 1), 0)) stored,
  content text not null,
  content_digest text not null,
  released_on date not null,
  proposal_id bigint not null,
  command_id text not null,
  constraint disclosures_pkey PRIMARY KEY (id),
  constraint disclosures_proposal_id_key UNIQUE (proposal_id),
  constraint disclosures_year_release_key UNIQUE (year, release),
  constraint disclosures_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint disclosures_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint disclosures_year_supersedes_fkey FOREIGN KEY (year, supersedes) REFERENCES disclosures(year, release),
  constraint content_of_release CHECK ((((((content)::jsonb ->> 'year'::text))::integer = year) AND ((((content)::jsonb ->> 'release'::text))::integer = release))),
  constraint digest_of_content CHECK ((content_digest = encode(sha256(convert_to(content, 'UTF8'::name)), 'hex'::text))),
  constraint disclosures_release_check CHECK ((release > 0)),
  constraint disclosures_year_check CHECK (((year >= 1990) AND (year <= 2199))),
  constraint released_after_its_year CHECK ((EXTRACT(year FROM released_on) > (year)::numeric))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.disclosures REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.disclosures FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.disclosures FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.disclosures REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table discretion_grids (
  id bigint generated always as identity not null,
  document_no text not null,
  issuer text not null,
  valid_from date not null,
  rows jsonb not null,
  proposal_id bigint not null,
  command_id text not null,
  constraint discretion_grids_pkey PRIMARY KEY (id),
  constraint discretion_grids_proposal_id_key UNIQUE (proposal_id),
  constraint discretion_grids_valid_from_key UNIQUE (valid_from),
  constraint discretion_grids_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint discretion_grids_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint discretion_grids_document_no_check CHECK ((document_no <> ''::text)),
  constraint discretion_grids_issuer_check CHECK ((issuer <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.discretion_grids REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.discretion_grids FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.discretion_grids FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.discretion_grids REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
grant select on discretion_grids to qingliu_collector;
grant select on discretion_grids to qingliu_enterprise;
grant select on discretion_grids to qingliu_plant;

create table document_templates (
  id bigint generated always as identity not null,
  kind text not null,
  version integer not null,
  template text not null,
  template_digest text not null,
  ground text not null,
  valid_from date not null,
  valid_until date,
  proposal_id bigint not null,
  command_id text not null,
  constraint document_templates_pkey PRIMARY KEY (id),
  constraint document_templates_kind_version_key UNIQUE (kind, version),
  constraint document_templates_proposal_id_key UNIQUE (proposal_id),
  constraint document_templates_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint document_templates_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint document_templates_check CHECK ((valid_until >= valid_from)),
  constraint document_templates_ground_check CHECK ((ground <> ''::text)),
  constraint document_templates_kind_check CHECK ((kind ~ '^[a-z]+\.[a-z-]+$'::text)),
  constraint document_templates_template_check CHECK ((template <> ''::text)),
  constraint document_templates_template_digest_check CHECK ((template_digest ~ '^[0-9a-f]{64}$'::text)),
  constraint document_templates_version_check CHECK ((version > 0)),
  constraint document_templates_kind_daterange_excl EXCLUDE USING gist (kind WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.document_templates REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.document_templates FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.document_templates REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.document_templates FOR EACH ROW EXECUTE FUNCTION allow_one_end();
grant select on document_templates to qingliu_collector;
grant select on document_templates to qingliu_enterprise;
grant select on document_templates to qingliu_plant;

create table enforcement_steps (
  id bigint generated always as identity not null,
  order_id bigint not null,
  case_id bigint,
  seq integer not null,
  step text not null,
  acted_on date not null,
  recorded_on date not null,
  particulars jsonb not null,
  evidence_digest text,
  actor_id bigint not null,
  approved_by bigint,
  proposal_id bigint,
  number_year integer,
  number integer,
  command_id text not null,
  constraint enforcement_steps_pkey PRIMARY KEY (id),
  constraint enforcement_steps_order_id_case_id_seq_key UNIQUE NULLS NOT DISTINCT (order_id, case_id, seq),
  constraint enforcement_steps_proposal_id_key UNIQUE (proposal_id),
  constraint enforcement_steps_step_number_year_number_key UNIQUE (step, number_year, number),
  constraint enforcement_steps_actor_id_fkey FOREIGN KEY (actor_id) REFERENCES staff(id),
  constraint enforcement_steps_approved_by_fkey FOREIGN KEY (approved_by) REFERENCES staff(id),
  constraint enforcement_steps_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint enforcement_steps_evidence_digest_fkey FOREIGN KEY (evidence_digest) REFERENCES stored_files(digest),
  constraint enforcement_steps_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders_to_pay(id),
  constraint enforcement_steps_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint step_of_case_of_its_order FOREIGN KEY (case_id, order_id) REFERENCES fine_cases(id, order_id),
  constraint approved_by_proposal CHECK (((approved_by IS NULL) = (proposal_id IS NULL))),
  constraint court_proved CHECK (((evidence_digest IS NOT NULL) OR (step <> ALL (ARRAY['court_accepted'::text, 'court_challenged'::text])))),
  constraint decided_by_two CHECK (((approved_by IS NOT NULL) OR (step <> ALL (ARRAY['order_withdrawn'::text, 'notice_issued'::text, 'decided'::text, 'no_penalty'::text, 'deferred'::text, 'fine_payment_reversed'::text, 'fine_refunded'::text, 'annulled'::text, 'review_decided'::text, 'suit_decided'::text, 'demand_issued'::text, 'court_applied'::text, 'claim_ended'::text, 'closed'::text])))),
  constraint done_before_recorded CHECK ((acted_on <= recorded_on)),
  constraint enforcement_steps_step_check CHECK ((step ~ '^[a-z_]+$'::text)),
  constraint number_within_year CHECK (((number IS NULL) = (number_year IS NULL))),
  constraint numbered_paper CHECK (((number IS NOT NULL) = (step = ANY (ARRAY['notice_issued'::text, 'decided'::text, 'demand_issued'::text, 'court_applied'::text])))),
  constraint proved CHECK (((evidence_digest IS NOT NULL) OR (step <> ALL (ARRAY['order_served'::text, 'notice_served'::text, 'decision_served'::text, 'demand_served'::text, 'hearing_notified'::text, 'correction_opened'::text, 'investigated'::text, 'defence_received'::text, 'rights_waived'::text, 'hearing_requested'::text, 'hearing_held'::text, 'hearing_dropped'::text, 'discussed'::text, 'no_penalty'::text, 'deferred'::text, 'fine_paid'::text, 'fine_payment_reversed'::text, 'fine_refunded'::text, 'annulled'::text, 'review_filed'::text, 'review_decided'::text, 'suit_filed'::text, 'suit_decided'::text, 'court_ruled'::text])))),
  constraint step_by_two_persons CHECK ((approved_by <> actor_id)),
  constraint step_of_its_log CHECK (
CASE
    WHEN (step = ANY (ARRAY['order_served'::text, 'order_withdrawn'::text, 'correction_opened'::text, 'claim_ended'::text])) THEN (case_id IS NULL)
    WHEN (step = ANY (ARRAY['defence_received'::text, 'defence_rechecked'::text, 'review_filed'::text, 'review_decided'::text, 'suit_filed'::text, 'suit_decided'::text, 'demand_issued'::text, 'demand_served'::text, 'court_applied'::text, 'court_accepted'::text, 'court_challenged'::text, 'court_ruled'::text])) THEN true
    ELSE (case_id IS NOT NULL)
END)
);
CREATE INDEX enforcement_steps_command_id_idx ON public.enforcement_steps USING btree (command_id);
CREATE UNIQUE INDEX fine_payment_reference ON public.enforcement_steps USING btree (((particulars ->> 'reference'::text))) WHERE (step = 'fine_paid'::text);
CREATE UNIQUE INDEX steps_taken_once ON public.enforcement_steps USING btree (order_id, case_id, step) NULLS NOT DISTINCT WHERE (step = ANY (ARRAY['order_served'::text, 'order_withdrawn'::text, 'investigated'::text, 'decided'::text, 'decision_served'::text, 'no_penalty'::text, 'annulled'::text, 'claim_ended'::text, 'closed'::text]));
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.enforcement_steps REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.enforcement_steps FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.enforcement_steps FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.enforcement_steps REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER step_follows BEFORE INSERT ON public.enforcement_steps FOR EACH ROW EXECUTE FUNCTION step_follows();
alter table enforcement_steps enable row level security;
create policy enterprise on enforcement_steps for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM orders_to_pay o
  WHERE (o.id = enforcement_steps.order_id))));
create policy program on enforcement_steps for all to qingliu_program using (true);
grant select on enforcement_steps to qingliu_enterprise;

create table enterprise_dischargers (
  id bigint generated always as identity not null,
  staff_id bigint not null,
  discharger_id bigint not null,
  valid_from date not null,
  valid_until date,
  command_id text not null,
  constraint enterprise_dischargers_pkey PRIMARY KEY (id),
  constraint enterprise_dischargers_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint enterprise_dischargers_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint enterprise_dischargers_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id),
  constraint enterprise_dischargers_check CHECK ((valid_until >= valid_from)),
  constraint enterprise_dischargers_staff_id_discharger_id_daterange_excl EXCLUDE USING gist (staff_id WITH =, discharger_id WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE INDEX enterprise_dischargers_by_staff ON public.enterprise_dischargers USING btree (staff_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.enterprise_dischargers REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.enterprise_dischargers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.enterprise_dischargers REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.enterprise_dischargers FOR EACH ROW EXECUTE FUNCTION allow_one_end();

create table estimate_reviews (
  bill_id bigint not null,
  reviewed_on date not null,
  finding text not null,
  evidence_digest text not null,
  command_id text not null,
  constraint estimate_reviews_pkey PRIMARY KEY (bill_id),
  constraint estimate_reviews_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES bills(id),
  constraint estimate_reviews_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint estimate_reviews_evidence_digest_fkey FOREIGN KEY (evidence_digest) REFERENCES stored_files(digest),
  constraint estimate_reviews_finding_check CHECK ((finding <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.estimate_reviews REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.estimate_reviews FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.estimate_reviews FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.estimate_reviews REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table estimate_reviews enable row level security;
create policy collector on estimate_reviews for select to qingliu_collector using ((EXISTS ( SELECT
   FROM bills b
  WHERE (b.id = estimate_reviews.bill_id))));
create policy enterprise on estimate_reviews for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM bills b
  WHERE (b.id = estimate_reviews.bill_id))));
create policy program on estimate_reviews for all to qingliu_program using (true);
grant select on estimate_reviews to qingliu_collector;
grant select on estimate_reviews to qingliu_enterprise;

create table fact_digests (
  id bigint generated always as identity not null,
  command_id text,
  origin text,
  table_name text not null,
  added bytea default '\x'::bytea not null,
  removed bytea default '\x'::bytea not null,
  restarts boolean default false not null,
  constraint fact_digests_pkey PRIMARY KEY (id),
  constraint whole_digests CHECK ((((length(added) % 16) = 0) AND ((length(removed) % 16) = 0)))
);
CREATE INDEX fact_digests_by_command ON public.fact_digests USING btree (command_id) WHERE (command_id IS NOT NULL);
CREATE INDEX fact_digests_by_table ON public.fact_digests USING btree (table_name, id);
CREATE INDEX fact_digests_outside ON public.fact_digests USING btree (id) WHERE (command_id IS NULL);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.fact_digests FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.fact_digests FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table filing_attachments (
  filing_id bigint not null,
  seq smallint not null,
  name text not null,
  digest text not null,
  constraint filing_attachments_pkey PRIMARY KEY (filing_id, seq),
  constraint filing_attachments_digest_fkey FOREIGN KEY (digest) REFERENCES stored_files(digest),
  constraint filing_attachments_filing_id_fkey FOREIGN KEY (filing_id) REFERENCES filings(id),
  constraint filing_attachments_name_check CHECK ((name <> ''::text)),
  constraint filing_attachments_seq_check CHECK ((seq > 0))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.filing_attachments REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.filing_attachments FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.filing_attachments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.filing_attachments REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table filing_attachments enable row level security;
create policy enterprise on filing_attachments for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM filings f
  WHERE (f.id = filing_attachments.filing_id))));
create policy program on filing_attachments for all to qingliu_program using (true);
grant select on filing_attachments to qingliu_enterprise;

create table filings (
  id bigint generated always as identity not null,
  discharger_id bigint not null,
  kind text not null,
  subject text not null,
  statement text not null,
  filed_by bigint not null,
  filed_as text not null,
  received_at timestamp with time zone not null,
  command_id text not null,
  constraint filings_pkey PRIMARY KEY (id),
  constraint filings_command_id_key UNIQUE (command_id),
  constraint filings_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint filings_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint filings_filed_by_fkey FOREIGN KEY (filed_by) REFERENCES staff(id),
  constraint filings_filed_as_check CHECK ((filed_as <> ''::text)),
  constraint filings_kind_check CHECK ((kind = ANY (ARRAY['objection'::text, 'defence'::text, 'hearing'::text]))),
  constraint filings_statement_check CHECK ((statement <> ''::text)),
  constraint filings_subject_check CHECK ((subject <> ''::text))
);
CREATE INDEX filings_by_discharger ON public.filings USING btree (discharger_id, id);
CREATE INDEX filings_by_subject ON public.filings USING btree (kind, subject);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.filings REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.filings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.filings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.filings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table filings enable row level security;
create policy enterprise on filings for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on filings for all to qingliu_program using (true);
grant select on filings to qingliu_enterprise;

create table fine_case_bills (
  case_id bigint not null,
  bill_id bigint not null,
  account_id bigint not null,
  fee_month date not null,
  discharger_id bigint not null,
  base_amount numeric(16,2) not null,
  constraint fine_case_bills_pkey PRIMARY KEY (case_id, bill_id),
  constraint fine_case_bills_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint fine_case_bills_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES bills(id),
  constraint fine_case_bills_case_id_fkey FOREIGN KEY (case_id) REFERENCES fine_cases(id),
  constraint fine_case_bills_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint fine_case_bills_base_amount_check CHECK ((base_amount > (0)::numeric))
);
CREATE INDEX fine_case_bills_by_period ON public.fine_case_bills USING btree (account_id, fee_month, discharger_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.fine_case_bills REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.fine_case_bills FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.fine_case_bills FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.fine_case_bills REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table fine_case_bills enable row level security;
create policy enterprise on fine_case_bills for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on fine_case_bills for all to qingliu_program using (true);
grant select on fine_case_bills to qingliu_enterprise;

create table fine_cases (
  id bigint generated always as identity not null,
  number_year integer not null,
  number integer not null,
  order_id bigint not null,
  filed_on date not null,
  base_amount numeric(16,2) not null,
  reporter_id bigint not null,
  reporter_certificate text not null,
  second_id bigint not null,
  second_certificate text not null,
  filed_by bigint not null,
  report_digest text not null,
  proposal_id bigint not null,
  command_id text not null,
  constraint fine_cases_pkey PRIMARY KEY (id),
  constraint fine_cases_id_order_id_key UNIQUE (id, order_id),
  constraint fine_cases_id_reporter_id_second_id_key UNIQUE (id, reporter_id, second_id),
  constraint fine_cases_number_year_number_key UNIQUE (number_year, number),
  constraint fine_cases_proposal_id_key UNIQUE (proposal_id),
  constraint fine_cases_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint fine_cases_filed_by_fkey FOREIGN KEY (filed_by) REFERENCES staff(id),
  constraint fine_cases_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders_to_pay(id),
  constraint fine_cases_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint fine_cases_report_digest_fkey FOREIGN KEY (report_digest) REFERENCES stored_files(digest),
  constraint fine_cases_reporter_id_fkey FOREIGN KEY (reporter_id) REFERENCES staff(id),
  constraint fine_cases_second_id_fkey FOREIGN KEY (second_id) REFERENCES staff(id),
  constraint filed_by_a_third CHECK (((filed_by <> reporter_id) AND (filed_by <> second_id))),
  constraint fine_cases_base_amount_check CHECK ((base_amount > (0)::numeric)),
  constraint fine_cases_number_check CHECK ((number > 0)),
  constraint fine_cases_reporter_certificate_check CHECK ((reporter_certificate <> ''::text)),
  constraint fine_cases_second_certificate_check CHECK ((second_certificate <> ''::text)),
  constraint two_officers CHECK (((reporter_id <> second_id) AND (plain_certificate(reporter_certificate) <> plain_certificate(second_certificate))))
);
CREATE INDEX fine_cases_by_order ON public.fine_cases USING btree (order_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.fine_cases REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.fine_cases FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.fine_cases FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.fine_cases REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table fine_cases enable row level security;
create policy enterprise on fine_cases for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM orders_to_pay o
  WHERE (o.id = fine_cases.order_id))));
create policy program on fine_cases for all to qingliu_program using (true);
grant select on fine_cases to qingliu_enterprise;

create table fine_postings (
  id bigint generated always as identity not null,
  case_id bigint not null,
  kind text not null,
  amount numeric(16,2) not null,
  entry_id bigint not null,
  command_id text not null,
  constraint fine_postings_pkey PRIMARY KEY (id),
  constraint fine_postings_case_id_fkey FOREIGN KEY (case_id) REFERENCES fine_cases(id),
  constraint fine_postings_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint fine_postings_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES journal_entries(id),
  constraint fine_postings_amount_check CHECK ((amount <> (0)::numeric)),
  constraint fine_postings_kind_check CHECK ((kind = ANY (ARRAY['fine'::text, 'addition'::text, 'paid'::text])))
);
CREATE INDEX fine_postings_by_case ON public.fine_postings USING btree (case_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.fine_postings REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.fine_postings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.fine_postings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.fine_postings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table fine_postings enable row level security;
create policy enterprise on fine_postings for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM fine_cases c
  WHERE (c.id = fine_postings.case_id))));
create policy program on fine_postings for all to qingliu_program using (true);
grant select on fine_postings to qingliu_enterprise;

create table fined_periods (
  account_id bigint not null,
  fee_month date not null,
  discharger_id bigint not null,
  case_id bigint not null,
  constraint fined_periods_pkey PRIMARY KEY (account_id, fee_month, discharger_id),
  constraint fined_periods_case_id_fkey FOREIGN KEY (case_id) REFERENCES fine_cases(id)
);
CREATE INDEX fined_periods_by_case ON public.fined_periods USING btree (case_id);
alter table fined_periods enable row level security;
create policy enterprise on fined_periods for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on fined_periods for all to qingliu_program using (true);
grant select on fined_periods to qingliu_enterprise;

create table fines (
  case_id bigint not null,
  step_id bigint not null,
  decided_on date not null,
  base_amount numeric(16,2) not null,
  multiplier numeric(7,4) not null,
  fine_amount numeric(16,2) not null,
  addition_announced boolean not null,
  reporter_id bigint not null,
  second_id bigint not null,
  maker_id bigint not null,
  reviewer_id bigint not null,
  head_id bigint not null,
  constraint fines_pkey PRIMARY KEY (case_id),
  constraint fines_step_id_key UNIQUE (step_id),
  constraint fines_case_id_fkey FOREIGN KEY (case_id) REFERENCES fine_cases(id),
  constraint fines_case_id_reporter_id_second_id_fkey FOREIGN KEY (case_id, reporter_id, second_id) REFERENCES fine_cases(id, reporter_id, second_id),
  constraint fines_head_id_fkey FOREIGN KEY (head_id) REFERENCES staff(id),
  constraint fines_maker_id_fkey FOREIGN KEY (maker_id) REFERENCES staff(id),
  constraint fines_reviewer_id_fkey FOREIGN KEY (reviewer_id) REFERENCES staff(id),
  constraint fines_step_id_fkey FOREIGN KEY (step_id) REFERENCES enforcement_steps(id),
  constraint fine_is_the_product CHECK ((fine_amount = round((base_amount * multiplier), 2))),
  constraint fines_base_amount_check CHECK ((base_amount > (0)::numeric)),
  constraint head_has_no_other_part CHECK (((((head_id <> reporter_id) AND (head_id <> second_id)) AND (head_id <> maker_id)) AND (head_id <> reviewer_id))),
  constraint multiplier_within_the_law CHECK (((multiplier >= (1)::numeric) AND (multiplier <= (3)::numeric))),
  constraint reviewer_has_no_other_part CHECK ((((reviewer_id <> reporter_id) AND (reviewer_id <> second_id)) AND (reviewer_id <> maker_id)))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.fines REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.fines FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.fines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.fines REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table fines enable row level security;
create policy enterprise on fines for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM fine_cases c
  WHERE (c.id = fines.case_id))));
create policy program on fines for all to qingliu_program using (true);
grant select on fines to qingliu_enterprise;

create table import_results (
  import_id bigint not null,
  rows_in integer not null,
  rows_accepted integer not null,
  rows_held integer not null,
  rows_rejected integer not null,
  volume_in_m3 numeric(18,3) default 0 not null,
  volume_accepted_m3 numeric(18,3) default 0 not null,
  volume_held_m3 numeric(18,3) default 0 not null,
  volume_rejected_m3 numeric(18,3) default 0 not null,
  rows_without_volume integer default 0 not null,
  amount_in numeric(18,2) default 0 not null,
  amount_accepted numeric(18,2) default 0 not null,
  amount_held numeric(18,2) default 0 not null,
  amount_rejected numeric(18,2) default 0 not null,
  rows_without_amount integer default 0 not null,
  findings jsonb default '[]'::jsonb not null,
  constraint import_results_pkey PRIMARY KEY (import_id),
  constraint import_results_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint no_amount_dropped CHECK ((amount_in = ((amount_accepted + amount_held) + amount_rejected))),
  constraint no_volume_dropped CHECK ((volume_in_m3 = ((volume_accepted_m3 + volume_held_m3) + volume_rejected_m3))),
  constraint nothing_dropped CHECK ((rows_in = ((rows_accepted + rows_held) + rows_rejected)))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.import_results REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.import_results FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.import_results FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.import_results REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table import_results enable row level security;
create policy collector on import_results for select to qingliu_collector using ((EXISTS ( SELECT
   FROM imports i
  WHERE (i.id = import_results.import_id))));
create policy plant on import_results for select to qingliu_plant using ((EXISTS ( SELECT
   FROM imports i
  WHERE (i.id = import_results.import_id))));
create policy program on import_results for all to qingliu_program using (true);
grant select on import_results to qingliu_collector;
grant select on import_results to qingliu_plant;

create table import_row_decisions (
  import_id bigint not null,
  row_no integer not null,
  decision text not null,
  reason text not null,
  corrected jsonb,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint import_row_decisions_pkey PRIMARY KEY (import_id, row_no),
  constraint import_row_decisions_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint import_row_decisions_import_id_row_no_fkey FOREIGN KEY (import_id, row_no) REFERENCES import_rows(import_id, row_no),
  constraint import_row_decisions_decision_check CHECK ((decision = ANY (ARRAY['accepted'::text, 'corrected'::text, 'rejected'::text, 'superseded'::text]))),
  constraint import_row_decisions_reason_check CHECK ((reason <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.import_row_decisions REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.import_row_decisions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.import_row_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.import_row_decisions REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table import_row_decisions enable row level security;
create policy collector on import_row_decisions for select to qingliu_collector using ((EXISTS ( SELECT
   FROM imports i
  WHERE (i.id = import_row_decisions.import_id))));
create policy plant on import_row_decisions for select to qingliu_plant using ((EXISTS ( SELECT
   FROM imports i
  WHERE (i.id = import_row_decisions.import_id))));
create policy program on import_row_decisions for all to qingliu_program using (true);
grant select on import_row_decisions to qingliu_collector;
grant select on import_row_decisions to qingliu_plant;

create table import_rows (
  import_id bigint not null,
  row_no integer not null,
  verdict text not null,
  cells jsonb not null,
  reasons jsonb not null,
  subject jsonb default '{}'::jsonb not null,
  account_id bigint,
  fee_month date,
  volume_m3 numeric(14,3),
  amount numeric(18,2),
  constraint import_rows_pkey PRIMARY KEY (import_id, row_no),
  constraint import_rows_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint import_rows_reasons_check CHECK ((jsonb_array_length(reasons) > 0)),
  constraint import_rows_verdict_check CHECK ((verdict = ANY (ARRAY['held'::text, 'rejected'::text])))
);
CREATE INDEX import_rows_by_account ON public.import_rows USING btree (account_id, fee_month) WHERE (account_id IS NOT NULL);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.import_rows REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.import_rows FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.import_rows FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER import_is_closed AFTER INSERT ON public.import_rows REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION import_is_closed();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.import_rows REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table import_rows enable row level security;
create policy collector on import_rows for select to qingliu_collector using ((EXISTS ( SELECT
   FROM imports i
  WHERE (i.id = import_rows.import_id))));
create policy plant on import_rows for select to qingliu_plant using ((EXISTS ( SELECT
   FROM imports i
  WHERE (i.id = import_rows.import_id))));
create policy program on import_rows for all to qingliu_program using (true);
grant select on import_rows to qingliu_collector;
grant select on import_rows to qingliu_plant;

create table imports (
  id bigint generated always as identity not null,
  kind text not null,
  scope text not null,
  file_digest text not null,
  file_name text not null,
  format jsonb not null,
  mapping jsonb not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint imports_pkey PRIMARY KEY (id),
  constraint imports_kind_scope_file_digest_key UNIQUE (kind, scope, file_digest),
  constraint imports_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.imports REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.imports FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.imports FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.imports REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table imports enable row level security;
create policy collector on imports for select to qingliu_collector using (((kind = ANY (ARRAY['readings'::text, 'payments'::text])) AND (split_part(scope, '/'::text, 1) = ANY (ARRAY( SELECT c.code
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation)))))));
create policy enterprise on imports for select to qingliu_enterprise using ((id = ANY (ARRAY( SELECT r.import_id
   FROM meter_readings r))));
create policy plant on imports for select to qingliu_plant using (((kind = 'plant_days'::text) AND (split_part(scope, '/'::text, 1) = ( SELECT o.code
   FROM organisations o
  WHERE (o.id = ( SELECT fenced_organisation() AS fenced_organisation))))));
create policy program on imports for all to qingliu_program using (true);
grant select (id, kind, file_name, command_id, recorded_at) on imports to qingliu_enterprise;
grant select on imports to qingliu_collector;
grant select on imports to qingliu_plant;

create table installation_removals (
  installation_id bigint not null,
  final_reading numeric(14,3) not null,
  reason text not null,
  command_id text not null,
  constraint installation_removals_pkey PRIMARY KEY (installation_id),
  constraint installation_removals_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint installation_removals_installation_id_fkey FOREIGN KEY (installation_id) REFERENCES installations(id),
  constraint installation_removals_final_reading_check CHECK ((final_reading >= (0)::numeric)),
  constraint installation_removals_reason_check CHECK ((reason <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.installation_removals REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.installation_removals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.installation_removals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE CONSTRAINT TRIGGER removal_has_reading AFTER INSERT ON public.installation_removals DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION removal_has_reading();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.installation_removals REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table installation_removals enable row level security;
create policy collector on installation_removals for select to qingliu_collector using ((EXISTS ( SELECT
   FROM installations i
  WHERE (i.id = installation_removals.installation_id))));
create policy enterprise on installation_removals for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM installations i
  WHERE (i.id = installation_removals.installation_id))));
create policy program on installation_removals for all to qingliu_program using (true);
grant select on installation_removals to qingliu_collector;
grant select on installation_removals to qingliu_enterprise;

create table installation_shares (
  id bigint generated always as identity not null,
  installation_id bigint not null,
  share_no smallint not null,
  account_id bigint not null,
  share_ratio numeric not null,
  unit_m3 text default '1'::text not null,
  agreement text not null,
  valid_from date not null,
  valid_until date,
  command_id text not null,
  constraint installation_shares_pkey PRIMARY KEY (id),
  constraint installation_shares_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint installation_shares_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint installation_shares_installation_id_fkey FOREIGN KEY (installation_id) REFERENCES installations(id),
  constraint installation_shares_agreement_check CHECK ((agreement <> ''::text)),
  constraint installation_shares_check CHECK ((valid_until >= valid_from)),
  constraint installation_shares_share_no_check CHECK ((share_no > 0)),
  constraint installation_shares_share_ratio_check CHECK (((share_ratio > (0)::numeric) AND (share_ratio <= (1)::numeric))),
  constraint installation_shares_unit_m3_check CHECK ((unit_m3 = ANY (ARRAY['1'::text, '0.001'::text]))),
  constraint installation_shares_installation_id_account_id_daterange_excl EXCLUDE USING gist (installation_id WITH =, account_id WITH =, daterange(valid_from, valid_until) WITH &&),
  constraint installation_shares_installation_id_share_no_daterange_excl EXCLUDE USING gist (installation_id WITH =, share_no WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE INDEX installation_shares_by_account ON public.installation_shares USING btree (account_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.installation_shares REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.installation_shares FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.installation_shares REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE CONSTRAINT TRIGGER shares_are_the_whole AFTER INSERT OR UPDATE ON public.installation_shares DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shares_are_the_whole();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.installation_shares FOR EACH ROW EXECUTE FUNCTION allow_one_end();
CREATE TRIGGER within_account_life AFTER INSERT ON public.installation_shares REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION within_account_life();
alter table installation_shares enable row level security;
create policy collector on installation_shares for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = installation_shares.account_id))));
create policy enterprise on installation_shares for select to qingliu_enterprise using (((account_id = ANY (ARRAY( SELECT h.account_id
   FROM account_holders h))) AND (EXISTS ( SELECT
   FROM account_holders h
  WHERE ((h.account_id = installation_shares.account_id) AND ((installation_shares.valid_until IS NULL) OR (installation_shares.valid_until > h.valid_from)) AND ((h.valid_until IS NULL) OR (h.valid_until > installation_shares.valid_from)))))));
create policy program on installation_shares for all to qingliu_program using (true);
grant select on installation_shares to qingliu_collector;
grant select on installation_shares to qingliu_enterprise;

create table installations (
  id bigint generated always as identity not null,
  meter_id bigint not null,
  account_id bigint not null,
  purpose text not null,
  digits smallint not null,
  multiplier numeric default 1 not null,
  initial_reading numeric(14,3) not null,
  runs_backwards boolean default false not null,
  master_installation_id bigint,
  replaces_installation_id bigint,
  valid_from date not null,
  valid_until date,
  command_id text not null,
  constraint installations_pkey PRIMARY KEY (id),
  constraint installations_replaces_installation_id_key UNIQUE (replaces_installation_id),
  constraint installations_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint installations_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint installations_master_installation_id_fkey FOREIGN KEY (master_installation_id) REFERENCES installations(id),
  constraint installations_meter_id_fkey FOREIGN KEY (meter_id) REFERENCES meters(id),
  constraint installations_replaces_installation_id_fkey FOREIGN KEY (replaces_installation_id) REFERENCES installations(id),
  constraint initial_within_digits CHECK (((initial_reading)::double precision < ((10)::double precision ^ (digits)::double precision))),
  constraint installations_check CHECK ((master_installation_id <> id)),
  constraint installations_check1 CHECK ((replaces_installation_id <> id)),
  constraint installations_check2 CHECK ((valid_until >= valid_from)),
  constraint installations_digits_check CHECK (((digits >= 3) AND (digits <= 10))),
  constraint installations_initial_reading_check CHECK ((initial_reading >= (0)::numeric)),
  constraint installations_multiplier_check CHECK ((multiplier > (0)::numeric)),
  constraint installations_purpose_check CHECK ((purpose = ANY (ARRAY['supply'::text, 'own_source'::text, 'discharge'::text, 'construction'::text]))),
  constraint installations_meter_id_daterange_excl EXCLUDE USING gist (meter_id WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE INDEX installations_by_account ON public.installations USING btree (account_id, valid_from);
CREATE INDEX installations_by_master ON public.installations USING btree (master_installation_id) WHERE (master_installation_id IS NOT NULL);
CREATE INDEX installations_by_meter ON public.installations USING btree (meter_id, valid_from);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.installations REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.installations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE CONSTRAINT TRIGGER removal_has_reading AFTER INSERT OR UPDATE ON public.installations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.valid_until IS NOT NULL)) EXECUTE FUNCTION removal_has_reading();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.installations REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.installations FOR EACH ROW EXECUTE FUNCTION allow_one_end();
CREATE TRIGGER within_account_life AFTER INSERT ON public.installations REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION within_account_life();
alter table installations enable row level security;
create policy collector on installations for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = installations.account_id))));
create policy enterprise on installations for select to qingliu_enterprise using (((account_id = ANY (ARRAY( SELECT h.account_id
   FROM account_holders h))) AND (EXISTS ( SELECT
   FROM account_holders h
  WHERE ((h.account_id = installations.account_id) AND ((installations.valid_until IS NULL) OR (installations.valid_until > h.valid_from)) AND ((h.valid_until IS NULL) OR (h.valid_until > installations.valid_from)))))));
create policy program on installations for all to qingliu_program using (true);
grant select on installations to qingliu_collector;
grant select on installations to qingliu_enterprise;

create table invitation_uses (
  invitation_id bigint not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint invitation_uses_pkey PRIMARY KEY (invitation_id),
  constraint invitation_uses_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint invitation_uses_invitation_id_fkey FOREIGN KEY (invitation_id) REFERENCES invitations(id)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.invitation_uses REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.invitation_uses FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.invitation_uses FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.invitation_uses REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table invitations (
  id bigint generated always as identity not null,
  staff_id bigint not null,
  token_digest text not null,
  expires_at timestamp with time zone not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint invitations_pkey PRIMARY KEY (id),
  constraint invitations_token_digest_key UNIQUE (token_digest),
  constraint invitations_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint invitations_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id),
  constraint expires_later CHECK ((expires_at > recorded_at)),
  constraint invitations_token_digest_check CHECK ((token_digest ~ '^[0-9a-f]{64}$'::text))
);
CREATE INDEX invitations_by_staff ON public.invitations USING btree (staff_id, id DESC);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.invitations REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.invitations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.invitations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.invitations REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table issued_documents (
  id bigint generated always as identity not null,
  kind text not null,
  number text not null,
  subject text not null,
  dated_on date not null,
  template_version integer not null,
  template_digest text not null,
  field_values jsonb not null,
  file_digest text not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint issued_documents_pkey PRIMARY KEY (id),
  constraint issued_documents_kind_number_key UNIQUE (kind, number),
  constraint issued_documents_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint issued_documents_file_digest_fkey FOREIGN KEY (file_digest) REFERENCES stored_files(digest),
  constraint issued_documents_number_check CHECK ((number <> ''::text)),
  constraint issued_documents_subject_check CHECK ((subject <> ''::text)),
  constraint issued_documents_template_digest_check CHECK ((template_digest ~ '^[0-9a-f]{64}$'::text)),
  constraint issued_documents_template_version_check CHECK ((template_version >= 0))
);
CREATE INDEX issued_documents_by_subject ON public.issued_documents USING btree (kind, subject);
CREATE INDEX issued_documents_command_id_idx ON public.issued_documents USING btree (command_id);
CREATE INDEX issued_documents_file_digest_idx ON public.issued_documents USING btree (file_digest);
CREATE INDEX issued_documents_newest ON public.issued_documents USING btree (dated_on DESC, id DESC);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.issued_documents REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.issued_documents FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.issued_documents FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.issued_documents REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table issued_documents enable row level security;
create policy enterprise on issued_documents for select to qingliu_enterprise using ((paper_served_on(command_id) IS NOT NULL));
create policy program on issued_documents for all to qingliu_program using (true);
grant select on issued_documents to qingliu_enterprise;

create table job_leases (
  job text not null,
  due_at timestamp with time zone not null,
  round integer not null,
  lease_no integer not null,
  runner text not null,
  renewal boolean not null,
  taken_at timestamp with time zone default clock_timestamp() not null,
  expires_at timestamp with time zone not null,
  constraint job_leases_pkey PRIMARY KEY (job, due_at, round, lease_no),
  constraint job_leases_job_due_at_round_fkey FOREIGN KEY (job, due_at, round) REFERENCES job_rounds(job, due_at, round),
  constraint expires_later CHECK ((expires_at > taken_at)),
  constraint job_leases_lease_no_check CHECK ((lease_no > 0)),
  constraint job_leases_runner_check CHECK ((runner <> ''::text))
);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.job_leases FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.job_leases FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table job_outcomes (
  job text not null,
  due_at timestamp with time zone not null,
  round integer not null,
  outcome text not null,
  summary jsonb not null,
  parked jsonb default '[]'::jsonb not null,
  recorded_at timestamp with time zone default clock_timestamp() not null,
  constraint job_outcomes_pkey PRIMARY KEY (job, due_at, round),
  constraint job_outcomes_job_due_at_round_fkey FOREIGN KEY (job, due_at, round) REFERENCES job_rounds(job, due_at, round),
  constraint job_outcomes_outcome_check CHECK ((outcome = ANY (ARRAY['done'::text, 'nothing'::text, 'parked'::text]))),
  constraint parked_with_reasons CHECK (((outcome = 'parked'::text) = (jsonb_array_length(parked) > 0)))
);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.job_outcomes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.job_outcomes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table job_rounds (
  job text not null,
  due_at timestamp with time zone not null,
  round integer not null,
  reason text default ''::text not null,
  command_id text,
  constraint job_rounds_pkey PRIMARY KEY (job, due_at, round),
  constraint job_rounds_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint job_rounds_job_due_at_fkey FOREIGN KEY (job, due_at) REFERENCES job_slots(job, due_at),
  constraint job_rounds_round_check CHECK ((round >= 0)),
  constraint retried_by_a_person CHECK ((((round = 0) = (command_id IS NULL)) AND ((round = 0) = (reason = ''::text))))
);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.job_rounds FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.job_rounds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER retry_follows_parked BEFORE INSERT ON public.job_rounds FOR EACH ROW EXECUTE FUNCTION retry_follows_parked();

create table job_slots (
  job text not null,
  due_at timestamp with time zone not null,
  acting_on date not null,
  claimed_at timestamp with time zone default clock_timestamp() not null,
  constraint job_slots_pkey PRIMARY KEY (job, due_at),
  constraint acts_for_its_day CHECK ((acting_on = ((due_at AT TIME ZONE 'Asia/Shanghai'::text))::date)),
  constraint job_slots_job_check CHECK ((job ~ '^[a-z][a-z-]{1,39}$'::text))
);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.job_slots FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.job_slots FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table journal_accounts (
  code text not null,
  name_zh text not null,
  name_en text not null,
  kind text not null,
  constraint journal_accounts_pkey PRIMARY KEY (code),
  constraint journal_accounts_code_check CHECK ((code ~ '^[a-z_]+$'::text)),
  constraint journal_accounts_kind_check CHECK ((kind = ANY (ARRAY['asset'::text, 'liability'::text, 'income'::text, 'expense'::text])))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.journal_accounts REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.journal_accounts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.journal_accounts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.journal_accounts REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table journal_entries (
  id bigint generated always as identity not null,
  command_id text not null,
  entry_on date not null,
  memo text not null,
  document_count integer not null,
  recorded_at timestamp with time zone not null,
  constraint journal_entries_pkey PRIMARY KEY (id),
  constraint journal_entries_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint journal_entries_document_count_check CHECK ((document_count > 0))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.journal_entries REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON public.journal_entries DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.journal_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.journal_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.journal_entries REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table live_orders (
  bill_id bigint not null,
  order_id bigint not null,
  constraint live_orders_pkey PRIMARY KEY (bill_id),
  constraint live_orders_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES bills(id),
  constraint live_orders_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders_to_pay(id)
);
CREATE INDEX live_orders_by_order ON public.live_orders USING btree (order_id);
alter table live_orders enable row level security;
create policy enterprise on live_orders for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM bills b
  WHERE (b.id = live_orders.bill_id))));
create policy program on live_orders for all to qingliu_program using (true);
grant select on live_orders to qingliu_enterprise;

create table message_attempts (
  message_id bigint not null,
  attempt_no integer not null,
  runner text not null,
  begun_at timestamp with time zone default clock_timestamp() not null,
  constraint message_attempts_pkey PRIMARY KEY (message_id, attempt_no),
  constraint message_attempts_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id),
  constraint message_attempts_attempt_no_check CHECK ((attempt_no > 0)),
  constraint message_attempts_runner_check CHECK ((runner <> ''::text))
);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.message_attempts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.message_attempts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table message_decisions (
  id bigint generated always as identity not null,
  message_id bigint not null,
  decision text not null,
  reason text not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint message_decisions_pkey PRIMARY KEY (id),
  constraint message_decisions_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint message_decisions_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id),
  constraint message_decisions_decision_check CHECK ((decision = ANY (ARRAY['retry'::text, 'stop'::text]))),
  constraint message_decisions_reason_check CHECK ((reason <> ''::text))
);
CREATE INDEX message_decisions_by_message ON public.message_decisions USING btree (message_id, id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.message_decisions REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.message_decisions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.message_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.message_decisions REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table message_handovers (
  message_id bigint not null,
  attempt_no integer not null,
  handed_over_at timestamp with time zone default clock_timestamp() not null,
  constraint message_handovers_pkey PRIMARY KEY (message_id, attempt_no),
  constraint message_handovers_message_id_attempt_no_fkey FOREIGN KEY (message_id, attempt_no) REFERENCES message_attempts(message_id, attempt_no)
);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.message_handovers FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.message_handovers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table message_outcomes (
  message_id bigint not null,
  attempt_no integer not null,
  outcome text not null,
  answer jsonb not null,
  recorded_at timestamp with time zone default clock_timestamp() not null,
  constraint message_outcomes_pkey PRIMARY KEY (message_id, attempt_no),
  constraint message_outcomes_message_id_attempt_no_fkey FOREIGN KEY (message_id, attempt_no) REFERENCES message_attempts(message_id, attempt_no),
  constraint message_outcomes_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'deferred'::text, 'refused'::text, 'given_up'::text, 'unknown'::text, 'stopped'::text])))
);
CREATE INDEX message_outcomes_in_trouble ON public.message_outcomes USING btree (outcome, message_id) WHERE (outcome <> ALL (ARRAY['accepted'::text, 'deferred'::text]));
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.message_outcomes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.message_outcomes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table message_queue (
  message_id bigint not null,
  channel text not null,
  due_at timestamp with time zone not null,
  attempts integer default 0 not null,
  attempts_before integer default 0 not null,
  held_until timestamp with time zone,
  handed_over boolean default false not null,
  constraint message_queue_pkey PRIMARY KEY (message_id),
  constraint message_queue_message_id_fkey FOREIGN KEY (message_id) REFERENCES messages(id)
);
CREATE INDEX message_queue_due ON public.message_queue USING btree (due_at, message_id);

create table messages (
  id bigint generated always as identity not null,
  uid uuid default gen_random_uuid() not null,
  kind text not null,
  subject text not null,
  contact_id bigint not null,
  channel text not null,
  address text not null,
  language text not null,
  title text not null,
  body text not null,
  made_on date not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint messages_pkey PRIMARY KEY (id),
  constraint messages_uid_key UNIQUE (uid),
  constraint told_once UNIQUE (kind, subject, channel, address),
  constraint messages_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint messages_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts(id),
  constraint messages_body_check CHECK ((body <> ''::text)),
  constraint messages_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text]))),
  constraint messages_kind_check CHECK ((kind ~ '^[a-z][a-z_]{1,39}$'::text)),
  constraint messages_language_check CHECK ((language = ANY (ARRAY['zh'::text, 'en'::text]))),
  constraint messages_subject_check CHECK ((subject <> ''::text)),
  constraint title_is_one_line CHECK (((title !~ '[[:cntrl:]]'::text) AND ((title <> ''::text) = (channel = 'email'::text))))
);
CREATE INDEX messages_by_subject ON public.messages USING btree (subject);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.messages REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.messages FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.messages FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.messages REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table meter_readings (
  id bigint generated always as identity not null,
  account_id bigint not null,
  installation_id bigint,
  import_id bigint,
  row_no integer,
  fee_month date not null,
  used_from date not null,
  used_until date not null,
  read_on date not null,
  revision smallint default 0 not null,
  kind text not null,
  source text not null,
  start_reading numeric(14,3),
  end_reading numeric(14,3),
  volume_m3 numeric(14,3) not null,
  notes jsonb,
  command_id text,
  constraint meter_readings_pkey PRIMARY KEY (id),
  constraint meter_readings_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint meter_readings_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint meter_readings_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint meter_readings_installation_id_fkey FOREIGN KEY (installation_id) REFERENCES installations(id),
  constraint came_by_a_command CHECK (((import_id IS NOT NULL) OR (command_id IS NOT NULL))),
  constraint meter_readings_end_reading_check CHECK ((end_reading >= (0)::numeric)),
  constraint meter_readings_fee_month_check CHECK ((EXTRACT(day FROM fee_month) = (1)::numeric)),
  constraint meter_readings_kind_check CHECK ((kind = ANY (ARRAY['normal'::text, 'residual'::text, 'final'::text, 'supplement'::text]))),
  constraint meter_readings_revision_check CHECK ((revision >= 0)),
  constraint meter_readings_source_check CHECK ((source = ANY (ARRAY['actual'::text, 'remote'::text, 'phone'::text, 'estimated'::text, 'unstated'::text]))),
  constraint meter_readings_start_reading_check CHECK ((start_reading >= (0)::numeric)),
  constraint meter_readings_volume_m3_check CHECK ((volume_m3 >= (0)::numeric)),
  constraint readings_in_pairs CHECK (((start_reading IS NULL) = (end_reading IS NULL))),
  constraint row_of_import CHECK (((import_id IS NULL) = (row_no IS NULL))),
  constraint use_runs_forward CHECK ((used_from < used_until))
);
CREATE INDEX meter_readings_by_account ON public.meter_readings USING btree (account_id, fee_month);
CREATE INDEX meter_readings_by_hand ON public.meter_readings USING btree (fee_month) WHERE (command_id IS NOT NULL);
CREATE INDEX meter_readings_estimated ON public.meter_readings USING btree (account_id, fee_month) WHERE (source = 'estimated'::text);
CREATE UNIQUE INDEX meter_readings_key ON public.meter_readings USING btree (installation_id, read_on, kind, revision) WHERE (installation_id IS NOT NULL);
CREATE UNIQUE INDEX meter_readings_key_without_meter ON public.meter_readings USING btree (account_id, fee_month, kind, revision) WHERE (installation_id IS NULL);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.meter_readings REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.meter_readings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.meter_readings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE CONSTRAINT TRIGGER revision_ends_the_one_before AFTER INSERT ON public.meter_readings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.revision > 0)) EXECUTE FUNCTION revision_ends_the_one_before();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.meter_readings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table meter_readings enable row level security;
create policy collector on meter_readings for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = meter_readings.account_id))));
create policy enterprise on meter_readings for select to qingliu_enterprise using (((account_id = ANY (ARRAY( SELECT h.account_id
   FROM account_holders h))) AND (EXISTS ( SELECT
   FROM account_holders h
  WHERE ((h.account_id = meter_readings.account_id) AND (meter_readings.read_on >= (h.valid_from - 1)) AND ((h.valid_until IS NULL) OR (meter_readings.read_on < h.valid_until)))))));
create policy program on meter_readings for all to qingliu_program using (true);
grant select on meter_readings to qingliu_collector;
grant select on meter_readings to qingliu_enterprise;

create table meters (
  id bigint generated always as identity not null,
  collector_id bigint not null,
  meter_no text collate "C" not null,
  size_mm integer,
  command_id text not null,
  constraint meters_pkey PRIMARY KEY (id),
  constraint meters_collector_id_meter_no_key UNIQUE (collector_id, meter_no),
  constraint meters_collector_id_fkey FOREIGN KEY (collector_id) REFERENCES collectors(id),
  constraint meters_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint meters_meter_no_check CHECK ((meter_no <> ''::text)),
  constraint meters_size_mm_check CHECK (((size_mm >= 8) AND (size_mm <= 3000)))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.meters REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.meters FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.meters FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.meters REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table meters enable row level security;
create policy collector on meters for select to qingliu_collector using ((collector_id = ANY (ARRAY( SELECT c.id
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation))))));
create policy enterprise on meters for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM installations i
  WHERE (i.meter_id = meters.id))));
create policy program on meters for all to qingliu_program using (true);
grant select on meters to qingliu_collector;
grant select on meters to qingliu_enterprise;

create table notices (
  id bigint generated always as identity not null,
  kind text not null,
  subject text not null,
  roles text[] not null,
  organisation_id bigint,
  since date not null,
  particulars jsonb not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint notices_pkey PRIMARY KEY (id),
  constraint notices_kind_subject_key UNIQUE (kind, subject),
  constraint notices_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint notices_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint notices_kind_check CHECK ((kind ~ '^[a-z][a-z_]{1,39}$'::text)),
  constraint notices_roles_check CHECK ((cardinality(roles) > 0)),
  constraint notices_subject_check CHECK ((subject <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.notices REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.notices FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.notices FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.notices REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table number_sequences (
  kind text not null,
  year integer not null,
  last_number integer not null,
  constraint number_sequences_pkey PRIMARY KEY (kind, year),
  constraint number_sequences_last_number_check CHECK ((last_number >= 0)),
  constraint number_sequences_year_check CHECK (((year >= 1990) AND (year <= 2199)))
);
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.number_sequences FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER numbers_only_rise BEFORE DELETE OR UPDATE ON public.number_sequences FOR EACH ROW EXECUTE FUNCTION numbers_only_rise();

create table objection_answers (
  objection_id bigint not null,
  outcome text not null,
  answered_on date not null,
  reason text not null,
  correction_proposal_id bigint,
  command_id text not null,
  constraint objection_answers_pkey PRIMARY KEY (objection_id),
  constraint objection_answers_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint objection_answers_correction_proposal_id_fkey FOREIGN KEY (correction_proposal_id) REFERENCES proposals(id),
  constraint objection_answers_objection_id_fkey FOREIGN KEY (objection_id) REFERENCES objections(id),
  constraint corrected_by_a_correction CHECK (((outcome = 'corrected'::text) = (correction_proposal_id IS NOT NULL))),
  constraint objection_answers_outcome_check CHECK ((outcome = ANY (ARRAY['kept'::text, 'corrected'::text]))),
  constraint objection_answers_reason_check CHECK ((reason <> ''::text))
);
CREATE UNIQUE INDEX objection_answers_by_correction ON public.objection_answers USING btree (correction_proposal_id) WHERE (correction_proposal_id IS NOT NULL);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.objection_answers REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.objection_answers FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.objection_answers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.objection_answers REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER two_persons BEFORE INSERT ON public.objection_answers FOR EACH ROW EXECUTE FUNCTION objection_answered_by_another();
alter table objection_answers enable row level security;
create policy collector on objection_answers for select to qingliu_collector using ((EXISTS ( SELECT
   FROM objections o
  WHERE (o.id = objection_answers.objection_id))));
create policy enterprise on objection_answers for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM objections o
  WHERE (o.id = objection_answers.objection_id))));
create policy program on objection_answers for all to qingliu_program using (true);
grant select on objection_answers to qingliu_collector;
grant select on objection_answers to qingliu_enterprise;

create table objections (
  id bigint generated always as identity not null,
  bill_id bigint not null,
  received_on date not null,
  received_from text not null,
  grounds text not null,
  evidence text default ''::text not null,
  answer_due_on date not null,
  command_id text not null,
  constraint objections_pkey PRIMARY KEY (id),
  constraint objections_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES bills(id),
  constraint objections_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint objections_check CHECK ((answer_due_on >= received_on)),
  constraint objections_grounds_check CHECK ((grounds <> ''::text)),
  constraint objections_received_from_check CHECK ((received_from <> ''::text))
);
CREATE INDEX objections_by_bill ON public.objections USING btree (bill_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.objections REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.objections FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.objections FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.objections REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table objections enable row level security;
create policy collector on objections for select to qingliu_collector using ((EXISTS ( SELECT
   FROM bills b
  WHERE (b.id = objections.bill_id))));
create policy enterprise on objections for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM bills b
  WHERE (b.id = objections.bill_id))));
create policy program on objections for all to qingliu_program using (true);
grant select on objections to qingliu_collector;
grant select on objections to qingliu_enterprise;

create table open_bill_runs (
  fee_month date not null,
  run_id bigint not null,
  constraint open_bill_runs_pkey PRIMARY KEY (fee_month),
  constraint open_bill_runs_run_id_key UNIQUE (run_id),
  constraint open_bill_runs_run_id_fkey FOREIGN KEY (run_id) REFERENCES bill_runs(id)
);

create table open_items (
  bill_id bigint not null,
  account_id bigint not null,
  discharger_id bigint not null,
  fee_month date not null,
  due_on date not null,
  payable numeric(16,2) not null,
  outstanding numeric(16,2) not null,
  last_paid_on date,
  settled_on date generated always as (
CASE
    WHEN ((outstanding = (0)::numeric) AND (payable > (0)::numeric)) THEN last_paid_on
    ELSE NULL::date
END) stored,
  constraint open_items_pkey PRIMARY KEY (bill_id),
  constraint open_items_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES bills(id),
  constraint open_items_payable_check CHECK ((payable >= (0)::numeric)),
  constraint outstanding_within_payable CHECK (((outstanding >= (0)::numeric) AND (outstanding <= payable))),
  constraint paid_on_some_day CHECK (((last_paid_on IS NULL) = (outstanding = payable)))
);
CREATE INDEX open_items_by_account ON public.open_items USING btree (account_id, discharger_id) WHERE (outstanding > (0)::numeric);
CREATE INDEX open_items_by_discharger ON public.open_items USING btree (discharger_id) WHERE (outstanding > (0)::numeric);
CREATE INDEX open_items_paid_late ON public.open_items USING btree (settled_on, due_on) WHERE (settled_on > due_on);
CREATE INDEX open_items_unpaid ON public.open_items USING btree (due_on, bill_id) WHERE (outstanding > (0)::numeric);
alter table open_items enable row level security;
create policy collector on open_items for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = open_items.account_id))));
create policy enterprise on open_items for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on open_items for all to qingliu_program using (true);
grant select on open_items to qingliu_collector;
grant select on open_items to qingliu_enterprise;

create table opening_held_money (
  id bigint generated always as identity not null,
  collector_id bigint not null,
  paid_on date not null,
  fee_month date not null,
  amount numeric(16,2) not null,
  recorded_on date not null,
  command_id text not null,
  constraint opening_held_money_pkey PRIMARY KEY (id),
  constraint opening_held_money_collector_id_fkey FOREIGN KEY (collector_id) REFERENCES collectors(id),
  constraint opening_held_money_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint opening_held_money_amount_check CHECK ((amount > (0)::numeric)),
  constraint opening_held_money_fee_month_check CHECK ((EXTRACT(day FROM fee_month) = (1)::numeric)),
  constraint paid_before_recorded CHECK ((paid_on <= recorded_on))
);
CREATE INDEX opening_held_money_by_collector ON public.opening_held_money USING btree (collector_id, paid_on);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.opening_held_money REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.opening_held_money FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.opening_held_money FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.opening_held_money REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table opening_held_money enable row level security;
create policy collector on opening_held_money for select to qingliu_collector using ((collector_id = ANY (ARRAY( SELECT c.id
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation))))));
create policy program on opening_held_money for all to qingliu_program using (true);
grant select on opening_held_money to qingliu_collector;

create table opening_readings (
  installation_id bigint not null,
  read_on date not null,
  reading numeric(14,3) not null,
  command_id text not null,
  constraint opening_readings_pkey PRIMARY KEY (installation_id),
  constraint opening_readings_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint opening_readings_installation_id_fkey FOREIGN KEY (installation_id) REFERENCES installations(id),
  constraint opening_readings_reading_check CHECK ((reading >= (0)::numeric))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.opening_readings REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.opening_readings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.opening_readings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.opening_readings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table opening_readings enable row level security;
create policy collector on opening_readings for select to qingliu_collector using ((EXISTS ( SELECT
   FROM installations i
  WHERE (i.id = opening_readings.installation_id))));
create policy enterprise on opening_readings for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM installations i
  WHERE (i.id = opening_readings.installation_id))));
create policy program on opening_readings for all to qingliu_program using (true);
grant select on opening_readings to qingliu_collector;
grant select on opening_readings to qingliu_enterprise;

create table opening_uses (
  account_id bigint not null,
  fee_month date not null,
  volume_m3 numeric(14,3) not null,
  estimated boolean default false not null,
  command_id text not null,
  constraint opening_uses_pkey PRIMARY KEY (account_id, fee_month),
  constraint opening_uses_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint opening_uses_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint opening_uses_fee_month_check CHECK ((EXTRACT(day FROM fee_month) = (1)::numeric)),
  constraint opening_uses_volume_m3_check CHECK ((volume_m3 >= (0)::numeric))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.opening_uses REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.opening_uses FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.opening_uses FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.opening_uses REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table opening_uses enable row level security;
create policy collector on opening_uses for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = opening_uses.account_id))));
create policy enterprise on opening_uses for select to qingliu_enterprise using (((account_id = ANY (ARRAY( SELECT h.account_id
   FROM account_holders h))) AND (EXISTS ( SELECT
   FROM account_holders h
  WHERE ((h.account_id = opening_uses.account_id) AND (((opening_uses.fee_month + '1 mon'::interval))::date > h.valid_from) AND ((h.valid_until IS NULL) OR (h.valid_until > opening_uses.fee_month)))))));
create policy program on opening_uses for all to qingliu_program using (true);
grant select on opening_uses to qingliu_collector;
grant select on opening_uses to qingliu_enterprise;

create table order_bills (
  order_id bigint not null,
  bill_id bigint not null,
  amount numeric(16,2) not null,
  constraint order_bills_pkey PRIMARY KEY (order_id, bill_id),
  constraint order_bills_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES bills(id),
  constraint order_bills_order_id_fkey FOREIGN KEY (order_id) REFERENCES orders_to_pay(id),
  constraint order_bills_amount_check CHECK ((amount > (0)::numeric))
);
CREATE INDEX order_bills_by_bill ON public.order_bills USING btree (bill_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.order_bills REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.order_bills FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.order_bills FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.order_bills REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table order_bills enable row level security;
create policy enterprise on order_bills for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM orders_to_pay o
  WHERE (o.id = order_bills.order_id))));
create policy program on order_bills for all to qingliu_program using (true);
grant select on order_bills to qingliu_enterprise;

create table orders_to_pay (
  id bigint generated always as identity not null,
  number_year integer not null,
  number integer not null,
  discharger_id bigint not null,
  issued_on date not null,
  term_days integer not null,
  term_citation text not null,
  amount numeric(16,2) not null,
  maker_id bigint not null,
  approver_id bigint not null,
  proposal_id bigint not null,
  command_id text not null,
  constraint orders_to_pay_pkey PRIMARY KEY (id),
  constraint orders_to_pay_number_year_number_key UNIQUE (number_year, number),
  constraint orders_to_pay_proposal_id_key UNIQUE (proposal_id),
  constraint orders_to_pay_approver_id_fkey FOREIGN KEY (approver_id) REFERENCES staff(id),
  constraint orders_to_pay_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint orders_to_pay_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint orders_to_pay_maker_id_fkey FOREIGN KEY (maker_id) REFERENCES staff(id),
  constraint orders_to_pay_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint drafted_and_approved_by_two CHECK ((maker_id <> approver_id)),
  constraint orders_to_pay_amount_check CHECK ((amount > (0)::numeric)),
  constraint orders_to_pay_number_check CHECK ((number > 0)),
  constraint orders_to_pay_term_citation_check CHECK ((term_citation <> ''::text)),
  constraint orders_to_pay_term_days_check CHECK (((term_days >= 1) AND (term_days <= 90)))
);
CREATE INDEX orders_to_pay_by_discharger ON public.orders_to_pay USING btree (discharger_id);
CREATE INDEX orders_to_pay_command_id_idx ON public.orders_to_pay USING btree (command_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.orders_to_pay REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.orders_to_pay FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.orders_to_pay FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.orders_to_pay REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table orders_to_pay enable row level security;
create policy enterprise on orders_to_pay for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on orders_to_pay for all to qingliu_program using (true);
grant select on orders_to_pay to qingliu_enterprise;

create table organisations (
  id bigint generated always as identity not null,
  code text not null,
  name text not null,
  kind text not null,
  constraint organisations_pkey PRIMARY KEY (id),
  constraint organisations_code_key UNIQUE (code),
  constraint organisations_code_check CHECK ((code ~ '^[a-z0-9-]{2,40}$'::text)),
  constraint organisations_kind_check CHECK ((kind = ANY (ARRAY['water_company'::text, 'bureau'::text, 'brigade'::text, 'plant'::text, 'finance'::text, 'ecology'::text, 'audit'::text, 'enterprise'::text]))),
  constraint organisations_name_check CHECK ((name <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.organisations REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.organisations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.organisations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.organisations REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
grant select on organisations to qingliu_collector;
grant select on organisations to qingliu_enterprise;
grant select on organisations to qingliu_plant;

create table outlets (
  id bigint generated always as identity not null,
  discharger_id bigint not null,
  outlet_no text not null,
  place text default ''::text not null,
  has_sampling_well boolean not null,
  has_online_meter boolean default false not null,
  exception_reason text default ''::text not null,
  valid_from date not null,
  valid_until date,
  command_id text not null,
  constraint outlets_pkey PRIMARY KEY (id),
  constraint outlets_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint outlets_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint outlets_check CHECK ((valid_until >= valid_from)),
  constraint outlets_discharger_id_outlet_no_daterange_excl EXCLUDE USING gist (discharger_id WITH =, outlet_no WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.outlets REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.outlets FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.outlets REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.outlets FOR EACH ROW EXECUTE FUNCTION allow_one_end();
alter table outlets enable row level security;
create policy enterprise on outlets for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on outlets for all to qingliu_program using (true);
grant select on outlets to qingliu_enterprise;

create table overdue_list_lines (
  list_id bigint not null,
  bill_id bigint not null,
  due_on date not null,
  outstanding_amount numeric(16,2) not null,
  constraint overdue_list_lines_pkey PRIMARY KEY (list_id, bill_id),
  constraint overdue_list_lines_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES bills(id),
  constraint overdue_list_lines_list_id_fkey FOREIGN KEY (list_id) REFERENCES overdue_lists(id),
  constraint overdue_list_lines_outstanding_amount_check CHECK ((outstanding_amount > (0)::numeric))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.overdue_list_lines REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.overdue_list_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.overdue_list_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER overdue_list_is_closed AFTER INSERT ON public.overdue_list_lines REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION overdue_list_is_closed();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.overdue_list_lines REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table overdue_lists (
  id bigint generated always as identity not null,
  as_of date not null,
  bill_count integer not null,
  total_amount numeric(18,2) not null,
  digest text not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint overdue_lists_pkey PRIMARY KEY (id),
  constraint overdue_lists_as_of_key UNIQUE (as_of),
  constraint overdue_lists_command_id_key UNIQUE (command_id),
  constraint overdue_lists_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint overdue_lists_bill_count_check CHECK ((bill_count > 0)),
  constraint overdue_lists_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint overdue_lists_total_amount_check CHECK ((total_amount > (0)::numeric))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.overdue_lists REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.overdue_lists FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.overdue_lists FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE CONSTRAINT TRIGGER overdue_list_adds_up AFTER INSERT ON public.overdue_lists DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION overdue_list_adds_up();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.overdue_lists REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table own_source_declarations (
  id bigint generated always as identity not null,
  account_id bigint not null,
  fee_month date not null,
  volume_m3 numeric(14,3) not null,
  start_reading numeric(14,3),
  end_reading numeric(14,3),
  evidence text not null,
  proposal_id bigint not null,
  command_id text not null,
  revision smallint default 0 not null,
  constraint own_source_declarations_pkey PRIMARY KEY (id),
  constraint own_source_declarations_account_id_fee_month_revision_key UNIQUE (account_id, fee_month, revision),
  constraint own_source_declarations_proposal_id_key UNIQUE (proposal_id),
  constraint own_source_declarations_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint own_source_declarations_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint own_source_declarations_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint own_source_declarations_evidence_check CHECK ((evidence <> ''::text)),
  constraint own_source_declarations_fee_month_check CHECK ((EXTRACT(day FROM fee_month) = (1)::numeric)),
  constraint own_source_declarations_volume_m3_check CHECK ((volume_m3 >= (0)::numeric))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.own_source_declarations REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.own_source_declarations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.own_source_declarations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.own_source_declarations REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table own_source_declarations enable row level security;
create policy collector on own_source_declarations for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = own_source_declarations.account_id))));
create policy enterprise on own_source_declarations for select to qingliu_enterprise using (((account_id = ANY (ARRAY( SELECT h.account_id
   FROM account_holders h))) AND (EXISTS ( SELECT
   FROM account_holders h
  WHERE ((h.account_id = own_source_declarations.account_id) AND (((own_source_declarations.fee_month + '1 mon'::interval))::date > h.valid_from) AND ((h.valid_until IS NULL) OR (h.valid_until > own_source_declarations.fee_month)))))));
create policy program on own_source_declarations for all to qingliu_program using (true);
grant select on own_source_declarations to qingliu_collector;
grant select on own_source_declarations to qingliu_enterprise;

create table payer_groups (
  code text not null,
  name_zh text not null,
  name_en text not null,
  clause text not null,
  needs_agreement boolean not null,
  command_id text,
  constraint payer_groups_pkey PRIMARY KEY (code),
  constraint payer_groups_name_zh_key UNIQUE (name_zh),
  constraint payer_groups_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint payer_groups_clause_check CHECK ((clause <> ''::text)),
  constraint payer_groups_code_check CHECK ((code ~ '^[a-z0-9_]{1,40}$'::text)),
  constraint payer_groups_name_en_check CHECK ((name_en <> ''::text)),
  constraint payer_groups_name_zh_check CHECK ((name_zh <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.payer_groups REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.payer_groups FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.payer_groups FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.payer_groups REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
grant select on payer_groups to qingliu_collector;
grant select on payer_groups to qingliu_enterprise;
grant select on payer_groups to qingliu_plant;

create table payment_reversals (
  payment_id bigint not null,
  reversed_on date not null,
  recorded_on date not null,
  reason text not null,
  import_id bigint,
  row_no integer,
  command_id text,
  constraint payment_reversals_pkey PRIMARY KEY (payment_id),
  constraint payment_reversals_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint payment_reversals_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint payment_reversals_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id),
  constraint came_by_a_command CHECK (((import_id IS NOT NULL) OR (command_id IS NOT NULL))),
  constraint payment_reversals_reason_check CHECK ((reason <> ''::text)),
  constraint reversed_before_recorded CHECK ((reversed_on <= recorded_on)),
  constraint row_of_import CHECK (((import_id IS NULL) = (row_no IS NULL)))
);
CREATE INDEX payment_reversals_by_import ON public.payment_reversals USING btree (import_id) WHERE (import_id IS NOT NULL);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.payment_reversals REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.payment_reversals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.payment_reversals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.payment_reversals REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table payment_reversals enable row level security;
create policy collector on payment_reversals for select to qingliu_collector using ((EXISTS ( SELECT
   FROM payments p
  WHERE (p.id = payment_reversals.payment_id))));
create policy enterprise on payment_reversals for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM payments p
  WHERE (p.id = payment_reversals.payment_id))));
create policy program on payment_reversals for all to qingliu_program using (true);
grant select on payment_reversals to qingliu_collector;
grant select on payment_reversals to qingliu_enterprise;

create table payment_sources (
  payment_id bigint not null,
  account text not null,
  bank text not null,
  constraint payment_sources_pkey PRIMARY KEY (payment_id),
  constraint payment_sources_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id),
  constraint something_is_stated CHECK (((account <> ''::text) OR (bank <> ''::text)))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.payment_sources REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.payment_sources FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.payment_sources FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.payment_sources REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table payment_sources enable row level security;
create policy collector on payment_sources for select to qingliu_collector using ((EXISTS ( SELECT
   FROM payments p
  WHERE (p.id = payment_sources.payment_id))));
create policy enterprise on payment_sources for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM payments p
  WHERE (p.id = payment_sources.payment_id))));
create policy program on payment_sources for all to qingliu_program using (true);
grant select on payment_sources to qingliu_collector;
grant select on payment_sources to qingliu_enterprise;

create table payments (
  id bigint generated always as identity not null,
  channel text not null,
  collector_id bigint,
  reference text collate "C" not null,
  account_id bigint,
  discharger_id bigint not null,
  paid_on date not null,
  recorded_on date not null,
  amount numeric(16,2) not null,
  method text,
  named_bills bigint[],
  import_id bigint,
  row_no integer,
  command_id text,
  combined_amount numeric(16,2),
  contract_id bigint,
  constraint payments_pkey PRIMARY KEY (id),
  constraint payments_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint payments_collector_id_fkey FOREIGN KEY (collector_id) REFERENCES collectors(id),
  constraint payments_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint payments_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES collector_contracts(id),
  constraint payments_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint payments_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint came_by_a_command CHECK (((import_id IS NOT NULL) OR (command_id IS NOT NULL))),
  constraint collector_of_its_channel CHECK (((channel = 'collector'::text) = (collector_id IS NOT NULL))),
  constraint paid_before_recorded CHECK ((paid_on <= recorded_on)),
  constraint part_of_the_combined CHECK ((amount <= combined_amount)),
  constraint payments_amount_check CHECK ((amount > (0)::numeric)),
  constraint payments_channel_check CHECK ((channel = ANY (ARRAY['collector'::text, 'treasury'::text]))),
  constraint payments_reference_check CHECK ((reference <> ''::text)),
  constraint row_of_import CHECK (((import_id IS NULL) = (row_no IS NULL))),
  constraint split_by_a_contract CHECK (((combined_amount IS NULL) = (contract_id IS NULL)))
);
CREATE UNIQUE INDEX payment_reference ON public.payments USING btree (reference, collector_id) WHERE (channel = 'collector'::text);
CREATE UNIQUE INDEX payment_reference_at_treasury ON public.payments USING btree (reference) WHERE (channel = 'treasury'::text);
CREATE INDEX payments_by_account ON public.payments USING btree (account_id, paid_on);
CREATE INDEX payments_by_day ON public.payments USING brin (paid_on);
CREATE INDEX payments_by_discharger ON public.payments USING btree (discharger_id, paid_on);
CREATE INDEX payments_by_import ON public.payments USING btree (import_id) WHERE (import_id IS NOT NULL);
CREATE INDEX payments_of_collector ON public.payments USING btree (collector_id, paid_on) INCLUDE (amount) WHERE (channel = 'collector'::text);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.payments REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.payments FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.payments FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.payments REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table payments enable row level security;
create policy collector on payments for select to qingliu_collector using ((collector_id = ANY (ARRAY( SELECT c.id
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation))))));
create policy enterprise on payments for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on payments for all to qingliu_program using (true);
grant select on payments to qingliu_collector;
grant select on payments to qingliu_enterprise;

create table permitted_limits (
  id bigint generated always as identity not null,
  outlet_id bigint not null,
  pollutant text not null,
  bound text not null,
  limit_value numeric,
  unit text not null,
  document text not null,
  valid_from date not null,
  valid_until date,
  proposal_id bigint not null,
  command_id text not null,
  constraint permitted_limits_pkey PRIMARY KEY (id),
  constraint permitted_limits_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint permitted_limits_outlet_id_fkey FOREIGN KEY (outlet_id) REFERENCES outlets(id),
  constraint permitted_limits_pollutant_fkey FOREIGN KEY (pollutant) REFERENCES pollutants(code),
  constraint permitted_limits_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint a_number_where_there_is_one CHECK (((bound = 'not_detected'::text) = (limit_value IS NULL))),
  constraint permitted_limits_bound_check CHECK ((bound = ANY (ARRAY['at_most'::text, 'at_least'::text, 'not_detected'::text, 'daily_total'::text, 'monthly_total'::text, 'yearly_total'::text]))),
  constraint permitted_limits_check CHECK ((valid_until >= valid_from)),
  constraint permitted_limits_document_check CHECK ((document <> ''::text)),
  constraint permitted_limits_limit_value_check CHECK ((limit_value > (0)::numeric)),
  constraint permitted_limits_unit_check CHECK ((unit <> ''::text)),
  constraint permitted_limits_outlet_id_pollutant_bound_daterange_excl EXCLUDE USING gist (outlet_id WITH =, pollutant WITH =, bound WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.permitted_limits REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.permitted_limits FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.permitted_limits REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.permitted_limits FOR EACH ROW EXECUTE FUNCTION allow_one_end();
alter table permitted_limits enable row level security;
create policy enterprise on permitted_limits for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM outlets o
  WHERE (o.id = permitted_limits.outlet_id))));
create policy program on permitted_limits for all to qingliu_program using (true);
grant select on permitted_limits to qingliu_enterprise;

create table plant_days (
  id bigint generated always as identity not null,
  plant_id bigint not null,
  day date not null,
  treated_m3 numeric(14,3) not null,
  inflow_m3 numeric(14,3),
  effluent jsonb not null,
  replaces bigint,
  import_id bigint not null,
  row_no integer not null,
  command_id text not null,
  constraint plant_days_pkey PRIMARY KEY (id),
  constraint plant_days_id_plant_id_day_key UNIQUE (id, plant_id, day),
  constraint plant_days_replaces_key UNIQUE (replaces),
  constraint plant_days_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint plant_days_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint plant_days_plant_id_fkey FOREIGN KEY (plant_id) REFERENCES organisations(id),
  constraint plant_days_replaces_plant_id_day_fkey FOREIGN KEY (replaces, plant_id, day) REFERENCES plant_days(id, plant_id, day),
  constraint plant_days_inflow_m3_check CHECK ((inflow_m3 >= (0)::numeric)),
  constraint plant_days_treated_m3_check CHECK ((treated_m3 >= (0)::numeric))
);
CREATE UNIQUE INDEX plant_day_begins_once ON public.plant_days USING btree (plant_id, day) WHERE (replaces IS NULL);
CREATE INDEX plant_days_by_day ON public.plant_days USING btree (plant_id, day);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.plant_days REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.plant_days FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.plant_days FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.plant_days REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table plant_days enable row level security;
create policy plant on plant_days for select to qingliu_plant using ((plant_id = ( SELECT fenced_organisation() AS fenced_organisation)));
create policy program on plant_days for all to qingliu_program using (true);
grant select on plant_days to qingliu_plant;

create table pollutants (
  code text not null,
  name_zh text not null,
  name_en text not null,
  aliases text[] default '{}'::text[] not null,
  unit text not null,
  first_class boolean default false not null,
  command_id text,
  constraint pollutants_pkey PRIMARY KEY (code),
  constraint pollutants_name_zh_key UNIQUE (name_zh),
  constraint pollutants_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint pollutants_code_check CHECK ((code ~ '^[a-z0-9_]{1,40}$'::text)),
  constraint pollutants_name_en_check CHECK ((name_en <> ''::text)),
  constraint pollutants_name_zh_check CHECK ((name_zh <> ''::text)),
  constraint pollutants_unit_check CHECK ((unit <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.pollutants REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.pollutants FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.pollutants FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.pollutants REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
grant select on pollutants to qingliu_collector;
grant select on pollutants to qingliu_enterprise;
grant select on pollutants to qingliu_plant;

create table postings (
  entry_id bigint not null,
  line_no smallint not null,
  account_code text not null,
  fee_month date,
  amount numeric(18,2) not null,
  constraint postings_pkey PRIMARY KEY (entry_id, line_no),
  constraint postings_account_code_fkey FOREIGN KEY (account_code) REFERENCES journal_accounts(code),
  constraint postings_entry_id_fkey FOREIGN KEY (entry_id) REFERENCES journal_entries(id),
  constraint fees_carry_their_month CHECK (((account_code = ANY (ARRAY['fees_receivable'::text, 'fees_due_to_treasury'::text])) = (fee_month IS NOT NULL))),
  constraint postings_fee_month_check CHECK ((EXTRACT(day FROM fee_month) = (1)::numeric))
);
CREATE INDEX postings_by_account ON public.postings USING btree (account_code, fee_month);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.postings REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON public.postings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();
CREATE TRIGGER entry_is_closed AFTER INSERT ON public.postings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION entry_is_closed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.postings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.postings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.postings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER service_fee_stays_apart AFTER INSERT ON public.postings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION service_fee_stays_apart();

create table price_categories (
  code text not null,
  name_zh text not null,
  name_en text not null,
  command_id text not null,
  constraint price_categories_pkey PRIMARY KEY (code),
  constraint price_categories_name_zh_key UNIQUE (name_zh),
  constraint price_categories_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint price_categories_code_check CHECK ((code ~ '^[A-Za-z0-9_-]{1,40}$'::text)),
  constraint price_categories_name_en_check CHECK ((name_en <> ''::text)),
  constraint price_categories_name_zh_check CHECK ((name_zh <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.price_categories REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.price_categories FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.price_categories FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.price_categories REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
grant select on price_categories to qingliu_collector;
grant select on price_categories to qingliu_enterprise;
grant select on price_categories to qingliu_plant;

create table proposal_decisions (
  proposal_id bigint not null,
  maker_id bigint not null,
  decided_by bigint not null,
  decision text not null,
  reason text default ''::text not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint proposal_decisions_pkey PRIMARY KEY (proposal_id),
  constraint proposal_decisions_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint proposal_decisions_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES staff(id),
  constraint proposal_decisions_proposal_id_maker_id_fkey FOREIGN KEY (proposal_id, maker_id) REFERENCES proposals(id, maker_id),
  constraint proposal_decisions_decision_check CHECK ((decision = ANY (ARRAY['approved'::text, 'returned'::text, 'withdrawn'::text]))),
  constraint returned_with_reason CHECK (((decision = 'approved'::text) OR (reason <> ''::text))),
  constraint two_persons CHECK (((decision = 'withdrawn'::text) OR (decided_by <> maker_id)))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.proposal_decisions REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.proposal_decisions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.proposal_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.proposal_decisions REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table proposal_decisions enable row level security;
create policy collector on proposal_decisions for select to qingliu_collector using ((EXISTS ( SELECT
   FROM proposals p
  WHERE (p.id = proposal_decisions.proposal_id))));
create policy program on proposal_decisions for all to qingliu_program using (true);
grant select on proposal_decisions to qingliu_collector;

create table proposals (
  id bigint generated always as identity not null,
  kind text not null,
  subject text not null,
  content jsonb not null,
  content_digest text not null,
  maker_id bigint not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint proposals_pkey PRIMARY KEY (id),
  constraint proposals_id_maker_id_key UNIQUE (id, maker_id),
  constraint proposals_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint proposals_maker_id_fkey FOREIGN KEY (maker_id) REFERENCES staff(id)
);
CREATE INDEX proposals_by_kind ON public.proposals USING btree (kind, subject);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.proposals REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.proposals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.proposals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.proposals REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table proposals enable row level security;
create policy collector on proposals for select to qingliu_collector using (
CASE
    WHEN (kind = 'roster'::text) THEN true
    WHEN (kind = 'remittance.statement'::text) THEN (EXISTS ( SELECT
       FROM remittance_statements s
      WHERE ((s.id)::text = proposals.subject)))
    WHEN (kind = 'remittance.collection-fee'::text) THEN (EXISTS ( SELECT
       FROM collectors c
      WHERE ((c.id)::text = proposals.subject)))
    WHEN (kind = 'payments.refund'::text) THEN (EXISTS ( SELECT
       FROM payments p
      WHERE ((p.id)::text = proposals.subject)))
    WHEN (kind = ANY (ARRAY['volumes.basis'::text, 'volumes.own-source-declaration'::text, 'volumes.rated-flow'::text])) THEN (EXISTS ( SELECT
       FROM accounts a
      WHERE ((a.id)::text = split_part(proposals.subject, ' '::text, 1))))
    ELSE false
END);
create policy program on proposals for all to qingliu_program using (true);
grant select on proposals to qingliu_collector;

create table rate_schedules (
  id bigint generated always as identity not null,
  code text not null,
  title text not null,
  approval_document text not null,
  issuer text not null,
  unit text default 'm³'::text not null,
  currency text default '元'::text not null,
  straddle text not null,
  clause text not null,
  valid_from date not null,
  proposal_id bigint not null,
  command_id text not null,
  constraint rate_schedules_pkey PRIMARY KEY (id),
  constraint rate_schedules_code_key UNIQUE (code),
  constraint rate_schedules_proposal_id_key UNIQUE (proposal_id),
  constraint rate_schedules_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint rate_schedules_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint rate_schedules_approval_document_check CHECK ((approval_document <> ''::text)),
  constraint rate_schedules_clause_check CHECK ((clause <> ''::text)),
  constraint rate_schedules_code_check CHECK ((code ~ '^[A-Za-z0-9_-]{1,60}$'::text)),
  constraint rate_schedules_currency_check CHECK ((currency <> ''::text)),
  constraint rate_schedules_issuer_check CHECK ((issuer <> ''::text)),
  constraint rate_schedules_straddle_check CHECK ((straddle = ANY (ARRAY['by-days'::text, 'whole-at-start'::text, 'whole-at-end'::text]))),
  constraint rate_schedules_title_check CHECK ((title <> ''::text)),
  constraint rate_schedules_unit_check CHECK ((unit <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.rate_schedules REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.rate_schedules FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.rate_schedules FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.rate_schedules REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
grant select on rate_schedules to qingliu_collector;
grant select on rate_schedules to qingliu_enterprise;
grant select on rate_schedules to qingliu_plant;

create table rated_flow_decisions (
  account_id bigint not null,
  fee_month date not null,
  rated_flow_m3_per_hour numeric not null,
  reason text not null,
  proposal_id bigint not null,
  command_id text not null,
  constraint rated_flow_decisions_pkey PRIMARY KEY (account_id, fee_month),
  constraint rated_flow_decisions_proposal_id_key UNIQUE (proposal_id),
  constraint rated_flow_decisions_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint rated_flow_decisions_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint rated_flow_decisions_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint rated_flow_decisions_fee_month_check CHECK ((EXTRACT(day FROM fee_month) = (1)::numeric)),
  constraint rated_flow_decisions_rated_flow_m3_per_hour_check CHECK ((rated_flow_m3_per_hour > (0)::numeric)),
  constraint rated_flow_decisions_reason_check CHECK ((reason <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.rated_flow_decisions REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.rated_flow_decisions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.rated_flow_decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.rated_flow_decisions REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table rated_flow_decisions enable row level security;
create policy collector on rated_flow_decisions for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = rated_flow_decisions.account_id))));
create policy enterprise on rated_flow_decisions for select to qingliu_enterprise using (((account_id = ANY (ARRAY( SELECT h.account_id
   FROM account_holders h))) AND (EXISTS ( SELECT
   FROM account_holders h
  WHERE ((h.account_id = rated_flow_decisions.account_id) AND (((rated_flow_decisions.fee_month + '1 mon'::interval))::date > h.valid_from) AND ((h.valid_until IS NULL) OR (h.valid_until > rated_flow_decisions.fee_month)))))));
create policy program on rated_flow_decisions for all to qingliu_program using (true);
grant select on rated_flow_decisions to qingliu_collector;
grant select on rated_flow_decisions to qingliu_enterprise;

create table rates (
  schedule_id bigint not null,
  category_code text not null,
  price jsonb not null,
  valid_from date not null,
  valid_until date,
  constraint rates_pkey PRIMARY KEY (schedule_id, category_code),
  constraint rates_category_code_fkey FOREIGN KEY (category_code) REFERENCES price_categories(code),
  constraint rates_schedule_id_fkey FOREIGN KEY (schedule_id) REFERENCES rate_schedules(id),
  constraint rates_check CHECK ((valid_until > valid_from)),
  constraint rates_category_code_daterange_excl EXCLUDE USING gist (category_code WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.rates REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.rates FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.rates REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.rates FOR EACH ROW EXECUTE FUNCTION allow_one_end();
grant select on rates to qingliu_collector;
grant select on rates to qingliu_enterprise;
grant select on rates to qingliu_plant;

create table reading_endings (
  reading_id bigint not null,
  successor_id bigint,
  reason text default ''::text not null,
  command_id text not null,
  constraint reading_endings_pkey PRIMARY KEY (reading_id),
  constraint reading_endings_successor_id_key UNIQUE (successor_id),
  constraint reading_endings_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint reading_endings_reading_id_fkey FOREIGN KEY (reading_id) REFERENCES meter_readings(id),
  constraint reading_endings_successor_id_fkey FOREIGN KEY (successor_id) REFERENCES meter_readings(id),
  constraint reading_endings_check CHECK ((successor_id <> reading_id)),
  constraint withdrawn_with_reason CHECK (((successor_id IS NOT NULL) OR (reason <> ''::text)))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.reading_endings REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.reading_endings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.reading_endings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.reading_endings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table reading_endings enable row level security;
create policy collector on reading_endings for select to qingliu_collector using ((EXISTS ( SELECT
   FROM meter_readings r
  WHERE (r.id = reading_endings.reading_id))));
create policy enterprise on reading_endings for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM meter_readings r
  WHERE (r.id = reading_endings.reading_id))));
create policy program on reading_endings for all to qingliu_program using (true);
grant select on reading_endings to qingliu_collector;
grant select on reading_endings to qingliu_enterprise;

create table receipt_batches (
  id bigint generated always as identity not null,
  number_year integer not null,
  number integer not null,
  format text not null,
  encoding text not null,
  terms jsonb not null,
  request_count integer not null,
  file_digest text not null,
  exported_on date not null,
  command_id text not null,
  constraint receipt_batches_pkey PRIMARY KEY (id),
  constraint receipt_batches_number_year_number_key UNIQUE (number_year, number),
  constraint receipt_batches_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint receipt_batches_encoding_check CHECK ((encoding = ANY (ARRAY['utf-8'::text, 'gbk'::text]))),
  constraint receipt_batches_file_digest_check CHECK ((file_digest ~ '^[0-9a-f]{64}$'::text)),
  constraint receipt_batches_format_check CHECK ((format = ANY (ARRAY['csv'::text, 'xml'::text]))),
  constraint receipt_batches_number_check CHECK ((number > 0)),
  constraint receipt_batches_request_count_check CHECK ((request_count > 0))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.receipt_batches REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.receipt_batches FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.receipt_batches FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.receipt_batches REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table receipt_codes (
  receipt_id bigint not null,
  bill_code text collate "C" not null,
  bill_number text collate "C" not null,
  check_code text collate "C" not null,
  payment_code text collate "C" not null,
  command_id text not null,
  constraint receipt_codes_pkey PRIMARY KEY (receipt_id),
  constraint receipt_codes_bill_code_bill_number_key UNIQUE (bill_code, bill_number),
  constraint receipt_codes_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint receipt_codes_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES receipts(id),
  constraint receipt_codes_bill_code_check CHECK ((bill_code <> ''::text)),
  constraint receipt_codes_bill_number_check CHECK ((bill_number <> ''::text))
);
CREATE INDEX receipt_codes_by_number ON public.receipt_codes USING btree (bill_number);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.receipt_codes REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.receipt_codes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.receipt_codes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.receipt_codes REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table receipt_codes enable row level security;
create policy enterprise on receipt_codes for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM receipts r
  WHERE (r.id = receipt_codes.receipt_id))));
create policy program on receipt_codes for all to qingliu_program using (true);
grant select on receipt_codes to qingliu_enterprise;

create table receipt_events (
  id bigint generated always as identity not null,
  receipt_id bigint not null,
  event text not null,
  event_on date not null,
  batch_id bigint,
  import_id bigint,
  row_no integer,
  reason text default ''::text not null,
  command_id text not null,
  constraint receipt_events_pkey PRIMARY KEY (id),
  constraint receipt_events_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES receipt_batches(id),
  constraint receipt_events_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint receipt_events_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint receipt_events_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES receipts(id),
  constraint receipt_events_event_check CHECK ((event = ANY (ARRAY['requested'::text, 'void_requested'::text, 'reversal_requested'::text, 'refused'::text, 'issued'::text, 'paid'::text, 'sealed'::text, 'written_off'::text, 'voided'::text, 'reversed'::text]))),
  constraint requested_in_a_batch CHECK (((event = ANY (ARRAY['requested'::text, 'void_requested'::text, 'reversal_requested'::text])) = (batch_id IS NOT NULL))),
  constraint row_of_import CHECK (((import_id IS NULL) = (row_no IS NULL)))
);
CREATE UNIQUE INDEX receipt_event_once ON public.receipt_events USING btree (receipt_id, event) WHERE (event = ANY (ARRAY['issued'::text, 'paid'::text, 'sealed'::text, 'written_off'::text, 'voided'::text, 'reversed'::text]));
CREATE INDEX receipt_events_by_batch ON public.receipt_events USING btree (batch_id) WHERE (batch_id IS NOT NULL);
CREATE INDEX receipt_events_by_receipt ON public.receipt_events USING btree (receipt_id, id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.receipt_events REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.receipt_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.receipt_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.receipt_events REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table receipt_events enable row level security;
create policy enterprise on receipt_events for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM receipts r
  WHERE (r.id = receipt_events.receipt_id))));
create policy program on receipt_events for all to qingliu_program using (true);
grant select on receipt_events to qingliu_enterprise;

create table receipt_later_codes (
  receipt_id bigint not null,
  field text not null,
  code text collate "C" not null,
  import_id bigint not null,
  row_no integer not null,
  command_id text not null,
  constraint receipt_later_codes_pkey PRIMARY KEY (receipt_id, field),
  constraint receipt_later_codes_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint receipt_later_codes_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint receipt_later_codes_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES receipt_codes(receipt_id),
  constraint receipt_later_codes_code_check CHECK ((code <> ''::text)),
  constraint receipt_later_codes_field_check CHECK ((field = ANY (ARRAY['check_code'::text, 'payment_code'::text])))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.receipt_later_codes REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.receipt_later_codes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.receipt_later_codes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.receipt_later_codes REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table receipt_later_codes enable row level security;
create policy enterprise on receipt_later_codes for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM receipts r
  WHERE (r.id = receipt_later_codes.receipt_id))));
create policy program on receipt_later_codes for all to qingliu_program using (true);
grant select on receipt_later_codes to qingliu_enterprise;

create table receipt_parts (
  receipt_id bigint not null,
  part_no integer not null,
  bill_id bigint not null,
  line_no smallint not null,
  allocation_id bigint,
  amount numeric(16,2) not null,
  volume_m3 numeric(14,3) not null,
  unit_price text not null,
  constraint receipt_parts_pkey PRIMARY KEY (receipt_id, part_no),
  constraint receipt_parts_allocation_id_fkey FOREIGN KEY (allocation_id) REFERENCES allocations(id),
  constraint receipt_parts_bill_id_line_no_fkey FOREIGN KEY (bill_id, line_no) REFERENCES bill_lines(bill_id, line_no),
  constraint receipt_parts_receipt_id_fkey FOREIGN KEY (receipt_id) REFERENCES receipts(id),
  constraint receipt_parts_amount_check CHECK ((amount > (0)::numeric)),
  constraint receipt_parts_part_no_check CHECK ((part_no > 0))
);
CREATE INDEX receipt_parts_by_allocation ON public.receipt_parts USING btree (allocation_id) WHERE (allocation_id IS NOT NULL);
CREATE INDEX receipt_parts_by_bill ON public.receipt_parts USING btree (bill_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.receipt_parts REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.receipt_parts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.receipt_parts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER one_live_receipt AFTER INSERT ON public.receipt_parts REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION one_live_receipt();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.receipt_parts REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table receipt_parts enable row level security;
create policy enterprise on receipt_parts for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM receipts r
  WHERE (r.id = receipt_parts.receipt_id))));
create policy program on receipt_parts for all to qingliu_program using (true);
grant select on receipt_parts to qingliu_enterprise;

create table receipts (
  id bigint generated always as identity not null,
  number_year integer not null,
  number integer not null,
  kind text not null,
  discharger_id bigint not null,
  payment_id bigint,
  amount numeric(16,2) not null,
  drafted_on date not null,
  command_id text not null,
  constraint receipts_pkey PRIMARY KEY (id),
  constraint receipts_number_year_number_key UNIQUE (number_year, number),
  constraint receipts_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint receipts_discharger_id_fkey FOREIGN KEY (discharger_id) REFERENCES dischargers(id),
  constraint receipts_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id),
  constraint receipt_of_a_payment CHECK (((kind = 'receipt'::text) = (payment_id IS NOT NULL))),
  constraint receipts_amount_check CHECK ((amount > (0)::numeric)),
  constraint receipts_kind_check CHECK ((kind = ANY (ARRAY['notice'::text, 'receipt'::text]))),
  constraint receipts_number_check CHECK ((number > 0))
);
CREATE INDEX receipts_by_discharger ON public.receipts USING btree (discharger_id, id);
CREATE INDEX receipts_by_payment ON public.receipts USING btree (payment_id) WHERE (payment_id IS NOT NULL);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.receipts REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.receipts FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.receipts FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.receipts REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table receipts enable row level security;
create policy enterprise on receipts for select to qingliu_enterprise using ((discharger_id = ANY (( SELECT fenced_dischargers() AS fenced_dischargers)::bigint[])));
create policy program on receipts for all to qingliu_program using (true);
grant select on receipts to qingliu_enterprise;

create table reconciliation_cells (
  reconciliation_id bigint not null,
  fee_month date not null,
  category_code text not null,
  supply text not null,
  sold_m3 numeric(18,3) not null,
  billed_m3 numeric(18,3) not null,
  billed_amount numeric(18,2) not null,
  collected_amount numeric(18,2) not null,
  direct_amount numeric(18,2) not null,
  remitted_amount numeric(18,2) not null,
  confirmed_amount numeric(18,2) not null,
  constraint reconciliation_cells_pkey PRIMARY KEY (reconciliation_id, fee_month, category_code, supply),
  constraint reconciliation_cells_category_code_fkey FOREIGN KEY (category_code) REFERENCES price_categories(code),
  constraint reconciliation_cells_reconciliation_id_fkey FOREIGN KEY (reconciliation_id) REFERENCES reconciliations(id),
  constraint reconciliation_cells_fee_month_check CHECK ((EXTRACT(day FROM fee_month) = (1)::numeric)),
  constraint reconciliation_cells_supply_check CHECK ((supply = ANY (ARRAY['public'::text, 'own_source'::text])))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.reconciliation_cells REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.reconciliation_cells FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.reconciliation_cells FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reconciliation_is_closed AFTER INSERT ON public.reconciliation_cells REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_is_closed();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.reconciliation_cells REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table reconciliation_cells enable row level security;
create policy collector on reconciliation_cells for select to qingliu_collector using ((EXISTS ( SELECT
   FROM reconciliations r
  WHERE (r.id = reconciliation_cells.reconciliation_id))));
create policy program on reconciliation_cells for all to qingliu_program using (true);
grant select on reconciliation_cells to qingliu_collector;

create table reconciliation_returns (
  reconciliation_id bigint not null,
  returned_by bigint not null,
  reason text not null,
  command_id text not null,
  constraint reconciliation_returns_pkey PRIMARY KEY (reconciliation_id),
  constraint reconciliation_returns_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint reconciliation_returns_reconciliation_id_fkey FOREIGN KEY (reconciliation_id) REFERENCES reconciliations(id),
  constraint reconciliation_returns_returned_by_fkey FOREIGN KEY (returned_by) REFERENCES staff(id),
  constraint reconciliation_returns_reason_check CHECK ((reason <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.reconciliation_returns REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.reconciliation_returns FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.reconciliation_returns FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reconciliation_is_open BEFORE INSERT ON public.reconciliation_returns FOR EACH ROW EXECUTE FUNCTION reconciliation_is_open();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.reconciliation_returns REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table reconciliation_returns enable row level security;
create policy collector on reconciliation_returns for select to qingliu_collector using ((EXISTS ( SELECT
   FROM reconciliations r
  WHERE (r.id = reconciliation_returns.reconciliation_id))));
create policy program on reconciliation_returns for all to qingliu_program using (true);
grant select on reconciliation_returns to qingliu_collector;

create table reconciliation_signatures (
  reconciliation_id bigint not null,
  party text not null,
  drawn_by bigint not null,
  signed_by bigint not null,
  digest_seen text not null,
  signed_on date not null,
  command_id text not null,
  constraint reconciliation_signatures_pkey PRIMARY KEY (reconciliation_id, party),
  constraint reconciliation_signatures_reconciliation_id_signed_by_key UNIQUE (reconciliation_id, signed_by),
  constraint reconciliation_signatures_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint reconciliation_signatures_reconciliation_id_digest_seen_fkey FOREIGN KEY (reconciliation_id, digest_seen) REFERENCES reconciliations(id, content_digest),
  constraint reconciliation_signatures_reconciliation_id_drawn_by_fkey FOREIGN KEY (reconciliation_id, drawn_by) REFERENCES reconciliations(id, drawn_by),
  constraint reconciliation_signatures_signed_by_fkey FOREIGN KEY (signed_by) REFERENCES staff(id),
  constraint reconciliation_signatures_party_check CHECK ((party = ANY (ARRAY['collector'::text, 'bureau'::text, 'finance'::text]))),
  constraint two_persons CHECK ((signed_by <> drawn_by))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.reconciliation_signatures REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.reconciliation_signatures FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.reconciliation_signatures FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reconciliation_is_open BEFORE INSERT ON public.reconciliation_signatures FOR EACH ROW EXECUTE FUNCTION reconciliation_is_open();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.reconciliation_signatures REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table reconciliation_signatures enable row level security;
create policy collector on reconciliation_signatures for select to qingliu_collector using ((EXISTS ( SELECT
   FROM reconciliations r
  WHERE (r.id = reconciliation_signatures.reconciliation_id))));
create policy program on reconciliation_signatures for all to qingliu_program using (true);
grant select on reconciliation_signatures to qingliu_collector;

create table reconciliation_users (
  reconciliation_id bigint not null,
  side text not null,
  fee_month date not null,
  account_no text collate "C" not null,
  account_id bigint,
  volume_m3 numeric(16,3),
  amount numeric(16,2),
  constraint reconciliation_users_pkey PRIMARY KEY (reconciliation_id, side, fee_month, account_no),
  constraint reconciliation_users_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint reconciliation_users_reconciliation_id_fkey FOREIGN KEY (reconciliation_id) REFERENCES reconciliations(id),
  constraint reconciliation_users_side_check CHECK ((side = ANY (ARRAY['unknown_account'::text, 'read_not_billed'::text, 'billed_not_read'::text])))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.reconciliation_users REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.reconciliation_users FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.reconciliation_users FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reconciliation_is_closed AFTER INSERT ON public.reconciliation_users REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION reconciliation_is_closed();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.reconciliation_users REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table reconciliation_users enable row level security;
create policy collector on reconciliation_users for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = reconciliation_users.account_id))));
create policy program on reconciliation_users for all to qingliu_program using (true);
grant select on reconciliation_users to qingliu_collector;

create table reconciliations (
  id bigint generated always as identity not null,
  number_year integer not null,
  number integer not null,
  collector_id bigint not null,
  quarter_from date not null,
  content jsonb not null,
  content_digest text not null,
  drawn_on date not null,
  drawn_by bigint not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint reconciliations_pkey PRIMARY KEY (id),
  constraint reconciliations_id_content_digest_key UNIQUE (id, content_digest),
  constraint reconciliations_id_drawn_by_key UNIQUE (id, drawn_by),
  constraint reconciliations_number_year_number_key UNIQUE (number_year, number),
  constraint reconciliations_collector_id_fkey FOREIGN KEY (collector_id) REFERENCES collectors(id),
  constraint reconciliations_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint reconciliations_drawn_by_fkey FOREIGN KEY (drawn_by) REFERENCES staff(id),
  constraint drawn_after_its_quarter CHECK ((drawn_on >= (quarter_from + '3 mons'::interval))),
  constraint reconciliations_content_digest_check CHECK ((content_digest ~ '^[0-9a-f]{64}$'::text)),
  constraint reconciliations_number_check CHECK ((number > 0)),
  constraint reconciliations_quarter_from_check CHECK (((EXTRACT(day FROM quarter_from) = (1)::numeric) AND (EXTRACT(month FROM quarter_from) = ANY (ARRAY[(1)::numeric, (4)::numeric, (7)::numeric, (10)::numeric]))))
);
CREATE INDEX reconciliations_by_collector ON public.reconciliations USING btree (collector_id, quarter_from);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.reconciliations REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.reconciliations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.reconciliations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.reconciliations REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table reconciliations enable row level security;
create policy collector on reconciliations for select to qingliu_collector using ((collector_id = ANY (ARRAY( SELECT c.id
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation))))));
create policy program on reconciliations for all to qingliu_program using (true);
grant select on reconciliations to qingliu_collector;

create table referral_evidence (
  referral_id bigint not null,
  file_digest text not null,
  name text not null,
  constraint referral_evidence_pkey PRIMARY KEY (referral_id, file_digest),
  constraint referral_evidence_file_digest_fkey FOREIGN KEY (file_digest) REFERENCES stored_files(digest),
  constraint referral_evidence_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
  constraint referral_evidence_name_check CHECK ((name <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.referral_evidence REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.referral_evidence FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.referral_evidence FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.referral_evidence REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table referral_replies (
  id bigint generated always as identity not null,
  referral_id bigint not null,
  received_on date not null,
  document text not null,
  content text not null,
  command_id text not null,
  constraint referral_replies_pkey PRIMARY KEY (id),
  constraint referral_replies_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint referral_replies_referral_id_fkey FOREIGN KEY (referral_id) REFERENCES referrals(id),
  constraint referral_replies_content_check CHECK ((content <> ''::text)),
  constraint referral_replies_document_check CHECK ((document <> ''::text))
);
CREATE INDEX referral_replies_by_referral ON public.referral_replies USING btree (referral_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.referral_replies REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.referral_replies FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.referral_replies FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.referral_replies REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table referrals (
  id bigint generated always as identity not null,
  number text not null,
  sample_id bigint,
  accident_id bigint,
  recipient text not null,
  dated_on date not null,
  document_id bigint not null,
  proposal_id bigint not null,
  command_id text not null,
  limit_id bigint,
  period text,
  constraint referrals_pkey PRIMARY KEY (id),
  constraint referrals_accident_id_recipient_key UNIQUE (accident_id, recipient),
  constraint referrals_document_id_key UNIQUE (document_id),
  constraint referrals_number_key UNIQUE (number),
  constraint referrals_proposal_id_key UNIQUE (proposal_id),
  constraint referrals_sample_id_recipient_key UNIQUE (sample_id, recipient),
  constraint total_referred_once UNIQUE (limit_id, period, recipient),
  constraint referrals_accident_id_fkey FOREIGN KEY (accident_id) REFERENCES accidents(id),
  constraint referrals_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint referrals_document_id_fkey FOREIGN KEY (document_id) REFERENCES issued_documents(id),
  constraint referrals_limit_id_fkey FOREIGN KEY (limit_id) REFERENCES permitted_limits(id),
  constraint referrals_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint referrals_sample_id_fkey FOREIGN KEY (sample_id) REFERENCES samples(id),
  constraint of_one_matter CHECK ((num_nonnulls(sample_id, accident_id, limit_id) = 1)),
  constraint period_of_a_limit CHECK (((limit_id IS NULL) = (period IS NULL))),
  constraint referrals_number_check CHECK ((number <> ''::text)),
  constraint referrals_period_check CHECK ((period ~ '^\d{4}(-\d{2})?$'::text)),
  constraint referrals_recipient_check CHECK ((recipient <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.referrals REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.referrals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.referrals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.referrals REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER withdrawn_sample_stays_away BEFORE INSERT ON public.referrals FOR EACH ROW EXECUTE FUNCTION withdrawn_sample_stays_away();

create table refunds (
  id bigint generated always as identity not null,
  payment_id bigint not null,
  amount numeric(16,2) not null,
  refunded_on date not null,
  refunded_by text not null,
  evidence text not null,
  proposal_id bigint not null,
  command_id text not null,
  constraint refunds_pkey PRIMARY KEY (id),
  constraint refunds_proposal_id_key UNIQUE (proposal_id),
  constraint refunds_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint refunds_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id),
  constraint refunds_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint refunds_amount_check CHECK ((amount > (0)::numeric)),
  constraint refunds_evidence_check CHECK ((evidence <> ''::text)),
  constraint refunds_refunded_by_check CHECK ((refunded_by = ANY (ARRAY['collector'::text, 'treasury'::text])))
);
CREATE INDEX refunds_by_day ON public.refunds USING btree (refunded_on) WHERE (refunded_by = 'collector'::text);
CREATE INDEX refunds_by_payment ON public.refunds USING btree (payment_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.refunds REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.refunds FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.refunds FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.refunds REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table refunds enable row level security;
create policy collector on refunds for select to qingliu_collector using ((EXISTS ( SELECT
   FROM payments p
  WHERE (p.id = refunds.payment_id))));
create policy enterprise on refunds for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM payments p
  WHERE (p.id = refunds.payment_id))));
create policy program on refunds for all to qingliu_program using (true);
grant select on refunds to qingliu_collector;
grant select on refunds to qingliu_enterprise;

create table remittance_lines (
  statement_id bigint not null,
  kind text not null,
  source_id bigint not null,
  payment_id bigint,
  amount numeric(18,2) not null,
  event_on date not null,
  recorded_on date not null,
  constraint remittance_lines_pkey PRIMARY KEY (statement_id, kind, source_id),
  constraint remittance_lines_payment_id_fkey FOREIGN KEY (payment_id) REFERENCES payments(id),
  constraint remittance_lines_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES remittance_statements(id),
  constraint of_a_payment CHECK (((kind = ANY (ARRAY['payment'::text, 'reversal'::text, 'refund'::text])) = (payment_id IS NOT NULL))),
  constraint remittance_lines_kind_check CHECK ((kind = ANY (ARRAY['payment'::text, 'opening'::text, 'reversal'::text, 'refund'::text, 'carried'::text]))),
  constraint sign_follows_kind CHECK (
CASE
    WHEN (kind = ANY (ARRAY['payment'::text, 'opening'::text])) THEN (amount > (0)::numeric)
    ELSE (amount < (0)::numeric)
END)
);
CREATE INDEX remittance_lines_by_source ON public.remittance_lines USING btree (kind, source_id);
CREATE INDEX remittance_lines_in_order ON public.remittance_lines USING btree (statement_id, event_on, kind, source_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.remittance_lines REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.remittance_lines FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.remittance_lines FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER remittance_lines_are_facts AFTER INSERT ON public.remittance_lines REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION remittance_lines_are_facts();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.remittance_lines REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table remittance_lines enable row level security;
create policy collector on remittance_lines for select to qingliu_collector using ((EXISTS ( SELECT
   FROM remittance_statements s
  WHERE (s.id = remittance_lines.statement_id))));
create policy program on remittance_lines for all to qingliu_program using (true);
grant select on remittance_lines to qingliu_collector;

create table remittance_outcomes (
  statement_id bigint not null,
  outcome text not null,
  drawn_by bigint not null,
  reviewed_by bigint,
  decided_by bigint not null,
  decided_on date not null,
  reason text default ''::text not null,
  proposal_id bigint,
  command_id text not null,
  constraint remittance_outcomes_pkey PRIMARY KEY (statement_id),
  constraint remittance_outcomes_proposal_id_key UNIQUE (proposal_id),
  constraint remittance_outcomes_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint remittance_outcomes_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES staff(id),
  constraint remittance_outcomes_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint remittance_outcomes_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES staff(id),
  constraint remittance_outcomes_statement_id_drawn_by_fkey FOREIGN KEY (statement_id, drawn_by) REFERENCES remittance_statements(id, drawn_by),
  constraint remittance_outcomes_outcome_check CHECK ((outcome = ANY (ARRAY['approved'::text, 'returned'::text]))),
  constraint returned_with_reason CHECK (((outcome = 'approved'::text) OR (reason <> ''::text))),
  constraint three_persons CHECK (
CASE outcome
    WHEN 'returned'::text THEN ((decided_by <> drawn_by) OR ((reviewed_by IS NULL) AND (proposal_id IS NULL)))
    ELSE ((decided_by <> drawn_by) AND (reviewed_by IS NOT NULL) AND (reviewed_by <> drawn_by) AND (reviewed_by <> decided_by) AND (proposal_id IS NOT NULL))
END)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.remittance_outcomes REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.remittance_outcomes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.remittance_outcomes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.remittance_outcomes REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table remittance_outcomes enable row level security;
create policy collector on remittance_outcomes for select to qingliu_collector using ((EXISTS ( SELECT
   FROM remittance_statements s
  WHERE (s.id = remittance_outcomes.statement_id))));
create policy program on remittance_outcomes for all to qingliu_program using (true);
grant select on remittance_outcomes to qingliu_collector;

create table remittance_receipt_reversals (
  voucher_id bigint not null,
  confirmed_by bigint not null,
  reversed_by bigint not null,
  reversed_on date not null,
  reason text not null,
  command_id text not null,
  constraint remittance_receipt_reversals_pkey PRIMARY KEY (voucher_id),
  constraint remittance_receipt_reversals_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint remittance_receipt_reversals_reversed_by_fkey FOREIGN KEY (reversed_by) REFERENCES staff(id),
  constraint remittance_receipt_reversals_voucher_id_confirmed_by_fkey FOREIGN KEY (voucher_id, confirmed_by) REFERENCES remittance_voucher_outcomes(voucher_id, decided_by),
  constraint remittance_receipt_reversals_reason_check CHECK ((reason <> ''::text)),
  constraint two_persons CHECK ((reversed_by <> confirmed_by))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.remittance_receipt_reversals REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.remittance_receipt_reversals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.remittance_receipt_reversals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.remittance_receipt_reversals REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table remittance_receipt_reversals enable row level security;
create policy collector on remittance_receipt_reversals for select to qingliu_collector using ((EXISTS ( SELECT
   FROM remittance_vouchers v
  WHERE (v.id = remittance_receipt_reversals.voucher_id))));
create policy program on remittance_receipt_reversals for all to qingliu_program using (true);
grant select on remittance_receipt_reversals to qingliu_collector;

create table remittance_statements (
  id bigint generated always as identity not null,
  number_year integer not null,
  number integer not null,
  collector_id bigint not null,
  contract_id bigint,
  period_kind text not null,
  period_from date not null,
  period_until date not null,
  payment_mark bigint not null,
  line_count integer not null,
  collected_amount numeric(18,2) not null,
  late_amount numeric(18,2) not null,
  reversed_amount numeric(18,2) not null,
  refunded_amount numeric(18,2) not null,
  carried_amount numeric(18,2) not null,
  total_amount numeric(18,2) not null,
  declared_amount numeric(18,2) not null,
  difference_reason text,
  drawn_on date not null,
  drawn_by bigint not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint remittance_statements_pkey PRIMARY KEY (id),
  constraint remittance_statements_id_drawn_by_key UNIQUE (id, drawn_by),
  constraint remittance_statements_number_year_number_key UNIQUE (number_year, number),
  constraint remittance_statements_collector_id_fkey FOREIGN KEY (collector_id) REFERENCES collectors(id),
  constraint remittance_statements_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint remittance_statements_contract_id_fkey FOREIGN KEY (contract_id) REFERENCES collector_contracts(id),
  constraint remittance_statements_drawn_by_fkey FOREIGN KEY (drawn_by) REFERENCES staff(id),
  constraint difference_has_reason CHECK (((declared_amount = total_amount) OR (difference_reason <> ''::text))),
  constraint drawn_after_its_period CHECK ((drawn_on >= period_until)),
  constraint remittance_statements_carried_amount_check CHECK ((carried_amount <= (0)::numeric)),
  constraint remittance_statements_check CHECK ((period_until > period_from)),
  constraint remittance_statements_check1 CHECK (((late_amount >= (0)::numeric) AND (late_amount <= collected_amount))),
  constraint remittance_statements_collected_amount_check CHECK ((collected_amount >= (0)::numeric)),
  constraint remittance_statements_line_count_check CHECK ((line_count >= 0)),
  constraint remittance_statements_number_check CHECK ((number > 0)),
  constraint remittance_statements_period_kind_check CHECK ((period_kind = ANY (ARRAY['quarter'::text, 'month'::text]))),
  constraint remittance_statements_refunded_amount_check CHECK ((refunded_amount >= (0)::numeric)),
  constraint remittance_statements_reversed_amount_check CHECK ((reversed_amount >= (0)::numeric)),
  constraint statement_is_gross CHECK ((total_amount = (((collected_amount - reversed_amount) - refunded_amount) + carried_amount)))
);
CREATE INDEX remittance_statements_by_collector ON public.remittance_statements USING btree (collector_id, period_from);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.remittance_statements REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.remittance_statements FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.remittance_statements FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.remittance_statements REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE CONSTRAINT TRIGGER statement_adds_up AFTER INSERT ON public.remittance_statements DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION statement_adds_up();
alter table remittance_statements enable row level security;
create policy collector on remittance_statements for select to qingliu_collector using ((collector_id = ANY (ARRAY( SELECT c.id
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation))))));
create policy program on remittance_statements for all to qingliu_program using (true);
grant select on remittance_statements to qingliu_collector;

create table remittance_voucher_outcomes (
  voucher_id bigint not null,
  outcome text not null,
  submitted_by bigint not null,
  decided_by bigint not null,
  decided_on date not null,
  amount numeric(18,2),
  received_on date,
  treasury_reference text collate "C",
  revision smallint default 0 not null,
  reason text default ''::text not null,
  command_id text not null,
  constraint remittance_voucher_outcomes_pkey PRIMARY KEY (voucher_id),
  constraint remittance_voucher_outcomes_treasury_reference_revision_key UNIQUE (treasury_reference, revision),
  constraint remittance_voucher_outcomes_voucher_id_decided_by_key UNIQUE (voucher_id, decided_by),
  constraint remittance_voucher_outcomes_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint remittance_voucher_outcomes_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES staff(id),
  constraint remittance_voucher_outcomes_voucher_id_submitted_by_fkey FOREIGN KEY (voucher_id, submitted_by) REFERENCES remittance_vouchers(id, submitted_by),
  constraint confirmed_with_money CHECK (((outcome = 'confirmed'::text) = ((amount IS NOT NULL) AND (received_on IS NOT NULL) AND (treasury_reference IS NOT NULL)))),
  constraint rejected_with_reason CHECK (((outcome = 'confirmed'::text) OR (reason <> ''::text))),
  constraint remittance_voucher_outcomes_amount_check CHECK ((amount > (0)::numeric)),
  constraint remittance_voucher_outcomes_check CHECK ((received_on <= decided_on)),
  constraint remittance_voucher_outcomes_outcome_check CHECK ((outcome = ANY (ARRAY['confirmed'::text, 'rejected'::text]))),
  constraint remittance_voucher_outcomes_treasury_reference_check CHECK ((treasury_reference <> ''::text)),
  constraint two_persons CHECK ((decided_by <> submitted_by))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.remittance_voucher_outcomes REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.remittance_voucher_outcomes FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.remittance_voucher_outcomes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.remittance_voucher_outcomes REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table remittance_voucher_outcomes enable row level security;
create policy collector on remittance_voucher_outcomes for select to qingliu_collector using ((EXISTS ( SELECT
   FROM remittance_vouchers v
  WHERE (v.id = remittance_voucher_outcomes.voucher_id))));
create policy program on remittance_voucher_outcomes for all to qingliu_program using (true);
grant select on remittance_voucher_outcomes to qingliu_collector;

create table remittance_vouchers (
  id bigint generated always as identity not null,
  statement_id bigint not null,
  amount numeric(18,2) not null,
  paid_on date not null,
  bank_reference text collate "C" not null,
  file_digest text not null,
  difference_reason text,
  submitted_on date not null,
  submitted_by bigint not null,
  command_id text not null,
  constraint remittance_vouchers_pkey PRIMARY KEY (id),
  constraint remittance_vouchers_id_submitted_by_key UNIQUE (id, submitted_by),
  constraint remittance_vouchers_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint remittance_vouchers_file_digest_fkey FOREIGN KEY (file_digest) REFERENCES stored_files(digest),
  constraint remittance_vouchers_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES remittance_statements(id),
  constraint remittance_vouchers_submitted_by_fkey FOREIGN KEY (submitted_by) REFERENCES staff(id),
  constraint remittance_vouchers_amount_check CHECK ((amount > (0)::numeric)),
  constraint remittance_vouchers_bank_reference_check CHECK ((bank_reference <> ''::text)),
  constraint remittance_vouchers_check CHECK ((submitted_on >= paid_on)),
  constraint remittance_vouchers_difference_reason_check CHECK ((difference_reason <> ''::text))
);
CREATE INDEX remittance_vouchers_by_reference ON public.remittance_vouchers USING btree (bank_reference);
CREATE INDEX remittance_vouchers_by_statement ON public.remittance_vouchers USING btree (statement_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.remittance_vouchers REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.remittance_vouchers FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.remittance_vouchers FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.remittance_vouchers REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table remittance_vouchers enable row level security;
create policy collector on remittance_vouchers for select to qingliu_collector using ((EXISTS ( SELECT
   FROM remittance_statements s
  WHERE (s.id = remittance_vouchers.statement_id))));
create policy program on remittance_vouchers for all to qingliu_program using (true);
grant select on remittance_vouchers to qingliu_collector;

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
  constraint roster_entries_pkey PRIMARY KEY (version_id, collector_id, account_no)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.roster_entries REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.roster_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.roster_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER roster_is_frozen AFTER INSERT ON public.roster_entries REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION roster_is_frozen();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.roster_entries REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table roster_entries enable row level security;
create policy collector on roster_entries for select to qingliu_collector using ((collector_id = ANY (ARRAY( SELECT c.id
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation))))));
create policy program on roster_entries for all to qingliu_program using (true);
grant select on roster_entries to qingliu_collector;

create table roster_publications (
  version_id bigint not null,
  published_on date not null,
  command_id text not null,
  constraint roster_publications_pkey PRIMARY KEY (version_id),
  constraint roster_publications_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint roster_publications_version_id_fkey FOREIGN KEY (version_id) REFERENCES roster_versions(id)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.roster_publications REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.roster_publications FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.roster_publications FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.roster_publications REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
grant select on roster_publications to qingliu_collector;

create table roster_versions (
  id bigint generated by default as identity not null,
  version_no integer not null,
  as_of date not null,
  proposal_id bigint not null,
  account_count integer not null,
  digest text not null,
  constraint roster_versions_pkey PRIMARY KEY (id),
  constraint roster_versions_proposal_id_key UNIQUE (proposal_id),
  constraint roster_versions_version_no_key UNIQUE (version_no),
  constraint roster_versions_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint roster_versions_account_count_check CHECK ((account_count > 0)),
  constraint roster_versions_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text)),
  constraint roster_versions_version_no_check CHECK ((version_no > 0))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.roster_versions REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.roster_versions FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.roster_versions FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER roster_is_frozen AFTER INSERT ON public.roster_versions FOR EACH ROW EXECUTE FUNCTION roster_is_frozen();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.roster_versions REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
grant select on roster_versions to qingliu_collector;

create table sample_results (
  sample_id bigint not null,
  pollutant text not null,
  measured numeric,
  detection_limit numeric,
  unit text not null,
  method text not null,
  constraint sample_results_pkey PRIMARY KEY (sample_id, pollutant),
  constraint sample_results_pollutant_fkey FOREIGN KEY (pollutant) REFERENCES pollutants(code),
  constraint sample_results_sample_id_fkey FOREIGN KEY (sample_id) REFERENCES samples(id),
  constraint measured_or_below CHECK (((measured IS NOT NULL) OR (detection_limit IS NOT NULL))),
  constraint sample_results_detection_limit_check CHECK ((detection_limit > (0)::numeric)),
  constraint sample_results_measured_check CHECK ((measured > (0)::numeric)),
  constraint sample_results_method_check CHECK ((method <> ''::text)),
  constraint sample_results_unit_check CHECK ((unit <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.sample_results REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.sample_results FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.sample_results FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.sample_results REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table sample_results enable row level security;
create policy enterprise on sample_results for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM samples s
  WHERE (s.id = sample_results.sample_id))));
create policy program on sample_results for all to qingliu_program using (true);
grant select on sample_results to qingliu_enterprise;

create table sample_withdrawals (
  sample_id bigint not null,
  reason text not null,
  command_id text not null,
  constraint sample_withdrawals_pkey PRIMARY KEY (sample_id),
  constraint sample_withdrawals_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint sample_withdrawals_sample_id_fkey FOREIGN KEY (sample_id) REFERENCES samples(id),
  constraint sample_withdrawals_reason_check CHECK ((reason <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.sample_withdrawals REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.sample_withdrawals FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.sample_withdrawals FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER referred_sample_stays BEFORE INSERT ON public.sample_withdrawals FOR EACH ROW EXECUTE FUNCTION referred_sample_stays();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.sample_withdrawals REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table sample_withdrawals enable row level security;
create policy enterprise on sample_withdrawals for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM samples s
  WHERE (s.id = sample_withdrawals.sample_id))));
create policy program on sample_withdrawals for all to qingliu_program using (true);
grant select on sample_withdrawals to qingliu_enterprise;

create table samples (
  id bigint generated always as identity not null,
  outlet_id bigint not null,
  body text not null,
  sample_no text not null,
  source text not null,
  certificate_no text default ''::text not null,
  taken_on date not null,
  taken_at time without time zone,
  sampler text not null,
  day_volume_m3 numeric(14,3),
  report_no text default ''::text not null,
  evidence_digest text,
  import_id bigint,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint samples_pkey PRIMARY KEY (id),
  constraint samples_body_sample_no_key UNIQUE (body, sample_no),
  constraint samples_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint samples_evidence_digest_fkey FOREIGN KEY (evidence_digest) REFERENCES stored_files(digest),
  constraint samples_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint samples_outlet_id_fkey FOREIGN KEY (outlet_id) REFERENCES outlets(id),
  constraint qualified_by_certificate CHECK (((source <> 'qualified_body'::text) OR (certificate_no <> ''::text))),
  constraint samples_body_check CHECK ((body <> ''::text)),
  constraint samples_day_volume_m3_check CHECK ((day_volume_m3 >= (0)::numeric)),
  constraint samples_sample_no_check CHECK ((sample_no <> ''::text)),
  constraint samples_sampler_check CHECK ((sampler <> ''::text)),
  constraint samples_source_check CHECK ((source = ANY (ARRAY['plant'::text, 'qualified_body'::text, 'online'::text, 'supervision'::text])))
);
CREATE INDEX samples_by_day ON public.samples USING btree (taken_on, id);
CREATE INDEX samples_by_outlet ON public.samples USING btree (outlet_id, taken_on);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.samples REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.samples FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.samples FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.samples REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE CONSTRAINT TRIGGER sample_has_results AFTER INSERT ON public.samples DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION sample_has_results();
alter table samples enable row level security;
create policy enterprise on samples for select to qingliu_enterprise using ((EXISTS ( SELECT
   FROM outlets o
  WHERE (o.id = samples.outlet_id))));
create policy program on samples for all to qingliu_program using (true);
grant select on samples to qingliu_enterprise;

create table security_events (
  id bigint generated always as identity not null,
  event text not null,
  staff_id bigint,
  address text default ''::text not null,
  happened_at timestamp with time zone not null,
  session_ref text default ''::text not null,
  constraint security_events_pkey PRIMARY KEY (id),
  constraint security_events_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id),
  constraint security_events_event_check CHECK ((event = ANY (ARRAY['signed_in'::text, 'sign_in_failed'::text, 'sign_in_throttled'::text, 'second_factor_failed'::text, 'second_factor_set'::text, 'backup_code_used'::text, 'session_ended'::text])))
);
CREATE INDEX security_events_by_address ON public.security_events USING btree (address, happened_at);
CREATE INDEX security_events_by_staff ON public.security_events USING btree (staff_id, happened_at);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.security_events REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.security_events FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.security_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.security_events REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();

create table service_fee_claims (
  id bigint generated always as identity not null,
  plant_id bigint not null,
  month date not null,
  number_year integer not null,
  number integer not null,
  fee_amount numeric(16,2) not null,
  correction_amount numeric(16,2) not null,
  carried_amount numeric(16,2) not null,
  payable_amount numeric(16,2) not null,
  calculation jsonb not null,
  calculation_digest text not null,
  replaces bigint,
  replaces_step text,
  claimed_on date not null,
  command_id text not null,
  constraint service_fee_claims_pkey PRIMARY KEY (id),
  constraint service_fee_claims_id_payable_amount_key UNIQUE (id, payable_amount),
  constraint service_fee_claims_number_year_number_key UNIQUE (number_year, number),
  constraint service_fee_claims_replaces_key UNIQUE (replaces),
  constraint service_fee_claims_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint service_fee_claims_plant_id_fkey FOREIGN KEY (plant_id) REFERENCES organisations(id),
  constraint service_fee_claims_replaces_replaces_step_fkey FOREIGN KEY (replaces, replaces_step) REFERENCES service_fee_steps(claim_id, step),
  constraint nothing_below_zero_is_paid CHECK ((payable_amount = GREATEST((0)::numeric, ((fee_amount + correction_amount) + carried_amount)))),
  constraint replaces_what_was_returned CHECK (((replaces IS NULL) = (replaces_step IS NULL))),
  constraint service_fee_claims_carried_amount_check CHECK ((carried_amount <= (0)::numeric)),
  constraint service_fee_claims_fee_amount_check CHECK ((fee_amount >= (0)::numeric)),
  constraint service_fee_claims_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
  constraint service_fee_claims_number_check CHECK ((number > 0)),
  constraint service_fee_claims_replaces_step_check CHECK ((replaces_step = 'returned'::text))
);
CREATE UNIQUE INDEX service_fee_month_begins_once ON public.service_fee_claims USING btree (plant_id, month) WHERE (replaces IS NULL);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.service_fee_claims REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.service_fee_claims FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.service_fee_claims FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.service_fee_claims REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table service_fee_claims enable row level security;
create policy plant on service_fee_claims for select to qingliu_plant using ((plant_id = ( SELECT fenced_organisation() AS fenced_organisation)));
create policy program on service_fee_claims for all to qingliu_program using (true);
grant select on service_fee_claims to qingliu_plant;

create table service_fee_steps (
  claim_id bigint not null,
  step text not null,
  after_step text,
  person_id bigint not null,
  acted_on date not null,
  reason text default ''::text not null,
  reference text default ''::text not null,
  amount numeric(16,2),
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint service_fee_steps_pkey PRIMARY KEY (claim_id, step),
  constraint one_person_one_step UNIQUE (claim_id, person_id),
  constraint service_fee_steps_claim_id_after_step_key UNIQUE (claim_id, after_step),
  constraint service_fee_steps_claim_id_after_step_fkey FOREIGN KEY (claim_id, after_step) REFERENCES service_fee_steps(claim_id, step),
  constraint service_fee_steps_claim_id_amount_fkey FOREIGN KEY (claim_id, amount) REFERENCES service_fee_claims(id, payable_amount),
  constraint service_fee_steps_claim_id_fkey FOREIGN KEY (claim_id) REFERENCES service_fee_claims(id),
  constraint service_fee_steps_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint service_fee_steps_person_id_fkey FOREIGN KEY (person_id) REFERENCES staff(id),
  constraint paid_in_full CHECK (((step = ANY (ARRAY['paid'::text, 'reconciled'::text])) = ((amount IS NOT NULL) AND (amount > (0)::numeric)))),
  constraint paid_with_reference CHECK (((step <> ALL (ARRAY['paid'::text, 'reconciled'::text])) OR (reference <> ''::text))),
  constraint returned_with_reason CHECK (((step <> 'returned'::text) OR (reason <> ''::text))),
  constraint steps_in_order CHECK (COALESCE(
CASE step
    WHEN 'claimed'::text THEN (after_step IS NULL)
    WHEN 'reviewed'::text THEN (after_step = 'claimed'::text)
    WHEN 'approved'::text THEN (after_step = 'reviewed'::text)
    WHEN 'paid'::text THEN (after_step = 'approved'::text)
    WHEN 'reconciled'::text THEN (after_step = 'paid'::text)
    WHEN 'returned'::text THEN (after_step = ANY (ARRAY['claimed'::text, 'reviewed'::text, 'approved'::text]))
    ELSE NULL::boolean
END, false))
);
CREATE UNIQUE INDEX service_fee_voucher ON public.service_fee_steps USING btree (reference) WHERE (step = 'paid'::text);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.service_fee_steps REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.service_fee_steps FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.service_fee_steps FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.service_fee_steps REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table service_fee_steps enable row level security;
create policy plant on service_fee_steps for select to qingliu_plant using ((EXISTS ( SELECT
   FROM service_fee_claims c
  WHERE (c.id = service_fee_steps.claim_id))));
create policy program on service_fee_steps for all to qingliu_program using (true);
grant select on service_fee_steps to qingliu_plant;

create table settings (
  id bigint generated always as identity not null,
  name text not null,
  value jsonb not null,
  citation text not null,
  command_id text not null,
  recorded_at timestamp with time zone not null,
  constraint settings_pkey PRIMARY KEY (id),
  constraint settings_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint settings_citation_check CHECK ((citation <> ''::text))
);
CREATE INDEX settings_by_name ON public.settings USING btree (name, id DESC);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.settings REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.settings FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.settings FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.settings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
grant select on settings to qingliu_collector;
grant select on settings to qingliu_enterprise;
grant select on settings to qingliu_plant;

create table sign_in_credentials (
  id text not null,
  user_id text not null,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamp with time zone,
  refresh_token_expires_at timestamp with time zone,
  scope text,
  password text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint sign_in_credentials_pkey PRIMARY KEY (id),
  constraint sign_in_credentials_provider_id_account_id_key UNIQUE (provider_id, account_id),
  constraint sign_in_credentials_user_id_fkey FOREIGN KEY (user_id) REFERENCES sign_in_users(id) ON DELETE CASCADE
);
CREATE INDEX sign_in_credentials_by_user ON public.sign_in_credentials USING btree (user_id);

create table sign_in_second_factors (
  id text not null,
  user_id text not null,
  secret text not null,
  backup_codes text not null,
  verified boolean default true,
  failed_verification_count integer default 0,
  locked_until timestamp with time zone,
  constraint sign_in_second_factors_pkey PRIMARY KEY (id),
  constraint sign_in_second_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES sign_in_users(id) ON DELETE CASCADE
);
CREATE INDEX sign_in_second_factors_by_user ON public.sign_in_second_factors USING btree (user_id);

create table sign_in_sessions (
  id text not null,
  user_id text not null,
  token text not null,
  expires_at timestamp with time zone not null,
  ip_address text,
  user_agent text,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint sign_in_sessions_pkey PRIMARY KEY (id),
  constraint sign_in_sessions_token_key UNIQUE (token),
  constraint sign_in_sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES sign_in_users(id) ON DELETE CASCADE
);
CREATE INDEX sign_in_sessions_by_user ON public.sign_in_sessions USING btree (user_id);

create table sign_in_users (
  id text not null,
  staff_id bigint generated always as ((id)::bigint) stored,
  name text not null,
  email text not null,
  email_verified boolean default false not null,
  image text,
  username text,
  display_username text,
  two_factor_enabled boolean default false,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint sign_in_users_pkey PRIMARY KEY (id),
  constraint sign_in_users_email_key UNIQUE (email),
  constraint sign_in_users_username_key UNIQUE (username),
  constraint sign_in_users_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id),
  constraint sign_in_users_id_check CHECK ((id ~ '^[1-9][0-9]{0,17}$'::text))
);

create table sign_in_verifications (
  id text not null,
  identifier text not null,
  value text not null,
  expires_at timestamp with time zone not null,
  created_at timestamp with time zone default now() not null,
  updated_at timestamp with time zone default now() not null,
  constraint sign_in_verifications_pkey PRIMARY KEY (id)
);
CREATE INDEX sign_in_verifications_by_identifier ON public.sign_in_verifications USING btree (identifier);

create table sold_volume_declarations (
  collector_id bigint not null,
  fee_month date not null,
  category_code text not null,
  revision smallint not null,
  volume_m3 numeric(16,3) not null,
  document text not null,
  declared_on date not null,
  declared_by bigint not null,
  command_id text not null,
  constraint sold_volume_declarations_pkey PRIMARY KEY (collector_id, fee_month, category_code, revision),
  constraint sold_volume_declarations_category_code_fkey FOREIGN KEY (category_code) REFERENCES price_categories(code),
  constraint sold_volume_declarations_collector_id_fkey FOREIGN KEY (collector_id) REFERENCES collectors(id),
  constraint sold_volume_declarations_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint sold_volume_declarations_declared_by_fkey FOREIGN KEY (declared_by) REFERENCES staff(id),
  constraint sold_volume_declarations_check CHECK ((declared_on > fee_month)),
  constraint sold_volume_declarations_document_check CHECK ((document <> ''::text)),
  constraint sold_volume_declarations_fee_month_check CHECK ((EXTRACT(day FROM fee_month) = (1)::numeric)),
  constraint sold_volume_declarations_revision_check CHECK ((revision >= 0)),
  constraint sold_volume_declarations_volume_m3_check CHECK ((volume_m3 >= (0)::numeric))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.sold_volume_declarations REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.sold_volume_declarations FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.sold_volume_declarations FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.sold_volume_declarations REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table sold_volume_declarations enable row level security;
create policy collector on sold_volume_declarations for select to qingliu_collector using ((collector_id = ANY (ARRAY( SELECT c.id
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation))))));
create policy program on sold_volume_declarations for all to qingliu_program using (true);
grant select on sold_volume_declarations to qingliu_collector;

create table staff (
  id bigint generated always as identity not null,
  code text not null,
  name text not null,
  organisation_id bigint not null,
  certificate_no text,
  constraint staff_pkey PRIMARY KEY (id),
  constraint staff_code_key UNIQUE (code),
  constraint staff_organisation_id_fkey FOREIGN KEY (organisation_id) REFERENCES organisations(id),
  constraint staff_code_check CHECK ((code ~ '^[a-z0-9-]{2,40}$'::text)),
  constraint staff_name_check CHECK ((name <> ''::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.staff REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.staff FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.staff FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.staff REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
grant select (id, code, name, organisation_id, certificate_no) on staff to qingliu_collector;
grant select (id, code, name, organisation_id, certificate_no) on staff to qingliu_enterprise;
grant select (id, code, name, organisation_id, certificate_no) on staff to qingliu_plant;

create table staff_roles (
  id bigint generated always as identity not null,
  staff_id bigint not null,
  role text not null,
  valid_from date not null,
  valid_until date,
  constraint staff_roles_pkey PRIMARY KEY (id),
  constraint staff_roles_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES staff(id),
  constraint staff_roles_check CHECK ((valid_until >= valid_from)),
  constraint staff_roles_role_check CHECK ((role = ANY (ARRAY['administrator'::text, 'water_company_operator'::text, 'bureau_clerk'::text, 'bureau_approver'::text, 'brigade_officer'::text, 'plant_operator'::text, 'finance_officer'::text, 'bureau_head'::text, 'legal_reviewer'::text, 'hearing_host'::text, 'ecology_officer'::text, 'auditor'::text, 'enterprise_user'::text, 'scheduler'::text]))),
  constraint scheduler_is_one EXCLUDE USING gist (role WITH =, daterange(valid_from, valid_until) WITH &&) WHERE ((role = 'scheduler'::text)),
  constraint scheduler_stands_alone EXCLUDE USING gist (staff_id WITH =, (((role = 'scheduler'::text))::integer) WITH <>, daterange(valid_from, valid_until) WITH &&),
  constraint staff_roles_staff_id_role_daterange_excl EXCLUDE USING gist (staff_id WITH =, role WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.staff_roles REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER enterprise_stands_alone AFTER INSERT ON public.staff_roles REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION enterprise_stands_alone();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.staff_roles FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.staff_roles REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.staff_roles FOR EACH ROW EXECUTE FUNCTION allow_one_end();

create table stored_file_chunks (
  digest text not null,
  chunk_no integer not null,
  gzip_bytes bytea not null,
  constraint stored_file_chunks_pkey PRIMARY KEY (digest, chunk_no)
);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.stored_file_chunks FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.stored_file_chunks FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
alter table stored_file_chunks enable row level security;
create policy collector on stored_file_chunks for select to qingliu_collector using ((digest = ANY (ARRAY( SELECT v.file_digest
   FROM remittance_vouchers v))));
create policy enterprise on stored_file_chunks for select to qingliu_enterprise using (((digest = ANY (ARRAY( SELECT a.digest
   FROM filing_attachments a))) OR (EXISTS ( SELECT
   FROM issued_documents d
  WHERE (d.file_digest = stored_file_chunks.digest)))));
create policy program on stored_file_chunks for all to qingliu_program using (true);
grant select on stored_file_chunks to qingliu_collector;
grant select on stored_file_chunks to qingliu_enterprise;

create table stored_files (
  digest text not null,
  name text not null,
  byte_count bigint not null,
  chunk_count integer not null,
  recorded_at timestamp with time zone not null,
  constraint stored_files_pkey PRIMARY KEY (digest),
  constraint stored_files_byte_count_check CHECK ((byte_count >= 0)),
  constraint stored_files_chunk_count_check CHECK ((chunk_count >= 0)),
  constraint stored_files_digest_check CHECK ((digest ~ '^[0-9a-f]{64}$'::text))
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.stored_files REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.stored_files FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.stored_files FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.stored_files REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table stored_files enable row level security;
create policy collector on stored_files for select to qingliu_collector using ((digest = ANY (ARRAY( SELECT v.file_digest
   FROM remittance_vouchers v))));
create policy enterprise on stored_files for select to qingliu_enterprise using (((digest = ANY (ARRAY( SELECT a.digest
   FROM filing_attachments a))) OR (EXISTS ( SELECT
   FROM issued_documents d
  WHERE (d.file_digest = stored_files.digest)))));
create policy program on stored_files for all to qingliu_program using (true);
grant select on stored_files to qingliu_collector;
grant select on stored_files to qingliu_enterprise;

create table treasury_matches (
  import_id bigint not null,
  row_no integer not null,
  voucher_id bigint not null,
  amount numeric(18,2) not null,
  received_on date not null,
  treasury_reference text collate "C" not null,
  command_id text not null,
  constraint treasury_matches_pkey PRIMARY KEY (import_id, row_no),
  constraint once_in_a_file UNIQUE (import_id, voucher_id),
  constraint treasury_matches_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint treasury_matches_import_id_fkey FOREIGN KEY (import_id) REFERENCES imports(id),
  constraint treasury_matches_voucher_id_fkey FOREIGN KEY (voucher_id) REFERENCES remittance_vouchers(id)
);
CREATE INDEX treasury_matches_by_voucher ON public.treasury_matches USING btree (voucher_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.treasury_matches REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.treasury_matches FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.treasury_matches FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER one_receipt_for_a_voucher BEFORE INSERT ON public.treasury_matches FOR EACH ROW EXECUTE FUNCTION one_receipt_for_a_voucher();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.treasury_matches REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table treasury_matches enable row level security;
create policy collector on treasury_matches for select to qingliu_collector using ((EXISTS ( SELECT
   FROM remittance_vouchers v
  WHERE (v.id = treasury_matches.voucher_id))));
create policy program on treasury_matches for all to qingliu_program using (true);
grant select on treasury_matches to qingliu_collector;

create table volume_bases (
  id bigint generated always as identity not null,
  account_id bigint not null,
  basis text not null,
  rated_flow_m3_per_hour numeric,
  quota_m3_per_month numeric,
  outlet_id bigint,
  determination_no text,
  posted_from date,
  posted_until date,
  evidence text not null,
  clause text not null,
  valid_from date not null,
  valid_until date,
  proposal_id bigint not null,
  command_id text not null,
  constraint volume_bases_pkey PRIMARY KEY (id),
  constraint volume_bases_proposal_id_key UNIQUE (proposal_id),
  constraint volume_bases_account_id_fkey FOREIGN KEY (account_id) REFERENCES accounts(id),
  constraint volume_bases_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint volume_bases_outlet_id_fkey FOREIGN KEY (outlet_id) REFERENCES outlets(id),
  constraint volume_bases_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint discharge_was_determined CHECK (((basis <> 'actual_discharge'::text) OR ((outlet_id IS NOT NULL) AND (determination_no <> ''::text) AND (posted_from IS NOT NULL) AND (posted_until IS NOT NULL) AND (valid_from >= posted_until) AND (valid_until IS NOT NULL)))),
  constraint quota_has_quota CHECK (((basis <> 'construction_quota'::text) OR (quota_m3_per_month IS NOT NULL))),
  constraint rated_flow_has_flow CHECK (((basis <> 'rated_flow'::text) OR (rated_flow_m3_per_hour IS NOT NULL))),
  constraint volume_bases_basis_check CHECK ((basis = ANY (ARRAY['public_meter'::text, 'own_meter'::text, 'rated_flow'::text, 'actual_discharge'::text, 'construction_meter'::text, 'construction_quota'::text, 'exempt'::text]))),
  constraint volume_bases_check CHECK ((posted_until > posted_from)),
  constraint volume_bases_check1 CHECK ((valid_until > valid_from)),
  constraint volume_bases_clause_check CHECK ((clause <> ''::text)),
  constraint volume_bases_evidence_check CHECK ((evidence <> ''::text)),
  constraint volume_bases_quota_m3_per_month_check CHECK ((quota_m3_per_month > (0)::numeric)),
  constraint volume_bases_rated_flow_m3_per_hour_check CHECK ((rated_flow_m3_per_hour > (0)::numeric)),
  constraint volume_bases_account_id_daterange_excl EXCLUDE USING gist (account_id WITH =, daterange(valid_from, valid_until) WITH &&)
);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.volume_bases REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.volume_bases FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.volume_bases REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
CREATE TRIGGER validity_ends_once BEFORE DELETE OR UPDATE ON public.volume_bases FOR EACH ROW EXECUTE FUNCTION allow_one_end();
alter table volume_bases enable row level security;
create policy collector on volume_bases for select to qingliu_collector using ((EXISTS ( SELECT
   FROM accounts a
  WHERE (a.id = volume_bases.account_id))));
create policy enterprise on volume_bases for select to qingliu_enterprise using (((account_id = ANY (ARRAY( SELECT h.account_id
   FROM account_holders h))) AND (EXISTS ( SELECT
   FROM account_holders h
  WHERE ((h.account_id = volume_bases.account_id) AND ((volume_bases.valid_until IS NULL) OR (volume_bases.valid_until > h.valid_from)) AND ((h.valid_until IS NULL) OR (h.valid_until > volume_bases.valid_from)))))));
create policy program on volume_bases for all to qingliu_program using (true);
grant select on volume_bases to qingliu_collector;
grant select on volume_bases to qingliu_enterprise;

create table work_beats (
  work_id uuid not null,
  progress jsonb,
  beat_at timestamp with time zone not null,
  constraint work_beats_pkey PRIMARY KEY (work_id),
  constraint work_beats_work_id_fkey FOREIGN KEY (work_id) REFERENCES works(id)
);

create table work_ends (
  work_id uuid not null,
  outcome jsonb not null,
  ended_at timestamp with time zone not null,
  constraint work_ends_pkey PRIMARY KEY (work_id),
  constraint work_ends_work_id_fkey FOREIGN KEY (work_id) REFERENCES works(id)
);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.work_ends FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.work_ends FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table works (
  id uuid not null,
  command_id text not null,
  actor text not null,
  route text not null,
  input jsonb not null,
  input_digest text not null,
  file_name text,
  byte_count bigint,
  started_at timestamp with time zone not null,
  constraint works_pkey PRIMARY KEY (id),
  constraint works_command_id_check CHECK (((length(command_id) >= 8) AND (length(command_id) <= 200)))
);
CREATE INDEX works_by_command ON public.works USING btree (command_id);
CREATE INDEX works_newest ON public.works USING btree (started_at DESC, id DESC);
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.works FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.works FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

create table write_offs (
  bill_id bigint not null,
  collector_id bigint not null,
  amount numeric(16,2) not null,
  volume_m3 numeric(16,3) not null,
  ground text not null,
  evidence text not null,
  confirmed_on date not null,
  proposal_id bigint not null,
  command_id text not null,
  constraint write_offs_pkey PRIMARY KEY (bill_id),
  constraint write_offs_proposal_id_key UNIQUE (proposal_id),
  constraint write_offs_bill_id_fkey FOREIGN KEY (bill_id) REFERENCES bills(id),
  constraint write_offs_collector_id_fkey FOREIGN KEY (collector_id) REFERENCES collectors(id),
  constraint write_offs_command_id_fkey FOREIGN KEY (command_id) REFERENCES commands(command_id),
  constraint write_offs_proposal_id_fkey FOREIGN KEY (proposal_id) REFERENCES proposals(id),
  constraint write_offs_amount_check CHECK ((amount > (0)::numeric)),
  constraint write_offs_evidence_check CHECK ((evidence <> ''::text)),
  constraint write_offs_ground_check CHECK ((ground = ANY (ARRAY['bankrupt'::text, 'closed'::text, 'untraceable'::text, 'court_ended'::text, 'other'::text]))),
  constraint write_offs_volume_m3_check CHECK ((volume_m3 >= (0)::numeric))
);
CREATE INDEX write_offs_by_collector ON public.write_offs USING btree (collector_id);
CREATE TRIGGER changes_are_digested AFTER UPDATE ON public.write_offs REFERENCING OLD TABLE AS removed NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_changed();
CREATE TRIGGER facts_stay BEFORE DELETE OR UPDATE ON public.write_offs FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER facts_stay_whole BEFORE TRUNCATE ON public.write_offs FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rows_are_digested AFTER INSERT ON public.write_offs REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION digest_added();
alter table write_offs enable row level security;
create policy collector on write_offs for select to qingliu_collector using ((collector_id = ANY (ARRAY( SELECT c.id
   FROM collectors c
  WHERE (c.organisation_id = ( SELECT fenced_organisation() AS fenced_organisation))))));
create policy program on write_offs for all to qingliu_program using (true);
grant select on write_offs to qingliu_collector;

CREATE OR REPLACE FUNCTION public.allow_one_end()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and old.valid_until is null and new.valid_until is not null
     and to_jsonb(old) - 'valid_until' = to_jsonb(new) - 'valid_until' then
    return new;
  end if;
  raise exception 'the validity in % can only be ended, once', tg_table_name using errcode = 'QL002';
end $function$;

CREATE OR REPLACE FUNCTION public.check_code(paper text)
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'public'
AS $function$
declare
  party constant text := current_setting('role');
  letters constant text := 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  padded bytea;
  inside bytea;
  outside bytea;
  digest bytea;
begin
  if party in ('qingliu_enterprise', 'qingliu_collector', 'qingliu_plant') and not exists (
    select from bills b join accounts a on a.id = b.account_id join collectors k on k.id = a.collector_id
    where b.id = case when paper ~ '^\d{4}-\d{6,8}$'
        then split_part(paper, '-', 1)::bigint * 100000000 + split_part(paper, '-', 2)::bigint end
      and case party when 'qingliu_enterprise' then b.discharger_id = any (fenced_dischargers())
        when 'qingliu_collector' then k.organisation_id = fenced_organisation() else false end) then
    return null;
  end if;
  -- HMAC-SHA256 (RFC 2104) of the paper's name; the key has 32 bytes, a block 64.
  select key || decode(repeat('00', 32), 'hex') into strict padded from check_keys;
  inside := padded;
  outside := padded;
  for at in 0..63 loop
    inside := set_byte(inside, at, get_byte(padded, at) # 54);
    outside := set_byte(outside, at, get_byte(padded, at) # 92);
  end loop;
  digest := sha256(outside || sha256(inside || convert_to(paper, 'UTF8')));
  return (select string_agg(substr(letters, get_byte(digest, at) % 32 + 1, 1), '' order by at) from generate_series(0, 7) at);
end $function$;

CREATE OR REPLACE FUNCTION public.closing_ends_all()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.command_at_work()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('qingliu.command', true), '') $function$;

CREATE OR REPLACE FUNCTION public.command_begins()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform set_config('qingliu.command', new.command_id, true);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.contract_outlives_its_statements()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  needed date;
begin
  select max(s.period_until) into needed from remittance_statements s
    where s.contract_id = new.id and not exists (
      select from remittance_outcomes o where o.statement_id = s.id and o.outcome = 'returned');
  if needed > new.valid_until then
    raise exception 'contract % is of statements until %', new.contract_no, needed using errcode = 'QL042', detail = needed::text;
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.credit_code_is_valid(code text)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.declare_account_life(table_name regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('create trigger within_account_life after insert on %s referencing new table as changed
    for each statement execute function within_account_life()', table_name);
end $function$;

CREATE OR REPLACE FUNCTION public.declare_facts(table_name regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('create trigger facts_stay before update or delete on %s for each row execute function refuse_change()', table_name);
  execute format('create trigger facts_stay_whole before truncate on %s for each statement execute function refuse_change()', table_name);
  perform digest_rows_of(table_name);
end $function$;

CREATE OR REPLACE FUNCTION public.declare_validity(table_name regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('create trigger validity_ends_once before update or delete on %s for each row execute function allow_one_end()', table_name);
  execute format('create trigger facts_stay_whole before truncate on %s for each statement execute function refuse_change()', table_name);
  perform digest_rows_of(table_name);
end $function$;

CREATE OR REPLACE FUNCTION public.digest_added()
 RETURNS trigger
 LANGUAGE plpgsql
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
AS $function$
begin
  insert into fact_digests (command_id, origin, table_name, added)
    select command_at_work(), origin_at_work(), tg_table_name, string_agg(row_digest(a::text), ''::bytea)
    from added a having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.digest_again(counted regclass)
 RETURNS void
 LANGUAGE plpgsql
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
AS $function$
declare
  plain_name text;
begin
  select relname into plain_name from pg_class where oid = counted;
  execute format($sql$
    insert into fact_digests (command_id, origin, table_name, added, restarts)
      select command_at_work(), origin_at_work(), %L, coalesce(string_agg(row_digest(t::text), ''::bytea), ''), true from %s t
    $sql$, plain_name, counted);
end $function$;

CREATE OR REPLACE FUNCTION public.digest_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET "TimeZone" TO 'UTC'
 SET "DateStyle" TO 'ISO, YMD'
 SET bytea_output TO 'hex'
 SET extra_float_digits TO '1'
AS $function$
begin
  insert into fact_digests (command_id, origin, table_name, added, removed)
    select command_at_work(), origin_at_work(), tg_table_name, string_agg(row_digest(a.content), ''::bytea),
      (select string_agg(row_digest(r::text), ''::bytea) from removed r)
    from (select a::text as content from added a) a having count(*) > 0;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.digest_rows_of(watched regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('create trigger rows_are_digested after insert on %s referencing new table as added
    for each statement execute function digest_added()', watched);
  execute format('create trigger changes_are_digested after update on %s referencing old table as removed new table as added
    for each statement execute function digest_changed()', watched);
  perform digest_again(watched);
end $function$;

CREATE OR REPLACE FUNCTION public.enterprise_stands_alone()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from added a join staff s on s.id = a.staff_id join organisations o on o.id = s.organisation_id
      where (o.kind = 'enterprise') <> (a.role = 'enterprise_user')) then
    raise exception 'people of enterprises are enterprise users, and nobody else is' using errcode = 'QL030';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.entry_balances()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  checked_entry bigint;
  total numeric;
  lines integer;
begin
  if tg_table_name = 'postings' then checked_entry := new.entry_id; else checked_entry := new.id; end if;
  select sum(amount), count(*) into total, lines from postings where entry_id = checked_entry;
  if lines < 2 or total <> 0 then
    raise exception 'journal entry % does not balance: % lines, sum %', checked_entry, lines, total using errcode = 'QL004';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.entry_is_closed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  closed bigint;
begin
  select e.id into closed from journal_entries e
    where e.id in (select distinct entry_id from added) and e.xmin <> pg_current_xact_id()::xid limit 1;
  if closed is not null then
    raise exception 'journal entry % is closed: nothing joins it afterwards', closed using errcode = 'QL009';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.fee_claim_adds_up()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.amount is distinct from (select sum(amount) from collection_fee_lines where claim_id = new.id) then
    raise exception 'claim % does not add up', new.id using errcode = 'QL025';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.fenced_dischargers()
 RETURNS bigint[]
 LANGUAGE sql
 STABLE
AS $function$ select string_to_array(nullif(current_setting('qingliu.dischargers', true), ''), ',')::bigint[] $function$;

CREATE OR REPLACE FUNCTION public.fenced_organisation()
 RETURNS bigint
 LANGUAGE sql
 STABLE
AS $function$ select nullif(current_setting('qingliu.organisation', true), '')::bigint $function$;

CREATE OR REPLACE FUNCTION public.grounds_of_reading(reading bigint)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$ select coalesce(c.input->>'evidence', c.input->>'reason')
    from meter_readings r join commands c on c.command_id = r.command_id where r.id = reading $function$;

CREATE OR REPLACE FUNCTION public.head_follows_its_event()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and new.seq = old.seq + 1
    and exists (select from audit_events e where e.seq = new.seq and e.hash = new.hash and e.previous_hash = old.hash) then
    return new;
  end if;
  raise exception 'the head of the audit chain only follows its events' using errcode = 'QL014';
end $function$;

CREATE OR REPLACE FUNCTION public.import_is_closed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from import_results r where r.import_id in (select distinct import_id from added)) then
    raise exception 'an import with a result takes no further rows' using errcode = 'QL008';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.issue_adds_up()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  found record;
  unequal bigint;
begin
  select count(*) as bills, coalesce(sum(total_amount), 0) as amount, min(number) as first, max(number) as last
    into found from bills where issue_id = new.id;
  if found.bills <> new.bill_count or found.amount <> new.total_amount
     -- opening bills keep the numbers they had, of which only the unpaid ones come over
     or new.kind <> 'opening' and (found.first <> new.first_number or found.last <> new.first_number + new.bill_count - 1) then
    raise exception 'issue % does not add up: % bills, %', new.id, found.bills, found.amount using errcode = 'QL006';
  end if;
  select b.id into unequal from bills b
    left join (select l.bill_id, sum(l.amount) as amount, sum(l.volume_m3) as volume
               from bill_lines l join bills lb on lb.id = l.bill_id where lb.issue_id = new.id group by l.bill_id) lines on lines.bill_id = b.id
    where b.issue_id = new.id and (lines.amount is distinct from b.total_amount) limit 1;
  if unequal is not null then
    raise exception 'bill % does not equal the sum of its lines', unequal using errcode = 'QL006';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.issue_is_closed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  closed bigint;
begin
  if tg_table_name = 'bills' then
    select i.id into closed from bill_issues i
      where i.id in (select distinct issue_id from added) and i.xmin <> pg_current_xact_id()::xid limit 1;
  else
    select i.id into closed from bill_issues i
      where i.id in (
          select distinct b.issue_id from (select distinct bill_id from added) a
            cross join lateral (select issue_id from bills where id = a.bill_id limit 1) b)
        and i.xmin <> pg_current_xact_id()::xid limit 1;
  end if;
  if closed is not null then
    raise exception 'issue % is closed: nothing joins it afterwards', closed using errcode = 'QL007';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.leave_undigested(watched regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('drop trigger rows_are_digested on %s', watched);
  execute format('drop trigger changes_are_digested on %s', watched);
end $function$;

CREATE OR REPLACE FUNCTION public.letter_pairs(words text)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select coalesce(array_agg(distinct substr(lower(words), place, 2)), '{}') from generate_series(1, length(words) - 1) as place
$function$;

CREATE OR REPLACE FUNCTION public.numbers_only_rise()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_op = 'UPDATE' and new.kind = old.kind and new.year = old.year and new.last_number > old.last_number then
    return new;
  end if;
  raise exception 'a number sequence only rises' using errcode = 'QL003';
end $function$;

CREATE OR REPLACE FUNCTION public.objection_answered_by_another()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (
    select from objections o join commands received on received.command_id = o.command_id
      join commands answered on answered.command_id = new.command_id
    where o.id = new.objection_id and received.actor_id = answered.actor_id
  ) then
    raise exception 'objection % is answered by who received it', new.objection_id
      using errcode = 'check_violation', constraint = 'two_persons';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.one_live_receipt()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  twice record;
begin
  select a.receipt_id, a.bill_id into twice
    from added a join receipt_parts p on p.receipt_id <> a.receipt_id and case when a.allocation_id is not null
        then p.allocation_id = a.allocation_id else p.allocation_id is null and p.bill_id = a.bill_id end
    where not exists (select from receipt_events e where e.receipt_id = p.receipt_id and e.event in ('voided', 'reversed')) limit 1;
  if found then
    raise exception 'bill % has a live receipt for this part', twice.bill_id using errcode = 'QL029';
  end if;
  select r.id, r.amount into twice from receipts r join added a on a.receipt_id = r.id
    group by r.id, r.amount having r.amount <> sum(a.amount) limit 1;
  if found then
    raise exception 'receipt % does not add up', twice.id using errcode = 'QL029';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.one_receipt_for_a_voucher()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  other record;
begin
  if exists (select from remittance_vouchers v left join remittance_voucher_outcomes o on o.voucher_id = v.id
      where v.id = new.voucher_id and new.treasury_reference in (v.bank_reference, o.treasury_reference)) then
    return new;
  end if;
  perform from remittance_vouchers where id = new.voucher_id for update;
  select m.import_id, m.row_no into other from treasury_matches m
    where m.voucher_id = new.voucher_id and (m.treasury_reference, m.received_on) <> (new.treasury_reference, new.received_on) limit 1;
  if found then
    raise exception 'voucher % was matched with row % of import %', new.voucher_id, other.row_no, other.import_id
      using errcode = 'QL041';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.origin_at_work()
 RETURNS text
 LANGUAGE sql
 STABLE
AS $function$ select case when nullif(current_setting('qingliu.command', true), '') is null
    then nullif(current_setting('qingliu.origin', true), '') end $function$;

CREATE OR REPLACE FUNCTION public.overdue_list_adds_up()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (select (count(*), coalesce(sum(outstanding_amount), 0)) from overdue_list_lines where list_id = new.id)
    is distinct from (new.bill_count::bigint, new.total_amount) then
    raise exception 'the overdue list of % is not the sum of its lines', new.as_of using errcode = 'QL142';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.overdue_list_is_closed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if exists (select from overdue_lists l join audit_events e on e.command_id = l.command_id
    where l.id in (select distinct list_id from added)) then
    raise exception 'an overdue list that was made takes no further lines' using errcode = 'QL143';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.paper_served_on(issuing text)
 RETURNS date
 LANGUAGE sql
 STABLE
AS $function$
  select min((s.particulars ->> 'servedOn')::date)
  from (
    select o.id as order_id, null::bigint as case_id, 0 as seq, 'order_served' as service
    from orders_to_pay o where o.command_id = issuing
    union all
    select i.order_id, i.case_id, i.seq,
      case i.step when 'notice_issued' then 'notice_served' when 'decided' then 'decision_served' when 'demand_issued' then 'demand_served' end
    from enforcement_steps i where i.command_id = issuing
  ) paper
  join enforcement_steps s on s.order_id = paper.order_id and s.case_id is not distinct from paper.case_id
    and s.step = paper.service and s.seq > paper.seq
$function$;

CREATE OR REPLACE FUNCTION public.plain_certificate(typed text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
AS $function$
  select regexp_replace(upper(normalize(typed, nfkc)), '[[:space:][:punct:]]', '', 'g')
$function$;

CREATE OR REPLACE FUNCTION public.rebill_follows_red()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not exists (select from bills red where red.corrects_bill_id = new.corrects_bill_id and red.kind = 'red')
     or not exists (select from bills former where former.id = new.corrects_bill_id and former.account_id = new.account_id
                    and former.fee_month = new.fee_month and former.generation < new.generation) then
    raise exception 'a rebill follows the full negative of the bill before it' using errcode = 'QL005';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.reconciliation_is_closed()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  closed bigint;
begin
  select r.id into closed from reconciliations r
    where r.id in (select distinct reconciliation_id from added) and r.xmin <> pg_current_xact_id()::xid limit 1;
  if found then
    raise exception 'reconciliation % is closed: nothing joins it afterwards', closed using errcode = 'QL027';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.reconciliation_is_open()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform from reconciliations where id = new.reconciliation_id for update;
  if exists (select from reconciliation_returns r where r.reconciliation_id = new.reconciliation_id) then
    raise exception 'reconciliation % was returned', new.reconciliation_id using errcode = 'QL026';
  end if;
  if tg_table_name = 'reconciliation_returns'
     and (select count(*) = 3 from reconciliation_signatures s where s.reconciliation_id = new.reconciliation_id) then
    raise exception 'reconciliation % is frozen', new.reconciliation_id using errcode = 'QL026';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.referred_sample_stays()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform from samples where id = new.sample_id for update;
  if exists (select from referrals r where r.sample_id = new.sample_id) then
    raise exception 'a sample that was referred is not withdrawn' using errcode = 'QL182';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'rows of % are facts: they are added, never changed or removed', tg_table_name using errcode = 'QL001';
end $function$;

CREATE OR REPLACE FUNCTION public.remittance_lines_are_facts()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  wrong record;
begin
  select s.id into wrong from remittance_statements s
    where s.id in (select distinct statement_id from added) and s.xmin <> pg_current_xact_id()::xid limit 1;
  if found then
    raise exception 'statement % is closed: nothing joins it afterwards', wrong.id using errcode = 'QL021';
  end if;
  select a.kind, a.source_id into wrong
    from added a join remittance_statements s on s.id = a.statement_id left join payments p on p.id = a.payment_id
      left join payment_reversals v on a.kind = 'reversal' and v.payment_id = a.payment_id
      left join refunds r on a.kind = 'refund' and r.id = a.source_id
      left join opening_held_money o on a.kind = 'opening' and o.id = a.source_id
      left join remittance_statements f on a.kind = 'carried' and f.id = a.source_id
    where not coalesce(a.event_on < s.period_until and case a.kind
      when 'carried' then f.collector_id = s.collector_id and f.period_until < s.period_until
      when 'opening' then o.collector_id = s.collector_id and o.amount = a.amount and o.paid_on = a.event_on
      else p.channel = 'collector' and p.collector_id = s.collector_id and case a.kind
        when 'payment' then p.id = a.source_id and p.amount = a.amount and p.paid_on = a.event_on and p.id <= s.payment_mark
        when 'reversal' then p.id = a.source_id and p.amount = -a.amount and v.reversed_on = a.event_on
        else r.payment_id = p.id and r.refunded_by = 'collector' and r.amount = -a.amount and r.refunded_on = a.event_on end
      end, false) limit 1;
  if found then
    raise exception 'line % % is no fact of its collector and period', wrong.kind, wrong.source_id using errcode = 'QL022';
  end if;
  select a.kind, a.source_id into wrong
    from added a join remittance_lines l on l.kind = a.kind and l.source_id = a.source_id and l.statement_id <> a.statement_id
    where a.kind <> 'carried'
      and not exists (select from remittance_outcomes o where o.statement_id = l.statement_id and o.outcome = 'returned') limit 1;
  if found then
    raise exception '% % was taken by another statement', wrong.kind, wrong.source_id using errcode = 'QL023';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.removal_has_reading()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.retry_follows_parked()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.round > 0 and not exists (select from job_outcomes o
    where o.job = new.job and o.due_at = new.due_at and o.round = new.round - 1 and o.outcome = 'parked') then
    raise exception 'only a parked round is tried again' using errcode = 'QL141';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.revision_ends_the_one_before()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.roster_is_frozen()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_table_name = 'roster_entries' then
    if exists (select from roster_versions v where v.id in (select distinct version_id from added)) then
      raise exception 'a frozen roster takes no further entries' using errcode = 'QL013';
    end if;
  elsif new.account_count <> (select count(*) from roster_entries e where e.version_id = new.id) then
    raise exception 'roster version % does not have % entries', new.id, new.account_count using errcode = 'QL013';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.row_digest(content text)
 RETURNS bytea
 LANGUAGE sql
 STABLE
AS $function$ select substr(sha256(convert_to(content, 'UTF8')), 1, 16) $function$;

CREATE OR REPLACE FUNCTION public.sample_has_results()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if not exists (select from sample_results r where r.sample_id = new.id) then
    raise exception 'sample % has no result', new.sample_no using errcode = 'QL181';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.service_fee_stays_apart()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  mixed bigint;
begin
  select a.entry_id into mixed from added a join postings p on p.entry_id = a.entry_id
    where starts_with(a.account_code, 'service_fee_') <> starts_with(p.account_code, 'service_fee_') limit 1;
  if mixed is not null then
    raise exception 'journal entry % mixes the service fee with other money', mixed using errcode = 'QL024';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.settlement_adds_up()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if (new.due_amount, new.remitted_amount, new.direct_amount, new.balance_amount) is distinct from
     (select (coalesce(sum(due_amount), 0), coalesce(sum(remitted_amount), 0), coalesce(sum(direct_amount), 0), coalesce(sum(balance_amount), 0))
        from annual_settlement_lines where settlement_id = new.id) then
    raise exception 'annual settlement % does not add up', new.id using errcode = 'QL028';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.shares_are_the_whole()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.show_all(party text, watched regclass)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('grant select on %s to %I', watched, 'qingliu_' || party);
end $function$;

CREATE OR REPLACE FUNCTION public.show_rows(party text, watched regclass, condition text)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
begin
  execute format('alter table %s enable row level security', watched);
  if not exists (select from pg_policy where polrelid = watched and polname = 'program') then
    execute format('create policy program on %s to qingliu_program using (true) with check (true)', watched);
  end if;
  execute format('create policy %I on %s for select to %I using (%s)', party, watched, 'qingliu_' || party, condition);
  execute format('grant select on %s to %I', watched, 'qingliu_' || party);
end $function$;

CREATE OR REPLACE FUNCTION public.statement_adds_up()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  f record;
begin
  select count(*) as lines,
      coalesce(sum(amount) filter (where kind in ('payment', 'opening')), 0) as collected,
      coalesce(sum(amount) filter (where kind in ('payment', 'opening') and event_on < new.period_from), 0) as late,
      coalesce(-sum(amount) filter (where kind = 'reversal'), 0) as reversed,
      coalesce(-sum(amount) filter (where kind = 'refund'), 0) as refunded,
      coalesce(sum(amount) filter (where kind = 'carried'), 0) as carried
    into f from remittance_lines where statement_id = new.id;
  if (f.lines, f.collected, f.late, f.reversed, f.refunded, f.carried) is distinct from
     (new.line_count::bigint, new.collected_amount, new.late_amount, new.reversed_amount, new.refunded_amount, new.carried_amount) then
    raise exception 'statement % does not add up', new.id using errcode = 'QL024';
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.step_follows()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  last integer;
begin
  select coalesce(max(seq), 0) into last from enforcement_steps
    where order_id = new.order_id and case_id is not distinct from new.case_id;
  if new.seq <> last + 1 then
    raise exception 'step % does not follow step % of its log', new.seq, last using errcode = 'QL020';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.withdrawn_sample_stays_away()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform from samples where id = new.sample_id for update;
  if exists (select from sample_withdrawals w where w.sample_id = new.sample_id) then
    raise exception 'a withdrawn sample is not referred' using errcode = 'QL183';
  end if;
  return new;
end $function$;

CREATE OR REPLACE FUNCTION public.within_account_life()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$;
