-- A voucher of finance pays one claim of the collection fee.
create unique index collection_fee_payment_voucher on collection_fee_payments (reference);

-- The lines of a statement are read page by page in the order of their days.
create index remittance_lines_in_order on remittance_lines (statement_id, event_on, kind, source_id);

-- What the platform says of a receipt's codes after the first time: a check code or payment code it had left out.
create table receipt_later_codes (
  receipt_id bigint not null references receipt_codes,
  field text not null check (field in ('check_code', 'payment_code')),
  code text collate "C" not null check (code <> ''),
  import_id bigint not null references imports,
  row_no integer not null,
  command_id text not null references commands,
  primary key (receipt_id, field)
);
select declare_facts('receipt_later_codes');
