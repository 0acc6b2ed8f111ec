-- SPDX-License-Identifier: EUPL-1.2
-- Distribution lists (Verteiler): bodies that are asked together, kept by one body and used by whoever may see them.

create function pp_api.distribution_list_json(l pp.distribution_list) returns json language sql stable as $$
	select json_build_object('id', l.id, 'body', l.body, 'body_name', pp.body_name(l.body), 'name', l.name, 'about', l.about,
		'shared', l.shared, 'members', (select coalesce(json_agg(json_build_object('body', b.key, 'name', b.name, 'kind', b.kind)
			order by b.name, b.key), '[]') from pp.body b where b.key = any (l.bodies)),
		'created_at', pp.rfc3339(l.created_at), 'changed_at', pp.rfc3339(l.changed_at))
$$;

-- The own ones and those that others share, in the order in which they were made.
create function pp_api.distribution_list_list(row_limit int, cursor text) returns pp.reply language plpgsql stable as $$
declare
	after uuid := pp.cursor_uuid(cursor);
	size int := pp.page_size(row_limit);
	items json;
	next text;
begin
	with page as (
		select l, row_number() over (order by l.id) as n from pp.distribution_list l
		 where l.ended_at is null and (after is null or l.id > after) order by l.id limit size + 1)
	select coalesce(json_agg(pp_api.distribution_list_json(l) order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make((array_agg((l).id::text order by n))[size]) end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

create function pp_api.need_distribution_list(list uuid, pointer text default null) returns pp.distribution_list
language plpgsql stable as $$
declare
	l pp.distribution_list;
begin
	select * into l from pp.distribution_list v where v.id = $1 and v.ended_at is null;
	if not found then
		perform pp.refuse('distribution_list_not_found', 'There is no such list that you may see.', pointer);
	end if;
	return l;
end
$$;

create function pp_api.distribution_list_show(list uuid) returns pp.reply language plpgsql stable as $$
declare
	l pp.distribution_list := pp_api.need_distribution_list(list);
begin
	return pp.ok(pp_api.distribution_list_json(l), l.version::text);
end
$$;

-- Keys of the body's member "bodies", each once; the first that is no body is named.
create function pp_api.distribution_bodies(body jsonb) returns text[] language plpgsql stable as $$
declare
	wrong record;
begin
	select c.key, c.n into wrong from jsonb_array_elements_text(body -> 'bodies') with ordinality c (key, n)
	 where not exists (select from pp.body b where b.key = c.key) order by c.n limit 1;
	if found then
		perform pp.refuse('body_not_found', format('There is no body %s.', wrong.key), '/bodies/' || wrong.n - 1);
	end if;
	return array(select distinct jsonb_array_elements_text(body -> 'bodies') order by 1);
end
$$;

create function pp_api.distribution_list_emit(l pp.distribution_list, what text, at timestamptz) returns void
language plpgsql volatile as $$
begin
	perform pp.emit('distribution_list.' || what, at, bodies => array[l.body], data => json_build_object('list', l.id));
end
$$;

create function pp_api.distribution_list_create(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea)
returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	l pp.distribution_list;
begin
	if r.status is not null then
		return r;
	end if;
	insert into pp.distribution_list (id, body, name, about, bodies, shared, created_at, changed_at)
		values (pp.uuid7(at), pp.current_body(), btrim(body ->> 'name'), body ->> 'about', pp_api.distribution_bodies(body),
			coalesce((body ->> 'shared')::bool, false), at, at)
		on conflict do nothing returning * into l;
	if not found then
		perform pp.refuse('distribution_list_exists', 'Change the list that there is, or choose another name.', '/name');
	end if;
	perform pp_api.distribution_list_emit(l, 'created', at);
	return pp.remember(idempotency_key, pp.created('/api/v1/distribution-lists/' || l.id, pp_api.distribution_list_json(l), l.version::text));
end
$$;

-- For its own body: locked, and of the version that was read.
create function pp_api.own_distribution_list(list uuid, if_match text) returns pp.distribution_list language plpgsql volatile as $$
declare
	l pp.distribution_list := pp_api.need_distribution_list(list);
begin
	if l.body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the body that keeps a list changes it.');
	end if;
	select * into l from pp.distribution_list v where v.id = l.id for no key update;
	perform pp.match(if_match, l.version);
	return l;
end
$$;

create function pp_api.distribution_list_change(list uuid, body jsonb, if_match text, at timestamptz) returns pp.reply
language plpgsql volatile as $$
declare
	l pp.distribution_list := pp_api.own_distribution_list(list, if_match);
begin
	update pp.distribution_list v set name = coalesce(btrim($2 ->> 'name'), v.name),
		about = case when $2 ? 'about' then $2 ->> 'about' else v.about end,
		bodies = case when $2 ? 'bodies' then pp_api.distribution_bodies($2) else v.bodies end,
		shared = coalesce(($2 ->> 'shared')::bool, v.shared), changed_at = at, version = v.version + 1
	 where v.id = l.id returning * into l;
	perform pp_api.distribution_list_emit(l, 'changed', at);
	return pp.ok(pp_api.distribution_list_json(l), l.version::text);
exception when unique_violation then
	perform pp.refuse('distribution_list_exists', 'Another list of yours has this name.', '/name');
end
$$;

-- It stays on record; what was sent with it stays as it was.
create function pp_api.distribution_list_end(list uuid, if_match text, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	l pp.distribution_list := pp_api.own_distribution_list(list, if_match);
begin
	update pp.distribution_list v set ended_at = at, changed_at = at, shared = false, version = v.version + 1
	 where v.id = l.id returning * into l;
	perform pp_api.distribution_list_emit(l, 'ended', at);
	return row(204, null, null, null, null)::pp.reply;
end
$$;

-- Rounds ------------------------------------------------------------------------------------------

-- Whom a round asks beside the confirmed set: bodies that it names, and members of lists. Whoever is invited already, or plans
-- itself, is left out of a list; naming them is a mistake.
create function pp_api.round_guests(p pp.procedure, body jsonb) returns table (guest text, why text)
language plpgsql stable as $$
declare
	named text[] := pp_api.distribution_bodies(jsonb_build_object('bodies', coalesce($2 -> 'bodies', '[]')));
	list record;
	l pp.distribution_list;
begin
	if ($2 ?| '{bodies,lists}') and $2 ->> 'audience' = 'OEFF' then
		perform pp.refuse('invalid_body', 'A round that asks the public has no invitations.', case when $2 ? 'bodies' then '/bodies' else '/lists' end);
	end if;
	select b.key, b.n into list from jsonb_array_elements_text($2 -> 'bodies') with ordinality b (key, n)
	 where b.key = p.planner_body or b.key = any (p.planning_municipalities) order by b.n limit 1;
	if found then
		perform pp.refuse('conflict', format('%s plans itself and is not asked.', list.key), '/bodies/' || list.n - 1);
	end if;
	return query select n, 'Träger öffentlicher Belange' from unnest(named) n;
	for list in select e.id, e.n from jsonb_array_elements_text($2 -> 'lists') with ordinality e (id, n) loop
		l := pp_api.need_distribution_list(list.id::uuid, '/lists/' || list.n - 1);
		return query select m, format('Verteiler „%s“ (%s)', l.name, pp.body_name(l.body)) from unnest(l.bodies) m
			where m <> p.planner_body and m <> all (p.planning_municipalities);
	end loop;
end
$$;

create function pp_api.round_invite_guests(d pp.round, p pp.procedure, body jsonb, own pp_api.own_period, at timestamptz)
returns void language plpgsql volatile as $$
begin
	perform pp_api.invite(d, g.body, (select a.class from pp.affected_municipality a where a.plan = d.plan and a.ags = g.body),
			coalesce(b.land <> all (p.lands), false), m.ags is null,
			coalesce(nullif(a.channel, 'PORTAL'), $3 ->> 'channel'), g.reason, own, at)
	  from (select s.guest as body, min(s.why) as reason from pp_api.round_guests(p, $3) s group by s.guest) g
	  join pp.body b on b.key = g.body
	  left join pp.agency a on a.body = g.body and pp.day(at) between a.valid_from and coalesce(a.valid_to, 'infinity')
	  left join pp.municipality m on m.boundary_version = pp.current_boundaries() and m.ags = g.body
	 where not exists (select from pp.invitation i where i.round = d.id and i.participant = g.body)
	 order by g.body;
end
$$;

grant execute on function pp_api.distribution_list_json(pp.distribution_list), pp_api.distribution_list_list(int, text),
	pp_api.need_distribution_list(uuid, text), pp_api.distribution_list_show(uuid), pp_api.distribution_bodies(jsonb),
	pp_api.distribution_list_emit(pp.distribution_list, text, timestamptz),
	pp_api.distribution_list_create(jsonb, timestamptz, text, bytea), pp_api.own_distribution_list(uuid, text),
	pp_api.distribution_list_change(uuid, jsonb, text, timestamptz), pp_api.distribution_list_end(uuid, text, timestamptz),
	pp_api.round_guests(pp.procedure, jsonb),
	pp_api.round_invite_guests(pp.round, pp.procedure, jsonb, pp_api.own_period, timestamptz) to pp_server;
