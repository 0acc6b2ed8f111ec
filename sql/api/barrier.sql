-- SPDX-License-Identifier: EUPL-1.2
-- Barriers: reported by anybody, mailed to whom the operator has named, listed for operators.

-- Where somebody can complain besides, by the Land of the procedure whose page it is; none where it is about no procedure.
create function pp_api.barrier_lands(page text) returns text[] language sql stable as $$
	select coalesce((select p.lands from pp_api.procedure_visible p
		where p.id = substring($1 from '/(?:v|planung)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})')::uuid), '{}')
$$;

create function pp_api.barrier_report(body jsonb, contact text, at timestamptz) returns pp.reply language plpgsql volatile as $$
declare
	id uuid := pp.uuid7(at);
	number text := format('B-%s-%s', extract(year from pp.day(at)), nextval('pp.barrier_report_number'));
	page text := btrim(split_part(body ->> 'page', '#', 1));
	words text := btrim(body ->> 'text', E' \t\r\n');
	tools text := nullif(btrim(body ->> 'tools'), '');
	mail uuid;
begin
	if page = '' then
		perform pp.refuse('invalid_body', 'Name the page.', '/page');
	elsif words = '' then
		perform pp.refuse('invalid_body', 'Write what does not work.', '/text');
	end if;
	mail := pp_api.mail_enqueue('barrier_report', contact, 'de', jsonb_strip_nulls(jsonb_build_object('number', number,
		'received_at', pp.rfc3339(at), 'page', page, 'tools', tools, 'email', body ->> 'email', 'text', words)), null, null, at);
	insert into pp.barrier_report (id, number, mail, page, words, tools, email, received_at)
		values (id, number, mail, page, words, tools, body ->> 'email', at);
	return pp.created(null, json_build_object('number', number, 'received_at', pp.rfc3339(at), 'lands', pp_api.barrier_lands(page)));
end
$$;

create function pp_api.barrier_list(row_limit int, cursor text) returns pp.reply language plpgsql stable as $$
declare
	before uuid := pp.cursor_uuid(cursor);
	size int := pp.page_size(row_limit);
	items jsonb;
	next text;
begin
	with page as (
		select r.*, row_number() over (order by r.id desc) as n from pp.barrier_report r
		 where before is null or r.id < before order by r.id desc limit size + 1)
	select coalesce(jsonb_agg(jsonb_build_object('id', p.id, 'number', p.number, 'received_at', pp.rfc3339(p.received_at), 'page', p.page,
			'text', p.words, 'tools', p.tools, 'email', p.email, 'mail', p.mail, 'state', p.state, 'settled_at', pp.rfc3339(p.settled_at))
			order by p.n) filter (where p.n <= size), '[]'),
		case when count(*) > size then pp.cursor_make((array_agg(p.id::text order by p.n))[size]) end
	  into items, next from page p;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

grant execute on function pp_api.barrier_lands(text), pp_api.barrier_report(jsonb, text, timestamptz), pp_api.barrier_list(int, text) to pp_server;
