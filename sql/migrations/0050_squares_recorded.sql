-- SPDX-License-Identifier: EUPL-1.2
-- The squares that 0046 has written into statements stand in their chains. Locks: none; statements are read.

do $$ begin perform pp.audit_adopt('statement'); end $$;
