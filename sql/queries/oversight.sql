-- SPDX-License-Identifier: EUPL-1.2

-- oversight_notifications(procedure uuid, open bool, row_limit int, cursor text, at timestamptz, lang text) -> reply
-- lane: read
select (r).* from pp_api.oversight_notifications($1, $2, $3, $4, $5, $6) r;

-- oversight_procedures(q text, land text, kind text, state text, running bool, border_km int, row_limit int, cursor text,
--   at timestamptz, lang text) -> reply
-- lane: read
select (r).* from pp_api.oversight_procedures($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) r;
