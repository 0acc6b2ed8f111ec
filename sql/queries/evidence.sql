-- SPDX-License-Identifier: EUPL-1.2

-- invitation_evidence(invitation uuid, at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.invitation_evidence($1, $2) r;
