-- SPDX-License-Identifier: EUPL-1.2
-- Persons apart from what they say. Name, address and words of private persons are sealed with a key of
-- that person's own; the keys lie in schema pp_keys, which dumps and roles leave out. Without the key
-- nothing of it can be read, here or in any backup. Locks: statements, while those of persons are sealed.

drop schema pp_api cascade;

-- Keys ------------------------------------------------------------------------------------------
-- Owned by a role that nobody logs in as. The server may call the functions and sees no key.

set local role pp_keys;
alter default privileges revoke execute on functions from public;

create table pp_keys.person_key (
	person uuid primary key,
	secret bytea not null check (length(secret) = 32),
	salt bytea not null check (length(salt) = 32),
	made_at timestamptz not null
);
create table pp_keys.procedure_key (
	procedure uuid primary key,
	secret bytea not null check (length(secret) = 32)
);
comment on table pp_keys.person_key is 'Deleting a row erases a person: nothing that was sealed with it can be read again.';
comment on table pp_keys.procedure_key is
	'For telling equal letters of one procedure without a hash that anybody could compare with.';

create function pp_keys.make_key(person uuid, at timestamptz) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
	insert into pp_keys.person_key (person, secret, salt, made_at)
		values ($1, public.gen_random_bytes(32), public.gen_random_bytes(32), $2)
$$;

-- OpenPGP's symmetric message (RFC 4880 section 5.13) with AES-256; its hash of the content shows
-- whatever was changed. The key is random, so that stretching it would only cost time.
create function pp_keys.seal(person uuid, content text) returns bytea
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	key pp_keys.person_key;
begin
	select * into strict key from pp_keys.person_key k where k.person = $1;
	return public.pgp_sym_encrypt(content, encode(key.secret, 'hex'), 'cipher-algo=aes256, s2k-mode=1, compress-algo=0');
end
$$;

-- Null where the key is gone.
create function pp_keys.unseal(person uuid, sealed bytea) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select public.pgp_sym_decrypt(sealed, encode(k.secret, 'hex')) from pp_keys.person_key k where k.person = $1
$$;

-- What a private receipt is of: without the salt nobody can try texts against it.
create function pp_keys.salted_sha256(person uuid, content text) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select sha256(k.salt || convert_to(content, 'UTF8')) from pp_keys.person_key k where k.person = $1
$$;

create function pp_keys.salt_of(person uuid) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select k.salt from pp_keys.person_key k where k.person = $1
$$;

-- Equal for equal words of one procedure, and for nobody else to compute.
create function pp_keys.alike(procedure uuid, words bytea) returns bytea
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
	insert into pp_keys.procedure_key (procedure, secret) values ($1, public.gen_random_bytes(32)) on conflict do nothing;
	return (select public.hmac(words, k.secret, 'sha256') from pp_keys.procedure_key k where k.procedure = $1);
end
$$;

create function pp_keys.forget() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
	delete from pp_keys.person_key k where k.person = new.id;
	return null;
end
$$;

grant usage on schema pp_keys to pp_server, pp_owner;
grant execute on function pp_keys.make_key(uuid, timestamptz), pp_keys.seal(uuid, text), pp_keys.unseal(uuid, bytea),
	pp_keys.salted_sha256(uuid, text), pp_keys.salt_of(uuid), pp_keys.alike(uuid, bytea) to pp_server;
grant execute on function pp_keys.make_key(uuid, timestamptz), pp_keys.seal(uuid, text),
	pp_keys.salted_sha256(uuid, text), pp_keys.alike(uuid, bytea), pp_keys.forget() to pp_owner;
reset role;

-- Who asks without an account: whoever showed the secret of a submission, for one transaction.
create function pp.current_person() returns uuid language sql stable parallel safe as
$$ select pp.identity('pp.person')::uuid $$;

-- Persons ---------------------------------------------------------------------------------------

create table pp.person (
	id uuid primary key,
	procedure uuid not null references pp.procedure,
	planner_body text not null collate "C" references pp.body,
	no int not null check (no > 0),
	account uuid references pp.account,
	is_anonymous bool not null,
	sealed bytea,
	token_sha256 bytea check (length(token_sha256) = 32),
	created_at timestamptz not null,
	erased_at timestamptz,
	erased_by uuid,
	erase_reason text check (length(erase_reason) between 1 and 500),
	constraint person_number_once unique (procedure, no),
	constraint person_token_once unique (token_sha256),
	check (is_anonymous = (sealed is null)),
	check ((erased_at is null) = (erase_reason is null))
);
create index person_account on pp.person (account) where account is not null;
comment on table pp.person is
	'Who has made statements in one procedure, as a number. Whoever writes in two procedures is two persons: nothing links them.';
