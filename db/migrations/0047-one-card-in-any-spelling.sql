-- A law-enforcement certificate is one card however its number is typed: 赣Ｂ-0001, 赣b 0001 and 赣B0001 (行政处罚法
-- 第四十二条: two officers). Blanks and punctuation go, wide letters become plain, small ones large.
create function plain_certificate(typed text) returns text language sql immutable strict parallel safe as $$
  select regexp_replace(upper(normalize(typed, nfkc)), '[[:space:][:punct:]]', '', 'g')
$$;
alter table fine_cases
  drop constraint two_officers,
  add constraint two_officers check (
    reporter_id <> second_id and plain_certificate(reporter_certificate) <> plain_certificate(second_certificate));
