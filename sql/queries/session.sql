-- SPDX-License-Identifier: EUPL-1.2
-- What each connection asks on its own account (server/io/db*.c).

-- session_identity(account text, body text, roles text) -> account text, body text, roles text
-- lane: read write slow public public_slow
select set_config('pp.account', $1, true) as account,
       set_config('pp.body', $2, true) as body,
       set_config('pp.roles', $3, true) as roles;

-- session_room() -> room text
-- lane: read slow public public_slow
select repeat(' ', 100000) as room;
