-- SPDX-License-Identifier: EUPL-1.2
-- Whoever acts for no body has the platform's roles, as before 0072: of no membership pp.roles_on said no roles instead of nothing,
-- so that operators and auditors who signed in by a session had lost theirs. Locks: none.

create or replace function pp.roles_on(m pp.membership, day date) returns text language sql stable as $$
	select case when m.id is null then null when m.state <> 'confirmed' then pp.roles_of(m) else (
		with away as (select d.account, p.roles, d.administers from pp.deputy d join pp.membership p on p.id = d.membership
			join pp.account a on a.id = d.account and a.active
			where d.deputy_membership = m.id and d.ended_at is null and day between d.first_on and d.last_on
			  and p.state = 'confirmed' and pp.is_live(p, day))
		select concat_ws(' ', array_to_string(array(select r from unnest('{reader,clerk,releaser,manager,body_administrator,oversight}'::text[]) r
				where r = any (m.roles) or exists (select from away w where r = any (w.roles) and (r <> 'body_administrator' or w.administers))), ' '),
			(select string_agg('deputy:' || w.account, ' ' order by w.account) from (select distinct account from away) w))) end
$$;
