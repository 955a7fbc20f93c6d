-- What the database itself shows to a party. Whoever sees their own data alone is read for in a role of the database that
-- owns nothing and sees, of each table, what is theirs: an error in a query then shows too little, never too much. (It is
-- no wall against SQL that somebody slips in, who could say another party's number as well.)
-- The program's own queries run as before: the owner of the tables passes by, and a separate role of the application is
-- made a member of qingliu_program.

do $$
declare
  wanted text;
begin
  -- Roles belong to the whole server, which may hold several databases of ours, migrated at the same time.
  foreach wanted in array array['qingliu_program', 'qingliu_enterprise', 'qingliu_collector', 'qingliu_plant'] loop
    begin
      if not exists (select from pg_roles where rolname = wanted) then execute format('create role %I nologin', wanted); end if;
    exception when duplicate_object or unique_violation then null;
    end;
    if not pg_has_role(current_user, wanted, 'member') then execute format('grant %I to current_user', wanted); end if;
  end loop;
end $$;

-- Whose data is asked for; nothing where nobody said.
create function fenced_dischargers() returns bigint[] language sql stable
  as $$ select string_to_array(nullif(current_setting('qingliu.dischargers', true), ''), ',')::bigint[] $$;
create function fenced_organisation() returns bigint language sql stable
  as $$ select nullif(current_setting('qingliu.organisation', true), '')::bigint $$;

-- Rows of one party: those for which the condition holds. It may ask other tables, of which the party sees its own again.
create function show_rows(party text, watched regclass, condition text) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', watched);
  if not exists (select from pg_policy where polrelid = watched and polname = 'program') then
    execute format('create policy program on %s to qingliu_program using (true) with check (true)', watched);
  end if;
  execute format('create policy %I on %s for select to %I using (%s)', party, watched, 'qingliu_' || party, condition);
  execute format('grant select on %s to %I', watched, 'qingliu_' || party);
end $$;

-- Tables of nobody's data in particular.
create function show_all(party text, watched regclass) returns void language plpgsql as $$
begin
  execute format('grant select on %s to %I', watched, 'qingliu_' || party);
end $$;

select show_all(party, t::regclass)
  from unnest(array['enterprise', 'collector', 'plant']) party,
    unnest(array['price_categories', 'payer_groups', 'collectors', 'calendar_years', 'calendar_days', 'rate_schedules', 'rates',
      'pollutants', 'settings', 'organisations', 'discretion_grids', 'document_templates']) t;
-- Who signed and when, as papers name them (with the certificate of officers), without what else they did.
grant select (id, code, name, organisation_id, certificate_no) on staff to qingliu_enterprise, qingliu_collector, qingliu_plant;
grant select (command_id, name, actor_id, acting_on, recorded_at) on commands to qingliu_enterprise, qingliu_collector, qingliu_plant;

-- Why a reading was entered by hand: of what a command was asked, these words alone are for the party it concerns.
create function grounds_of_reading(reading bigint) returns text language sql stable security definer set search_path = public, pg_temp
  as $$ select coalesce(c.input->>'evidence', c.input->>'reason')
    from meter_readings r join commands c on c.command_id = r.command_id where r.id = reading $$;

-- Enterprises: what is of their dischargers. A list of keys is made once for a query, so that indexes are used by it.
select show_rows('enterprise', 'dischargers', 'id = any ((select fenced_dischargers())::bigint[])');
select show_rows('enterprise', t::regclass, 'discharger_id = any ((select fenced_dischargers())::bigint[])')
  from unnest(array['connection_agreements', 'outlets', 'credit_grades', 'accidents', 'account_holders', 'bills', 'payments',
    'open_items', 'credits', 'orders_to_pay', 'fine_case_bills', 'fined_periods', 'receipts']) t;
select show_rows('enterprise', 'accounts', 'id = any (array(select h.account_id from account_holders h))');
select show_rows('enterprise', 'account_closures', 'account_id = any (array(select h.account_id from account_holders h))');
-- What is dated of an account is theirs as far as they held it: the one before and the one after see their own.
select show_rows('enterprise', t::regclass, format('account_id = any (array(select h.account_id from account_holders h))
    and exists (select from account_holders h where h.account_id = %1$I.account_id
      and (%1$I.valid_until is null or %1$I.valid_until > h.valid_from) and (h.valid_until is null or h.valid_until > %1$I.valid_from))', t))
  from unnest(array['account_categories', 'account_suspensions', 'installations', 'installation_shares', 'volume_bases']) t;
-- The reading that closes the last day of one holder begins the use of the next.
select show_rows('enterprise', 'meter_readings', 'account_id = any (array(select h.account_id from account_holders h))
    and exists (select from account_holders h where h.account_id = meter_readings.account_id
      and meter_readings.read_on >= h.valid_from - 1 and (h.valid_until is null or meter_readings.read_on < h.valid_until))');
select show_rows('enterprise', t::regclass, format('account_id = any (array(select h.account_id from account_holders h))
    and exists (select from account_holders h where h.account_id = %1$I.account_id
      and (%1$I.fee_month + interval ''1 month'')::date > h.valid_from and (h.valid_until is null or h.valid_until > %1$I.fee_month))', t))
  from unnest(array['opening_uses', 'own_source_declarations', 'rated_flow_decisions']) t;

-- Water companies: what is of the collectors of their organisation.
select show_rows('collector', t::regclass,
    'collector_id = any (array(select c.id from collectors c where c.organisation_id = (select fenced_organisation())))')
  from unnest(array['collector_contracts', 'accounts', 'meters', 'payments', 'remittance_statements', 'annual_settlements',
    'sold_volume_declarations', 'reconciliations', 'opening_held_money', 'write_offs', 'roster_entries']) t;
select show_rows('collector', 'dischargers', 'exists (select from account_holders h where h.discharger_id = dischargers.id)');
select show_rows('collector', t::regclass, format('exists (select from accounts a where a.id = %I.account_id)', t))
  from unnest(array['account_holders', 'account_categories', 'account_suspensions', 'account_closures', 'installations',
    'installation_shares', 'volume_bases', 'meter_readings', 'opening_uses', 'own_source_declarations', 'rated_flow_decisions',
    'bills', 'open_items', 'credits', 'reconciliation_users']) t;
select show_all('collector', t::regclass) from unnest(array['roster_versions', 'roster_publications']) t;
-- Whether a roster or a statement was approved, and by whom; what was proposed, of their own statements alone.
grant select (proposal_id, decision, decided_by, recorded_at) on proposal_decisions to qingliu_collector;
select show_rows('collector', 'proposals',
    'kind = ''remittance.statement'' and exists (select from remittance_statements s where s.id::text = subject)');
-- A file is kept under the code of the collector it came from, with what tells its kind of sheet.
select show_rows('collector', t::regclass, format('kind in (''readings'', ''payments'') and split_part(%I.scope, ''/'', 1) = any (
    array(select c.code from collectors c where c.organisation_id = (select fenced_organisation())))', t))
  from unnest(array['imports', 'column_mappings']) t;
select show_rows('collector', 'remittance_lines', 'exists (select from remittance_statements s where s.id = statement_id)');
select show_rows('collector', t::regclass, format('exists (select from remittance_statements s where s.id = %I.statement_id)', t))
  from unnest(array['remittance_outcomes', 'remittance_vouchers', 'collection_fee_claims']) t;
select show_rows('collector', t::regclass, format('exists (select from remittance_vouchers v where v.id = %I.voucher_id)', t))
  from unnest(array['remittance_voucher_outcomes', 'remittance_receipt_reversals', 'treasury_matches']) t;
select show_rows('collector', t::regclass, format('exists (select from collection_fee_claims c where c.id = %I.claim_id)', t))
  from unnest(array['collection_fee_lines', 'collection_fee_payments']) t;
select show_rows('collector', t::regclass, format('exists (select from reconciliations r where r.id = %I.reconciliation_id)', t))
  from unnest(array['reconciliation_cells', 'reconciliation_signatures', 'reconciliation_returns']) t;

select show_rows('collector', 'stored_files', 'digest = any (array(select v.file_digest from remittance_vouchers v))');

-- Plants: what is of their organisation.
select show_rows('plant', t::regclass, 'plant_id = (select fenced_organisation())')
  from unnest(array['concession_agreements', 'plant_days', 'service_fee_claims']) t;
select show_rows('plant', 'service_fee_steps', 'exists (select from service_fee_claims c where c.id = claim_id)');
select show_rows('plant', 'imports', 'kind = ''plant_days'' and split_part(scope, ''/'', 1) = (
    select o.code from organisations o where o.id = (select fenced_organisation()))');

-- What hangs on something that is theirs.
select show_rows(party, t::regclass, format('exists (select from bills b where b.id = %I.bill_id)', t))
  from unnest(array['enterprise', 'collector']) party, unnest(array['bill_lines', 'allocations']) t;
select show_rows('enterprise', t::regclass, format('exists (select from bills b where b.id = %I.bill_id)', t))
  from unnest(array['objections', 'estimate_reviews', 'live_orders']) t;
select show_rows('enterprise', 'objection_answers', 'exists (select from objections o where o.id = objection_id)');
select show_rows(party, 'bill_issues', 'exists (select from bills b where b.issue_id = bill_issues.id)')
  from unnest(array['enterprise', 'collector']) party;
-- A run is shared by everybody: its sums are the bureau's.
revoke select on bill_issues from qingliu_enterprise, qingliu_collector;
grant select (id, kind, run_id, issued_on, command_id, recorded_at) on bill_issues to qingliu_enterprise, qingliu_collector;
select show_rows(party, 'allocation_lapses', 'exists (select from allocations a where a.id = allocation_id)')
  from unnest(array['enterprise', 'collector']) party;
select show_rows(party, t::regclass, format('exists (select from payments p where p.id = %I.payment_id)', t))
  from unnest(array['enterprise', 'collector']) party, unnest(array['payment_reversals', 'refunds']) t;
select show_rows('enterprise', 'meters', 'exists (select from installations i where i.meter_id = meters.id)');
select show_rows(party, t::regclass, format('exists (select from installations i where i.id = %I.installation_id)', t))
  from unnest(array['enterprise', 'collector']) party, unnest(array['installation_removals', 'opening_readings']) t;
-- Of the file a reading came in, its name and when.
select show_rows('enterprise', 'imports', 'id = any (array(select r.import_id from meter_readings r))');
revoke select on imports from qingliu_enterprise;
grant select (id, kind, file_name, command_id, recorded_at) on imports to qingliu_enterprise;
select show_rows(party, 'reading_endings', 'exists (select from meter_readings r where r.id = reading_id)')
  from unnest(array['enterprise', 'collector']) party;
select show_rows('enterprise', t::regclass, format('exists (select from outlets o where o.id = %I.outlet_id)', t))
  from unnest(array['permitted_limits', 'samples']) t;
select show_rows('enterprise', t::regclass, format('exists (select from samples s where s.id = %I.sample_id)', t))
  from unnest(array['sample_results', 'sample_withdrawals']) t;
select show_rows('enterprise', t::regclass, format('exists (select from orders_to_pay o where o.id = %I.order_id)', t))
  from unnest(array['order_bills', 'enforcement_steps', 'fine_cases']) t;
select show_rows('enterprise', t::regclass, format('exists (select from fine_cases c where c.id = %I.case_id)', t))
  from unnest(array['fines', 'fine_postings']) t;
select show_rows('enterprise', t::regclass, format('exists (select from receipts r where r.id = %I.receipt_id)', t))
  from unnest(array['receipt_parts', 'receipt_codes', 'receipt_events']) t;
select show_rows(party, t::regclass, format('exists (select from imports i where i.id = %I.import_id)', t))
  from unnest(array['collector', 'plant']) party, unnest(array['import_results', 'import_rows', 'import_row_decisions']) t;
