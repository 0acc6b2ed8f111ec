-- SPDX-License-Identifier: EUPL-1.2

-- colleague_list(at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.colleague_list($1) r;

-- invitation_assignment(invitation uuid, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.invitation_assignment($1, $2) r;

-- statement_assignment(statement uuid, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.statement_assignment($1, $2) r;

-- invitation_assign(invitation uuid, body jsonb, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.invitation_assign($1, $2, $3, $4) r;

-- statement_assign(statement uuid, body jsonb, if_match text, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.statement_assign($1, $2, $3, $4) r;
