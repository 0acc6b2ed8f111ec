-- SPDX-License-Identifier: EUPL-1.2
-- What a procedure and a statement are in the words of XPlanung and XBeteiligung (tables pp.xplanung_code,
-- pp.xbeteiligung_code).

-- Whom the rounds of the present phase ask, as far as the requester sees them, and for the how manieth
-- time. A round that ended before the present state began belongs to an earlier time.
create function pp_api.code_variants(p pp_api.procedure_visible, out variants text[], out durchgang int)
language plpgsql stable as $$
begin
	select case when v.variant is null then '{}' when v.times > 1 then array[v.variant || '_ERNEUT', v.variant]
		else array[v.variant] end, greatest(v.times, 1)
	  into variants, durchgang
	  from (select case when bool_or(r.audience = 'OEFF' and r.now) and bool_or(r.audience <> 'OEFF' and r.now) then 'BEIDE'
			when bool_or(r.audience = 'OEFF' and r.now) then 'OEFF' when bool_or(r.now) then 'TOEB' end as variant,
			max(r.nth)::int as times
		  from (select d.audience, d.closes_at > p.state_since as now, row_number() over (partition by d.audience order by d.no) as nth
			  from pp_api.round_visible d
			 where d.procedure = p.id and d.cancelled_at is null and d.phase = case when p.state in ('FRUEH', 'UNTERRICHTET') then 'early' else 'formal' end) r) v;
end
$$;

-- {list, code, label}, or null where the standard has nothing; the table says why.
create function pp_api.xplanung_code(field text, kind text, ours text, variants text[]) returns jsonb
language plpgsql stable as $$
begin
	return (select case when c.code is not null then jsonb_build_object('list', c.list, 'code', c.code, 'label', c.label) end
	  from pp.xplanung_code c
	 where c.field = $1 and $2 = any (c.kinds) and c.ours in ($3, '*') and c.machine is distinct from 'PLANUNGSANZEIGE'
	   and c.direction <> 'LESEN' and (c.variant is null or c.variant = any ($4))
	 order by array_position($4, c.variant), c.no limit 1);
end
$$;

create function pp_api.xbeteiligung_code(field text, kind text, ours text, variants text[]) returns jsonb
language plpgsql stable as $$
begin
	return (select case when c.code is not null then jsonb_build_object('list', c.list, 'code', c.code, 'label', c.label) end
	  from pp.xbeteiligung_code c
	 where c.field = $1 and ($2 = any (c.kinds) or c.kinds = '{}') and c.ours in ($3, '*')
	   and c.machine is distinct from 'PLANUNGSANZEIGE' and c.direction <> 'LESEN'
	   and (c.variant is null or c.variant = any ($4))
	 order by array_position($4, c.variant), c.no limit 1);
end
$$;

-- The state that a Rechtsstand of a file (BP_Rechtsstand and so on) is read as in procedures of that kind, whatever
-- version of XPlanGML the file has; null where the code is in no row.
create function pp_api.xplanung_state(list text, kind text, code text) returns text
language sql stable as $$
	select c.ours from pp.xplanung_code c
	 where c.list = $1 and c.code = $3 and $2 = any (c.kinds) and c.field = 'rechtsstand' and c.ours is not null
	   and c.direction in ('BEIDE', 'LESEN')
$$;

create function pp_api.xplanung_codes(p pp_api.procedure_visible, variants text[]) returns jsonb
language plpgsql stable as $$
begin
	return jsonb_build_object('rechtsstand', pp_api.xplanung_code('rechtsstand', p.kind, p.state, variants),
		'verfahren', pp_api.xplanung_code('verfahren', p.kind, p.kind, '{}'),
		'plan_art', pp_api.xplanung_code('plan_art', p.kind, p.kind,
			case when p.vorhabenbezogen then array['VORHABENBEZOGEN'] else '{}' end));
end
$$;

create function pp_api.xbeteiligung_codes(p pp_api.procedure_visible, variants text[], durchgang int) returns jsonb
language plpgsql stable as $$
begin
	return jsonb_build_object('verfahrensschritt', pp_api.xbeteiligung_code('verfahrensschritt', p.kind, p.state, variants),
		'durchgang', durchgang, 'verfahrensart', pp_api.xbeteiligung_code('verfahrensart', p.kind, p.kind, '{}'));
end
$$;

-- Of a procedure that one sees. Written so that each sentence is planned once for a connection: a procedure is read often.
create function pp_api.procedure_codes(p pp_api.procedure_visible) returns jsonb language plpgsql stable as $$
declare
	v record;
begin
	select c.variants, c.durchgang into v from pp_api.code_variants(p) c;
	return jsonb_build_object('xplanung', pp_api.xplanung_codes(p, v.variants),
		'xbeteiligung', pp_api.xbeteiligung_codes(p, v.variants, v.durchgang));
end
$$;

-- Of a statement, for the planning body: its status, and what is proposed where all of it is decided alike.
-- Where it is not, the standard has no code for the whole ("teilweise gefolgt"): the segments have theirs.
create function pp_api.statement_xbeteiligung(statement uuid) returns jsonb language sql stable as $$
	select jsonb_build_object('status', pp_api.xbeteiligung_code('status', null, s.state, '{}'),
		'abwaegungsvorschlag', case when c.decisions = 1 and c.without = 0
			then pp_api.xbeteiligung_code('abwaegung', null, c.one, '{}') end,
		'segments', c.segments)
	  from pp.statement s, lateral (select count(distinct o.decision) as decisions, count(*) filter (where o.decision is null) as without,
			min(o.decision) as one, coalesce(jsonb_agg(jsonb_build_object('no', o.no, 'point', o.point, 'start', o.span_start,
				'end', o.span_end, 'abwaegungsvorschlag', pp_api.xbeteiligung_code('abwaegung', null, o.decision, '{}'))
				order by o.no), '[]') as segments
		  from pp.concern o where o.statement = s.id and o.dropped_at is null) c
	 where s.id = $1
$$;

-- Both tables as a whole, for everybody.
create function pp_api.codes_of(c jsonb, lang text) returns jsonb language sql immutable as $$
	select c - '{no,note_de,note_en}'::text[] || jsonb_build_object('note', c -> case lang when 'en' then 'note_en' else 'note_de' end)
$$;

create function pp_api.xplanung_list(lang text default 'de') returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('standard', 'XPlanung 6.0', 'items',
		(select json_agg(pp_api.codes_of(to_jsonb(c), lang) order by c.no) from pp.xplanung_code c)))
$$;

create function pp_api.xbeteiligung_list(lang text default 'de') returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('standard', 'XBeteiligung 1.2', 'items',
		(select json_agg(pp_api.codes_of(to_jsonb(c), lang) order by c.no) from pp.xbeteiligung_code c)))
$$;

grant execute on function pp_api.code_variants(pp_api.procedure_visible),
	pp_api.xplanung_code(text, text, text, text[]), pp_api.xplanung_state(text, text, text), pp_api.xbeteiligung_code(text, text, text, text[]),
	pp_api.xplanung_codes(pp_api.procedure_visible, text[]), pp_api.xbeteiligung_codes(pp_api.procedure_visible, text[], int),
	pp_api.procedure_codes(pp_api.procedure_visible), pp_api.codes_of(jsonb, text),
	pp_api.xplanung_list(text), pp_api.xbeteiligung_list(text) to pp_server, pp_public;
grant execute on function pp_api.statement_xbeteiligung(uuid) to pp_server;
