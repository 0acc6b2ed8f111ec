-- SPDX-License-Identifier: EUPL-1.2
-- Deputies: who stands in for whom in a body, from a day to a day, both inclusive (Europe/Berlin). A session of the deputy has
-- the roles of both (pp.roles_on) and says for whom; what it does is done by the deputy and recorded as in whose place.

create function pp_api.deputy_json(d pp.deputy, at timestamptz) returns jsonb language sql stable as $$
	select jsonb_build_object('id', d.id, 'body', d.body, 'account', d.account, 'name', pp_api.colleague(d.account, pp.day(at)) -> 'name',
		'deputy', d.deputy, 'deputy_name', pp_api.colleague(d.deputy, pp.day(at)) -> 'name', 'first_on', pp.iso(d.first_on),
		'last_on', pp.iso(d.last_on), 'administers', d.administers,
		'state', case when d.ended_at is not null then 'BEENDET' when pp.day(at) > d.last_on then 'ABGELAUFEN'
			when pp.day(at) < d.first_on then 'GEPLANT' else 'AKTIV' end,
		'named_at', pp.rfc3339(d.named_at), 'named_by', pp_api.colleague(d.named_by, pp.day(at)) -> 'name',
		'ended_at', pp.rfc3339(d.ended_at))
$$;

-- Of one's body, those that count or will.
create function pp_api.deputy_list(at timestamptz) returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', coalesce(json_agg(pp_api.deputy_json(d, at) order by d.first_on, d.id), '[]')))
	  from pp.deputy d where d.body = pp.current_body() and d.ended_at is null and d.last_on >= pp.day(at)
$$;

-- body: deputy, first_on, last_on; account of whoever is away, which only the body's administrator names for others; administers.
create function pp_api.deputy_create(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea) returns pp.reply
language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	away uuid := coalesce(($1 ->> 'account')::uuid, pp.current_account());
	who uuid := ($1 ->> 'deputy')::uuid;
	d pp.deputy;
begin
	if r.status is not null then
		return r;
	end if;
	d.first_on := ($1 ->> 'first_on')::date;
	d.last_on := ($1 ->> 'last_on')::date;
	d.administers := coalesce(($1 ->> 'administers')::bool, false);
	d.membership := pp_api.member_present(away, greatest(pp.day(at), d.first_on));
	d.deputy_membership := pp_api.member_present(who, greatest(pp.day(at), d.first_on));
	if away is distinct from pp.current_account() and not pp.has_role('body_administrator') then
		perform pp.refuse('forbidden', 'Only the body''s administrator names a deputy for somebody else.', '/account');
	elsif d.membership is null then
		perform pp.refuse('invalid_body', 'That is no confirmed member of your body on the first day.', '/account');
	elsif d.deputy_membership is null then
		perform pp.refuse('invalid_body', 'That is no confirmed member of your body on the first day.', '/deputy');
	elsif who = away then
		perform pp.refuse('invalid_body', 'Nobody stands in for themselves.', '/deputy');
	elsif d.first_on < pp.day(at) then
		perform pp.refuse('invalid_body', 'Nobody stands in for a day that is over.', '/first_on');
	elsif d.last_on < d.first_on then
		perform pp.refuse('invalid_body', 'It ends before it begins.', '/last_on');
	end if;
	begin
		insert into pp.deputy (id, body, account, membership, deputy, deputy_membership, first_on, last_on, administers, named_at, named_by)
			values (pp.uuid7(at), pp.current_body(), away, d.membership, who, d.deputy_membership, d.first_on, d.last_on, d.administers,
				at, pp.current_account())
			returning * into d;
	exception when exclusion_violation then
		perform pp.refuse('conflict', 'They stand in for them on some of these days already.', '/first_on');
	end;
	perform pp_api.deputy_mail(d, at);
	perform pp.emit('deputy.named', at, bodies => array[d.body], data => json_build_object('deputy', d.id));
	return pp.remember(idempotency_key, pp.created('/api/v1/deputies', pp_api.deputy_json(d, at)::json));
end
$$;

create function pp_api.deputy_mail(d pp.deputy, at timestamptz) returns void language plpgsql volatile as $$
declare
	address text := pp_api.colleague_mail(d.deputy);
begin
	if address is not null and d.deputy <> pp.current_account() then
		perform pp_api.mail_enqueue('deputy_named', address, 'de', jsonb_build_object('name', pp_api.colleague(d.account, pp.day(at)) ->> 'name',
			'body', pp.body_name(d.body), 'first_on', pp.iso(d.first_on), 'last_on', pp.iso(d.last_on)), null, null, at);
	end if;
end
$$;

