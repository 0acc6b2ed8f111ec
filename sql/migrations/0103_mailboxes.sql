-- SPDX-License-Identifier: EUPL-1.2
-- Where a body is written to is said by its administrator, or by an operator, and no longer by the import alone.
-- Locks: none but the catalogue's.

grant insert, delete, update (valid_to) on pp.body_mail to pp_server;
