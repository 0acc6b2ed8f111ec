-- SPDX-License-Identifier: EUPL-1.2

-- Stored queries of WFS; see sql/api/stored_query.sql.

-- Those of these names, or all.
-- stored_query_read(names jsonb) -> name text, definition text
-- lane: read public
select q.name, q.definition from pp.stored_query q where $1::jsonb is null or $1::jsonb ? q.name order by q.name;

-- stored_query_create(definitions jsonb, at timestamptz) -> nothing
-- lane: write
select pp_api.stored_query_create($1, $2);

-- stored_query_drop(name text) -> nothing
-- lane: write
select pp_api.stored_query_drop($1);
