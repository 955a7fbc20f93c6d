-- What the check codes on papers are made with: of this installation alone, kept where the bills are, so that a paper can
-- be checked for as long as there are bills. A number without its code tells nobody anything.
create table check_keys (
  single boolean primary key default true check (single),
  key bytea not null check (length(key) = 32)
);
select declare_facts('check_keys');
insert into check_keys (key) values (sha256(convert_to(gen_random_uuid() || ' ' || gen_random_uuid() || ' ' || gen_random_uuid(), 'UTF8')));
