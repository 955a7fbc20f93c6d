-- A contract that a statement was drawn under has governed that period: what it asks for, and the fee claimed of it, rest on
-- it. It ends with the period at the earliest; whoever means an earlier day returns the statement first.
create function contract_outlives_its_statements() returns trigger language plpgsql as $$
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
end $$;
create trigger contract_outlives_its_statements before update of valid_until on collector_contracts
  for each row when (new.valid_until is not null) execute function contract_outlives_its_statements();
