-- SPDX-License-Identifier: EUPL-1.2
-- An invitation that goes out by mail later than it was written gets its period from then on. Lock: pp.invitation, for a moment.

grant update (deadline, deadline_at, deadline_reason, deadline_rule) on pp.invitation to pp_clerk;
