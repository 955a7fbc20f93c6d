-- What runs the work, not the work: which slot a runner took, which long request is on its way. It is written outside
-- commands, so no event could cover it; what such work does to the facts is done by commands and is covered with them.
create function leave_undigested(watched regclass) returns void language plpgsql as $$
begin
  execute format('drop trigger rows_are_digested on %s', watched);
  execute format('drop trigger changes_are_digested on %s', watched);
end $$;

select leave_undigested(c.oid::regclass) from pg_class c
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
    and c.relname in ('job_slots', 'job_rounds', 'job_leases', 'job_outcomes', 'works', 'work_ends')
  order by c.relname;
