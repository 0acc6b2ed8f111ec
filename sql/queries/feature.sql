-- SPDX-License-Identifier: EUPL-1.2
-- What is asked about collections of features beside the features themselves (sql/feature.def).

-- feature_states() -> name text, version bigint
-- lane: read public
select c.name, c.version from pp.feature_collection c;

-- feature_one_plan() -> plan_cache_mode text
-- lane: slow public_slow
-- For what follows in its transaction: what was prepared has one plan for all parameters, once it seems as good as those for each.
select set_config('plan_cache_mode', 'auto', true) as plan_cache_mode;
