-- SPDX-License-Identifier: EUPL-1.2
-- Notices by mail that people have consented to: about the procedure of their own statement, about one procedure, or about
-- what is planned near a place. An address is sealed, also while a mail to it waits. Locks: pp.mail and pp.machine_state for
-- the moment of new columns.

alter table pp.machine_state add news text check (news in ('STAND', 'ENDE'));
comment on column pp.machine_state.news is 'Whoever has subscribed to a procedure is told of this state; ENDE: and of nothing after it.';
update pp.machine_state s set news = case s.state when 'BEKANNT_PFB' then 'STAND' else 'ENDE' end
 where s.machine <> 'PLANUNGSANZEIGE' and (s.is_final or s.state in ('IN_KRAFT', 'TEILW_AUFGEHOBEN', 'BEKANNT_PFB', 'UNANFECHTBAR'));

-- Rows go with the subscription: what has ended leaves nothing but, for persons, the withdrawal of the consent.
create table pp.subscription (
	id uuid primary key,
	holder uuid not null,
	person uuid references pp.person,
	account uuid,
	procedure uuid references pp.procedure,
	ags text collate "C" check (ags ~ '^[0-9]{8}$'),
	cell text check (cell ~ '^1kmN[0-9]{4}E[0-9]{3}$'),
	radius_km int check (radius_km between 1 and 10),
	lang text not null check (lang in ('de', 'en')),
	sealed bytea not null,
	mark bytea check (length(mark) = 32),
	open_sha256 bytea not null check (length(open_sha256) = 32),
	end_sha256 bytea not null check (length(end_sha256) = 32),
	text_version text not null check (length(text_version) between 1 and 100),
	requested_at timestamptz not null,
	confirmed_at timestamptz,
	ends_at timestamptz,
	constraint subscription_once unique nulls not distinct (holder, procedure, ags, cell, radius_km),
	constraint subscription_end_once unique (end_sha256),
	check (num_nonnulls(procedure, ags, cell) = 1 and (cell is null) = (radius_km is null)),
	check (person is null or (person = holder and procedure is not null)),
	check ((person is null) = (mark is not null)),
	check (confirmed_at is not null or ends_at is not null)
);
create index subscription_procedure on pp.subscription (procedure, id) where procedure is not null and confirmed_at is not null;
create index subscription_place on pp.subscription (id) where procedure is null and confirmed_at is not null;
create index subscription_person on pp.subscription (person) where person is not null;
create index subscription_account on pp.subscription (account) where account is not null;
create index subscription_open on pp.subscription (open_sha256);
create index subscription_mark on pp.subscription (mark) where mark is not null;
create index subscription_over on pp.subscription (ends_at) where ends_at is not null;
comment on table pp.subscription is
	'Art. 6 (1) (a), 7 GDPR: who wants to be told by mail, of what. Until it is confirmed it is a request and nothing is sent but the question.';
comment on column pp.subscription.holder is
	'Whose key in pp_keys seals the address: the person''s who made a statement, else one of this address alone, which goes with its last subscription.';
comment on column pp.subscription.mark is
	'Keyed hash of the address, by which its subscriptions are found to be one reader''s. Persons have none: nothing links them.';
comment on column pp.subscription.cell is 'Square of 1 km that the place lies in, in the grid of EPSG:25832; the place itself is nowhere.';
comment on column pp.subscription.open_sha256 is
	'Of the secret of its holder''s page, that mails lead to; end_sha256: of the one by which mail programs end this one. Both are derived from the holder''s key.';
comment on column pp.subscription.text_version is 'Which text was agreed to.';
comment on column pp.subscription.ends_at is 'From then on nothing is told, and the row goes; null: not yet known.';
create trigger subscription_stays before update of id, holder, person, account, procedure, ags, cell, radius_km, sealed, mark,
	open_sha256, end_sha256 or truncate on pp.subscription for each statement execute function pp.forbid_change();

-- What there is to tell, written with what causes it. The clerk tells some readers at a time, in the order of their ids.
create table pp.subscription_event (
	id uuid primary key,
	kind text not null check (kind in ('VEROEFFENTLICHT', 'RUNDE', 'STAND', 'ERGEBNIS')),
	procedure uuid not null references pp.procedure,
	round uuid references pp.round,
	state text,
	persons uuid[] check (cardinality(persons) > 0),
	at timestamptz not null,
	after uuid,
	told int not null default 0,
	done_at timestamptz,
	check ((kind = 'RUNDE') = (round is not null)),
	check ((kind = 'STAND') = (state is not null)),
	check ((kind = 'ERGEBNIS') = (persons is not null))
);
create index subscription_event_waiting on pp.subscription_event (id) where done_at is null;
create index subscription_event_procedure on pp.subscription_event (procedure, at);
comment on column pp.subscription_event.persons is 'Whom a result was communicated to; nobody else is told of it.';
comment on column pp.subscription_event.after is 'The last subscription that was looked at.';
create trigger subscription_event_stays before update of id, kind, procedure, round, state, persons, at or truncate
	on pp.subscription_event for each statement execute function pp.forbid_change();

