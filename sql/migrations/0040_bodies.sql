-- SPDX-License-Identifier: EUPL-1.2
-- Who plans for whom, and bodies that say who acts for them. Locks: small tables, for a moment.

alter table pp.administration drop constraint administration_kind_check;
alter table pp.administration add check (kind in ('AMT', 'VERWALTUNGSGEMEINSCHAFT', 'SAMTGEMEINDE', 'KREIS', 'PLANUNG'));
alter table pp.administration drop constraint administration_pkey, drop constraint administration_one_at_a_time;
alter table pp.administration add primary key (ags, kind, body, valid_from);
-- One office administers; several may plan.
alter table pp.administration add constraint administration_one_at_a_time exclude using gist
	(ags with =, kind with =, daterange(valid_from, valid_to, '[]') with &&) where (kind <> 'PLANUNG');
comment on table pp.administration is
	'Whose office writes and receives for a municipality, and (PLANUNG) who may plan for it: a planning office, a Planungsverband (§ 205 BauGB), a neighbour with whom it plans (§ 204 BauGB). Maintained by hand, never derived from the ARS: an Amt may reach into another Kreis.';

create or replace function pp.mailbox(ags text, day date) returns text language sql stable as $$
	select coalesce(
		(select a.body from pp.administration a
		  where a.ags = $1 and $2 between a.valid_from and coalesce(a.valid_to, 'infinity')
			and (a.kind <> 'KREIS' or m.unincorporated) and a.kind <> 'PLANUNG'
		  order by (a.kind = 'KREIS') = m.unincorporated desc, a.kind limit 1),
		case when m.unincorporated then left($1, 5) end, $1)
	  from (select coalesce((select u.unincorporated from pp.municipality u
		where u.boundary_version = pp.current_boundaries() and u.ags = $1), false)) m (unincorporated)
$$;

-- Whether a body may name a municipality as one that plans, on a day: itself, whom it administers or plans for, a
-- Bezirk for its city (§ 1 BezVG Hamburg). An authority of a Land conducts procedures of all but land-use planning, which
-- is the municipality's own (§ 2 (1) BauGB).
create function pp.may_plan_for(planner text, ags text, family text, day date) returns bool language sql stable as $$
	select planner = $2
	    or exists (select from pp.administration a where a.ags = $2 and a.body = planner and a.kind <> 'KREIS'
		and day between a.valid_from and coalesce(a.valid_to, 'infinity'))
	    or exists (select from pp.body b where b.key = planner and (b.kind = 'BEZIRK' and b.parent = $2
		or family <> 'BAULEITPLANUNG' and b.land = left($2, 2)
			and b.kind in ('LAND', 'KREIS', 'LANDESPLANUNG', 'PLANFESTSTELLUNG')))
$$;
grant execute on function pp.may_plan_for(text, text, text, date) to pp_server;

alter table pp.body add release_by_second bool not null default false, add version int not null default 1;
comment on column pp.body.release_by_second is 'A draft is submitted by another account than the one that wrote it.';
grant update (release_by_second, version) on pp.body to pp_server;

-- Who administers a body says who is a member of it, and of nothing else.
create policy administer on pp.membership to pp_server
	using (body = (select pp.current_body()) and (select pp.has_role('body_administrator')))
	with check (body = (select pp.current_body()) and (select pp.has_role('body_administrator')));
grant select, insert (id, email, created_at) on pp.account to pp_sign_in;
grant execute on function pp.current_body(), pp.current_account(), pp.current_role(), pp.uuid7(timestamptz), pp.refuse(text, text, text)
	to pp_sign_in;

-- What a change of the columns above means for what is recorded.
do $$ begin perform pp.audit_adopt('body'); end $$;
