-- SPDX-License-Identifier: EUPL-1.2

-- Several changes, all or none; see sql/api/plan_draft.sql.

-- plan_draft_edit(actions json, at timestamptz, lock text, releases bool, idempotency_key text, request_sha256 bytea) -> no int, action text, id uuid, version bigint
-- lane: write
select e.no, e.action, e.id, e.version from pp_api.plan_draft_edit($1::jsonb, $2, $3, $4, $5, $6) e;

-- The body's turn to edit: what is looked for after it is what is there until the transaction ends.

-- plan_draft_turn() -> nothing
-- lane: write
select pp_api.plan_draft_turn();

-- plan_draft_extent(draft uuid) -> extent geometry
-- lane: write
select pp_api.plan_draft_extent($1) as extent;

-- plan_draft_sweep(at timestamptz) -> gone bigint
-- lane: clerk
select pp_api.plan_draft_sweep($1) as gone;
