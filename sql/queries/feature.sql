-- SPDX-License-Identifier: EUPL-1.2
-- What is asked about collections of features beside the features themselves (sql/feature.def).

-- feature_states() -> name text, version bigint
-- lane: read public
select c.name, c.version from pp.feature_collection c;
