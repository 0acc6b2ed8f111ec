-- SPDX-License-Identifier: EUPL-1.2

-- handover_make(round uuid, body jsonb, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.handover_make($1, $2, $3) r;

-- handover_show(handover uuid, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.handover_show($1, $2) r;

-- handover_end(handover uuid, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.handover_end($1, $2) r;

-- handover_sweep(at timestamptz) -> gone bigint
-- lane: clerk
select pp_api.handover_sweep($1) as gone;
