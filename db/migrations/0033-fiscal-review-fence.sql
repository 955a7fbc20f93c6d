-- Where the database shows parties their own rows (show_rows), what 0039 added is among them, and anybody who sees a
-- statement sees the chain's head that is printed on it.
do $$
begin
  if to_regprocedure('show_rows(text,regclass,text)') is null then return; end if;
  perform show_rows('enterprise', 'receipt_later_codes', 'exists (select from receipts r where r.id = receipt_later_codes.receipt_id)');
  perform show_all(party, 'audit_head') from unnest(array['enterprise', 'collector', 'plant']) party;
end $$;
