-- The account and bank a payment came from, where the file or the clerk states them: an e-receipt names them (财库〔2021〕31号).
create table payment_sources (
  payment_id bigint primary key references payments,
  account text not null,
  bank text not null,
  constraint something_is_stated check (account <> '' or bank <> '')
);
select declare_facts('payment_sources');
select show_rows(party, 'payment_sources', 'exists (select from payments p where p.id = payment_id)')
  from unnest(array['enterprise', 'collector']) party;
