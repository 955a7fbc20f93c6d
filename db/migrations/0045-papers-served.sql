-- An enterprise opens the papers that were served on it: the order to pay, the notice, the decision, the demand, in the
-- very file that was kept when each was issued. Before its service a paper is the office's own.
create index on orders_to_pay (command_id);
create index on enforcement_steps (command_id);
create index on issued_documents (file_digest);
create index on issued_documents (command_id);

-- The first day on which the paper that a command issued counts as served; null until then, and for what nobody is served.
create function paper_served_on(issuing text) returns date language sql stable as $$
  select min((s.particulars ->> 'servedOn')::date)
  from (
    select o.id as order_id, null::bigint as case_id, 0 as seq, 'order_served' as service
    from orders_to_pay o where o.command_id = issuing
    union all
    select i.order_id, i.case_id, i.seq,
      case i.step when 'notice_issued' then 'notice_served' when 'decided' then 'decision_served' when 'demand_issued' then 'demand_served' end
    from enforcement_steps i where i.command_id = issuing
  ) paper
  join enforcement_steps s on s.order_id = paper.order_id and s.case_id is not distinct from paper.case_id
    and s.step = paper.service and s.seq > paper.seq
$$;

select show_rows('enterprise', 'issued_documents', 'paper_served_on(command_id) is not null');
alter policy enterprise on stored_files using (digest = any (array(select a.digest from filing_attachments a))
  or exists (select from issued_documents d where d.file_digest = stored_files.digest));
alter policy enterprise on stored_file_chunks using (digest = any (array(select a.digest from filing_attachments a))
  or exists (select from issued_documents d where d.file_digest = stored_file_chunks.digest));
