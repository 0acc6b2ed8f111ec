-- SPDX-License-Identifier: EUPL-1.2
-- Identity providers, and who signs in by them. Locks: the tables of accounts and sessions, for a moment.

create table pp.issuer (
	key text primary key collate "C" check (key ~ '^[a-z0-9][a-z0-9-]{0,39}$'),
	url text not null check (length(url) <= 500
		and url ~ '^(https://[^/?#@[:space:]]+|http://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?)(/[^?#[:space:]]*)?$'),
	title text not null check (length(title) between 1 and 100),
	logo_text text not null check (length(logo_text) between 1 and 8),
	land text collate "C" check (land ~ '^(0[1-9]|1[0-6])$'),
	client_id text not null check (length(client_id) between 1 and 255),
	client_auth text not null check (client_auth in ('client_secret_basic', 'client_secret_post', 'none')),
	scopes text not null check (scopes ~ '^openid( [!#-\[\]-~]+)*$'),
	claims jsonb not null check (jsonb_typeof(claims) = 'object'),
	levels jsonb not null check (jsonb_typeof(levels) = 'object'
		and not jsonb_path_exists(levels, '$.* ? (@ != "NORMAL" && @ != "SUBSTANTIELL" && @ != "HOCH")')),
	algorithms text[] not null check (algorithms <> '{}' and algorithms <@ '{RS256,RS512,PS256,PS512,ES256,ES512}'),
	audience text check (length(audience) between 1 and 255),
	scope text check (scope ~ '^[!#-\[\]-~]+$'),
	active bool not null default true,
	created_at timestamptz not null,
	removed_at timestamptz
);
create unique index issuer_url_once on pp.issuer (url) where active;
comment on table pp.issuer is 'OpenID providers by which people and programs sign in. One that is removed stays on record.';
comment on column pp.issuer.url is 'The issuer exactly as its tokens name it.';
comment on column pp.issuer.claims is
	'What the platform''s name, email and organisation are called in its ID tokens; a path with dots is allowed.';
comment on column pp.issuer.levels is 'Values of acr and the level of assurance that they stand for (BSI TR-03107-1).';
comment on column pp.issuer.audience is 'What access tokens of programs are made for; null: none are taken.';
comment on column pp.issuer.scope is 'What such a token must allow; null: nothing in particular.';

-- Identity is what the issuer calls somebody, never a mail address: addresses change hands.
alter table pp.account alter column email drop not null,
	add constraint account_local check (email is not null or password_hash is null);
comment on column pp.account.email is 'Of a local account; null for one that an issuer vouches for.';

create table pp.account_identity (
	issuer text not null collate "C" references pp.issuer,
	subject text not null check (length(subject) between 1 and 255),
	account uuid not null references pp.account,
	name text check (length(name) <= 200),
	email text check (length(email) <= 254),
	organisation text check (length(organisation) <= 40),
	created_at timestamptz not null,
	last_seen_at timestamptz not null,
	primary key (issuer, subject)
);
create index account_identity_account on pp.account_identity (account);
comment on table pp.account_identity is 'Whom an issuer means by a subject; the rest is what it said of them last.';

create table pp.sign_in (
	state_sha256 bytea primary key check (length(state_sha256) = 32),
	browser_sha256 bytea not null check (length(browser_sha256) = 32),
	nonce_sha256 bytea not null check (length(nonce_sha256) = 32),
	issuer text not null collate "C" references pp.issuer,
	return_to text not null check (return_to ~ '^/([^/\\]|$)' and length(return_to) <= 500),
	expires_at timestamptz not null
);
create index sign_in_end on pp.sign_in (expires_at);
comment on table pp.sign_in is 'Sign-ins under way at a provider; each is taken once, by the browser that began it.';

alter table pp.session add id uuid,
	add issuer text collate "C" references pp.issuer,
	add level text not null default 'NORMAL' check (level in ('NORMAL', 'SUBSTANTIELL', 'HOCH')),
	add subject text, add provider_session text check (length(provider_session) <= 255),
	add sealed_id_token bytea;
alter table pp.session no force row level security;
update pp.session set id = pp.uuid7(opened_at);
alter table pp.session force row level security;
alter table pp.session alter column id set not null, alter column level drop default;
create unique index session_id_once on pp.session (id);
create index session_provider on pp.session (issuer, subject) where closed_at is null;
comment on column pp.session.sealed_id_token is
	'For signing out at the provider; the key is made of the cookie, so nobody else can read it.';

alter table pp.account_identity enable row level security;
alter table pp.account_identity force row level security;

-- Everybody may know the issuers, operators change them; what is under way is for nobody but pp_sign_in.
create trigger issuer_operators before insert or update or delete on pp.issuer
	for each statement execute function pp.for_operators();

create policy own on pp.account_identity for select to pp_server using (account = (select pp.current_account()));
create policy sign_in on pp.account_identity to pp_sign_in using (true);

grant select (key, title, logo_text, land, active) on pp.issuer to pp_public;
grant select, insert, update (active, removed_at) on pp.issuer to pp_server;
grant select on pp.issuer to pp_sign_in;
grant select on pp.account_identity to pp_server;
grant select, insert, update (name, email, organisation, last_seen_at) on pp.account_identity to pp_sign_in;
grant select, insert, delete on pp.sign_in to pp_sign_in;
grant select (expires_at), delete on pp.sign_in to pp_clerk;
grant insert (id, email, platform, created_at) on pp.account to pp_sign_in;
grant insert on pp.membership to pp_sign_in;
grant update (issuer, subject, provider_session, sealed_id_token) on pp.session to pp_sign_in;
grant update (sealed_id_token) on pp.session to pp_server;
grant insert on pp.event to pp_sign_in;
grant execute on function pp.emit(text, timestamptz, uuid, uuid, uuid, uuid, text[], bool, json), pp.uuid7(timestamptz),
	pp.refuse(text, text, text) to pp_sign_in;

-- Whom the platform trusted, and when, must be provable.
do $$ begin perform pp.audit_watch('issuer', 'none', 'key'); end $$;
