-- A water company sees of its own bills what was objected to them and how estimated months were reviewed, and of proposals
-- those about its own: its statements, the roster, bases and declarations of its accounts, refunds of its payments.

select show_rows('collector', t::regclass, format('exists (select from bills b where b.id = %I.bill_id)', t))
  from unnest(array['objections', 'estimate_reviews']) t;
select show_rows('collector', 'objection_answers', 'exists (select from objections o where o.id = objection_id)');

drop policy collector on proposals;
select show_rows('collector', 'proposals', $$case
    when kind = 'roster' then true
    when kind = 'remittance.statement' then exists (select from remittance_statements s where s.id::text = subject)
    when kind = 'payments.refund' then exists (select from payments p where p.id::text = subject)
    when kind in ('volumes.basis', 'volumes.own-source-declaration', 'volumes.rated-flow')
      then exists (select from accounts a where a.id::text = split_part(subject, ' ', 1))
    else false
  end$$);
revoke select on proposal_decisions from qingliu_collector;
select show_rows('collector', 'proposal_decisions', 'exists (select from proposals p where p.id = proposal_id)');
