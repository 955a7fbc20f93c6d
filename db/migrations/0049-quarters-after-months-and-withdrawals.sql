-- A statement takes over what one has too much that ended before it does: a quarter follows its own months where the contract
-- changed inside it, and begins with the first of them.
create or replace function remittance_lines_are_facts() returns trigger language plpgsql as $$
declare
  wrong record;
begin
  select s.id into wrong from remittance_statements s
    where s.id in (select distinct statement_id from added) and s.xmin <> pg_current_xact_id()::xid limit 1;
  if found then
    raise exception 'statement % is closed: nothing joins it afterwards', wrong.id using errcode = 'QL021';
  end if;
  select a.kind, a.source_id into wrong
    from added a join remittance_statements s on s.id = a.statement_id left join payments p on p.id = a.payment_id
      left join payment_reversals v on a.kind = 'reversal' and v.payment_id = a.payment_id
      left join refunds r on a.kind = 'refund' and r.id = a.source_id
      left join opening_held_money o on a.kind = 'opening' and o.id = a.source_id
      left join remittance_statements f on a.kind = 'carried' and f.id = a.source_id
    where not coalesce(a.event_on < s.period_until and case a.kind
      when 'carried' then f.collector_id = s.collector_id and f.period_until < s.period_until
      when 'opening' then o.collector_id = s.collector_id and o.amount = a.amount and o.paid_on = a.event_on
      else p.channel = 'collector' and p.collector_id = s.collector_id and case a.kind
        when 'payment' then p.id = a.source_id and p.amount = a.amount and p.paid_on = a.event_on and p.id <= s.payment_mark
        when 'reversal' then p.id = a.source_id and p.amount = -a.amount and v.reversed_on = a.event_on
        else r.payment_id = p.id and r.refunded_by = 'collector' and r.amount = -a.amount and r.refunded_on = a.event_on end
      end, false) limit 1;
  if found then
    raise exception 'line % % is no fact of its collector and period', wrong.kind, wrong.source_id using errcode = 'QL022';
  end if;
  select a.kind, a.source_id into wrong
    from added a join remittance_lines l on l.kind = a.kind and l.source_id = a.source_id and l.statement_id <> a.statement_id
    where a.kind <> 'carried'
      and not exists (select from remittance_outcomes o where o.statement_id = l.statement_id and o.outcome = 'returned') limit 1;
  if found then
    raise exception '% % was taken by another statement', wrong.kind, wrong.source_id using errcode = 'QL023';
  end if;
  return null;
end $$;

-- What nobody has reviewed yet, its drawer may withdraw: its lines are free again, and nobody has approved their own work.
alter table remittance_outcomes
  drop constraint three_persons,
  add constraint three_persons check (
    case outcome
      when 'returned' then decided_by <> drawn_by or (reviewed_by is null and proposal_id is null)
      else decided_by <> drawn_by and reviewed_by is not null and reviewed_by <> drawn_by and reviewed_by <> decided_by
        and proposal_id is not null
    end);
