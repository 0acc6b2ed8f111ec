-- SPDX-License-Identifier: EUPL-1.2
-- Drafts of statements. They exist for the body that writes them and for nobody else.

-- Places were taken as WKB; they are shown as they were sent.
create function pp_api.draft_points(points jsonb) returns jsonb language sql immutable as $$
	select jsonb_agg(case when p ->> 'geometry' is null then p else p || jsonb_build_object('geometry',
			ST_AsGeoJSON(ST_GeomFromWKB(decode(p ->> 'geometry', 'hex')), 15)::jsonb) end order by n)
	  from jsonb_array_elements(points) with ordinality u (p, n)
$$;

create function pp_api.draft_state(d pp.draft) returns text language sql stable as $$
	select case when d.statement is not null then 'EINGEGANGEN'
		when exists (select from pp.release e where e.draft = d.id and e.state = 'WARTET') then 'ZUR_FREIGABE' else 'ENTWURF' end
$$;

create function pp_api.draft_json(d pp.draft) returns json language sql stable as $$
	select json_build_object('id', d.id, 'invitation', d.invitation, 'procedure', d.procedure,
		'stance', d.content -> 'stance', 'text', d.content -> 'text', 'points', case when jsonb_typeof(d.content -> 'points') = 'array'
			then coalesce(pp_api.draft_points(d.content -> 'points'), '[]') end,
		'attachments', (select coalesce(json_agg(pp_api.upload_item(u) order by u.id), '[]') from pp.upload u where u.draft = d.id),
		'reservation', d.content -> 'reservation', 'state', pp_api.draft_state(d), 'statement', d.statement,
		'created_at', pp.rfc3339(d.created_at), 'changed_at', pp.rfc3339(d.changed_at),
		'changed_by', pp_api.colleague(coalesce(d.changed_by, d.account), pp.day(d.changed_at)) -> 'name')
$$;

create function pp_api.my_draft(draft uuid) returns pp.draft language plpgsql volatile as $$
declare
	d pp.draft;
begin
	select * into d from pp.draft v where v.id = $1 for no key update;
	if not found then
		perform pp.refuse('draft_not_found', 'There is no such draft of yours.');
	elsif d.statement is not null then
		perform pp.refuse('conflict', 'The draft was submitted; supplement the statement instead.');
	elsif exists (select from pp.release e where e.draft = d.id and e.state = 'WARTET') then
		perform pp.refuse('conflict', 'The draft waits for release: take it back to change it.');
	end if;
	return d;
end
$$;

-- Its attachments have changed.
create function pp_api.draft_touch(d pp.draft, at timestamptz) returns void language sql volatile as $$
	update pp.draft v set changed_at = $2, changed_by = pp.current_account(), version = ($1).version + 1 where v.id = ($1).id
$$;

-- Where the body wants a second person, whoever has written something does not submit it.
create function pp_api.need_second(writer uuid) returns void language plpgsql stable as $$
begin
	if writer = pp.current_account() and exists (select from pp.body b
		where b.key = pp.current_body() and b.release_by_second) then
		perform pp.refuse('second_person_required', 'Your body wants a draft that somebody else submits than who has written it.');
	end if;
end
$$;

create function pp_api.draft_create(invitation uuid, body jsonb, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	i pp.invitation;
	d pp.draft;
begin
	if r.status is not null then
		return r;
	end if;
	i := pp_api.my_invitation(invitation);
	insert into pp.draft (id, invitation, procedure, body, account, content, created_at, changed_at)
		values (pp.uuid7(at), i.id, i.procedure, pp.current_body(), pp.current_account(),
			coalesce(jsonb_strip_nulls($2), '{}'), at, at)
		returning * into d;
	return pp.remember(idempotency_key,
		pp.created('/api/v1/drafts/' || d.id, pp_api.draft_json(d), d.version::text));
end
$$;

create function pp_api.draft_show(draft uuid) returns pp.reply language plpgsql stable as $$
declare
	d pp.draft;
begin
	select * into d from pp.draft v where v.id = $1;
	if not found then
		perform pp.refuse('draft_not_found', 'There is no such draft of yours.');
	end if;
	return pp.ok(pp_api.draft_json(d), d.version::text);
end
$$;

-- One's own drafts for an invitation that are not submitted; one page.
create function pp_api.draft_list(invitation uuid) returns pp.reply language plpgsql stable as $$
begin
	perform pp_api.need_invitation(invitation);
	return pp.ok((select json_build_object('items',
			coalesce(json_agg(pp_api.draft_json(d) order by d.id), '[]'))
		from pp.draft d where d.invitation = $1 and d.statement is null));
end
$$;

-- Members that the body names replace the draft's; null takes one away.
create function pp_api.draft_change(draft uuid, body jsonb, if_match text, at timestamptz)
returns pp.reply language plpgsql volatile as $$
declare
	d pp.draft := pp_api.my_draft(draft);
begin
	perform pp.match(if_match, d.version);
	update pp.draft v
	   set content = jsonb_strip_nulls(d.content || $2), changed_at = at, changed_by = pp.current_account(), version = d.version + 1
	 where v.id = d.id returning * into d;
	return pp.ok(pp_api.draft_json(d), d.version::text);
end
$$;

create function pp_api.draft_delete(draft uuid, if_match text) returns pp.reply
language plpgsql volatile as $$
declare
	d pp.draft := pp_api.my_draft(draft);
begin
	perform pp.match(if_match, d.version);
	perform pp_api.upload_drop(u.id) from pp.upload u where u.draft = d.id;
	delete from pp.draft v where v.id = d.id;
	return row(204, null, null, null, null)::pp.reply;
end
$$;

-- A draft goes out with what was attached to it: its statement.
create function pp_api.draft_release(draft uuid, content jsonb, at timestamptz) returns uuid language plpgsql volatile as $$
declare
	d pp.draft;
	new_id uuid;
begin
	select * into strict d from pp.draft v where v.id = $1 for no key update;
	new_id := pp_api.statement_submit_for(pp_api.my_invitation(d.invitation), content || jsonb_build_object('draft', d.id,
		'attachments', (select coalesce(jsonb_agg(u.id order by u.id), '[]') from pp.upload u where u.draft = d.id)), at);
	update pp.draft v set submitted_at = at, statement = new_id, changed_at = at, version = d.version + 1
	 where v.id = d.id;
	return new_id;
end
$$;

create function pp_api.draft_submit(draft uuid, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	d pp.draft;
	new_id uuid;
begin
	if r.status is not null then
		return r;
	end if;
	d := pp_api.my_draft(draft);
	perform pp_api.need_second(d.account), pp_api.need_second(d.changed_by);
	new_id := pp_api.draft_release(d.id, d.content, at);
	return pp.remember(idempotency_key,
		pp.created('/api/v1/statements/' || new_id,
			pp_api.with_receipt(pp_api.statement_json(new_id), 'EINGANG', new_id)));
end
$$;

grant execute on function pp_api.draft_points(jsonb), pp_api.draft_state(pp.draft), pp_api.draft_json(pp.draft), pp_api.my_draft(uuid),
	pp_api.draft_touch(pp.draft, timestamptz), pp_api.need_second(uuid), pp_api.draft_release(uuid, jsonb, timestamptz),
	pp_api.draft_create(uuid, jsonb, timestamptz, text, bytea), pp_api.draft_show(uuid),
	pp_api.draft_list(uuid), pp_api.draft_change(uuid, jsonb, text, timestamptz),
	pp_api.draft_delete(uuid, text), pp_api.draft_submit(uuid, timestamptz, text, bytea)
	to pp_server;