comment on column pp.person.sealed is 'Name, address, mail, organisation, how to be informed: JSON, sealed.';
comment on column pp.person.token_sha256 is 'Of the secret that the receipt shows once; the secret itself is nowhere.';

-- A person is erased once, and nothing else about it changes.
create function pp.forbid_return() returns trigger language plpgsql as $$
begin
	if old.erased_at is not null then
		raise exception using errcode = 'restrict_violation', message = 'an erased person stays erased';
	end if;
	return new;
end
$$;
create trigger person_stays before update of id, procedure, planner_body, no, account, is_anonymous, sealed, token_sha256,
	created_at or delete or truncate on pp.person for each statement execute function pp.forbid_change();
create trigger person_erased_once before update on pp.person for each row execute function pp.forbid_return();
create trigger person_forgotten after update of erased_at on pp.person for each row
	when (new.erased_at is not null) execute function pp_keys.forget();

create table pp.consent (
	person uuid not null references pp.person,
	planner_body text not null collate "C",
	account uuid,
	kind text not null check (kind in ('NAME', 'MITTEILUNGEN')),
	given bool not null,
	text_version text not null check (length(text_version) between 1 and 100),
	at timestamptz not null,
	primary key (person, kind, at)
);
comment on table pp.consent is
	'Art. 6 (1) (a), 7 GDPR: for showing a name and for notices only. What a statement itself needs rests on law.';
create trigger consent_stays before update or delete or truncate on pp.consent
	for each statement execute function pp.forbid_change();

create table pp.reading (
	id uuid primary key,
	at timestamptz not null,
	account uuid not null,
	body text not null collate "C",
	person uuid not null references pp.person,
	person_account uuid,
	statement uuid,
	what text not null check (what in ('INHALT', 'PERSON')),
	purpose text check (length(purpose) between 1 and 100)
);
create index reading_person on pp.reading (person, at);
create index reading_account on pp.reading (account, at);
comment on table pp.reading is 'Who has read what a private person said, or who that person is, and why (Art. 5 (2), 15 GDPR).';
create trigger reading_stays before update or delete or truncate on pp.reading
	for each statement execute function pp.forbid_change();

alter table pp.statement_number add last_person int not null default 0;

-- Statements of persons --------------------------------------------------------------------------

alter table pp.statement
	add person uuid references pp.person,
	add sealed bytea,
	add withdraw_sealed bytea,
	alter author_account drop not null,
	add check (author_account is not null or person is not null);
alter table pp.statement_point
	add person uuid,
	add cell text check (cell ~ '^1kmN[0-9]{4}E[0-9]{3}$'),
	alter author_account drop not null,
	alter text drop not null;
create index statement_person on pp.statement (person) where person is not null;
comment on column pp.statement.sealed is 'Text, reservation and points of a private person: JSON, sealed.';
comment on column pp.statement.content_sha256 is 'Of pp_api.statement_content; a private person''s is salted (pp_keys.salted_sha256).';
comment on column pp.statement_point.cell is
	'Square of 1 km that a private place lies in, in the grid of EPSG:25832 (GeoGitter): all of it that is not sealed.';

drop trigger statement_stays on pp.statement;
create trigger statement_stays before update of id, number, procedure, round, plan, invitation, parent,
	planner_body, participant, acting_body, author_account, author_role, channel, stance, text, person, sealed,
	reservation, received_at, deadline_at, content_sha256 or delete or truncate
	on pp.statement for each statement execute function pp.forbid_change();
create or replace function pp.forbid_rewriting() returns trigger language plpgsql as $$
begin
	if old.withdrawn_at is not null
			and (new.withdrawn_at, new.withdrawn_by, new.withdraw_reason, new.withdraw_sealed, new.state)
			is distinct from (old.withdrawn_at, old.withdrawn_by, old.withdraw_reason, old.withdraw_sealed, old.state)
		or old.resolution is not null and (new.resolution, new.resolved_at)
			is distinct from (old.resolution, old.resolved_at) then
		raise exception using errcode = 'restrict_violation',
			message = 'a withdrawal and a resolution are recorded once';
	end if;
	return new;
end
$$;

alter table pp.reinstatement_request
	add person uuid,
	add sealed bytea,
	alter obstacle drop not null,
	alter author_account drop not null,
	alter requested_by drop not null;
