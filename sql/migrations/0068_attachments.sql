-- SPDX-License-Identifier: EUPL-1.2
-- Attachments of statements: uploaded before, named when the statement is submitted, kept with it for good. A private person's
-- are sealed piece by piece with a key of that file's own, which goes when the person's goes. Locks: pp.chunk while its check is
-- looked at, pp.file and pp.reading for a moment.

-- A piece that is sealed is some bytes longer than what is in it.
alter table pp.chunk drop constraint chunk_bytes_check, add constraint chunk_bytes_check check (length(bytes) between 1 and 262144 + 256);

alter table pp.file add sealed bool not null default false;
comment on column pp.file.sealed is
	'Its pieces are sealed (pp_keys.file_key); sha256 is salted, and neither digest nor CRC-32 of what it says is kept here.';
alter table pp.file add check (not sealed or digest = '' and coalesce(crc32, 0) = 0);
create or replace function pp.file_stays() returns trigger language plpgsql as $$
begin
	if (new.id, new.media_type, new.size, new.sha256, new.sealed, new.created_at) is distinct from
		(old.id, old.media_type, old.size, old.sha256, old.sealed, old.created_at)
		or old.completed_at is not null and (new.received, new.digest, new.crc32, new.completed_at) is distinct from
			(old.received, old.digest, old.crc32, old.completed_at)
		or new.received < old.received then
		raise exception using errcode = 'restrict_violation', message = 'a file stays as it was received';
	end if;
	return new;
end
$$;

-- What is on its way: of whoever has the secret that came with it (basket), or of a body.
create table pp.upload (
	id uuid primary key references pp.file,
	procedure uuid not null references pp.procedure,
	round uuid not null references pp.round,
	invitation uuid references pp.invitation,
	draft uuid references pp.draft,
	body text collate "C" references pp.body,
	basket uuid,
	token_sha256 bytea check (length(token_sha256) = 32),
	name text check (length(name) between 1 and 200),
	sealed bytea,
	announced_at timestamptz not null,
	expires_at timestamptz,
	check (body is not null or basket is not null),
	check ((basket is null) = (token_sha256 is null)),
	check ((name is null) = (sealed is not null)),
	check ((draft is null) = (expires_at is not null)),
	check (draft is null or invitation is not null and basket is null)
);
create index upload_token on pp.upload (token_sha256) where token_sha256 is not null;
create index upload_basket on pp.upload (basket) where basket is not null;
create index upload_body on pp.upload (body, invitation) where body is not null;
create index upload_draft on pp.upload (draft) where draft is not null;
create index upload_expires on pp.upload (expires_at) where expires_at is not null;
comment on table pp.upload is 'Files that no statement has named yet. What nobody names goes, after a day where nobody had signed in.';
comment on column pp.upload.basket is 'Whoever has the secret of this hash goes on with all of them: what one letter will name.';
comment on column pp.upload.sealed is 'The file''s name where it is a private person''s.';

create table pp.attachment (
	id uuid primary key references pp.file,
	procedure uuid not null references pp.procedure,
	statement uuid not null references pp.statement,
	no int not null check (no > 0),
	planner_body text not null collate "C",
	participant text collate "C",
	mailbox_body text collate "C",
	author_account uuid,
	person uuid references pp.person,
	entered_by uuid,
	name text check (length(name) between 1 and 200),
	sealed bytea,
	media_type text not null,
	size bigint not null check (size > 0),
	sha256 bytea not null check (length(sha256) = 32),
	attached_at timestamptz not null,
	constraint attachment_of_statement unique (statement, no),
	check ((person is null) = (name is not null)),
	check ((person is null) = (sealed is null))
);
comment on table pp.attachment is 'Files that were submitted with a statement; what became of looking into one is with its file.';
comment on column pp.attachment.sha256 is 'Of its bytes; a private person''s is salted (pp_keys.make_file_key).';
create trigger attachment_stays before update or delete or truncate on pp.attachment
	for each statement execute function pp.forbid_change();

-- Keys of files --------------------------------------------------------------------------------------

set local role pp_keys;
create table pp_keys.file_key (
	file uuid primary key,
	person uuid,
	secret bytea not null check (length(secret) = 32),
	salt bytea not null check (length(salt) = 32),
	sha256 bytea not null check (length(sha256) = 32),
	digest bytea not null default ''
);
create index file_key_person on pp_keys.file_key (person);
comment on table pp_keys.file_key is
	'Of a private person''s attachment: what it is sealed with, and what its bytes hash to. Goes with the person''s key, or when nobody submits it.';

