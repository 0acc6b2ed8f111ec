-- SPDX-License-Identifier: EUPL-1.2
-- Interruptions of what is published: who was kept from reading for how long, what the courts make of
-- it, and what the planning body decides.

create function pp_api.outage_json(o pp_api.outage_visible) returns jsonb language sql stable as $$
	select jsonb_build_object('id', o.id, 'from', pp.rfc3339(o.from_at), 'to', pp.rfc3339(o.to_at),
		'length_s', extract(epoch from o.to_at - o.from_at)::bigint, 'what', o.what, 'scope', o.scope,
		'procedure', o.procedure, 'reason', o.reason, 'source', o.source,
		'recorded_at', pp.rfc3339(o.recorded_at), 'withdrawn_at', pp.rfc3339(o.withdrawn_at),
		'withdraw_reason', o.withdraw_reason)
$$;

create function pp_api.outage_rule(length_s numeric, share numeric) returns pp.outage_rule
language sql stable as $$
	select r from pp.outage_rule r where r.min_s <= $1 and r.min_share <= $2 order by r.no desc limit 1
$$;

-- When a round has to be readable: of a display, until it ends, not as long as objections may come.
create function pp_api.round_period(d pp_api.round_visible) returns tstzrange language sql stable as $$
	select tstzrange(d.opens_at, case when d.statement_rule is null then d.closes_at
		else (d.end_on + 1)::timestamp at time zone 'Europe/Berlin' end)
$$;
create function pp_api.round_period_s(d pp_api.round_visible) returns numeric language sql stable as
$$ select extract(epoch from upper(u) - lower(u)) from pp_api.round_period(d) u $$;

-- What fell into a round's period, cut to it.
create function pp_api.round_interruptions(d pp_api.round_visible, out o pp_api.outage_visible,
	out span tstzrange) returns setof record language sql stable as $$
	select v, tstzrange(v.from_at, v.to_at) * pp_api.round_period(d)
	  from pp_api.outage_visible v
	 where v.withdrawn_at is null and d.cancelled_at is null and (v.procedure is null or v.procedure = d.procedure)
	   and tstzrange(v.from_at, v.to_at) && pp_api.round_period(d)
$$;

-- All of a round's interruptions together; what overlaps counts once. days are those of Berlin that any
-- of it touched: a period is counted in whole days (§§ 187, 188 BGB), and such a day was not whole.
create function pp_api.round_interruption(d pp_api.round_visible, out outages uuid[],
	out length_s numeric, out share numeric, out days int, out rule pp.outage_rule)
language plpgsql stable as $$
declare
	spans tstzmultirange;
begin
	select array_agg((i.o).id order by (i.o).from_at, (i.o).id), range_agg(i.span) into outages, spans
	  from pp_api.round_interruptions(d) i;
	if outages is null then
		return;
	end if;
	length_s := (select sum(extract(epoch from upper(s) - lower(s))) from unnest(spans) s);
	share := round(length_s / pp_api.round_period_s(d), 6);
	days := (select count(distinct day) from unnest(spans) s,
		generate_series(pp.day(lower(s))::timestamp, pp.last_day(upper(s))::timestamp, interval '1 day') day);
	rule := pp_api.outage_rule(length_s, share);
end
$$;

-- On the round itself; null where nothing was interrupted.
create function pp_api.round_interruption_short(d pp_api.round_visible) returns jsonb
language sql stable as $$
	select jsonb_build_object('count', cardinality(i.outages), 'length_s', i.length_s::bigint,
		'share', i.share, 'meaning', (i.rule).meaning, 'decided', pp_api.outage_is_decided(d.id, i.outages))
	  from pp_api.round_interruption(d) i where i.outages is not null
$$;

-- Whether the last decision knew all of them; null for whom decisions are no matter of.
create function pp_api.outage_is_decided(round uuid, outages uuid[]) returns bool language sql stable as $$
	select (select e.outages @> $2 from pp_api.outage_decision_visible e where e.round = $1
		order by e.decided_at desc, e.id desc limit 1)
