-- SPDX-License-Identifier: EUPL-1.2

-- Locks of WFS; see sql/api/feature_lock.sql.

-- feature_lock_take(fids text[], seconds int, every bool, lock text, at timestamptz) -> id uuid, expires_at timestamptz, taken text[], missed text[]
-- lane: write
select t.id, t.expires_at, t.taken, t.missed from pp_api.feature_lock_take($1, $2, $3, $4, $5) t;
