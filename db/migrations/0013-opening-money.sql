-- Money at go-live. Credits are payments like any other. Fees that were settled in the previous system and that the
-- collector had not yet handed over have no bill here: they are facts of their own, which the collector still owes.

create table opening_held_money (
  id bigint generated always as identity primary key,
  collector_id bigint not null references collectors,
  -- From this day the money's age counts.
  paid_on date not null,
  -- Of water use, for the settlement of that month.
  fee_month date not null check (extract(day from fee_month) = 1),
  amount numeric(16, 2) not null check (amount > 0),
  recorded_on date not null,
  command_id text not null references commands,
  constraint paid_before_recorded check (paid_on <= recorded_on)
);
select declare_facts('opening_held_money');
create index opening_held_money_by_collector on opening_held_money (collector_id, paid_on);