alter table pp.lateness_decision add person uuid, alter author_account drop not null;
alter table pp.weighing_result add person uuid, add span_start int, add span_end int, alter author_account drop not null;
comment on column pp.weighing_result.text is 'Null for a private person: the words are taken from the statement, as long as it can be read.';

-- What square a place is in: the squares that its box meets first, south-west.
create function pp.cell(geom geometry) returns text language sql immutable strict parallel safe as $$
	select format('1kmN%sE%s', lpad(floor(ST_YMin(geom) / 1000)::int::text, 4, '0'),
		lpad(floor(ST_XMin(geom) / 1000)::int::text, 3, '0'))
$$;

-- Seals what there is. Its owner may, with row-level security and triggers out of the way for the moment.
alter table pp.statement no force row level security, disable trigger user;
alter table pp.statement_point no force row level security, disable trigger user;
alter table pp.reinstatement_request no force row level security, disable trigger user;
alter table pp.lateness_decision no force row level security, disable trigger user;
alter table pp.weighing no force row level security;
alter table pp.concern no force row level security, disable trigger user;
alter table pp.weighing_result no force row level security, disable trigger user;

do $$
declare
	s pp.statement;
	p uuid;
begin
	for s in select * from pp.statement where author_role = 'OEFF' order by id loop
		p := (select o.person from pp.statement o where o.id = s.parent);
		if p is null then
			p := pp.uuid7(s.received_at);
			update pp.statement_number n set last_person = n.last_person + 1 where n.procedure = s.procedure;
			insert into pp.person (id, procedure, planner_body, no, account, is_anonymous, created_at)
				select p, s.procedure, s.planner_body, n.last_person, s.author_account, true, s.received_at
				  from pp.statement_number n where n.procedure = s.procedure;
			perform pp_keys.make_key(p, s.received_at);
		end if;
		update pp.statement v
		   set person = p, text = null, reservation = null, withdraw_reason = null,
			withdraw_sealed = case when v.withdraw_reason is not null then pp_keys.seal(p, v.withdraw_reason) end,
			-- The receipt that was given out stays the one that is kept; new ones are salted.
			sealed = pp_keys.seal(p, jsonb_build_object('text', v.text, 'reservation', v.reservation, 'points', (
				select coalesce(jsonb_agg(jsonb_build_object('kind', t.kind, 'topic', t.topic, 'text', t.text,
					'legal_basis', t.legal_basis, 'remedy', t.remedy, 'document', t.document, 'page', t.page,
					'geometry', encode(ST_AsBinary(ST_Transform(t.geom, 4326)), 'hex')) order by t.no), '[]')
				  from pp.statement_point t where t.statement = v.id))::text)
		 where v.id = s.id;
		update pp.weighing w set same_sha256 = pp_keys.alike(w.procedure, w.same_sha256) where w.statement = s.id;
		update pp.concern c
		   set topic = case when c.topic is distinct from t.topic then c.topic end,
			geom = case when c.geom is distinct from t.geom then c.geom end
		  from pp.statement_point t where c.statement = s.id and t.statement = s.id and t.no = c.point;
		update pp.statement_point t set person = p, cell = pp.cell(t.geom), text = null, topic = null, legal_basis = null,
			remedy = null, document = null, page = null, geom = null where t.statement = s.id;
		update pp.reinstatement_request q set person = p, obstacle = null, sealed = pp_keys.seal(p, q.obstacle) where q.statement = s.id;
		update pp.lateness_decision d set person = p where d.statement = s.id;
		update pp.weighing_result r set person = p, text = null,
			span_start = (select c.span_start from pp.concern c where c.statement = r.statement and c.no = r.no),
			span_end = (select c.span_end from pp.concern c where c.statement = r.statement and c.no = r.no)
		 where r.statement = s.id;
	end loop;
end
$$;

alter table pp.statement force row level security, enable trigger user;
alter table pp.statement_point force row level security, enable trigger user;
alter table pp.reinstatement_request force row level security, enable trigger user;
alter table pp.lateness_decision force row level security, enable trigger user;
alter table pp.weighing force row level security;
alter table pp.concern force row level security, enable trigger user;
alter table pp.weighing_result force row level security, enable trigger user;

-- From now on the table itself takes no private word in the clear.
alter table pp.statement
	add check ((author_role = 'OEFF') = (person is not null)),
	add check ((person is null) = (sealed is null)),
	add check (person is null or num_nonnulls(text, reservation, withdraw_reason) = 0);
alter table pp.statement_point
	add check ((person is null) = (text is not null)),
	add check (person is null or num_nonnulls(topic, legal_basis, remedy, document, page, geom) = 0);
