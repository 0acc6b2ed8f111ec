-- SPDX-License-Identifier: EUPL-1.2
-- Proof of publication: what is published and with which bytes, what probes saw of it through the public
-- address, and the gaps in that. A document more that is published is an arm more of publication_entries.

-- From here on the transaction is nobody's: what is published is what everybody sees, whoever asks.
create function pp_api.as_public() returns void language sql volatile as $$
	select pp.become('', '', '')
$$;

-- Bodies as they are served to whoever states no language.
create function pp_api.publication_bodies(procedure uuid, at timestamptz)
returns table (no int, kind text, address text, body text) language sql stable as $$
	select 1, 'VERFAHREN', '/api/v1/procedures/' || $1, (pp_api.procedure_show($1, $2)).body::text
	union all
	select 2, 'PLAN', '/api/v1/plans/' || v.id, (pp_api.plan_show(v.id)).body::text
	  from pp_api.plan_visible v where v.procedure = $1
	   and v.id in (select d.plan from pp_api.round_visible d where d.procedure = $1 and d.audience = 'OEFF')
	union all
	select 3, 'RUNDE', '/api/v1/rounds/' || d.id, (pp_api.round_show(d.id, $2)).body::text
	  from pp_api.round_visible d where d.procedure = $1 and d.audience = 'OEFF'
$$;

create function pp_api.publication_entries(procedure uuid, at timestamptz)
returns table (no int, kind text, address text, media_type text, bytes bigint, sha256 text) language sql stable as $$
	select b.no, b.kind, b.address, 'application/json', octet_length(convert_to(b.body, 'UTF8'))::bigint,
		encode(sha256(convert_to(b.body, 'UTF8')), 'hex')
	  from pp_api.publication_bodies($1, $2) b
	union all
	select 4, 'DOKUMENT', format('/api/v1/documents/%s/content', v.id), v.media_type, v.size, encode(v.sha256, 'hex')
	  from pp_api.document_visible v where v.procedure = $1
$$;

create function pp_api.publication_manifest(procedure uuid, at timestamptz) returns pp.reply
language plpgsql volatile as $$
declare
	p pp_api.procedure_visible;
begin
	perform pp_api.as_public();
	p := pp_api.need_procedure(procedure);
	return pp.ok((select json_build_object('procedure', p.id, 'number', p.number, 'title', p.title,
		'entries', json_agg(json_build_object('kind', e.kind, 'address', e.address,
			'media_type', e.media_type, 'bytes', e.bytes, 'sha256', e.sha256) order by e.no, e.address))
		from pp_api.publication_entries(p.id, at) e));
end
$$;

-- Whoever asks the public at this instant.
create function pp_api.publication_list(row_limit int, cursor text, at timestamptz) returns pp.reply
language plpgsql volatile as $$
declare
	after uuid := pp.cursor_uuid(cursor);
	size int := pp.page_size(row_limit);
	items jsonb;
	next text;
