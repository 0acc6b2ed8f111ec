-- SPDX-License-Identifier: EUPL-1.2
-- The outbox: mail is written in the transaction of what causes it and sent by the clerk's mailer afterwards,
-- at least once. Addresses and texts leave it a month after it is settled. Locks: new objects only.

-- An address that can stand in a header and in an SMTP command without any quoting: RFC 5321 §4.1.2 (dot-string),
-- RFC 6531 for what lies beyond ASCII. No quoted local parts, no address literals.
create function pp.is_mail_address(address text) returns bool language sql immutable parallel safe as $$
	select $1 ~ '^[^[:cntrl:][:space:]<>()\[\]\\,;:@".]+(\.[^[:cntrl:][:space:]<>()\[\]\\,;:@".]+)*@[^[:cntrl:][:space:]<>()\[\]\\,;:@"._]+(\.[^[:cntrl:][:space:]<>()\[\]\\,;:@"._]+)*$'
		and octet_length(split_part($1, '@', 1)) <= 64 and octet_length($1) <= 254
		and $1 !~ '[\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]'
		and split_part($1, '@', 2) !~ '(^|\.)-|-(\.|$)'
$$;

create table pp.mail (
	id uuid primary key,
	kind text not null check (kind ~ '^[a-z][a-z_]{2,39}$'),
	lang text not null check (lang in ('de', 'en')),
	recipient text check (pp.is_mail_address(recipient)),
	subject text check (length(subject) between 1 and 250 and subject !~ '[[:cntrl:]]'),
	body text check (length(body) <= 100000 and body !~ '\r'),
	procedure uuid references pp.procedure,
	invitation uuid references pp.invitation,
	planner_body text collate "C" references pp.body,
	state text not null default 'WARTET' check (state in ('WARTET', 'GESENDET', 'FEHLGESCHLAGEN', 'VERWORFEN')),
	created_at timestamptz not null,
	due_at timestamptz not null,
	released_at timestamptz,
	attempts int not null default 0 check (attempts >= 0),
	tried_at timestamptz,
	reply_code int check (reply_code between 200 and 599),
	reply text check (length(reply) <= 1000),
	settled_at timestamptz,
	check ((state = 'WARTET') = (settled_at is null)),
	check (state <> 'WARTET' or (recipient is not null and subject is not null and body is not null))
);
create index mail_waiting on pp.mail (due_at, id) where state = 'WARTET';
create index mail_invitation on pp.mail (invitation, created_at) where invitation is not null;
create index mail_recipient on pp.mail (recipient, kind, created_at) where recipient is not null;
create index mail_to_wipe on pp.mail (settled_at) where recipient is not null;
create index mail_order on pp.mail (created_at, id);
comment on column pp.mail.planner_body is
	'Who sees what became of it: the planning body of the invitation that it is about. Null: nobody but the clerk.';
comment on column pp.mail.due_at is 'When it is tried next. Set on before each attempt, so that one that was cut off is made up for.';
comment on column pp.mail.released_at is 'Let go by an operator: sent also while mail is on hold.';
comment on column pp.mail.reply is 'What the mail server last said, or why nothing was sent.';
create trigger mail_stays before update of id, kind, lang, procedure, invitation, planner_body, created_at
	or delete or truncate on pp.mail for each statement execute function pp.forbid_change();

create function pp.forbid_mail_change() returns trigger language plpgsql as $$
begin
	if new.recipient <> coalesce(old.recipient, '') or new.subject <> coalesce(old.subject, '')
		or new.body <> coalesce(old.body, '') then
		raise exception using errcode = 'restrict_violation', message = 'what a mail says is forgotten, never changed';
	elsif old.state <> 'WARTET' and new.state <> old.state then
		raise exception using errcode = 'restrict_violation', message = 'a mail is settled once';
	end if;
	return new;
end
$$;
create trigger mail_is_kept before update on pp.mail for each row execute function pp.forbid_mail_change();

alter table pp.mail enable row level security;
alter table pp.mail force row level security;
create policy enqueue on pp.mail for insert to pp_server, pp_sign_in with check (true);
create policy cause on pp.mail for select to pp_server using (planner_body = (select pp.current_body()));
create policy clerk on pp.mail to pp_clerk using (true) with check (true);

-- Everybody writes, and nobody but the clerk reads texts.
grant insert on pp.mail to pp_server, pp_sign_in, pp_clerk;
grant select (id, kind, recipient, procedure, invitation, planner_body, state, created_at, attempts, tried_at, due_at,
	reply_code, reply, settled_at) on pp.mail to pp_server;
grant select, update (recipient, subject, body, state, due_at, released_at, attempts, tried_at, reply_code, reply, settled_at)
	on pp.mail to pp_clerk;
grant execute on function pp.is_mail_address(text) to pp_server, pp_sign_in, pp_clerk, pp_public;
grant execute on function pp.uuid7(timestamptz), pp.refuse(text, text, text) to pp_sign_in;

-- Where an office is written to.
create table pp.body_mail (
	body text not null collate "C" references pp.body,
	mail text not null check (pp.is_mail_address(mail)),
	valid_from date not null,
	valid_to date check (valid_to >= valid_from),
	source text not null check (source <> ''),
	primary key (body, valid_from),
	constraint body_mail_one_at_a_time exclude using gist
		(body with =, daterange(valid_from, valid_to, '[]') with &&)
);
comment on table pp.body_mail is 'The address of an office (Funktionspostfach), where invitations are sent; no persons'' addresses.';
comment on column pp.body_mail.valid_to is 'The last day, inclusive; null while it lasts.';
create function pp.body_mail_on(body text, day date) returns text language sql stable as $$
	select m.mail from pp.body_mail m where m.body = $1 and $2 between m.valid_from and coalesce(m.valid_to, 'infinity')
$$;
grant select on pp.body_mail to pp_server, pp_clerk;
grant execute on function pp.body_mail_on(text, date) to pp_server, pp_clerk;
