-- An objection is answered by somebody other than who received it, and a correction carries out one answer: the same said
-- in src/payments/objections.ts, here for whatever goes round it (decisions 11 and 18).
create unique index objection_answers_by_correction on objection_answers (correction_proposal_id)
  where correction_proposal_id is not null;

create function objection_answered_by_another() returns trigger language plpgsql as $$
begin
  if exists (
    select from objections o join commands received on received.command_id = o.command_id
      join commands answered on answered.command_id = new.command_id
    where o.id = new.objection_id and received.actor_id = answered.actor_id
  ) then
    raise exception 'objection % is answered by who received it', new.objection_id
      using errcode = 'check_violation', constraint = 'two_persons';
  end if;
  return new;
end $$;
create trigger two_persons before insert on objection_answers
  for each row execute function objection_answered_by_another();
