-- A voucher is one transfer: it reached the treasury once. Files overlap, so that one receipt may stand in two; the bank and
-- the treasury number it each in their own way, and both numbers stand on the voucher once it is confirmed. Any other receipt
-- is never matched with a voucher that has one, whoever says so.
alter table treasury_matches add constraint once_in_a_file unique (import_id, voucher_id);

create function one_receipt_for_a_voucher() returns trigger language plpgsql as $$
declare
  other record;
begin
  if exists (select from remittance_vouchers v left join remittance_voucher_outcomes o on o.voucher_id = v.id
      where v.id = new.voucher_id and new.treasury_reference in (v.bank_reference, o.treasury_reference)) then
    return new;
  end if;
  perform from remittance_vouchers where id = new.voucher_id for update;
  select m.import_id, m.row_no into other from treasury_matches m
    where m.voucher_id = new.voucher_id and (m.treasury_reference, m.received_on) <> (new.treasury_reference, new.received_on) limit 1;
  if found then
    raise exception 'voucher % was matched with row % of import %', new.voucher_id, other.row_no, other.import_id
      using errcode = 'QL041';
  end if;
  return new;
end $$;
create trigger one_receipt_for_a_voucher before insert on treasury_matches for each row execute function one_receipt_for_a_voucher();
