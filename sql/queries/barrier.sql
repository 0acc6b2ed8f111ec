-- SPDX-License-Identifier: EUPL-1.2

-- barrier_report(body jsonb, contact text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.barrier_report($1, $2, $3) r;

-- barrier_list(row_limit int, cursor text) -> reply
-- lane: read
select (r).* from pp_api.barrier_list($1, $2) r;
