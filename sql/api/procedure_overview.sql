-- SPDX-License-Identifier: EUPL-1.2
-- A procedure as people look at it: names instead of codes, how long there still is time, and what is there to be read.

-- How a round stands at an instant. Days are legal days in Berlin.
create function pp_api.round_phase(d pp_api.round_visible, at timestamptz) returns text language sql stable as $$
	select case when d.cancelled_at is not null then 'ABGESAGT' when at < d.opens_at then 'KOMMT' when at < d.closes_at then 'LAEUFT' else 'VORBEI' end
$$;

create function pp_api.participation_json(d pp_api.round_visible, family text, at timestamptz) returns jsonb language sql stable as $$
	select jsonb_build_object('round', d.id, 'number', d.no, 'plan', d.plan, 'step', d.step, 'audience', d.audience,
		'start', pp.iso(d.start_on), 'last_day', pp.iso(pp.last_day(d.closes_at)), 'display_end', pp.iso(d.end_on),
		'days_left', pp.last_day(d.closes_at) - pp.day(at),
		'phase', pp_api.round_phase(d, at),
		'law', (select s.law from pp.round_step s where s.family = $2 and s.step = d.step))
$$;

-- Of the rounds that ask the public the one that runs, else the next one, else the last one.
create function pp_api.procedure_participation(procedure uuid, at timestamptz) returns setof pp_api.round_visible language sql stable rows 1 as $$
	select d.* from pp_api.round_visible d where d.procedure = $1 and d.audience = 'OEFF' and d.cancelled_at is null
	 order by at >= d.closes_at, case when at < d.closes_at then d.no else -d.no end limit 1
$$;

create function pp_api.procedure_look(p pp_api.procedure_visible, at timestamptz, lang text) returns jsonb language plpgsql stable as $$
begin
	return (select jsonb_build_object('kind_name', case lang when 'en' then k.name_en else k.name_de end,
			'state_name', case lang when 'en' then s.name_en else s.name_de end,
			'ended', p.withdrawn_at is not null or s.news is not distinct from 'ENDE',
			'cross_border', pp_api.procedure_crosses(p.id),
			'participation', (select pp_api.participation_json(d, k.family, at) from pp_api.procedure_participation(p.id, at) d))
		  from pp.procedure_kind k left join pp.machine_state s on s.machine = k.machine and s.state = p.state
		 where k.kind = p.kind);
end
$$;

create function pp_api.procedure_crosses(procedure uuid) returns bool language sql stable as $$
	select exists (select from pp_api.plan_newest l join pp_api.affected_municipality_visible a on a.plan = l.id
		where l.procedure = $1 and a.cross_border and a.class <> 'EIGEN')
$$;

create function pp_api.procedure_has_ended(p pp_api.procedure_visible) returns bool language sql stable as $$
	select p.withdrawn_at is not null or exists (select from pp.procedure_kind k
		join pp.machine_state s on s.machine = k.machine and s.state = p.state and s.news = 'ENDE' where k.kind = p.kind)
$$;

-- Whatever a page about it needs, in one answer: rounds, versions of the plan, and documents as they were last shown.
create function pp_api.procedure_overview(procedure uuid, at timestamptz, lang text default 'de') returns pp.reply
language plpgsql stable as $$
declare
	p pp_api.procedure_visible := pp_api.need_procedure(procedure);
begin
	return pp.ok(json_build_object('procedure', pp_api.procedure_item(p)::jsonb || pp_api.procedure_look(p, at, lang),
		'participations', (select coalesce(jsonb_agg(pp_api.participation_json(d, k.family, at) order by d.no), '[]')
			  from pp_api.round_visible d, pp.procedure_kind k where d.procedure = p.id and k.kind = p.kind),
		'plans', (select coalesce(jsonb_agg(jsonb_build_object('id', v.id, 'number', v.no, 'geometry_kind', v.geometry_kind,
				'created_at', pp.rfc3339(v.created_at), 'published_at', pp.rfc3339(v.published_at)) order by v.no desc), '[]')
			  from pp_api.plan_visible v where v.procedure = p.id),
		'documents', (select coalesce(jsonb_agg(pp_api.document_item(v) || jsonb_build_object('kind_name',
				(select case procedure_overview.lang when 'en' then k.en else k.de end from pp.document_kind k where k.kind = v.kind))
				order by v.no, v.version desc), '[]')
			  from pp_api.document_visible v where v.procedure = p.id and v.withdrawn_at is null)));
end
$$;

-- A place as "longitude,latitude" in degrees.
create function pp_api.near_read(near text) returns geometry language plpgsql immutable as $$
declare
	part text[];
begin
	if near is null then
		return null;
	elsif near ~ '^-?[0-9]{1,3}(\.[0-9]{1,17})?,-?[0-9]{1,2}(\.[0-9]{1,17})?$' then
		part := string_to_array(near, ',');
		-- Beyond that the projection has no meaning, and nothing is planned here.
		if part[1]::float8 between -10 and 30 and part[2]::float8 between 35 and 70 then
			return ST_Transform(ST_SetSRID(ST_MakePoint(part[1]::float8, part[2]::float8), 4326), 25832);
		end if;
	end if;
	perform pp.refuse('invalid_parameter', 'near: longitude,latitude in degrees, in or near Germany.');
end
$$;

grant execute on function pp_api.round_phase(pp_api.round_visible, timestamptz), pp_api.procedure_participation(uuid, timestamptz),
	pp_api.participation_json(pp_api.round_visible, text, timestamptz),
	pp_api.procedure_look(pp_api.procedure_visible, timestamptz, text), pp_api.procedure_crosses(uuid),
	pp_api.procedure_has_ended(pp_api.procedure_visible), pp_api.procedure_overview(uuid, timestamptz, text),
	pp_api.near_read(text) to pp_server, pp_public;
