-- SPDX-License-Identifier: EUPL-1.2

-- publication_list(row_limit int, cursor text, at timestamptz) -> reply
-- lane: read public
select (r).* from pp_api.publication_list($1, $2, $3) r;

-- publication_manifest(procedure uuid, at timestamptz) -> reply
-- lane: read public
select (r).* from pp_api.publication_manifest($1, $2) r;

-- probe_report(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.probe_report($1, $2, $3, $4) r;

-- round_publication(round uuid, at timestamptz) -> reply
-- lane: read public
select (r).* from pp_api.round_publication($1, $2) r;
