-- A water company opens the bank's receipts that it handed in: their names it saw already, now what is in them.
select show_rows('collector', 'stored_file_chunks', 'digest = any (array(select v.file_digest from remittance_vouchers v))');
