-- SPDX-License-Identifier: EUPL-1.2
-- What is asked about collections of features beside the features themselves (sql/feature.def).

-- feature_states() -> name text, version bigint
-- lane: read public
select c.name, c.version from pp.feature_collection c;

-- feature_own_plan() -> plan_cache_mode text
-- lane: public_slow
-- For what follows in its transaction: it is planned for its parameters, however often it was asked.
select set_config('plan_cache_mode', 'force_custom_plan', true) as plan_cache_mode;
