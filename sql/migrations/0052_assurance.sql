-- SPDX-License-Identifier: EUPL-1.2
-- When somebody has proved who they are, because what binds a body may ask for it anew. Locks: the tables of sessions,
-- for a moment.

alter table pp.session add authenticated_at timestamptz;
comment on column pp.session.authenticated_at is
	'When a password was given here, or credentials at the issuer by its auth_time; null where that says nothing.';
grant update (authenticated_at) on pp.session to pp_sign_in;

alter table pp.sign_in add max_age int check (max_age >= 0);
comment on column pp.sign_in.max_age is 'The answer must say that credentials were given so many seconds ago at most.';
