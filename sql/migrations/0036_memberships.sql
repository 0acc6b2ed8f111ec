-- SPDX-License-Identifier: EUPL-1.2
-- Who acts for whom. An account is a person; a membership binds it to a body, with roles there. A session or a
-- token acts for one membership, or for the person alone. Locks: the tables of accounts, for a moment.

create table pp.membership (
	id uuid primary key,
	account uuid not null references pp.account,
	body text not null collate "C" references pp.body,
	roles text[] not null check (roles <@ '{reader,clerk,releaser,manager,body_administrator,oversight}'
		and 'reader' = any (roles) and array_position(roles, null) is null),
	state text not null check (state in ('pending', 'confirmed', 'ended')),
	valid_from date,
	valid_to date check (valid_to >= valid_from),
	created_at timestamptz not null,
	confirmed_at timestamptz,
	confirmed_by uuid references pp.account,
	ended_at timestamptz,
	version int not null default 1,
	check ((state = 'ended') = (ended_at is not null)),
	check (state <> 'confirmed' or confirmed_at is not null)
);
create unique index membership_once on pp.membership (account, body) where state <> 'ended';
create index membership_account on pp.membership (account, id);
create index membership_body on pp.membership (body, id);
comment on table pp.membership is 'Who acts for which body, as what. What has ended stays on record.';
comment on column pp.membership.roles is
	'Every member reads. While it is pending, a membership lets its account read and nothing else.';
comment on column pp.membership.valid_from is 'The first day; null from the beginning on.';
comment on column pp.membership.valid_to is 'The last day, inclusive; null while it lasts.';

-- Policies compare with the roles now: what named the old single role goes first.
drop policy administer on pp.account;
drop policy administer on pp.token;
drop policy administrator on pp.recomputation;
drop policy administrator on pp.recomputation_item;

-- As what somebody acts: every role, separated by blanks.
create or replace function pp.current_role() returns text language sql stable parallel safe as
$$ select pp.identity('pp.roles') $$;

create function pp.current_roles() returns text[] language sql stable parallel safe as
$$ select string_to_array(pp.current_role(), ' ') $$;

create function pp.has_role(role text) returns bool language sql stable parallel safe as
$$ select coalesce($1 = any (pp.current_roles()), false) $$;

-- Whether a membership counts on a day.
create function pp.is_live(m pp.membership, day date) returns bool language sql immutable parallel safe as
$$ select m.state <> 'ended' and coalesce(m.valid_from <= $2, true) and coalesce($2 <= m.valid_to, true) $$;

-- What it lets its account do.
create function pp.roles_of(m pp.membership) returns text language sql immutable parallel safe as
$$ select case m.state when 'confirmed' then array_to_string(m.roles, ' ') when 'pending' then 'reader' end $$;

-- What there is: a municipality's account answers, a planner's also conducts procedures, an administrator runs the
-- platform. The owner is not exempt from row-level security but for this.
alter table pp.account no force row level security;
alter table pp.session no force row level security;
alter table pp.token no force row level security;
alter table pp.account add platform text[] not null default '{}' check (platform <@ '{operator,auditor}'
	and array_position(platform, null) is null);
comment on column pp.account.platform is
	'Roles on the platform itself. They count while the account acts as a person, for no body.';
alter table pp.session add membership uuid references pp.membership;
alter table pp.token add membership uuid references pp.membership;
comment on column pp.session.membership is 'For which body it acts; null: as a person.';
comment on column pp.token.membership is 'For which body it acts, for good; null: as a person.';
create index session_membership on pp.session (membership);
create index token_membership on pp.token (membership);
update pp.account set platform = '{operator}' where role = 'administrator';
insert into pp.membership (id, account, body, roles, state, created_at, confirmed_at)
	select pp.uuid7(a.created_at), a.id, a.body, case a.role when 'municipality' then '{reader,clerk,releaser}'::text[]
		when 'planner' then '{reader,clerk,releaser,manager}' else '{reader,manager}' end, 'confirmed', a.created_at,
		a.created_at
	  from pp.account a where a.body is not null;
update pp.session s set membership = m.id from pp.membership m where m.account = s.account;
update pp.token t set membership = m.id from pp.membership m where m.account = t.account;
alter table pp.account drop column role, drop column body;
comment on table pp.account is 'Who may sign in: a person, or a program of one.';
alter table pp.account force row level security;
alter table pp.session force row level security;
alter table pp.token force row level security;

alter table pp.membership enable row level security;
alter table pp.membership force row level security;
create policy own on pp.membership for select to pp_server using (account = (select pp.current_account()));
create policy operate on pp.membership to pp_server
	using ((select pp.has_role('operator'))) with check ((select pp.has_role('operator')));
create policy sign_in on pp.membership to pp_sign_in using (true);
create policy operate on pp.account to pp_server
	using ((select pp.has_role('operator'))) with check ((select pp.has_role('operator')));
create policy operate on pp.token to pp_server
	using ((select pp.has_role('operator'))) with check ((select pp.has_role('operator')));
create policy operate on pp.recomputation to pp_server
	using ((select pp.has_role('operator'))) with check ((select pp.has_role('operator')));
create policy operate on pp.recomputation_item for select to pp_server using ((select pp.has_role('operator')));

-- A draft is for those who write it and those who submit it.
drop policy own on pp.draft;
create policy own on pp.draft to pp_server
	using (body = (select pp.current_body()) and ((select pp.has_role('clerk')) or (select pp.has_role('releaser'))))
	with check (body = (select pp.current_body()) and ((select pp.has_role('clerk')) or (select pp.has_role('releaser'))));

create or replace function pp.for_administrators() returns trigger language plpgsql as $$
begin
	if current_user = 'pp_server' and not pp.has_role('operator') then
		perform pp.refuse('forbidden', 'Only operators do that.');
	end if;
	return null;
end
$$;
alter function pp.for_administrators() rename to for_operators;
alter trigger rule_version_administrators on pp.rule_version rename to rule_version_operators;
alter trigger affected_rule_administrators on pp.affected_rule rename to affected_rule_operators;

grant execute on function pp.current_roles(), pp.has_role(text)
	to pp_server, pp_public, pp_clerk, pp_geometry, pp_deadlines, pp_sign_in;
grant execute on function pp.identity(text), pp.day(timestamptz), pp.is_live(pp.membership, date), pp.roles_of(pp.membership), pp.iso(date)
	to pp_server, pp_sign_in;
grant select (platform), insert (platform), update (platform) on pp.account to pp_server;
grant select, insert, update (roles, state, valid_to, confirmed_at, confirmed_by, ended_at, version) on pp.membership
	to pp_server;
grant update (sha256, membership) on pp.session to pp_server;
grant select on pp.membership to pp_sign_in;

-- Who could act for whom, and when, must be provable.
do $$ begin perform pp.audit_watch('membership', 'none'); end $$;