alter table pp.reinstatement_request
	add check ((person is null) = (obstacle is not null)),
	add check ((person is null) = (sealed is null));
alter table pp.weighing_result add check (person is null or text is null);

set local role pp_keys;
revoke execute on all functions in schema pp_keys from pp_owner;
revoke usage on schema pp_keys from pp_owner;
reset role;

-- Who sees it ------------------------------------------------------------------------------------

alter table pp.person enable row level security;
alter table pp.person force row level security;
create policy parties on pp.person to pp_server
	using (planner_body = (select pp.current_body()) or account = (select pp.current_account())
		or id = (select pp.current_person()))
	with check (planner_body = (select pp.current_body()) or id = (select pp.current_person()));
create policy sign_in on pp.person for select to pp_sign_in using (true);
alter table pp.consent enable row level security;
alter table pp.consent force row level security;
create policy parties on pp.consent to pp_server
	using (planner_body = (select pp.current_body()) or account = (select pp.current_account())
		or person = (select pp.current_person()))
	with check (planner_body = (select pp.current_body()) or account = (select pp.current_account())
		or person = (select pp.current_person()));
alter table pp.reading enable row level security;
alter table pp.reading force row level security;
create policy parties on pp.reading to pp_server
	using (person = (select pp.current_person()) or person_account = (select pp.current_account())
		or account = (select pp.current_account()))
	with check (account = (select pp.current_account()));

drop policy parties on pp.statement;
create policy parties on pp.statement to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()) or person = (select pp.current_person()))
	with check (author_account = (select pp.current_account()) or person = (select pp.current_person())
		or planner_body = (select pp.current_body()) or participant = (select pp.current_body())
		or mailbox_body = (select pp.current_body()));
drop policy parties on pp.statement_point;
create policy parties on pp.statement_point to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()) or person = (select pp.current_person()))
	with check (author_account = (select pp.current_account()) or person = (select pp.current_person()));
drop policy parties on pp.reinstatement_request;
create policy parties on pp.reinstatement_request to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()) or person = (select pp.current_person()))
	with check (author_account = (select pp.current_account()) or person = (select pp.current_person())
		or participant = (select pp.current_body()) or mailbox_body = (select pp.current_body()));
drop policy parties on pp.lateness_decision;
create policy parties on pp.lateness_decision to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()) or person = (select pp.current_person()))
	with check (planner_body = (select pp.current_body()));
drop policy parties on pp.weighing_result;
create policy parties on pp.weighing_result to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()) or person = (select pp.current_person()))
	with check (planner_body = (select pp.current_body()));

-- Keys of requests without an account belong to whoever can repeat the request, or holds the secret.
drop policy own on pp.idempotency_key;
create policy own on pp.idempotency_key to pp_server
	using (account = (select pp.current_account()) or account = (select pp.current_person()))
	with check (account = (select pp.current_account()) or account = (select pp.current_person()));
create or replace function pp.recall(idempotency_key text, request_sha256 bytea) returns pp.reply
language plpgsql volatile as $$
declare
	owner uuid := coalesce(pp.current_account(), pp.current_person());
	claim pp.idempotency_key;
begin
	if idempotency_key is null or owner is null then
		return null;
	end if;
	insert into pp.idempotency_key (account, key, request_sha256)
		values (owner, $1, $2) on conflict do nothing;
	if found then
		return null;
	end if;
	select * into strict claim from pp.idempotency_key k where k.account = owner and k.key = $1;
	if claim.request_sha256 is distinct from $2 then
		perform pp.refuse('idempotency_key_reused',
			'This key came with another request; use a new key for a new request.');
	end if;
	return row(claim.status, claim.location, claim.etag, null, claim.body)::pp.reply;
end
$$;
create or replace function pp.remember(idempotency_key text, reply pp.reply) returns pp.reply
language plpgsql volatile as $$
begin
	if idempotency_key is not null then
		update pp.idempotency_key k
		   set status = reply.status, location = reply.location, etag = reply.etag,
			body = reply.body
		 where k.account = coalesce(pp.current_account(), pp.current_person()) and k.key = $1;
	end if;
	return reply;
end
$$;

grant select, insert, update (erased_at, erased_by, erase_reason) on pp.person to pp_server;
grant select (id, token_sha256, erased_at) on pp.person to pp_sign_in;
grant select, insert on pp.consent, pp.reading to pp_server;
grant update (withdraw_sealed) on pp.statement to pp_server;
grant execute on function pp.current_person() to pp_server, pp_public;
grant execute on function pp.cell(geometry) to pp_server;
