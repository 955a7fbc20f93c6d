-- What was made public of a year's collection and use, to the character: the digest beside it is that of the file anybody
-- may download. A correction is a further release; the earlier ones stay (151 art. 20, 641 art. 33).
create table disclosures (
  id bigint generated always as identity primary key,
  year integer not null check (year between 1990 and 2199),
  release integer not null check (release > 0),
  -- The release this one takes the place of: none is left out.
  supersedes integer generated always as (nullif(release - 1, 0)) stored,
  content text not null,
  content_digest text not null,
  released_on date not null,
  proposal_id bigint not null unique references proposals,
  command_id text not null references commands,
  unique (year, release),
  foreign key (year, supersedes) references disclosures (year, release),
  constraint digest_of_content check (content_digest = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
  constraint content_of_release check ((content::jsonb ->> 'year')::integer = year and (content::jsonb ->> 'release')::integer = release),
  constraint released_after_its_year check (extract(year from released_on) > year)
);
select declare_facts('disclosures');
