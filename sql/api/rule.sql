-- SPDX-License-Identifier: EUPL-1.2
-- The rules for affected municipalities, version by version. A version is a text as people write it
-- (data/rules/affected.tsv), and its rows; it comes into force as a whole and never changes.

-- The rows of a text, each an object of the columns that have a value. The first line names the
-- columns; empty lines and those that begin with # are nobody's.
create function pp_api.rule_rows(text text) returns table (row_no int, data jsonb)
language sql immutable parallel safe as $$
	with lines as (
		select string_to_array(l.line, E'\t') as cells, row_number() over (order by l.n) as k
		  from string_to_table($1, E'\n') with ordinality l (line, n)
		 where l.line <> '' and l.line not like '#%'),
	heading as (select cells as names from lines where k = 1)
	select (k - 1)::int, (select jsonb_object_agg(n.name, c.cell)
			from unnest(names) with ordinality n (name, i)
			join unnest(cells) with ordinality c (cell, i) using (i) where c.cell <> '')
	  from lines, heading where k > 1
$$;

-- A heading that is no column of the table would be lost without a word.
create function pp_api.rule_heading_check(text text) returns void language plpgsql stable as $$
declare
	unknown text;
begin
	select n.name into unknown
	  from (select l.line from string_to_table($1, E'\n') with ordinality l (line, n)
		 where l.line <> '' and l.line not like '#%' order by l.n limit 1) h,
		string_to_table(h.line, E'\t') n (name)
	 where n.name in ('rule_version', 'row_no') or not exists (select from pg_attribute a
		where a.attrelid = 'pp.affected_rule'::regclass and a.attnum > 0 and not a.attisdropped
		  and a.attname = n.name) limit 1;
	if unknown is not null then
		perform pp.refuse('invalid_body', format('The first line names a column "%s", which there is not.', unknown), '/text');
	end if;
end
$$;

-- Closes the version in force and puts the text in its place. The caller has had it read by the
-- engine's own reader before.
create function pp_api.rule_put(text text, source text, origin text, label text, at timestamptz)
returns bigint language plpgsql volatile as $$
declare
	version bigint;
	before pp.rule_version;
begin
	perform pg_advisory_xact_lock(hashtext('pp import'));
	select v.id, v.sha256, v.valid_from into before.id, before.sha256, before.valid_from
	  from pp.rule_version v where v.valid_to is null;
	if before.sha256 = sha256(convert_to(text, 'UTF8')) then
		perform pp.refuse('rules_in_force', format('This very text is version %s, in force since %s.',
			before.id, pp.rfc3339(before.valid_from)));
	end if;
	perform pp_api.rule_heading_check(text);
	version := nextval(pg_get_serial_sequence('pp.rule_version', 'id'));
	update pp.rule_version v set valid_to = at, successor = version where v.id = before.id;
	insert into pp.rule_version (id, sha256, source, valid_from, imported_at, text, origin, imported_by,
		imported_by_label) overriding system value
		values (version, sha256(convert_to(text, 'UTF8')), source, at, at, text, origin,
			pp.current_account(), label);
	insert into pp.affected_rule
		select row.* from pp_api.rule_rows(text) r, jsonb_populate_record(null::pp.affected_rule,
			r.data || jsonb_build_object('rule_version', version, 'row_no', r.row_no)) row;
	if not found then
		perform pp.refuse('invalid_body', 'There is no rule in it.', '/text');
	end if;
	perform pp.emit('rules.imported', at, public => true,
		data => json_build_object('version', version, 'before', before.id));
	return version;
end
$$;

-- What the program carries: put in force where nothing is, or where what is came from a program. What
-- a person has imported stays. version is the one in force afterwards, origin whose it is.
create function pp_api.rule_seed(text text, source text, at timestamptz, out version bigint,
	out origin text, out is_new bool) language plpgsql volatile as $$
declare
	v pp.rule_version;
begin
	select * into v from pp.rule_version w where w.valid_to is null for update;
	is_new := v.id is null
		or v.origin = 'program' and v.sha256 <> sha256(convert_to(text, 'UTF8'));
	if is_new then
		version := pp_api.rule_put(text, source, 'program', null, at);
		origin := 'program';
		return;
	end if;
	version := v.id;
	origin := v.origin;
	if v.sha256 = sha256(convert_to(text, 'UTF8')) then
		-- A version from before texts were kept.
		update pp.rule_version w set text = rule_seed.text where w.id = v.id and w.text is null;
		origin := 'program';
	end if;
