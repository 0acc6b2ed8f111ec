-- SPDX-License-Identifier: EUPL-1.2
-- The notice of a round that asks the public: what law wants in it is a table, and a round whose notice lacks it is
-- not opened (a wrong or missing notice makes a plan void: § 214 (1) sentence 1 no. 2 BauGB).

-- What the notice of such a round has to contain, by the law that the procedure began under.
create function pp_api.notice_rows(p pp.procedure, step text) returns setof pp.notice_requirement language sql stable as $$
	select r.* from pp.notice_requirement r join pp.procedure_kind k on k.kind = p.kind
	 where $2 = any (r.steps) and (r.kinds is null or r.kinds && array[k.kind, k.like_kind])
	   and not r.not_kinds && array[k.kind, k.like_kind]
	   and p.law_on between r.valid_from and coalesce(r.valid_to, 'infinity')
	   and (r.condition is null or exists (select from pp.round d
		where d.procedure = p.id and d.audience = 'STAAT' and d.cancelled_at is null))
	 order by r.no
$$;

-- body: the round as it is opened, with notice {published_on, organ, contains, text}. late_effect_enabled is false where
-- the notice does not say that late statements can be disregarded; warnings are what it should have said beside.
create function pp_api.notice_check(p pp.procedure, body jsonb, step pp.round_step, out notice_on date,
	out late_effect_enabled bool, out warnings jsonb) language plpgsql stable as $$
declare
	notice jsonb := body -> 'notice';
	lead int;
	lacking text;
	fehlend text;
begin
	late_effect_enabled := true;
	warnings := '[]';
	if body ->> 'audience' <> 'OEFF' or not exists (select from pp_api.notice_rows(p, step.step)) then
		return;
	end if;
	select '/notice/contains/' || n - 1 into lacking from jsonb_array_elements_text(notice -> 'contains') with ordinality c (item, n)
	 where not exists (select from pp.notice_requirement r where r.item = c.item) order by n limit 1;
	if lacking is not null then
		perform pp.refuse('invalid_body', 'No notice needs that; GET /procedures/{procedure}/notice lists what it needs.', lacking);
	end if;
	-- The first of them: all are in the checklist.
	select format('The notice must contain: %s%s.', string_agg(x.text_en, '; ') filter (where x.n <= 2), case when max(x.n) > 2 then format('; and %s more', max(x.n) - 2) end),
		format('Die Bekanntmachung muss enthalten: %s%s.', string_agg(x.text_de, '; ') filter (where x.n <= 2), case when max(x.n) > 2 then format('; und %s weitere Angaben', max(x.n) - 2) end)
	  into lacking, fehlend
	  from (select r.text_en, r.text_de, row_number() over (order by r.no) as n from pp_api.notice_rows(p, step.step) r
		 where r.effect = 'PFLICHT' and r.lead_days is null and not coalesce(notice -> 'contains' ? r.item, false)) x
	having count(*) > 0;
	if lacking is not null then
		perform pp.refuse('notice_incomplete', pp_api.in_two(lacking, fehlend), '/notice/contains');
	end if;
	notice_on := (notice ->> 'published_on')::date;
	select max(r.lead_days) into lead from pp_api.notice_rows(p, step.step) r where r.effect = 'PFLICHT';
	if notice_on is null or notice_on >= (body ->> 'start')::date then
		perform pp.refuse('notice_too_late', 'The notice is published before the first day.', '/notice/published_on');
	elsif notice_on + lead >= (body ->> 'start')::date then
		perform pp.refuse('notice_too_late', format('The notice of %s allows a beginning on %s at the earliest.',
			pp.iso(notice_on), pp.iso(notice_on + lead + 1)), '/start');
	end if;
	late_effect_enabled := not exists (select from pp_api.notice_rows(p, step.step) r
		where r.effect = 'VERSPAETUNG' and not notice -> 'contains' ? r.item);
	warnings := (select coalesce(jsonb_agg(jsonb_build_object('item', r.item, 'text_de', r.text_de, 'text_en', r.text_en,
			'legal_basis', r.legal_basis) order by r.no), '[]')
		from pp_api.notice_rows(p, step.step) r
		where r.effect <> 'PFLICHT' and (r.lead_days is null and not notice -> 'contains' ? r.item
			or notice_on + r.lead_days >= (body ->> 'start')::date));
end
$$;

-- The checklist for whoever writes a notice.
create function pp_api.notice_show(procedure uuid, step text, lang text default 'de') returns pp.reply
language plpgsql stable as $$
declare
	p pp.procedure;
begin
	perform pp_api.need_procedure(procedure);
	select q.* into p from pp.procedure q where q.id = $1 and q.planner_body = pp.current_body();
	if not found then
		perform pp.refuse('forbidden', 'Only the planning body writes notices.');
	elsif not exists (select from pp.round_step s, pp.procedure_kind k where k.kind = p.kind and k.machine = any (s.machines)
		and s.step = $2) then
		perform pp.refuse('step_not_allowed', format('A procedure of the kind %s has no such step.', p.kind), '/step');
	end if;
	return pp.ok(json_build_object('procedure', p.id, 'step', step, 'law_on', pp.iso(p.law_on), 'items',
		(select coalesce(json_agg(json_build_object('item', r.item, 'effect', r.effect, 'lead_days', r.lead_days,
				'text', case lang when 'en' then r.text_en else r.text_de end, 'legal_basis', r.legal_basis) order by r.no), '[]')
		  from pp_api.notice_rows(p, step) r)));
end
$$;

grant execute on function pp_api.notice_rows(pp.procedure, text), pp_api.notice_check(pp.procedure, jsonb, pp.round_step),
	pp_api.notice_show(uuid, text, text) to pp_server;
