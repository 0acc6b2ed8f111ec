-- SPDX-License-Identifier: EUPL-1.2

-- reminder_rules(lang text) -> reply
-- lane: read public
select (r).* from pp_api.reminder_rules($1) r;

-- reminders_due(procedure uuid, lang text) -> reply
-- lane: read
select (r).* from pp_api.reminders_due($1, $2) r;

-- reminder_list(round uuid, lang text) -> reply
-- lane: read
select (r).* from pp_api.reminder_list($1, $2) r;

-- reminder_send(invitation uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.reminder_send($1, $2, $3, $4, $5) r;

-- reminder_send_all(round uuid, body jsonb, at timestamptz, idempotency_key text,
--   request_sha256 bytea) -> reply
-- lane: write
select (r).* from pp_api.reminder_send_all($1, $2, $3, $4, $5) r;
