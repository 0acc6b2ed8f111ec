-- SPDX-License-Identifier: EUPL-1.2
-- Logout tokens that were taken, so that none counts twice. Locks: the table of sessions, for a moment.

create table pp.logout_token (
	issuer text not null collate "C" references pp.issuer,
	jti_sha256 bytea not null check (length(jti_sha256) = 32),
	expires_at timestamptz not null,
	primary key (issuer, jti_sha256)
);
create index logout_token_end on pp.logout_token (expires_at);
comment on table pp.logout_token is 'What a provider has said once; kept until its token would be too old anyway.';

create index session_at_provider on pp.session (issuer, provider_session) where closed_at is null;

grant select, insert on pp.logout_token to pp_sign_in;
grant select (expires_at), delete on pp.logout_token to pp_clerk;
