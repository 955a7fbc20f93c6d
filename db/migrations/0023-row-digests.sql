-- What each command wrote, row by row: the event's hash covers the digests of its rows, so that a row changed, removed or
-- slipped in behind the application's back is found, in whichever table (src/evidence/README.md).

-- One line per statement that wrote facts. Digests of 16 bytes stand one after the other; their order says nothing.
create table fact_digests (
  id bigint generated always as identity primary key,
  -- Of the command that wrote; without one, `origin` names the migration.
  command_id text,
  origin text,
  table_name text not null,
  added bytea not null default '',
  -- Rows as they were before their validity was ended.
  removed bytea not null default '',
  -- The table was counted anew by a migration: what is above this line no longer says anything of it.
  restarts boolean not null default false,
  constraint whole_digests check (length(added) % 16 = 0 and length(removed) % 16 = 0)
);
-- Digests do not compress; stored as they are, a part of them is read without the rest.
alter table fact_digests alter added set storage external;
select declare_facts('fact_digests');
create index fact_digests_by_command on fact_digests (command_id) where command_id is not null;
create index fact_digests_outside on fact_digests (id) where command_id is null;
create index fact_digests_by_table on fact_digests (table_name, id);

alter table audit_events
  -- SHA-256 over the lines of what the command wrote; null in events from before this.
  add column content_digest text,
  -- Up to this line of fact_digests, what migrations wrote is covered by this event or an earlier one.
  add column outside_until bigint;
alter table audit_head add column outside_until bigint not null default 0;

-- A row as text, in the words of this database: the same whoever asks, as long as the settings below are the same.
create function row_digest(content text) returns bytea language sql stable
  as $$ select substr(sha256(convert_to(content, 'UTF8')), 1, 16) $$;

create function command_at_work() returns text language sql stable
  as $$ select nullif(current_setting('qingliu.command', true), '') $$;
create function origin_at_work() returns text language sql stable
  as $$ select case when nullif(current_setting('qingliu.command', true), '') is null
    then nullif(current_setting('qingliu.origin', true), '') end $$;

create function digest_added() returns trigger language plpgsql
  set timezone = 'UTC' set datestyle = 'ISO, YMD' set bytea_output = 'hex' set extra_float_digits = 1 as $$
begin
  insert into fact_digests (command_id, origin, table_name, added)
    select command_at_work(), origin_at_work(), tg_table_name, string_agg(row_digest(a::text), ''::bytea)
    from added a having count(*) > 0;
  return null;
end $$;

create function digest_changed() returns trigger language plpgsql
  set timezone = 'UTC' set datestyle = 'ISO, YMD' set bytea_output = 'hex' set extra_float_digits = 1 as $$
begin
  insert into fact_digests (command_id, origin, table_name, added, removed)
    select command_at_work(), origin_at_work(), tg_table_name, string_agg(row_digest(a.content), ''::bytea),
      (select string_agg(row_digest(r::text), ''::bytea) from removed r)
    from (select a::text as content from added a) a having count(*) > 0;
  return null;
end $$;

-- Counts a table anew: a migration that adds a column to a fact table, or changes its rows, ends with this.
create function digest_again(counted regclass) returns void language plpgsql
  set timezone = 'UTC' set datestyle = 'ISO, YMD' set bytea_output = 'hex' set extra_float_digits = 1 as $$
declare
  plain_name text;
begin
  select relname into plain_name from pg_class where oid = counted;
  execute format($sql$
    insert into fact_digests (command_id, origin, table_name, added, restarts)
      select command_at_work(), origin_at_work(), %L, coalesce(string_agg(row_digest(t::text), ''::bytea), ''), true from %s t
    $sql$, plain_name, counted);
end $$;

create function digest_rows_of(watched regclass) returns void language plpgsql as $$
begin
  execute format('create trigger rows_are_digested after insert on %s referencing new table as added
    for each statement execute function digest_added()', watched);
  execute format('create trigger changes_are_digested after update on %s referencing old table as removed new table as added
    for each statement execute function digest_changed()', watched);
  perform digest_again(watched);
end $$;

-- From here on every table of facts is watched from its first row on.
create or replace function declare_facts(table_name regclass) returns void language plpgsql as $$
begin
  execute format('create trigger facts_stay before update or delete on %s for each row execute function refuse_change()', table_name);
  execute format('create trigger facts_stay_whole before truncate on %s for each statement execute function refuse_change()', table_name);
  perform digest_rows_of(table_name);
end $$;

create or replace function declare_validity(table_name regclass) returns void language plpgsql as $$
begin
  execute format('create trigger validity_ends_once before update or delete on %s for each row execute function allow_one_end()', table_name);
  execute format('create trigger facts_stay_whole before truncate on %s for each statement execute function refuse_change()', table_name);
  perform digest_rows_of(table_name);
end $$;

-- Those that are there. Commands and events are covered by the chain itself, bytes of files by the file's own digest.
select digest_rows_of(c.oid::regclass) from pg_class c
  where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
    and c.relname not in ('commands', 'audit_events', 'stored_file_chunks', 'fact_digests')
    and exists (select from pg_trigger g where g.tgrelid = c.oid and g.tgname in ('facts_stay', 'validity_ends_once'))
  order by c.relname;

-- Whatever a transaction writes after its command is claimed belongs to that command.
create function command_begins() returns trigger language plpgsql as $$
begin
  perform set_config('qingliu.command', new.command_id, true);
  return null;
end $$;
create trigger command_begins after insert on commands for each row execute function command_begins();
