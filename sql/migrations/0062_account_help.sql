-- SPDX-License-Identifier: EUPL-1.2
-- What operators do for people who are locked out. Locks: none to speak of.

grant update (password_hash) on pp.account to pp_sign_in;
grant delete on pp.second_factor, pp.recovery_code to pp_sign_in;
