-- SPDX-License-Identifier: EUPL-1.2
-- Attachments that the planning body shows to everybody, with their published statement: a copy without what they say about their
-- making, which the clerk's process makes (inspect.sql).

-- Of the planning body: what it has released, and what became of that.
create function pp_api.attachment_release_json(attachment uuid) returns jsonb language sql stable as $$
	select jsonb_build_object('released', r.released, 'name', r.name, 'waits', r.waits, 'metadata', case when not r.waits then f.metadata end,
		'metadata_accepted', r.metadata_accepted, 'public', (select jsonb_build_object('sha256', encode(p.sha256, 'hex'), 'size', p.size)
			from pp_api.attachment_published p where p.id = r.attachment))
	  from pp.attachment_release r join pp.file f on f.id = r.attachment where r.attachment = $1
$$;

-- For everybody.
create function pp_api.attachment_published_open(attachment uuid, out name text, out media_type text, out size bigint, out sha256 text)
language plpgsql stable as $$
begin
	select p.name, p.media_type, p.size, encode(p.sha256, 'hex') into name, media_type, size, sha256
	  from pp_api.attachment_published p where p.id = $1;
	if name is null then
		perform pp.refuse('attachment_not_found', 'There is no such attachment that you may see.');
	end if;
end
$$;

-- A copy that was made is not shown again: another one is made when it is asked for.
create function pp_api.clean_drop(file uuid) returns void language plpgsql volatile as $$
declare
	copy uuid := (select f.clean from pp.file f where f.id = $1);
begin
	update pp.file f set metadata = null, clean = null where f.id = $1;
	update pp.file f set state = 'ABGELEHNT', reason = 'ENTFERNT' where f.id = copy;
end
$$;

create function pp_api.own_attachment(attachment uuid) returns pp.attachment language plpgsql volatile as $$
declare
	a pp.attachment;
begin
	select * into a from pp.attachment v where v.id = $1;
	if not found then
		perform pp.refuse('attachment_not_found', 'There is no such attachment that you may see.');
	elsif a.planner_body is distinct from pp.current_body() then
		perform pp.refuse('forbidden', 'Only the planning body publishes statements.');
	end if;
	perform from pp.file f where f.id = a.id for no key update;
	return a;
end
$$;

-- body: name, metadata_accepted. Shown with its statement, as long as that is published; under a name that says nobody's.
create function pp_api.attachment_release(attachment uuid, body jsonb, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	a pp.attachment := pp_api.own_attachment(attachment);
	s pp.statement;
	state text := (select f.state from pp.file f where f.id = a.id);
begin
	select * into strict s from pp.statement v where v.id = a.statement;
	perform pp_api.need_key(s);
	if state <> 'GEPRUEFT' then
		perform pp.refuse(case when state = 'ABGELEHNT' then 'attachment_refused' else 'attachment_not_ready' end, 'Only what was looked into is shown.');
	elsif not s.published then
		perform pp.refuse('conflict', 'Publish the statement first: its attachments are shown with it.');
	end if;
	perform pp_api.file_name_check(a.media_type, body ->> 'name');
	if s.person is not null then
		perform pp_api.check_nameless(s, body ->> 'name', '/name');
	end if;
	perform pp_api.clean_drop(a.id);
	insert into pp.attachment_release as r (attachment, procedure, statement, no, planner_body, name, media_type, metadata_accepted, released,
		waits, changed_at, changed_by)
		values (a.id, a.procedure, a.statement, a.no, a.planner_body, body ->> 'name', a.media_type,
			coalesce((body ->> 'metadata_accepted')::bool, false), true, true, at, pp.current_account())
		on conflict on constraint attachment_release_pkey do update set name = excluded.name, metadata_accepted = excluded.metadata_accepted,
			released = true, waits = true, changed_at = excluded.changed_at, changed_by = excluded.changed_by;
	return pp_api.attachment_show(a.id, null);
end
$$;

create function pp_api.attachment_conceal(attachment uuid, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	a pp.attachment := pp_api.own_attachment(attachment);
begin
	update pp.attachment_release r set released = false, waits = false, changed_at = at, changed_by = pp.current_account()
	 where r.attachment = a.id and r.released;
	if found then
		perform pp_api.clean_drop(a.id);
	end if;
	return pp_api.attachment_show(a.id, null);
end
$$;

grant execute on function pp_api.attachment_published_open(uuid) to pp_server, pp_public;
grant execute on function pp_api.attachment_release_json(uuid), pp_api.clean_drop(uuid), pp_api.own_attachment(uuid),
	pp_api.attachment_release(uuid, jsonb, timestamptz), pp_api.attachment_conceal(uuid, timestamptz) to pp_server;
