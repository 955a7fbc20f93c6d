-- Permitted totals by year and month (办法第十二条): limits beside those of single results, and what was referred of them.
alter table permitted_limits
  drop constraint permitted_limits_bound_check,
  -- yearly_total: t in a calendar year; monthly_total: kg in a month
  add constraint permitted_limits_bound_check
    check (bound in ('at_most', 'at_least', 'not_detected', 'daily_total', 'monthly_total', 'yearly_total'));

-- The limit and the period in which what was discharged is above it: 2025, or 2025-03.
alter table referrals
  add column limit_id bigint references permitted_limits,
  add column period text check (period ~ '^\d{4}(-\d{2})?$'),
  drop constraint of_one_matter,
  add constraint of_one_matter check (num_nonnulls(sample_id, accident_id, limit_id) = 1),
  add constraint period_of_a_limit check ((limit_id is null) = (period is null)),
  add constraint total_referred_once unique (limit_id, period, recipient);
select digest_again('referrals');
