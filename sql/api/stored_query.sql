-- SPDX-License-Identifier: EUPL-1.2
-- Stored queries of WFS (OGC 09-025r2 §14): kept, taken away. What they say the server has read before.

-- A body has so many.
create function pp_api.stored_query_limit() returns int language sql immutable as $$ select 100 $$;

create function pp_api.stored_query_turn() returns void language plpgsql volatile as $$
begin
	if not pp.has_role('manager') then
		perform pp.refuse('forbidden', 'A stored query is kept by whoever conducts procedures for its body.');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('pp stored_query ' || pp.current_body(), 0));
end
$$;

-- [{"name", "definition"}]: all of them or none.
create function pp_api.stored_query_create(definitions jsonb, at timestamptz) returns void language plpgsql volatile as $$
declare
	d record;
begin
	perform pp_api.stored_query_turn();
	for d in select * from jsonb_to_recordset(definitions) x (name text, definition text) loop
		if octet_length(d.definition) > 65536 then
			perform pp.refuse('stored_query_limit', 'A definition may have 65536 bytes.', d.name);
		end if;
		insert into pp.stored_query values (d.name, pp.current_body(), d.definition, at, pp.current_account()) on conflict do nothing;
		if not found then
			perform pp.refuse('stored_query_exists', null, d.name);
		end if;
	end loop;
	if (select count(*) from pp.stored_query q where q.body = pp.current_body()) > pp_api.stored_query_limit() then
		perform pp.refuse('stored_query_limit', format('Your body may have %s stored queries: drop some.', pp_api.stored_query_limit()));
	end if;
end
$$;

create function pp_api.stored_query_drop(name text) returns void language plpgsql volatile as $$
begin
	perform pp_api.stored_query_turn();
	delete from pp.stored_query q where q.name = $1;
	if not found then
		perform pp.refuse('invalid_parameter', 'there is no stored query of this name', 'id');
	end if;
end
$$;

grant execute on function pp_api.stored_query_limit(), pp_api.stored_query_turn(), pp_api.stored_query_create(jsonb, timestamptz), pp_api.stored_query_drop(text) to pp_server;
