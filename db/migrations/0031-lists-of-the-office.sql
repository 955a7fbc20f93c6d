-- Lists of the office are shown a page at a time, each in an order that an index has.

-- An account is looked for by its number, whichever collector gave it.
create index accounts_by_account_no on accounts (account_no, id);
-- Few: what own-source users declare is looked over month by month.
create index accounts_with_own_source on accounts (account_no) where supply = 'own_source';