$$;

-- What an extension is computed from: days that were lost, none where the rule tolerates it.
create function pp_api.outage_prepare(round uuid, out land text, out last_day date, out days int)
language plpgsql stable as $$
declare
	d pp_api.round_visible := pp_api.need_round(round);
	i record := pp_api.round_interruption(d);
begin
	last_day := pp.last_day(upper(pp_api.round_period(d)));
	days := case when (i.rule).meaning <> 'GEDULDET' then i.days else 0 end;
	select coalesce(b.land, p.lands[1]) into land from pp_api.procedure_visible p
	  left join pp.body b on b.key = p.planner_body where p.id = d.procedure;
end
$$;

create function pp_api.outage_decision_json(e pp_api.outage_decision_visible) returns jsonb
language sql stable as $$
	select jsonb_build_object('id', e.id, 'decision', e.decision, 'reason', e.reason,
		'outages', e.outages, 'length_s', e.length_s, 'share', e.share, 'rule', e.rule,
		'proposed_end', pp.iso(e.proposed_end), 'at', pp.rfc3339(e.decided_at), 'by', e.decided_by_label)
$$;

-- A round's interruptions with their length and share, what they mean, and a proposal: proposed_on is
-- the new last day, as many days after the old one as were lost.
create function pp_api.outage_round(round uuid, proposed_on date,
	lang text default 'de') returns pp.reply language plpgsql stable as $$
declare
	d pp_api.round_visible := pp_api.need_round(round);
	i record := pp_api.round_interruption(d);
begin
	return pp.ok(json_build_object('round', d.id, 'procedure', d.procedure,
		'from', pp.rfc3339(d.opens_at), 'to', pp.rfc3339(upper(pp_api.round_period(d))),
		'period_s', pp_api.round_period_s(d)::bigint,
		'items', (select coalesce(json_agg(pp_api.outage_json(s.o) || jsonb_build_object(
				'within_s', extract(epoch from upper(s.span) - lower(s.span))::bigint,
				'share', round(extract(epoch from upper(s.span) - lower(s.span)) / pp_api.round_period_s(d), 6))
				order by (s.o).from_at, (s.o).id), '[]') from pp_api.round_interruptions(d) s),
		'length_s', coalesce(i.length_s, 0)::bigint, 'share', coalesce(i.share, 0),
		'rule', case when i.outages is not null then json_build_object('id', (i.rule).id,
			'meaning', (i.rule).meaning, 'source', (i.rule).source,
			'text', case lang when 'en' then (i.rule).text_en else (i.rule).text_de end) end,
		'proposal', case when proposed_on is not null then json_build_object('days', i.days,
			'end', pp.iso(proposed_on), 'legal_basis', '§ 190, § 193 BGB') end,
		'decisions', (select coalesce(json_agg(pp_api.outage_decision_json(e) order by e.decided_at, e.id), '[]')
			from pp_api.outage_decision_visible e where e.round = d.id),
		'decided', case when i.outages is not null then pp_api.outage_is_decided(d.id, i.outages) end));
end
$$;

-- Tells the planners of every round that it fell into, whether or not whoever records it may see the round; of those
-- the answer names ids only, and no title.
create function pp_api.outage_emit(o pp.outage, kind text, at timestamptz) returns jsonb
language plpgsql volatile as $$
declare
	d pp_api.round_visible;
	result jsonb := '[]';
	span tstzrange;
begin
	for d in select v.* from pp.round v
		 where (o.procedure is null or v.procedure = o.procedure)
		   and tstzrange(v.opens_at, v.closes_at) && tstzrange(o.from_at, o.to_at)
		   and pp_api.round_period(row(v.*)::pp_api.round_visible) && tstzrange(o.from_at, o.to_at) order by v.opens_at, v.id
	loop
		continue when d.cancelled_at is not null;
		span := tstzrange(o.from_at, o.to_at) * pp_api.round_period(d);
		perform pp.emit(kind, at, d.procedure, d.id, bodies => array[d.planner_body],
			data => json_build_object('outage', o.id,
				'length_s', extract(epoch from upper(span) - lower(span))::bigint));
		result := result || jsonb_build_object('round', d.id, 'procedure', d.procedure,
			'title', (select p.title from pp_api.procedure_visible p where p.id = d.procedure),
			'within_s', extract(epoch from upper(span) - lower(span))::bigint);
	end loop;
	return result;
