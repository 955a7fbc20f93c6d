-- The search of the office: by a piece of a name, and by a number alone.

-- Pieces of two letters, small ones: Chinese names are looked for by two characters, which trigrams do not hold, and the
-- letters of trigrams depend on the locale of the database.
create function letter_pairs(words text) returns text[] language sql immutable strict parallel safe as $$
  select coalesce(array_agg(distinct substr(lower(words), place, 2)), '{}') from generate_series(1, length(words) - 1) as place
$$;
create index dischargers_by_letters on dischargers using gin (letter_pairs(name));
create index accounts_by_no on accounts (account_no);
create index receipt_codes_by_number on receipt_codes (bill_number);
