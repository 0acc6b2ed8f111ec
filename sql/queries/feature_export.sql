-- SPDX-License-Identifier: EUPL-1.2
-- GeoPackages of published features; see sql/api/feature_export.sql.

-- feature_export_create(type text, ask jsonb, at timestamptz) -> location text, body json
-- lane: write
select c.location, c.body from pp_api.feature_export_create($1, $2, $3) c;

-- feature_export_show(export uuid, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.feature_export_show($1, $2) r;

-- feature_export_cancel(export uuid, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.feature_export_cancel($1, $2) r;

-- feature_export_find(export uuid, at timestamptz) -> name text, size bigint, sha256 text
-- lane: read
select f.name, f.size, f.sha256 from pp_api.feature_export_find($1, $2) f;

-- feature_export_piece(export uuid, from_byte bigint, at timestamptz) -> bytes bytea
-- lane: read
select p.bytes from (select pp_api.feature_export_piece($1, $2, $3) as bytes) p where p.bytes is not null;

-- What the clerk looks for, and what its runner does: one runner at a time in the whole cluster.

-- feature_export_is_due() -> due bool
-- lane: clerk
select pp_api.feature_export_is_due() as due;

-- feature_export_lock() -> has bool
-- lane: clerk
select pg_try_advisory_lock(hashtext('pp feature export'), 2) as has;

-- What is asked for is read back as server/feature/export.c has written it; made_at as OGC 12-128r15, requirement 15 has instants.

-- feature_export_begin(at timestamptz) -> id uuid, collection text, seen bigint, asked_at timestamptz, made_at text, fields bigint, geometry bool,
--   fid text, box bytea, condition text, bound text, since text, until text, place text, skip bigint, most bigint,
--   crs int, english bool, sorted text[], each_mb int
-- lane: clerk
select e.id, e.collection, e.seen, e.asked_at,
	to_char(e.asked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as made_at, (e.ask ->> 'columns')::bigint as fields, (e.ask ->> 'geometry')::bool as geometry,
	e.ask ->> 'fid' as fid, decode(e.ask ->> 'box', 'hex') as box, e.ask ->> 'condition' as condition, e.ask ->> 'values' as bound,
	e.ask ->> 'from' as since, e.ask ->> 'to' as until, e.ask ->> 'after' as place,
	(e.ask ->> 'skip')::bigint as skip, (e.ask ->> 'limit')::bigint as most, (e.ask ->> 'crs')::int as crs,
	(e.ask ->> 'english')::bool as english, array(select o from jsonb_array_elements_text(e.ask -> 'order') o) as sorted,
	(pp_api.feature_export_limit()).each_mb
  from pp_api.feature_export_begin($1) e;

-- feature_export_step(id uuid, features bigint) -> more bool
-- lane: clerk
select pp_api.feature_export_step($1, $2) as more;

-- feature_export_store(id uuid, from_byte bigint, bytes bytea) -> more bool
-- lane: clerk
select pp_api.feature_export_store($1, $2, $3) as more;

-- feature_export_end(id uuid, reason text, size bigint, sha256 bytea, at timestamptz) -> nothing
-- lane: clerk
select pp_api.feature_export_end($1, $2, $3, $4, $5);

-- feature_export_sweep(at timestamptz) -> gone bigint
-- lane: clerk
select pp_api.feature_export_sweep($1) as gone;
