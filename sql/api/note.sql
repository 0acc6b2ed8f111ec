-- SPDX-License-Identifier: EUPL-1.2
-- Notes of a body's own about a procedure. Row-level security shows them to its members and to nobody else.

create function pp_api.note_json(n pp.note) returns json language sql stable as $$
	select json_build_object('id', n.id, 'procedure', n.procedure, 'by', pp_api.member_email(n.author),
		'text', n.content, 'created_at', pp.rfc3339(n.created_at))
$$;

create function pp_api.note_create(procedure uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	n pp.note;
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.need_procedure(procedure);
	insert into pp.note (id, procedure, body, author, content, created_at)
		values (pp.uuid7(at), $1, pp.current_body(), pp.current_account(), btrim($2 ->> 'text'), at) returning * into n;
	return pp.remember(idempotency_key, pp.created(format('/api/v1/procedures/%s/notes', $1), pp_api.note_json(n)));
end
$$;

create function pp_api.note_list(procedure uuid) returns pp.reply language plpgsql stable as $$
begin
	perform pp_api.need_procedure(procedure);
	return pp.ok((select json_build_object('items', coalesce(json_agg(pp_api.note_json(n) order by n.id), '[]'))
		from pp.note n where n.procedure = $1 and n.body = pp.current_body()));
end
$$;

grant execute on function pp_api.note_json(pp.note), pp_api.note_create(uuid, jsonb, timestamptz, text, bytea),
	pp_api.note_list(uuid) to pp_server;
