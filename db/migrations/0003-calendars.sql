-- Statutory rest days and make-up workdays by year, each year with its State Council notice (decision 1). A notice that
-- is amended (as for the Spring Festival of 2020), or was entered wrongly, is a further revision; the latest counts.

create table calendar_years (
  year integer not null check (year between 1950 and 2199),
  revision smallint not null default 0 check (revision >= 0),
  notice_no text not null check (notice_no <> ''),
  -- null: shipped with the product
  proposal_id bigint unique references proposals,
  primary key (year, revision)
);
select declare_facts('calendar_years');

create table calendar_days (
  year integer not null,
  revision smallint not null default 0,
  day date not null,
  kind text not null check (kind in ('rest', 'work')),
  primary key (year, revision, day),
  foreign key (year, revision) references calendar_years,
  -- a notice may arrange days of the December before
  constraint day_of_its_year check (day between make_date(year - 1, 12, 1) and make_date(year, 12, 31))
);
select declare_facts('calendar_days');