end
$$;

create function pp_api.outage_store(from_at timestamptz, to_at timestamptz, what text, procedure uuid,
	reason text, source text, at timestamptz, out outage uuid, out rounds jsonb)
language plpgsql volatile as $$
declare
	o pp.outage;
begin
	perform pp.audit_several();
	insert into pp.outage (id, from_at, to_at, what, scope, procedure, reason, source, recorded_at,
		recorded_by, recorded_by_label)
		values (pp.uuid7(at), $1, $2, $3, case when $4 is null then 'PLATTFORM' else 'VERFAHREN' end, $4,
			$5, $6, at, pp.current_account(), pp_api.my_label())
		returning * into o;
	outage := o.id;
	rounds := pp_api.outage_emit(o, 'round.interrupted', at);
end
$$;

-- An operator records what was interrupted; body: from, to, what, procedure, reason, source.
create function pp_api.outage_create(body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	begins timestamptz := (body ->> 'from')::timestamptz;
	ends timestamptz := (body ->> 'to')::timestamptz;
	made record;
begin
	if r.status is not null then
		return r;
	end if;
	if ends <= begins then
		perform pp.refuse('invalid_body', 'An interruption ends after it began.', '/to');
	elsif ends > at then
		perform pp.refuse('invalid_body', 'Record it when it is over.', '/to');
	elsif body ? 'procedure' and not exists (select from pp.procedure p
		where p.id = (body ->> 'procedure')::uuid) then
		perform pp.refuse('invalid_body', 'There is no such procedure.', '/procedure');
	end if;
	made := pp_api.outage_store(begins, ends, btrim(body ->> 'what'), (body ->> 'procedure')::uuid,
		btrim(body ->> 'reason'), body ->> 'source', at);
	return pp.remember(idempotency_key, pp.created('/api/v1/outages/' || made.outage,
		(select pp_api.outage_json(o) || jsonb_build_object('rounds', made.rounds)
		  from pp_api.outage_visible o where o.id = made.outage)::json));
end
$$;

create function pp_api.need_outage(outage uuid) returns pp_api.outage_visible
language plpgsql stable as $$
declare
	o pp_api.outage_visible;
begin
	select * into o from pp_api.outage_visible v where v.id = $1;
	if not found then
		perform pp.refuse('outage_not_found', 'There is no such interruption that you may see.');
	end if;
	return o;
end
$$;

create function pp_api.outage_show(outage uuid) returns pp.reply language plpgsql stable as $$
begin
	return pp.ok(pp_api.outage_json(pp_api.need_outage(outage))::json);
end
$$;

-- Recorded by mistake: it stays on record and counts no more; body: reason.
create function pp_api.outage_withdraw(outage uuid, body jsonb, at timestamptz, idempotency_key text,
	request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	o pp.outage;
begin
	if r.status is not null then
		return r;
	end if;
	perform pp_api.need_outage(outage);
	perform pp.audit_several();
	select * into o from pp.outage v where v.id = $1 for no key update;
	if o.withdrawn_at is not null then
		perform pp.refuse('conflict', 'It was withdrawn already.');
	end if;
	update pp.outage v set withdrawn_at = at, withdrawn_by = pp.current_account(),
		withdraw_reason = btrim(body ->> 'reason') where v.id = o.id;
	perform pp_api.outage_emit(o, 'round.interruption_withdrawn', at);
	return pp.remember(idempotency_key, pp_api.outage_show(o.id));
end
$$;

-- Newest first.
create function pp_api.outage_list(row_limit int, cursor text) returns pp.reply
language plpgsql stable as $$
declare
	before uuid := pp.cursor_uuid(cursor);
	size int := pp.page_size(row_limit);
	items jsonb;
	next text;
begin
	with page as (
		select o, row_number() over (order by o.id desc) as n from pp_api.outage_visible o
		 where before is null or o.id < before order by o.id desc limit size + 1)
	select coalesce(jsonb_agg(pp_api.outage_json(o) order by n) filter (where n <= size), '[]'),
		case when count(*) > size then pp.cursor_make((array_agg((o).id::text order by n))[size]) end
	  into items, next from page;
	return pp.ok(json_build_object('items', items), null, next);
end
$$;

create function pp_api.outage_rules(lang text default 'de') returns pp.reply language sql stable as $$
	select pp.ok(json_build_object('items', json_agg(json_build_object('id', r.id, 'min_s', r.min_s,
		'min_share', r.min_share, 'meaning', r.meaning, 'source', r.source,
		'text', case lang when 'en' then r.text_en else r.text_de end) order by r.no))) from pp.outage_rule r
$$;

-- The planning body's decision on all that is known now; body: decision, reason. An extension itself is
-- POST /rounds/{round}/extension.
create function pp_api.outage_decide(round uuid, body jsonb, proposed_on date, at timestamptz,
	idempotency_key text, request_sha256 bytea) returns pp.reply language plpgsql volatile as $$
declare
	r pp.reply := pp.recall(idempotency_key, request_sha256);
	d pp.round;
	i record;
	e pp_api.outage_decision_visible;
	new_id uuid := pp.uuid7(at);
begin
	if r.status is not null then
		return r;
	end if;
	d := pp_api.own_round(round);
	i := pp_api.round_interruption(pp_api.need_round(round));
	if i.outages is null then
		perform pp.refuse('conflict', 'Nothing was interrupted in this round.');
	end if;
	insert into pp.outage_decision (id, round, planner_body, outages, length_s, share, rule, proposed_end,
		decision, reason, decided_at, decided_by, decided_by_label)
		values (new_id, d.id, d.planner_body, i.outages, i.length_s, i.share, (i.rule).id, $3,
			$2 ->> 'decision', btrim($2 ->> 'reason'), at, pp.current_account(), pp_api.my_label());
	perform pp.emit('round.interruption_decided', at, d.procedure, d.id, bodies => array[d.planner_body],
		data => json_build_object('decision', $2 ->> 'decision'));
	select * into e from pp_api.outage_decision_visible v where v.id = new_id;
	return pp.remember(idempotency_key, pp.created(format('/api/v1/rounds/%s/outages', d.id),
		pp_api.outage_decision_json(e)::json));
end
$$;

grant execute on function pp_api.outage_json(pp_api.outage_visible), pp_api.outage_rule(numeric, numeric),
	pp_api.round_period(pp_api.round_visible), pp_api.round_period_s(pp_api.round_visible), pp_api.round_interruptions(pp_api.round_visible),
	pp_api.round_interruption(pp_api.round_visible),
	pp_api.round_interruption_short(pp_api.round_visible), pp_api.outage_is_decided(uuid, uuid[]),
	pp_api.outage_prepare(uuid), pp_api.outage_decision_json(pp_api.outage_decision_visible),
	pp_api.outage_round(uuid, date, text), pp_api.outage_rules(text) to pp_server, pp_public;
grant execute on function pp_api.outage_emit(pp.outage, text, timestamptz),
	pp_api.outage_store(timestamptz, timestamptz, text, uuid, text, text, timestamptz),
	pp_api.outage_create(jsonb, timestamptz, text, bytea), pp_api.need_outage(uuid),
	pp_api.outage_show(uuid), pp_api.outage_withdraw(uuid, jsonb, timestamptz, text, bytea),
	pp_api.outage_list(int, text),
	pp_api.outage_decide(uuid, jsonb, date, timestamptz, text, bytea) to pp_server;