-- Mail to a subscription has no address: it is unsealed while it is sent. So nothing has to be looked for when somebody is erased.
alter table pp.mail
	add subscription uuid,
	add mailbox bytea check (length(mailbox) = 32),
	add is_bulk bool not null default false;
do $$
declare
	name text := (select conname from pg_constraint where conrelid = 'pp.mail'::regclass and contype = 'c'
		and pg_get_constraintdef(oid) like '%''WARTET''%(recipient IS NOT NULL)%');
begin
	execute format('alter table pp.mail drop constraint %I', name);
end
$$;
alter table pp.mail
	add check (state <> 'WARTET' or ((recipient is not null or subscription is not null) and subject is not null and body is not null)),
	add check (subscription is null or recipient is null);
create index mail_mailbox on pp.mail (mailbox, kind, created_at) where mailbox is not null;
create index mail_in_turn on pp.mail (is_bulk, due_at, id) where state = 'WARTET';
comment on column pp.mail.subscription is 'Whose address it goes to. No foreign key: the subscription may have ended since.';
comment on column pp.mail.mailbox is
	'Keyed hash of the mailbox, without a subaddress (RFC 5233): so many confirmations go to one in a day. Forgotten a day after the mail was settled.';
comment on column pp.mail.is_bulk is 'One of many: goes out when nothing else is due.';
create trigger mail_subscription_stays before update of subscription, is_bulk on pp.mail for each statement execute function pp.forbid_change();
grant update (mailbox) on pp.mail to pp_clerk;

alter table pp.subscription enable row level security;
alter table pp.subscription force row level security;
create policy own on pp.subscription to pp_server
	using (holder = (select pp.current_person()) or account = (select pp.current_account()))
	with check (holder = (select pp.current_person()) or account = (select pp.current_account()));
create policy clerk on pp.subscription to pp_clerk using (true) with check (true);
create policy sign_in on pp.subscription for select to pp_sign_in using (true);
create policy keys on pp.subscription to pp_keys using (true);
grant select, insert, update (lang, text_version, requested_at, confirmed_at, ends_at), delete on pp.subscription to pp_server;
grant select (id, holder, person, procedure, ags, cell, radius_km, lang, confirmed_at, ends_at), update (ends_at), delete
	on pp.subscription to pp_clerk;
grant select (id, holder, mark, open_sha256, end_sha256) on pp.subscription to pp_sign_in;
grant select (id, holder, person, sealed), delete on pp.subscription to pp_keys;
grant insert on pp.subscription_event to pp_server, pp_clerk;
grant select, update (after, told, done_at), delete on pp.subscription_event to pp_clerk;
grant execute on function pp.base64url(bytea) to pp_keys;

set local role pp_keys;

-- A secret that can be said again as long as there is the key, and is stored nowhere; null where the key is gone.
create function pp_keys.secret_of(holder uuid, what text) returns text
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	return (select pp.base64url(public.hmac(convert_to($2, 'UTF8'), k.secret, 'sha256')) from pp_keys.person_key k where k.person = $1);
end
$$;

-- For the mailer, while it sends: where to, and the secrets of this subscription.
create function pp_keys.subscriber(subscription uuid, out address text, out opens text, out ends text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
	select pp_keys.unseal(s.holder, s.sealed), pp_keys.secret_of(s.holder, 'open'), pp_keys.secret_of(s.holder, 'end ' || s.id)
	  into address, opens, ends from pp.subscription s where s.id = $1;
end
$$;

-- The key of an address goes with its last subscription; that of a person is the person's.
create function pp_keys.forget_holder() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
	delete from pp_keys.person_key k where k.person = old.holder and old.person is null
		and not exists (select from pp.subscription s where s.holder = old.holder);
	return null;
end
$$;

create function pp_keys.forget_subscriptions() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
	delete from pp.subscription s where s.person = new.id;
	return null;
end
$$;
grant execute on function pp_keys.secret_of(uuid, text) to pp_server;
grant usage on schema pp_keys to pp_clerk;
grant execute on function pp_keys.subscriber(uuid) to pp_clerk;
grant usage on schema pp_keys to pp_owner;
grant execute on function pp_keys.forget_holder(), pp_keys.forget_subscriptions() to pp_owner;
reset role;
create trigger subscription_forgotten after delete on pp.subscription for each row execute function pp_keys.forget_holder();
create trigger person_unsubscribed after update of erased_at on pp.person for each row
	when (new.erased_at is not null) execute function pp_keys.forget_subscriptions();
set local role pp_keys;
revoke execute on function pp_keys.forget_holder(), pp_keys.forget_subscriptions() from pp_owner;
revoke usage on schema pp_keys from pp_owner;
reset role;
