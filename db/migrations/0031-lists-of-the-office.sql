-- Lists of the office are shown a page at a time, each in an order that an index has.

-- An account is looked for by its number, whichever collector gave it.
create index accounts_by_account_no on accounts (account_no, id);
