-- SPDX-License-Identifier: EUPL-1.2
-- Boundaries that an operator uploads; see sql/api/boundary_import.sql.

-- boundary_import_create(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.boundary_import_create($1, $2, $3, $4) r;

-- boundary_import_list(row_limit int, cursor text) -> reply
-- lane: read
select (r).* from pp_api.boundary_import_list($1, $2) r;

-- boundary_import_show(import uuid) -> reply
-- lane: read
select (r).* from pp_api.boundary_import_show($1) r;

-- boundary_import_upload(import uuid) -> state text, size bigint, received bigint, digest bytea
-- lane: write
select u.state, u.size, u.received, u.digest from pp_api.boundary_import_upload($1) u;

-- boundary_import_append(import uuid, from_byte bigint, bytes bytea, digest bytea, sha256 bytea) -> nothing
-- lane: write
select pp_api.boundary_import_append($1, $2, $3, $4, $5);

-- boundary_import_apply(import uuid, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.boundary_import_apply($1, $2, $3, $4) r;

-- boundary_import_cancel(import uuid, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.boundary_import_cancel($1, $2, $3, $4) r;

-- What the clerk looks for, and what its runner does: one runner at a time in the whole cluster.

-- boundary_import_next() -> id uuid
-- lane: clerk
select pp_api.boundary_import_next() as id;

-- boundary_import_lock() -> has bool
-- lane: clerk
select pg_try_advisory_lock(hashtext('pp boundary import'), 2) as has;

-- boundary_import_begin(id uuid, at timestamptz) -> file text, dataset text, date date, accuracy_m numeric, layer text, size bigint,
--   state text, since bigint
-- lane: clerk
select i.file_name as file, i.dataset, i.date, i.accuracy_m, i.layer, i.size, i.state, i.since from pp_api.boundary_import_begin($1, $2) i;

-- boundary_import_bytes(id uuid, from_byte bigint) -> bytes bytea
-- lane: clerk
select pp_api.boundary_import_bytes($1, $2) as bytes;

-- boundary_import_step(id uuid, stage text, done bigint, total bigint) -> more bool
-- lane: clerk
select pp_api.boundary_import_step($1, $2, $3, $4) as more;

-- boundary_import_checked(id uuid, since bigint, findings json) -> nothing
-- lane: clerk
select pp_api.boundary_import_checked($1, $2, $3);

-- boundary_import_settle(id uuid, at timestamptz) -> nothing
-- lane: clerk
select pp_api.boundary_import_settle($1, $2);

-- boundary_import_refuse(id uuid, refusal json, at timestamptz) -> nothing
-- lane: clerk
select pp_api.boundary_import_refuse($1, $2, $3);

-- boundary_import_sweep(at timestamptz) -> gone bigint
-- lane: clerk
select pp_api.boundary_import_sweep($1) as gone;

-- In the transaction of the import.

-- boundary_import_keep() -> kreise bigint, borders bigint
-- lane: owner
select k.kreise, k.borders from pp_api.boundary_import_keep() k;

-- boundary_import_findings(version bigint, kreise bigint, borders bigint) -> since bigint, findings json
-- lane: owner
select f.since, f.findings from pp_api.boundary_import_findings($1, $2, $3) f;

-- boundary_import_applied(id uuid, since bigint, version bigint) -> nothing
-- lane: owner
select pp_api.boundary_import_applied($1, $2, $3);
