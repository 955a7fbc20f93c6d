-- A water company is shown its own collectors alone, as everything else of theirs: another's name beside empty sums reads
-- as if it held nothing. Payers and plants see whom bills were collected by.
select show_rows('collector', 'collectors', 'organisation_id = (select fenced_organisation())');
create policy everybody on collectors for select to qingliu_enterprise, qingliu_plant using (true);
