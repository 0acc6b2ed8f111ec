-- SPDX-License-Identifier: EUPL-1.2
-- Seals of the audit chain, and reading what was recorded; docs/audit.md. The chain itself is written by triggers
-- (sql/migrations).

-- One seal with its ranges; sealing the same no twice is refused by its key.
create function pp_api.audit_seal_add(no bigint, size bigint, root bytea, peaks bytea, at timestamptz, key text,
	signature bytea, ranges jsonb) returns void language plpgsql volatile as $$
begin
	insert into pp.audit_seal (no, size, root, peaks, sealed_at, key, signature) values ($1, $2, $3, $4, $5, $6, $7);
	insert into pp.audit_range (seal, chain, from_seq, to_seq, first_leaf)
		select $1, r.chain, r.from_seq, r.to_seq, r.first_leaf
		  from jsonb_to_recordset(ranges) r (chain uuid, from_seq bigint, to_seq bigint, first_leaf bigint);
	insert into pp.audit_sealed as s (chain, seq)
		select r.chain, max(r.to_seq) from jsonb_to_recordset(ranges) r (chain uuid, to_seq bigint) group by r.chain
		on conflict on constraint audit_sealed_pkey do update set seq = excluded.seq;
end
$$;

-- The key that the clerk signs with from now on; previous is the one that it has replaced.
create function pp_api.signing_key_register(id text, public_key bytea, previous text, at timestamptz) returns void
language plpgsql volatile as $$
begin
	insert into pp.signing_key (id, public_key, registered_at) values ($1, $2, at) on conflict do nothing;
	update pp.signing_key k set retired_at = at where k.id = $3 and k.retired_at is null and k.id <> $1;
end
$$;

-- Reading ------------------------------------------------------------------------------------------

