-- SPDX-License-Identifier: EUPL-1.2
-- The weighing as it is looked at: one concern, one statement, a procedure's list, groups of equal content.

-- The words that a concern is about; null where nothing was said but that there are no objections.
create function pp_api.point_words(statement uuid, point int, span_start int, span_end int) returns text
language sql stable as $$
	select case when $3 is null then t.text else substring(t.text from $3 + 1 for $4 - $3) end
	  from pp_api.points_of($1) t where t.no = $2
$$;
create function pp_api.concern_text(c pp.concern) returns text language sql stable as $$
	select pp_api.point_words(c.statement, c.point, c.span_start, c.span_end)
$$;

-- For the planning body. binding: goals of regional planning are not weighed but adhered to (§ 1 (4) BauGB).
create function pp_api.concern_json(c pp.concern) returns jsonb language sql stable as $$
	select jsonb_build_object('id', c.id, 'no', c.no, 'point', c.point, 'start', c.span_start, 'end', c.span_end,
		'topic', c.topic, 'text', pp_api.concern_text(c), 'geometry', ST_AsGeoJSON(ST_Transform(c.geom, 4326), 8)::jsonb,
		'binding', exists (select from pp.statement_point t where t.statement = c.statement and t.no = c.point
			and t.kind = 'ZIEL_DER_RAUMORDNUNG'),
		'decision', c.decision, 'reason', c.reason, 'decided', c.resolution is not null, 'version', c.version,
		'history', (select coalesce(jsonb_agg(jsonb_build_object('decision', h.decision, 'reason', h.reason,
				'at', pp.rfc3339(h.proposed_at), 'by', h.proposed_by_label) order by h.no), '[]')
			from pp.concern_proposal h where h.concern = c.id))
$$;

create function pp_api.concern_show(concern uuid) returns pp.reply language plpgsql volatile as $$
declare
	c pp.concern;
begin
	select * into c from pp.concern v where v.id = $1 and v.dropped_at is null;
	if not found then
		perform pp.refuse('concern_not_found', 'There is no such concern that you may see.');
	end if;
	perform pp_api.reading_note(array[c.statement]);
	return pp.ok((pp_api.concern_json(c) || jsonb_build_object('statement', c.statement))::json, c.version::text);
end
$$;

-- What author, participant and mailbox see: the result, once it was communicated.
create function pp_api.weighing_result_json(statement uuid) returns jsonb language sql stable as $$
	select coalesce(jsonb_agg(jsonb_build_object('no', v.no, 'point', v.point, 'topic', v.topic,
			'text', case when v.person is null then v.text else pp_api.point_words(v.statement, v.point, v.span_start, v.span_end) end,
			'decision', v.decision, 'reason', v.reason) order by v.no), '[]')
	  from pp.weighing_result v where v.statement = $1
$$;

-- The one that was filed before or after it in its procedure.
create function pp_api.statement_beside(s pp.statement, later bool) returns jsonb language plpgsql stable as $$
declare
	o pp.statement;
begin
	if later then
		select * into o from pp.statement v where v.procedure = s.procedure and v.id > s.id order by v.id limit 1;
	else
		select * into o from pp.statement v where v.procedure = s.procedure and v.id < s.id order by v.id desc limit 1;
	end if;
	return case when o.id is not null then jsonb_build_object('statement', o.id, 'number', o.number) end;
end
$$;

create function pp_api.weighing_show(statement uuid) returns pp.reply language plpgsql volatile as $$
declare
	s pp.statement;
	w pp.weighing;
	shown jsonb;
