-- The code of a paper, computed here: whoever sees a bill prints it with its code, and nobody reads the key, by which the
-- codes of everybody's papers could be made. A party is told the code of a bill of its own alone.
create function check_code(paper text) returns text language plpgsql stable security definer set search_path = public as $$
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
end $$;
revoke execute on function check_code(text) from public;
grant execute on function check_code(text) to qingliu_program, qingliu_enterprise, qingliu_collector;