end
$$;

-- As the command line imports: whoever may log in as pp_owner.
create function pp_api.rule_import(text text, source text, at timestamptz, out version bigint,
	out rules bigint) language plpgsql volatile as $$
begin
	version := pp_api.rule_put(text, source, 'person', 'planungsplattform import', at);
	rules := (select count(*) from pp.affected_rule r where r.rule_version = version);
end
$$;

create function pp_api.rule_version_json(version bigint) returns jsonb
language sql stable as $$
	select jsonb_build_object('id', v.id, 'sha256', encode(v.sha256, 'hex'), 'source', v.source,
		'origin', v.origin, 'valid_from', pp.rfc3339(v.valid_from), 'valid_to', pp.rfc3339(v.valid_to),
		'successor', v.successor, 'imported_at', pp.rfc3339(v.imported_at),
		'rules', (select count(*) from pp.affected_rule r where r.rule_version = v.id),
		'has_text', v.text is not null)
	  from pp.rule_version v where v.id = $1
$$;

-- Who did it is for operators.
create function pp_api.rule_version_person(version bigint) returns jsonb language plpgsql stable as $$
begin
	if not pp.has_role('operator') then
		return '{}';
	end if;
	return (select jsonb_build_object('imported_by', v.imported_by_label)
		from pp.rule_version v where v.id = version);
end
$$;

-- Newest first.
create function pp_api.rule_version_list(row_limit int, cursor text) returns pp.reply
language plpgsql stable as $$
declare
	before bigint := pp.cursor_bigint(cursor);
	size int := pp.page_size(row_limit);
	items json;
	next text;
begin
	with page as (
		select v.id, row_number() over (order by v.id desc) as n,
			pp_api.rule_version_json(v.id) || pp_api.rule_version_person(v.id) as item
		  from pp.rule_version v where before is null or v.id < before
		 order by v.id desc limit size + 1)
	select coalesce(json_agg(item order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make((min(id) filter (where n <= size))::text) end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

create function pp_api.need_rule_version(version bigint) returns bigint language plpgsql stable as $$
begin
	if not exists (select from pp.rule_version v where v.id = version) then
		perform pp.refuse('not_found', format('There is no version %s of the rules.', version));
	end if;
	return version;
end
$$;

-- With its rows, which name every column.
create function pp_api.rule_version_show(version bigint) returns pp.reply
language plpgsql stable as $$
declare
	v bigint := pp_api.need_rule_version(version);
begin
	return pp.ok((pp_api.rule_version_json(v) || pp_api.rule_version_person(v) || jsonb_build_object('rows',
		(select jsonb_agg(to_jsonb(r) - 'rule_version' - 'row_no' order by r.row_no)
		   from pp.affected_rule r where r.rule_version = v)))::json);
end
$$;

create function pp_api.rule_version_text(version bigint, out text text, out sha256 text)
language plpgsql stable as $$
begin
	select v.text, encode(v.sha256, 'hex') into text, sha256
	  from pp.rule_version v where v.id = pp_api.need_rule_version(version);
	if text is null then
		perform pp.refuse('not_found', 'The text of this version was not kept; its rows are there as JSON.');
	end if;
end
$$;

create function pp_api.rule_version_create(text text, source text, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	version bigint;
begin
	if r.status is not null then
		return r;
	end if;
	version := pp_api.rule_put(text, coalesce(source, 'REST'), 'person', pp_api.my_label(), at);
	return pp.remember(idempotency_key, pp.created('/api/v1/rule-versions/' || version,
		(pp_api.rule_version_show(version)).body));
end
$$;

grant execute on function pp_api.rule_rows(text), pp_api.rule_heading_check(text),
	pp_api.rule_put(text, text, text, text, timestamptz),
	pp_api.rule_version_create(text, text, timestamptz, text, bytea) to pp_server;
grant execute on function pp_api.rule_version_json(bigint), pp_api.rule_version_person(bigint),
	pp_api.rule_version_list(int, text), pp_api.need_rule_version(bigint),
	pp_api.rule_version_show(bigint), pp_api.rule_version_text(bigint) to pp_server, pp_public;