begin
	select * into s from pp.statement v where v.id = $1;
	if not found then
		perform pp.refuse('statement_not_found', 'There is no such statement that you may see.');
	end if;
	shown := jsonb_build_object('statement', s.id, 'number', s.number, 'procedure', s.procedure, 'state', s.state,
		'participant', s.participant, 'participant_name', pp.body_name(s.participant), 'author_role', s.author_role,
		'stance', s.stance, 'on_time', s.on_time,
		'resolution', (select jsonb_build_object('resolved_on', pp.iso(v.resolved_on), 'reference', v.reference,
			'council', v.council) from pp.weighing_result v where v.statement = s.id order by v.no limit 1),
		'communicated', (select jsonb_build_object('on', pp.iso(v.communicated_on), 'channel', v.channel,
			'inspection', v.inspection) from pp.weighing_result v where v.statement = s.id order by v.no limit 1),
		'results', pp_api.weighing_result_json(s.id),
		'discarded', case when s.discarded_at is not null then jsonb_build_object('kind', s.discard_kind,
			'reason', s.discard_reason, 'at', pp.rfc3339(s.discarded_at)) end);
	if s.planner_body is distinct from pp.current_body() then
		return pp.ok(shown::json, s.version::text);
	end if;
	perform pp_api.reading_note(array[s.id]);
	select * into w from pp.weighing v where v.statement = s.id;
	return pp.ok((shown || jsonb_build_object('why', pp_api.statement_gap(s), 'group', w.statement_group,
		'previous', pp_api.statement_beside(s, false), 'next', pp_api.statement_beside(s, true), 'duplicate_of', s.duplicate_of, 'xbeteiligung', pp_api.statement_xbeteiligung(s.id),
		'concerns', (select coalesce(jsonb_agg(pp_api.concern_json(c) order by c.point, c.span_start nulls first, c.no), '[]')
			from pp.concern c where c.statement = s.id and c.dropped_at is null)))::json,
		(s.version + coalesce(w.version, 0))::text);
end
$$;

create function pp_api.weighed_procedure(procedure uuid) returns pp_api.procedure_visible
language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
begin
	if p.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body weighs statements.');
	end if;
	return p;
end
$$;

create function pp_api.weighing_counts(procedure uuid) returns jsonb language sql stable as $$
	select jsonb_build_object(
		'states', coalesce(jsonb_object_agg(u.state, u.n), '{}'), 'statements', coalesce(sum(u.n), 0),
		'late', coalesce(sum(u.late), 0), 'missing', coalesce(sum(u.missing), 0),
		'decisions', (select coalesce(jsonb_object_agg(d.decision, d.n), '{}') from (
			select c.decision, count(*) as n from pp.concern c
			 where c.procedure = $1 and c.dropped_at is null and c.decision is not null group by c.decision) d),
		'concerns_without_decision', (select count(*) from pp.concern c
			where c.procedure = $1 and c.dropped_at is null and c.decision is null))
	  from (select s.state, count(*) as n, count(*) filter (where not s.on_time) as late,
			count(*) filter (where pp_api.statement_gap(s) is not null) as missing
		  from pp.statement s where s.procedure = $1 group by s.state) u
$$;

create function pp_api.weighing_item(s pp.statement, at timestamptz) returns jsonb language sql stable as $$
	select jsonb_build_object('statement', s.id, 'number', s.number, 'participant', s.participant,
		'participant_name', pp.body_name(s.participant), 'author_role', s.author_role, 'stance', s.stance,
		'round', s.round, 'channel', s.channel, 'person', pp_api.person_short(s.person), 'supplement_to', s.parent,
		'received_at', pp.rfc3339(s.received_at), 'on_time', s.on_time, 'state', s.state,
		'late_effect', case when not s.on_time then pp_api.late_effect(s) end, 'published', s.published,
		'attachments', (select count(*) from pp.attachment a where a.statement = s.id),
		'why', pp_api.statement_gap(s), 'group', w.statement_group, 'communicated_on', pp.iso(w.communicated_on),
		'concerns', c.n, 'proposed', c.proposed, 'decisions', c.decisions,
		'assignment', pp_api.assignment_of(null, s.id, at))
	  from (select count(*) as n, count(o.decision) as proposed,
			coalesce(jsonb_agg(distinct o.decision) filter (where o.decision is not null), '[]') as decisions
		  from pp.concern o where o.statement = s.id and o.dropped_at is null) c
	  left join pp.weighing w on w.statement = s.id
$$;

-- Of one procedure, in the order in which they were filed, newest: the other way round; missing: what stands between it and a complete weighing.
create function pp_api.weighing_list(procedure uuid, state text, decision text, stance text, on_time bool,
	missing bool, statement_group uuid, row_limit int, cursor text, assigned text default null, at timestamptz default null,
	round uuid default null, author_role text default null, newest bool default null) returns pp.reply
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
declare
	p pp_api.procedure_visible := pp_api.weighed_procedure(procedure);
	accounts uuid[] := case when assigned is not null then pp_api.assigned_read(assigned) end;
	after uuid := pp.cursor_uuid(cursor);
	size int := pp.page_size(row_limit);
	items jsonb;
	next text;
