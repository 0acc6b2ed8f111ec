-- SPDX-License-Identifier: EUPL-1.2
-- Subscriptions to notices: asked for by anybody, and by the secrets in mails; the clerk's.

-- subscription_to_procedure(procedure uuid, body jsonb, at timestamptz, lang text) -> reply
-- lane: write
select (r).* from pp_api.subscription_to_procedure($1, $2, $3, $4) r;

-- subscription_to_place(body jsonb, at timestamptz, lang text) -> reply
-- lane: write
select (r).* from pp_api.subscription_to_place($1, $2, $3) r;

-- subscription_open(body jsonb, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.subscription_open($1, $2) r;

-- subscription_confirm(body jsonb, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.subscription_confirm($1, $2) r;

-- subscription_end(body jsonb, at timestamptz) -> reply
-- lane: write
select (r).* from pp_api.subscription_end($1, $2) r;

-- subscription_ending(s text, lang text) -> what text
-- lane: write
select pp_api.subscription_ending($1, $2) as what;

-- subscription_unsubscribe(s text, at timestamptz) -> was_there bool
-- lane: write
select pp_api.subscription_unsubscribe($1, $2) as was_there;

-- token_consent(status_token text, body jsonb, at timestamptz, lang text) -> reply
-- lane: write
select (r).* from pp_api.token_consent($1, $2, $3, $4) r;

-- person_consent_own(person uuid, body jsonb, at timestamptz, lang text) -> reply
-- lane: write
select (r).* from pp_api.person_consent_own($1, $2, $3, $4) r;

-- How many readers were looked at; null: nothing waits to be told.

-- subscription_tell(at timestamptz, most int) -> looked int
-- lane: clerk
select pp_api.subscription_tell($1, $2) as looked;

-- subscription_sweep(at timestamptz) -> gone bigint
-- lane: clerk
select pp_api.subscription_sweep($1) as gone;
