-- A block of lines asks for its own bills by their keys. Joined freely, the whole table was read for each block, and a run of
-- a million bills took half as long again.
create or replace function issue_is_closed() returns trigger language plpgsql as $$
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
end $$;