begin
	with page as (
		select s.id, row_number() over (order by case when newest then null else s.id end, s.id desc) as n, pp_api.weighing_item(s, at) as item
		  from pp.statement s
		 where s.procedure = p.id and (after is null or case when newest then s.id < after else s.id > after end)
		   and (weighing_list.round is null or s.round = weighing_list.round)
		   and (weighing_list.author_role is null or s.author_role = weighing_list.author_role)
		   and (weighing_list.state is null or s.state = weighing_list.state)
		   and (weighing_list.stance is null or s.stance = weighing_list.stance)
		   and (accounts is null or pp_api.is_assigned(null, s.id, accounts, at))
		   and (weighing_list.on_time is null or s.on_time = weighing_list.on_time)
		   and (weighing_list.missing is null or (pp_api.statement_gap(s) is not null) = weighing_list.missing)
		   and (weighing_list.decision is null or s.id in (select c.statement from pp.concern c
			where c.procedure = p.id and c.decision = weighing_list.decision and c.dropped_at is null))
		   and (weighing_list.statement_group is null or s.id in (select w.statement from pp.weighing w
			where w.statement_group = weighing_list.statement_group))
		 order by case when newest then null else s.id end, s.id desc
		 limit size + 1)
	select coalesce(jsonb_agg(item order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make(max(id::text) filter (where n = size)) end
	  into items, next from page;
	return pp.ok(json_build_object('counts', pp_api.weighing_counts(p.id), 'items', items), null, next);
end
$$;

create function pp_api.need_group(statement_group uuid) returns pp.statement_group language plpgsql stable as $$
declare
	g pp.statement_group;
begin
	select * into g from pp.statement_group v where v.id = $1;
	if not found then
		perform pp.refuse('statement_group_not_found', 'There is no such group that you may see.');
	end if;
	return g;
end
$$;

create function pp_api.group_json(g pp.statement_group) returns jsonb language sql stable as $$
	select jsonb_build_object('id', g.id, 'procedure', g.procedure, 'title', g.title, 'created_at', pp.rfc3339(g.created_at),
		'statements', count(w.statement), 'persons', count(distinct coalesce(s.author_account, s.person)) filter (where s.author_role = 'OEFF'),
		'states', (select coalesce(jsonb_object_agg(u.state, u.n), '{}') from (select o.state, count(*) as n
			from pp.weighing x join pp.statement o on o.id = x.statement where x.statement_group = g.id group by o.state) u),
		'mass_notices', (select pp_api.mass_notices(p, g.id) from pp.procedure p where p.id = g.procedure))
	  from pp.weighing w join pp.statement s on s.id = w.statement where w.statement_group = g.id
$$;

create function pp_api.group_show(statement_group uuid) returns pp.reply language plpgsql stable as $$
declare
	g pp.statement_group := pp_api.need_group(statement_group);
begin
	return pp.ok(pp_api.group_json(g)::json);
end
$$;

-- The hundred most frequent texts that several have sent and that are in no group yet: first names a
-- statement to make a group of them by.
create function pp_api.equal_letters(procedure uuid) returns table (first uuid, n bigint) language sql stable as $$
	select (array_agg(w.statement order by w.statement))[1], count(*) from pp.weighing w
	 where w.procedure = $1 and w.statement_group is null
	 group by w.same_sha256 having count(*) > 1 order by count(*) desc, 1 limit 100
$$;

-- The groups of a procedure, and of the equal letters the one that shows what they say.
create function pp_api.group_list(procedure uuid) returns pp.reply language plpgsql volatile as $$
declare
	p pp_api.procedure_visible := pp_api.weighed_procedure(procedure);
begin
	perform pp_api.reading_note(array(select u.first from pp_api.equal_letters(p.id) u));
	return pp.ok(json_build_object(
		'items', (select coalesce(json_agg(pp_api.group_json(g) order by g.id), '[]')
			from pp.statement_group g where g.procedure = p.id),
		'equal', (select coalesce(json_agg(json_build_object('like', u.first, 'number', s.number, 'statements', u.n,
				'text', left(coalesce((select t.text from pp_api.points_of(s.id) t where t.no = 1), s.stance), 200))
				order by u.n desc, u.first), '[]')
			from pp_api.equal_letters(p.id) u join pp.statement s on s.id = u.first),
		'mass_notices', (select pp_api.mass_notices(q, null) from pp.procedure q where q.id = p.id)));
end
$$;

-- Puts statements into a group, out of whatever group they were in; all have to be accepted.
create function pp_api.group_fill(g pp.statement_group, ids uuid[], pointer text) returns void
language plpgsql volatile as $$
begin
	update pp.weighing w set statement_group = g.id, version = w.version + 1
	 where w.statement = any (ids) and w.procedure = g.procedure;
	if exists (select from unnest(ids) u where not exists (select from pp.weighing w
		where w.statement = u and w.statement_group = g.id)) then
		perform pp.refuse('invalid_body', 'Name accepted statements of this procedure.', pointer);
	end if;
end
$$;

-- body: title, and statements or like (all that have the words of that statement).
create function pp_api.group_create(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	p pp.procedure;
	g pp.statement_group;
begin
	if r.status is not null then
		return r;
	end if;
	p := pp_api.own_procedure(procedure);
	if num_nonnulls(body ->> 'statements', body ->> 'like') <> 1 then
		perform pp.refuse('invalid_body', 'Name statements, or one that they are like.', '/statements');
	end if;
	insert into pp.statement_group (id, procedure, planner_body, title, created_at, created_by)
		values (pp.uuid7(at), p.id, p.planner_body, btrim(body ->> 'title'), at, pp.current_account()) returning * into g;
	if body ? 'like' then
		perform pp_api.group_fill(g, (select array_agg(w.statement) || (body ->> 'like')::uuid from pp.weighing w
			join pp.weighing o on o.procedure = w.procedure and o.same_sha256 = w.same_sha256
			where o.statement = (body ->> 'like')::uuid and o.procedure = p.id and w.statement_group is null), '/like');
	else
		perform pp_api.group_fill(g, array(select value::uuid from jsonb_array_elements_text(body -> 'statements')), '/statements');
	end if;
	return pp.remember(idempotency_key,
		pp.created('/api/v1/weighing-groups/' || g.id, pp_api.group_json(g)::json));
end
$$;

-- body: add, remove.
create function pp_api.group_change(statement_group uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	g pp.statement_group;
begin
	if r.status is not null then
		return r;
	end if;
	g := pp_api.need_group(statement_group);
	perform pp_api.own_procedure(g.procedure);
	update pp.weighing w set statement_group = null, version = w.version + 1
	 where w.statement_group = g.id and w.statement in (select value::uuid from jsonb_array_elements_text(body -> 'remove'));
	perform pp_api.group_fill(g, array(select value::uuid from jsonb_array_elements_text(body -> 'add')), '/add');
	return pp.remember(idempotency_key, pp.ok(pp_api.group_json(g)::json));
end
$$;

grant execute on function pp_api.point_words(uuid, int, int, int), pp_api.concern_text(pp.concern), pp_api.concern_json(pp.concern), pp_api.concern_show(uuid),
	pp_api.weighing_result_json(uuid), pp_api.statement_beside(pp.statement, bool), pp_api.weighing_show(uuid), pp_api.weighed_procedure(uuid),
	pp_api.weighing_counts(uuid), pp_api.weighing_item(pp.statement, timestamptz),
	pp_api.weighing_list(uuid, text, text, text, bool, bool, uuid, int, text, text, timestamptz, uuid, text, bool), pp_api.need_group(uuid),
	pp_api.group_json(pp.statement_group), pp_api.group_show(uuid), pp_api.equal_letters(uuid), pp_api.group_list(uuid),
	pp_api.group_fill(pp.statement_group, uuid[], text),
	pp_api.group_create(uuid, jsonb, timestamptz, text, bytea),
	pp_api.group_change(uuid, jsonb, timestamptz, text, bytea) to pp_server;
