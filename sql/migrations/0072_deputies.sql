-- SPDX-License-Identifier: EUPL-1.2
-- Deputies: whom a member of a body has stand in for them, from one day to another. Locks: new objects only.

create table pp.deputy (
	id uuid primary key,
	body text not null collate "C" references pp.body,
	account uuid not null references pp.account,
	membership uuid not null references pp.membership,
	deputy uuid not null references pp.account,
	deputy_membership uuid not null references pp.membership,
	first_on date not null,
	last_on date not null check (last_on >= first_on),
	administers bool not null,
	named_at timestamptz not null,
	named_by uuid not null references pp.account,
	ended_at timestamptz check (ended_at >= named_at),
	ended_by uuid references pp.account,
	check (account <> deputy),
	check ((ended_at is null) = (ended_by is null)),
	constraint deputy_once_at_a_time exclude using gist
		(membership with =, deputy_membership with =, daterange(first_on, last_on, '[]') with &&) where (ended_at is null)
);
create index deputy_body on pp.deputy (body, last_on);
create index deputy_of on pp.deputy (deputy_membership, last_on) where ended_at is null;
comment on table pp.deputy is 'Who stands in for whom in a body, on the days from first_on to last_on, in Europe/Berlin.';
comment on column pp.deputy.administers is 'Whether the deputy administers the body as well, where the one who is away does.';
create trigger deputy_stays before update of id, body, account, membership, deputy, deputy_membership, first_on, last_on, administers,
	named_at, named_by or delete or truncate on pp.deputy for each statement execute function pp.forbid_change();

create function pp.for_body_administrators() returns trigger language plpgsql as $$
begin
	if current_user = 'pp_server' and not pp.has_role('body_administrator') then
		perform pp.refuse('forbidden', 'Only an administrator has somebody administer the body in their place.', '/administers');
	end if;
	return new;
end
$$;
create trigger deputy_administers before insert on pp.deputy for each row when (new.administers) execute function pp.for_body_administrators();

alter table pp.deputy enable row level security;
alter table pp.deputy force row level security;
create policy own on pp.deputy for select to pp_server
	using (body = (select pp.current_body()) and (select pp.has_role('reader')));
create policy name on pp.deputy for insert to pp_server
	with check (body = (select pp.current_body()) and (select pp.has_role('reader')) and named_by = (select pp.current_account())
		and (account = (select pp.current_account()) or (select pp.has_role('body_administrator'))));
create policy end_it on pp.deputy for update to pp_server
	using (body = (select pp.current_body()) and (select pp.has_role('reader')) and (account = (select pp.current_account())
		or deputy = (select pp.current_account()) or (select pp.has_role('body_administrator'))))
	with check (body = (select pp.current_body()) and ended_by = (select pp.current_account()));
create policy sign_in on pp.deputy for select to pp_sign_in using (true);
grant select, insert, update (ended_at, ended_by) on pp.deputy to pp_server;
grant select on pp.deputy to pp_sign_in;
do $$ begin perform pp.audit_watch('deputy', 'none'); end $$;

-- What was done in somebody's place. The body's own matter, as the assignment is.
create table pp.acted (
	id uuid primary key,
	body text not null collate "C" references pp.body,
	procedure uuid not null references pp.procedure,
	invitation uuid references pp.invitation,
	statement uuid references pp.statement,
	what text not null check (what in ('ZURKENNTNIS', 'ABGABE', 'ERGAENZUNG', 'RUECKNAHME', 'BESCHLUSS')),
	account uuid not null references pp.account,
	in_place_of uuid not null references pp.account,
	at timestamptz not null,
	check (account <> in_place_of)
);
create index acted_statement on pp.acted (statement, id) where statement is not null;
create index acted_procedure on pp.acted (procedure, id);
comment on table pp.acted is 'Who has acted for a body in whose place; the rows of what was done name who did it.';
create trigger acted_stays before update or delete or truncate on pp.acted for each statement execute function pp.forbid_change();
alter table pp.acted enable row level security;
alter table pp.acted force row level security;
create policy own on pp.acted for select to pp_server
	using (body = (select pp.current_body()) and (select pp.has_role('reader')));
create policy writes on pp.acted for insert to pp_server
	with check (body = (select pp.current_body()) and account = (select pp.current_account())
		and ((select pp.has_role('clerk')) or (select pp.has_role('releaser'))));
grant select, insert on pp.acted to pp_server;
do $$ begin perform pp.audit_watch('acted', 'procedure'); end $$;

-- What a membership lets its account do in a session on a day: its own roles, and those of whom the account stands in for.
-- deputy:ACCOUNT beside them says for whom, in every entry of the audit chains too. One does not stand in for a deputy.
create function pp.roles_on(m pp.membership, day date) returns text language sql stable as $$
	select case when m.state <> 'confirmed' then pp.roles_of(m) else (
		with away as (select d.account, p.roles, d.administers from pp.deputy d join pp.membership p on p.id = d.membership
			join pp.account a on a.id = d.account and a.active
			where d.deputy_membership = m.id and d.ended_at is null and day between d.first_on and d.last_on
			  and p.state = 'confirmed' and pp.is_live(p, day))
		select concat_ws(' ', array_to_string(array(select r from unnest('{reader,clerk,releaser,manager,body_administrator,oversight}'::text[]) r
				where r = any (m.roles) or exists (select from away w where r = any (w.roles) and (r <> 'body_administrator' or w.administers))), ' '),
			(select string_agg('deputy:' || w.account, ' ' order by w.account) from (select distinct account from away) w))) end
$$;
grant execute on function pp.roles_on(pp.membership, date) to pp_sign_in, pp_server;