begin
	perform pp_api.as_public();
	with page as (
		select d.procedure, row_number() over (order by d.procedure) as n,
			jsonb_agg(d.id order by d.opens_at, d.id) as rounds
		  from pp_api.round_visible d
		 where d.audience = 'OEFF' and d.cancelled_at is null and tstzrange(d.opens_at, d.closes_at) @> $3
		   and (after is null or d.procedure > after)
		 group by d.procedure order by d.procedure limit size + 1)
	select coalesce(jsonb_agg(jsonb_build_object('procedure', p.id, 'number', p.number, 'title', p.title,
			'rounds', g.rounds, 'manifest', format('/api/v1/procedures/%s/publication-manifest', p.id))
			order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make((array_agg(g.procedure::text order by n))[size]) end
	  into items, next from page g join pp_api.procedure_visible p on p.id = g.procedure;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

-- Failures that follow each other, of one probe: from the first to the look that found all well again.
create function pp_api.probe_failures(procedure uuid, probe text, since timestamptz, until_at timestamptz,
	out from_at timestamptz, out last_at timestamptz, out to_at timestamptz, out before_at timestamptz,
	out looks int, out problems text[]) returns setof record language sql stable as $$
	with look as (
		select r.at, r.ok, r.failures, count(*) filter (where r.ok) over (order by r.at) as run
		  from pp_api.probe_result_visible r
		 where r.procedure = $1 and r.probe = $2 and r.at >= $3 and r.at < $4),
	-- A run begins with a look that was well, which ended the run before.
	run as (
		select l.run, min(l.at) filter (where l.ok) as good_at, min(l.at) filter (where not l.ok) as from_at,
			max(l.at) filter (where not l.ok) as last_at, count(*) filter (where not l.ok)::int as looks
		  from look l group by l.run),
	pair as (select u.*, lead(u.good_at) over (order by u.run) as to_at from run u),
	problem as (
		select l.run, array_agg(distinct f ->> 'problem') as problems
		  from look l, jsonb_array_elements(l.failures) f group by l.run)
	select p.from_at, p.last_at, p.to_at, p.good_at, p.looks, m.problems
	  from pair p join problem m on m.run = p.run order by p.from_at
$$;

-- A failure that is over is an interruption, recorded once by the one who reports it.
create function pp_api.probe_outages(procedure uuid, probe text, since timestamptz, until_at timestamptz,
	at timestamptz) returns uuid[] language plpgsql volatile as $$
declare
	f record;
	found_ids uuid[] := '{}';
	first timestamptz := coalesce((select max(r.at) from pp_api.probe_result_visible r
		where r.procedure = $1 and r.probe = $2 and r.ok and r.at < $3), $3);
	last timestamptz := coalesce((select min(r.at) from pp_api.probe_result_visible r
		where r.procedure = $1 and r.probe = $2 and r.ok and r.at > $4), $4);
begin
	for f in select * from pp_api.probe_failures($1, $2, first, last + interval '1 microsecond') u
		where u.to_at is not null and not exists (select from pp.outage o
			where o.procedure = $1 and o.source = 'SONDE' and o.from_at = u.from_at)
	loop
		found_ids := found_ids || (pp_api.outage_store(f.from_at, f.to_at, 'Veröffentlichung, gesehen von der Sonde ' || probe,
			procedure, format('%s bei %s Abrufen', array_to_string(f.problems, ', '), f.looks), 'SONDE', at)).outage;
	end loop;
	return found_ids;
end
$$;

-- What a probe saw, one or many looks, new or from its file; what is known already is passed over. body:
-- results, each with probe, url, every_s, procedure, at, ended_at, entries, failures.
create function pp_api.probe_report(body jsonb, at timestamptz, idempotency_key text, request_sha256 bytea)
returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	wrong int;
	stored int;
	outages uuid[] := '{}';
	g record;
begin
	if r.status is not null then
		return r;
	end if;
	perform pp.audit_several();
	select u.n - 1 into wrong from jsonb_array_elements(body -> 'results') with ordinality u (x, n)
	 where not exists (select from pp_api.procedure_visible p where p.id = (u.x ->> 'procedure')::uuid
		and (p.planner_body = pp.current_body() or pp.has_role('operator'))) order by u.n limit 1;
	if wrong is not null then
		perform pp.refuse('invalid_body', 'Not a procedure that you may report on.', format('/results/%s/procedure', wrong));
	end if;
	-- Clocks of other machines may go wrong a little; what lies ahead was not seen.
	select u.n - 1 into wrong from jsonb_array_elements(body -> 'results') with ordinality u (x, n)
	 where (u.x ->> 'at')::timestamptz > $2 + interval '5 minutes'
	    or (u.x ->> 'ended_at')::timestamptz < (u.x ->> 'at')::timestamptz order by u.n limit 1;
	if wrong is not null then
		perform pp.refuse('invalid_body', 'A look lies not ahead, and ends after it began.', format('/results/%s/at', wrong));
	end if;
	with stored_rows as (
		insert into pp.probe_result (id, procedure, probe, url, at, ended_at, every_s, entries, failures,
			recorded_at, recorded_by)
			select pp.uuid7($2), (x ->> 'procedure')::uuid, x ->> 'probe', x ->> 'url', (x ->> 'at')::timestamptz,
				(x ->> 'ended_at')::timestamptz, (x ->> 'every_s')::int, (x ->> 'entries')::int,
				coalesce(x -> 'failures', '[]'), $2, pp.current_account()
			  from jsonb_array_elements(body -> 'results') x
			on conflict do nothing returning 1)
	select count(*) into stored from stored_rows;
	for g in select (x ->> 'procedure')::uuid as procedure, x ->> 'probe' as probe,
			min((x ->> 'at')::timestamptz) as first, max((x ->> 'at')::timestamptz) as last
		  from jsonb_array_elements(body -> 'results') x group by 1, 2 order by 1, 2
	loop
		outages := outages || pp_api.probe_outages(g.procedure, g.probe, g.first, g.last, $2);
	end loop;
	return pp.remember(idempotency_key, pp.ok(json_build_object('stored', stored,
		'known', jsonb_array_length(body -> 'results') - stored, 'outages', outages)));
end
$$;

-- Times without a look, twice as long as the probe looks apart, from since to until_at.
create function pp_api.probe_silences(procedure uuid, probe text, since timestamptz, until_at timestamptz,
	out from_at timestamptz, out to_at timestamptz) returns setof record language sql stable as $$
	with look as (
		select r.at, r.every_s from pp_api.probe_result_visible r
		 where r.procedure = $1 and r.probe = $2 and r.at >= $3 and r.at < $4
		union all select $3, null
		union all select $4, null),
	pair as (
		select l.at, lead(l.at) over w as next, coalesce(l.every_s, lead(l.every_s) over w) as every_s
		  from look l window w as (order by l.at, l.every_s nulls first))
	select p.at, p.next from pair p
	 where p.next - p.at > 2 * p.every_s * interval '1 second' order by p.at
$$;

create function pp_api.publication_gap(kind text, d pp_api.round_visible, from_at timestamptz,
	to_at timestamptz, more jsonb) returns jsonb language sql stable as $$
	select jsonb_build_object('kind', $1, 'from', pp.rfc3339($3), 'to', pp.rfc3339($4),
		'length_s', extract(epoch from $4 - $3)::bigint,
		'share', round(extract(epoch from $4 - $3) / pp_api.round_period_s(d), 6)) || $5
$$;

create function pp_api.publication_gaps(d pp_api.round_visible, probe text, since timestamptz,
	until_at timestamptz) returns jsonb language sql stable as $$
	select coalesce(jsonb_agg(g order by g ->> 'from', g ->> 'kind'), '[]') from (
		select pp_api.publication_gap(case when f.problems = '{VERAENDERT}' then 'VERAENDERT' else 'AUSFALL' end,
			d, f.from_at, coalesce(f.to_at, $4), jsonb_build_object('looks', f.looks, 'problems', f.problems,
				'at_most_s', extract(epoch from coalesce(f.to_at, $4) - coalesce(f.before_at, $3))::bigint,
				'over', f.to_at is not null,
				'meaning', (pp_api.outage_rule(extract(epoch from coalesce(f.to_at, $4) - f.from_at),
					extract(epoch from coalesce(f.to_at, $4) - f.from_at) / pp_api.round_period_s(d))).meaning)) as g
		  from pp_api.probe_failures(d.procedure, $2, $3, $4) f
		union all
		select pp_api.publication_gap('UNBEOBACHTET', d, s.from_at, s.to_at, '{}')
		  from pp_api.probe_silences(d.procedure, $2, $3, $4) s) u
$$;

-- What is proved of a round's publication up to now, probe by probe.
create function pp_api.round_publication(round uuid, at timestamptz) returns pp.reply
language plpgsql stable as $$
declare
	d pp_api.round_visible := pp_api.need_round(round);
	since timestamptz := d.opens_at;
	until_at timestamptz := least(upper(pp_api.round_period(d)), $2);
begin
	if d.audience <> 'OEFF' then
		perform pp.refuse('conflict', 'This round does not ask the public; there is nothing to be proved.');
	end if;
	return pp.ok(json_build_object('round', d.id, 'procedure', d.procedure, 'from', pp.rfc3339(since),
		'to', pp.rfc3339(upper(pp_api.round_period(d))), 'period_s', pp_api.round_period_s(d)::bigint,
		'until', case when until_at > since then pp.rfc3339(until_at) end,
		'probes', (select coalesce(json_agg(json_build_object('probe', x.probe, 'url', x.url, 'looks', x.looks,
				'good', x.good, 'first', pp.rfc3339(x.first), 'last', pp.rfc3339(x.last),
				'gaps', pp_api.publication_gaps(d, x.probe, since, until_at)) order by x.probe), '[]')
			from (select r.probe, max(r.url) as url, count(*) as looks, count(*) filter (where r.ok) as good,
				min(r.at) as first, max(r.at) as last from pp_api.probe_result_visible r
				where r.procedure = d.procedure and r.at >= since and r.at < until_at group by r.probe) x)));
end
$$;

grant execute on function pp_api.as_public(), pp_api.publication_bodies(uuid, timestamptz),
	pp_api.publication_entries(uuid, timestamptz),
	pp_api.publication_manifest(uuid, timestamptz), pp_api.publication_list(int, text, timestamptz),
	pp_api.probe_failures(uuid, text, timestamptz, timestamptz),
	pp_api.probe_silences(uuid, text, timestamptz, timestamptz),
	pp_api.publication_gap(text, pp_api.round_visible, timestamptz, timestamptz, jsonb),
	pp_api.publication_gaps(pp_api.round_visible, text, timestamptz, timestamptz),
	pp_api.round_publication(uuid, timestamptz) to pp_server, pp_public;
grant execute on function pp_api.probe_outages(uuid, text, timestamptz, timestamptz, timestamptz),
	pp_api.probe_report(jsonb, timestamptz, text, bytea) to pp_server;