-- At once, by either of the two or the body's administrator.
create function pp_api.deputy_end(deputy uuid, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	d pp.deputy;
begin
	select * into d from pp.deputy v where v.id = $1;
	if not found then
		perform pp.refuse('deputy_not_found', 'There is no such deputy in your body.');
	elsif pp.current_account() not in (d.account, d.deputy) and not pp.has_role('body_administrator') then
		perform pp.refuse('forbidden', 'Either of the two or the body''s administrator ends that.');
	elsif d.ended_at is not null or pp.day(at) > d.last_on then
		perform pp.refuse('conflict', 'That has ended.');
	end if;
	update pp.deputy v set ended_at = at, ended_by = pp.current_account() where v.id = d.id returning * into d;
	perform pp.emit('deputy.ended', at, bodies => array[d.body], data => json_build_object('deputy', d.id));
	return pp.ok(pp_api.deputy_json(d, at)::json);
end
$$;

-- Acting in somebody's place -----------------------------------------------------------------------

-- For whom the session that asks stands in: accounts.
create function pp_api.stands_in_for() returns uuid[] language plpgsql stable as $$
begin
	return (select coalesce(array_agg(substr(r, 8)::uuid), '{}') from unnest(pp.current_roles()) r where r like 'deputy:%');
end
$$;

-- For whom what is done now is done: the one to whom it is assigned, else one who has a role for it that one has not oneself.
-- Null: for oneself.
create function pp_api.in_place_of(invitation uuid, roles text[], at timestamptz) returns uuid language plpgsql stable as $$
declare
	others uuid[] := pp_api.stands_in_for();
	assignee uuid;
begin
	if others = '{}' then
		return null;
	end if;
	assignee := (pp_api.assignment_of(invitation, null, at) ->> 'account')::uuid;
	if assignee = any (others) then
		return assignee;
	elsif exists (select from pp.membership m where m.account = pp.current_account() and m.body = pp.current_body()
		and m.state = 'confirmed' and m.roles && in_place_of.roles) then
		return null;
	end if;
	return (select o from unnest(others) o where pp_api.colleague(o, pp.day(at)) -> 'roles' ?| in_place_of.roles limit 1);
end
$$;

create function pp_api.acted(what text, roles text[], i pp.invitation, s pp.statement, at timestamptz) returns void language plpgsql volatile as $$
declare
	whose uuid := pp_api.in_place_of(coalesce(i.id, s.invitation), roles, at);
begin
	if whose is not null then
		insert into pp.acted (id, body, procedure, invitation, statement, what, account, in_place_of, at)
			values (pp.uuid7(at), pp.current_body(), coalesce(i.procedure, s.procedure), coalesce(i.id, s.invitation), s.id, what,
				pp.current_account(), whose, at);
	end if;
end
$$;

-- Who has submitted a statement for the body in whose place, for its members; null where nobody has or who asks is none.
create function pp_api.acting_json(statement uuid) returns jsonb language plpgsql stable as $$
begin
	return (select jsonb_build_object('name', pp_api.colleague(a.account, pp.day(a.at)) -> 'name',
			'in_place_of', pp_api.colleague(a.in_place_of, pp.day(a.at)) -> 'name')
		  from pp.acted a where a.statement = $1 and a.what in ('ABGABE', 'ERGAENZUNG') and a.body = pp.current_body()
		 order by a.id limit 1);
end
$$;

-- For whom a membership stands in, for the answer of who one is.
create function pp_api.acting_for(account uuid, body text, at timestamptz) returns json language sql stable
security definer set search_path = pg_catalog, pg_temp as $$
	select coalesce(json_agg(json_build_object('account', d.account, 'name', coalesce((select i.name from pp.account_identity i
			where i.account = d.account order by i.last_seen_at desc limit 1), a.email), 'last_on', pp.iso(d.last_on)) order by d.last_on, d.id), '[]')
	  from pp.membership m join pp.deputy d on d.deputy_membership = m.id join pp.account a on a.id = d.account and a.active
	  join pp.membership p on p.id = d.membership
	 where m.account = $1 and m.body = $2 and m.state = 'confirmed' and d.ended_at is null and pp.day(at) between d.first_on and d.last_on
	   and p.state = 'confirmed' and pp.is_live(p, pp.day(at))
$$;

grant execute on function pp_api.deputy_json(pp.deputy, timestamptz), pp_api.deputy_list(timestamptz),
	pp_api.deputy_create(jsonb, timestamptz, text, bytea), pp_api.deputy_mail(pp.deputy, timestamptz), pp_api.deputy_end(uuid, timestamptz),
	pp_api.stands_in_for(), pp_api.in_place_of(uuid, text[], timestamptz),
	pp_api.acted(text, text[], pp.invitation, pp.statement, timestamptz), pp_api.acting_json(uuid) to pp_server;
grant execute on function pp_api.acting_for(uuid, text, timestamptz) to pp_server, pp_sign_in;

grant create on schema pp_api to pp_sign_in;
alter function pp_api.acting_for(uuid, text, timestamptz) owner to pp_sign_in;
revoke create on schema pp_api from pp_sign_in;
