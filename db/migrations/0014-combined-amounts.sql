-- The order in which a combined amount (water, wastewater, garbage …) is split, where a collector's contract states one,
-- and what a payment's amount was split from.

alter table collector_contracts add column combined_order text[]
  check (combined_order <@ array['water', 'wastewater', 'garbage', 'water_resource', 'other'] and 'wastewater' = any(combined_order));

alter table payments
  add column combined_amount numeric(16, 2),
  add column contract_id bigint references collector_contracts,
  add constraint split_by_a_contract check ((combined_amount is null) = (contract_id is null)),
  add constraint part_of_the_combined check (amount <= combined_amount);
