-- SPDX-License-Identifier: EUPL-1.2

-- invitation_mails(invitation uuid) -> reply
-- lane: read
select (r).* from pp_api.invitation_mails($1) r;

-- mail_counts(at timestamptz) -> reply
-- lane: read
select (r).* from pp_api.mail_counts($1) r;

-- The mailer's. due: when the next one may be sent, null for none.

-- mail_due(only_released bool) -> due text
-- lane: clerk
select pp.rfc3339(pp_api.mail_due($1)) as due;

-- mail_lock() -> has bool
-- lane: clerk
select pg_try_advisory_lock(hashtext('pp mail')) as has;

-- mail_next(at timestamptz, only_released bool) -> id uuid, kind text, recipient text, subject text,
--   body text, lang text, invitation uuid, opens text, ends text
-- lane: clerk
select m.id, m.kind, m.recipient, m.subject, m.body, m.lang, m.invitation, m.opens, m.ends
  from pp_api.mail_next($1, $2) m where m.id is not null;

-- What the period of an invitation that goes out late is computed from; no row where nothing moves.

-- mail_access(mail uuid, at timestamptz) -> kind text, step text, audience text, land text
-- lane: clerk
select a.kind, a.step, a.audience, a.land from pp_api.mail_access($1, $2) a;

-- holiday_of_mail(mail uuid, at timestamptz) -> area text, falls_on text, from_year text,
--   until_year text, name_de text, name_en text, source text, id text, added text, place text
-- lane: clerk
select h.area, h.falls_on, h.from_year, h.until_year, h.name_de, h.name_en, h.source, h.id, h.added, h.place
  from pp.mail m, pp_api.holiday_of(m.procedure, $2) h where m.id = $1;

-- mail_settle(id uuid, accepted bool, permanent bool, reply_code int, reply text, at timestamptz,
--   own_at timestamptz, own_rule text) -> state text
-- lane: clerk
select pp_api.mail_settle($1, $2, $3, $4, $5, $6, $7, $8) as state;

-- mail_discard(at timestamptz) -> gone int
-- lane: clerk
select pp_api.mail_discard($1) as gone;

-- mail_sweep(at timestamptz) -> gone bigint
-- lane: clerk
select pp_api.mail_sweep($1) as gone;

-- The command's: newest first, of one state or (null) of all.

-- mail_list(state text, row_limit int) -> id uuid, created_at text, kind text, state text,
--   recipient text, attempts int, reply text, released bool
-- lane: clerk
select m.id, pp.rfc3339(m.created_at) as created_at, m.kind, m.state, m.recipient, m.attempts, m.reply,
	m.released_at is not null as released
  from pp.mail m where $1::text is null or m.state = $1 order by m.created_at desc, m.id desc limit $2;

-- mail_show(id uuid) -> id uuid, created_at text, kind text, state text, recipient text, subject text,
--   body text, attempts int, tried_at text, reply text
-- lane: clerk
select m.id, pp.rfc3339(m.created_at) as created_at, m.kind, m.state, m.recipient, m.subject, m.body,
	m.attempts, pp.rfc3339(m.tried_at) as tried_at, m.reply
  from pp.mail m where m.id = $1;

-- mail_release(id uuid, at timestamptz) -> count int
-- lane: clerk
select pp_api.mail_release($1, $2) as count;

-- mail_enqueue(kind text, recipient text, lang text, data jsonb, at timestamptz) -> id uuid
-- lane: clerk
select pp_api.mail_enqueue($1, $2, $3, $4, null, null, $5) as id;
