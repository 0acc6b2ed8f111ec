-- SPDX-License-Identifier: EUPL-1.2
-- Imports of who acts for whom work as pp_sign_in, which alone looks accounts up. Locks: none.

grant update (roles, state, valid_from, valid_to, confirmed_at, version) on pp.membership to pp_sign_in;