create function pp_keys.make_file_key(file uuid, sha256 bytea) returns bytea
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
	insert into pp_keys.file_key (file, secret, salt, sha256) values ($1, public.gen_random_bytes(32), public.gen_random_bytes(32), $2)
		returning sha256(salt || $2)
$$;

-- How far an upload is, and where it is to end: both would tell what is in it.
create function pp_keys.file_progress(file uuid, out sha256 bytea, out digest bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select k.sha256, k.digest from pp_keys.file_key k where k.file = $1
$$;
create function pp_keys.file_proceed(file uuid, digest bytea) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
	update pp_keys.file_key k set digest = $2 where k.file = $1
$$;
create function pp_keys.file_salt(file uuid) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select k.salt from pp_keys.file_key k where k.file = $1
$$;

-- OpenPGP as for words (seal); the place is part of what it is sealed with, so that no piece stands where another was.
create function pp_keys.seal_piece(file uuid, place text, bytes bytea) returns bytea
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
	key pp_keys.file_key;
begin
	select * into strict key from pp_keys.file_key k where k.file = $1;
	return public.pgp_sym_encrypt_bytea(bytes, encode(key.secret, 'hex') || '/' || place, 'cipher-algo=aes256, s2k-mode=1, compress-algo=0');
end
$$;
-- Null where the key is gone.
create function pp_keys.open_piece(file uuid, place text, sealed bytea) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select public.pgp_sym_decrypt_bytea(sealed, encode(k.secret, 'hex') || '/' || place) from pp_keys.file_key k where k.file = $1
$$;

-- Once: from then on its key is the person's.
create function pp_keys.bind_file(file uuid, person uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
	update pp_keys.file_key k set person = $2, digest = '' where k.file = $1 and k.person is null
$$;
-- Of what nobody has submitted; what somebody has goes with the person.
create function pp_keys.forget_file(file uuid) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
	delete from pp_keys.file_key k where k.file = $1 and k.person is null
$$;
create or replace function pp_keys.forget() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
	delete from pp_keys.person_key k where k.person = new.id;
	delete from pp_keys.file_key k where k.person = new.id;
	return null;
end
$$;
grant usage on schema pp_keys to pp_clerk;
grant execute on function pp_keys.make_file_key(uuid, bytea), pp_keys.file_progress(uuid), pp_keys.file_proceed(uuid, bytea),
	pp_keys.file_salt(uuid), pp_keys.seal_piece(uuid, text, bytea), pp_keys.bind_file(uuid, uuid) to pp_server;
grant execute on function pp_keys.open_piece(uuid, text, bytea), pp_keys.forget_file(uuid) to pp_server, pp_clerk;
reset role;

-- Who sees it ------------------------------------------------------------------------------------
-- The owner stands behind the view of their bytes, and has no identity of its own.

alter table pp.upload enable row level security;
alter table pp.upload force row level security;
create policy own on pp.upload to pp_server, pp_owner
	using (body = (select pp.current_body()) or basket = (select pp.current_person()))
	with check (body = (select pp.current_body()) or basket = (select pp.current_person()));
create policy writes on pp.upload as restrictive to pp_server using (true)
	with check ((select pp.current_body()) is null or (select pp.current_account()) is null or (select pp.has_role('clerk'))
		or (select pp.has_role('releaser')) or (select pp.has_role('manager')));
create policy sign_in on pp.upload for select to pp_sign_in using (true);
create policy clerk on pp.upload to pp_clerk using (true);
grant select, insert, delete on pp.upload to pp_server;
grant select (basket, token_sha256) on pp.upload to pp_sign_in;
grant select (id, expires_at), delete on pp.upload to pp_clerk;

alter table pp.attachment enable row level security;
alter table pp.attachment force row level security;
create policy parties on pp.attachment to pp_server, pp_owner
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()) or person = (select pp.current_person()))
	with check (author_account = (select pp.current_account()) or person = (select pp.current_person())
		or entered_by = (select pp.current_account()) or participant = (select pp.current_body()));
create policy writes on pp.attachment as restrictive to pp_server using (true)
	with check ((select pp.current_body()) is null or (select pp.current_account()) is null
		or planner_body = (select pp.current_body()) and (select pp.has_role('manager'))
		or (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())) and (select pp.has_role('releaser')));
create policy clerk on pp.attachment for select to pp_clerk using (true);
grant select, insert on pp.attachment to pp_server;
grant select (id, procedure, statement, planner_body, participant, mailbox_body) on pp.attachment to pp_clerk;
do $$ begin perform pp.audit_watch('attachment', 'procedure'); end $$;

alter table pp.reading drop constraint reading_what_check, add constraint reading_what_check check (what in ('INHALT', 'PERSON', 'ANLAGE'));