-- The address of an officer who has acted for that body. Private persons' are nobody's to read here: an entry of theirs
-- beside a name would say who has stated what.
create function pp_api.audit_officer(account uuid, body text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
	select a.email from pp.account a
	 where a.id = $1 and exists (select from pp.membership m where m.account = a.id and m.body = $2)
	   and (pp.has_role('auditor') or pp.has_role('manager') and $2 = pp.current_body())
$$;

-- The procedure whose records are asked for. Whoever is no auditor names one of the own body's; the chain of the
-- platform, whose id is the nil UUID, is the auditors'.
create function pp_api.audited_procedure(procedure uuid) returns void language plpgsql stable as $$
begin
	if pp.has_role('auditor') then
		return;
	elsif procedure is null then
		perform pp.refuse('invalid_parameter', 'procedure: name the procedure of yours whose records you want to see.');
	elsif not exists (select from pp_api.procedure_visible p where p.id = $1) then
		perform pp.refuse('procedure_not_found', 'There is no such procedure that you may see.');
	elsif not exists (select from pp_api.procedure_visible p where p.id = $1 and p.planner_body = pp.current_body()) then
		perform pp.refuse('forbidden', 'The records of a procedure are for its planning body and for auditors.');
	end if;
end
$$;

create function pp_api.audit_entry_json(e pp_api.audit_entry_visible) returns json language sql stable as $$
	select json_build_object('chain', e.chain, 'seq', e.seq, 'procedure_number', e.number, 'at', pp.rfc3339(e.at), 'actor', e.actor,
		'actor_name', pp_api.audit_officer(e.actor, e.body), 'body', e.body, 'body_name', pp.body_name(e.body),
		'roles', coalesce(string_to_array(e.role, ' '), '{}'), 'login', e.login, 'action', e.action, 'relation', e.relation,
		'key', e.key, 'columns', e.columns, 'content_sha256', encode(e.content_sha256, 'hex'), 'prev', encode(e.prev, 'hex'),
		'hash', encode(e.hash, 'hex'),
		'seal', (select g.seal from pp.audit_range g
			 where g.chain = e.chain and g.from_seq <= e.seq and g.to_seq >= e.seq order by g.from_seq desc limit 1))
$$;

-- Newest first: of one procedure by place, else by time. Planned anew each time, so that what is not asked for is not in
-- the plan and each way goes along an index of its own.
create function pp_api.audit_entry_list(procedure uuid, relation text, account uuid, action text, since timestamptz,
	until timestamptz, row_limit int, cursor text) returns pp.reply language plpgsql stable
set plan_cache_mode = force_custom_plan as $$
declare
	size int := pp.page_size(row_limit);
	place text[] := pp.cursor_read(cursor, 3);
	items json;
	next text;
begin
	perform pp_api.audited_procedure(procedure);
	with page as (
		select * from (
			select e from pp_api.audit_entry_visible e
			 where $1 is not null and e.chain = $1 and (place is null or e.seq < place[3]::bigint)
			   and ($2 is null or e.relation = $2) and ($3 is null or e.actor = $3) and ($4 is null or e.action = $4)
			   and ($5 is null or e.at >= $5) and ($6 is null or e.at < $6)
			 order by e.seq desc limit size + 1) a
		union all select * from (
			select e from pp_api.audit_entry_visible e
			 where $1 is null and ($3 is null or e.actor = $3)
			   and (place is null or (e.at, e.chain, e.seq) < (place[1]::timestamptz, place[2]::uuid, place[3]::bigint))
			   and ($2 is null or e.relation = $2) and ($4 is null or e.action = $4)
			   and ($5 is null or e.at >= $5) and ($6 is null or e.at < $6)
			 order by e.at desc, e.chain desc, e.seq desc limit size + 1) b),
	counted as (select p.e, row_number() over () as n from page p)
	select coalesce(json_agg(pp_api.audit_entry_json(c.e) order by c.n) filter (where c.n <= size), '[]'),
		case when count(*) > size then (select pp.cursor_make(pp.rfc3339((l.e).at), (l.e).chain::text, (l.e).seq::text)
			from counted l where l.n = size) end
	  into items, next from counted c;
	return pp.ok(json_build_object('items', items), null, next);
exception when invalid_text_representation or invalid_datetime_format then
	perform pp.refuse('invalid_parameter', 'cursor: take it from the "next" of the page before.');
end
$$;

-- The hash of the leaves from number place * 2^level on, as many as 2^level (RFC 9162 section 2.1.1). A seal whose tree
-- ended behind them has kept it among its peaks; else it is computed from its halves, down to the leaves of one seal.
create function pp_api.audit_node(level int, place bigint) returns bytea
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
	node bytea;
begin
	if level = 0 then
		select sha256('\x00'::bytea || e.hash) into node
		  from (select r.* from pp.audit_range r where r.first_leaf <= place order by r.first_leaf desc limit 1) g
		  join pp.audit_entry e on e.chain = g.chain and e.seq = g.from_seq + place - g.first_leaf and e.seq <= g.to_seq;
		return node;
	elsif place % 2 = 0 then
		-- The peaks before it are as many as the bits of the tree's size above its own.
		select substr(s.peaks, 32 * bit_count((s.size >> (level + 1))::bit(64))::int + 1, 32) into node from pp.audit_seal s
		 where s.size >= (place + 1) << level and s.size < (place + 2) << level order by s.size limit 1;
		if node is not null then
			return node;
		end if;
	end if;
	return sha256('\x01'::bytea || pp_api.audit_node(level - 1, 2 * place) || pp_api.audit_node(level - 1, 2 * place + 1));
end
$$;

-- Of the leaves from one number to another: the left part is the largest power of two that leaves some (RFC 9162 section 2.1.1).
create function pp_api.audit_split(leaves bigint, out level int) language plpgsql immutable as $$
begin
	level := 0;
	while (1::bigint << (level + 1)) < leaves loop
		level := level + 1;
	end loop;
end
$$;

create function pp_api.audit_tree(first bigint, beyond bigint) returns bytea language plpgsql stable as $$
declare
	level int := pp_api.audit_split(beyond - first);
	half bigint := 1::bigint << level;
begin
	return case when beyond - first = 1 then pp_api.audit_node(0, first)
		when beyond - first = 2 * half then pp_api.audit_node(level + 1, first / (2 * half))
		else sha256('\x01'::bytea || pp_api.audit_node(level, first / half) || pp_api.audit_tree(first + half, beyond)) end;
end
$$;

-- The way from a leaf to the root of the tree of that size, from below (RFC 9162 section 2.1.3.1).
create function pp_api.audit_path(leaf bigint, size bigint) returns text[] language plpgsql stable as $$
declare
	first bigint := 0;
	beyond bigint := size;
	middle bigint;
	path text[] := '{}';
begin
	while beyond - first > 1 loop
		middle := first + (1::bigint << pp_api.audit_split(beyond - first));
		if leaf < middle then
			path := encode(pp_api.audit_tree(middle, beyond), 'hex') || path;
			beyond := middle;
		else
			path := encode(pp_api.audit_tree(first, middle), 'hex') || path;
			first := middle;
		end if;
	end loop;
	return path;
end
$$;

create function pp_api.audit_seal_json(s pp.audit_seal) returns jsonb language sql stable as $$
	select jsonb_build_object('no', s.no, 'size', s.size, 'root', encode(s.root, 'hex'), 'at', pp.rfc3339(s.sealed_at), 'key', s.key,
		'signature', encode(s.signature, 'hex'), 'type', 'planungsplattform-root-1',
		'entries', (select sum(g.to_seq - g.from_seq + 1) from pp.audit_range g where g.seal = s.no))
$$;

-- One entry, and the proof that the newest seal covers it, or the one with that number.
create function pp_api.audit_entry_show(chain uuid, seq bigint, seal bigint default null) returns pp.reply language plpgsql stable as $$
declare
	e pp_api.audit_entry_visible;
	s pp.audit_seal;
	g pp.audit_range;
	leaf bigint;
begin
	select v.* into e from pp_api.audit_entry_visible v where v.chain = $1 and v.seq = $2;
	if not found then
		perform pp.refuse('not_found', 'There is no such entry that you may see.');
	end if;
	select * into s from pp.audit_seal v where $3 is null or v.no = $3 order by v.no desc limit 1;
	if not found and $3 is not null then
		perform pp.refuse('not_found', 'There is no such seal.');
	end if;
	select * into g from pp.audit_range v where v.chain = $1 and v.from_seq <= $2 order by v.from_seq desc limit 1;
	if g.to_seq >= $2 then
		leaf := g.first_leaf + $2 - g.from_seq;
		if leaf >= s.size then
			perform pp.refuse('conflict', format('Seal %s was made before this entry; seal %s is the first that covers it.', s.no, g.seal));
		end if;
	end if;
	return pp.ok((pp_api.audit_entry_json(e)::jsonb || jsonb_build_object('proof', case when leaf is not null then
		jsonb_build_object('seal', pp_api.audit_seal_json(s), 'leaf', leaf, 'path', pp_api.audit_path(leaf, s.size)) end))::json);
end
$$;

create function pp_api.audit_seal_list(row_limit int, cursor text) returns pp.reply language plpgsql stable as $$
declare
	most int := pp.page_size(row_limit);
	place text[] := pp.cursor_read(cursor, 1);
	items jsonb;
	next text;
begin
	with page as (select s, row_number() over (order by s.no desc) as n from pp.audit_seal s
		 where place is null or s.no < place[1]::bigint order by s.no desc limit most + 1)
	select coalesce(jsonb_agg(pp_api.audit_seal_json(p.s) order by p.n) filter (where p.n <= most), '[]'),
		case when count(*) > most then pp.cursor_make((select (l.s).no::text from page l where l.n = most)) end
	  into items, next from page p;
	return pp.ok(json_build_object('items', items), null, next);
exception when invalid_text_representation then
	perform pp.refuse('invalid_parameter', 'cursor: take it from the "next" of the page before.');
end
$$;

-- Who has read what a private person says, or who that person is: when and for what, never what was read. Newest first.
create function pp_api.audit_reading_list(procedure uuid, statement uuid, person uuid, account uuid, since timestamptz,
	until timestamptz, row_limit int, cursor text) returns pp.reply language plpgsql stable
set plan_cache_mode = force_custom_plan as $$
declare
	size int := pp.page_size(row_limit);
	place text[] := pp.cursor_read(cursor, 2);
	items json;
	next text;
begin
	perform pp_api.audited_procedure(procedure);
	with page as (
		select r, row_number() over (order by r.at desc, r.id desc) as n from pp.reading r
		 where ($1 is null or r.procedure = $1) and ($2 is null or r.statement = $2) and ($3 is null or r.person = $3)
		   and ($4 is null or r.account = $4) and ($5 is null or r.at >= $5) and ($6 is null or r.at < $6)
		   and (place is null or (r.at, r.id) < (place[1]::timestamptz, place[2]::uuid))
		 order by r.at desc, r.id desc limit size + 1)
	select coalesce(json_agg(json_build_object('id', (p.r).id, 'at', pp.rfc3339((p.r).at), 'account', (p.r).account,
			'account_name', pp_api.audit_officer((p.r).account, (p.r).body), 'body', (p.r).body, 'body_name', pp.body_name((p.r).body),
			'procedure', (p.r).procedure, 'person', (p.r).person, 'statement', (p.r).statement, 'what', (p.r).what,
			'purpose', (p.r).purpose) order by p.n) filter (where p.n <= size), '[]'),
		case when count(*) > size then (select pp.cursor_make(pp.rfc3339((l.r).at), (l.r).id::text) from page l where l.n = size) end
	  into items, next from page p;
	return pp.ok(json_build_object('items', items), null, next);
exception when invalid_text_representation or invalid_datetime_format then
	perform pp.refuse('invalid_parameter', 'cursor: take it from the "next" of the page before.');
end
$$;

grant execute on function pp_api.audit_seal_add(bigint, bigint, bytea, bytea, timestamptz, text, bytea, jsonb),
	pp_api.signing_key_register(text, bytea, text, timestamptz) to pp_clerk;
grant execute on function pp_api.audit_officer(uuid, text), pp_api.audited_procedure(uuid),
	pp_api.audit_entry_json(pp_api.audit_entry_visible),
	pp_api.audit_entry_list(uuid, text, uuid, text, timestamptz, timestamptz, int, text), pp_api.audit_split(bigint),
	pp_api.audit_node(int, bigint), pp_api.audit_tree(bigint, bigint), pp_api.audit_path(bigint, bigint),
	pp_api.audit_seal_json(pp.audit_seal), pp_api.audit_entry_show(uuid, bigint, bigint), pp_api.audit_seal_list(int, text),
	pp_api.audit_reading_list(uuid, uuid, uuid, uuid, timestamptz, timestamptz, int, text) to pp_server;
grant usage on schema pp_api to pp_chain;
grant execute on function pp_api.audit_node(int, bigint) to pp_chain;

grant create on schema pp_api to pp_sign_in, pp_chain;
alter function pp_api.audit_officer(uuid, text) owner to pp_sign_in;
alter function pp_api.audit_node(int, bigint) owner to pp_chain;
revoke create on schema pp_api from pp_sign_in, pp_chain;
