-- A water company sees what it claims as its collection fee while the bureau has not decided it, and why it was returned: its
-- person was led to a page that said there is no such claim.
drop policy collector on proposals;
select show_rows('collector', 'proposals', $$case
    when kind = 'roster' then true
    when kind = 'remittance.statement' then exists (select from remittance_statements s where s.id::text = subject)
    when kind = 'remittance.collection-fee' then exists (select from collectors c where c.id::text = subject)
    when kind = 'payments.refund' then exists (select from payments p where p.id::text = subject)
    when kind in ('volumes.basis', 'volumes.own-source-declaration', 'volumes.rated-flow')
      then exists (select from accounts a where a.id::text = split_part(subject, ' ', 1))
    else false
  end$$);
