-- SPDX-License-Identifier: EUPL-1.2
-- Late statements: what lateness means where, the test in three parts, restoration; decided once more,
-- never rewritten.
set client_min_messages = warning;
select plan(61);

-- A round of the neighbours and one of the public, both from 2 February to 4 March.
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l')) is not null;
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00') as ro \gset
-- Its notice, let us say, forgot the hint.
update pp.round set late_effect_enabled = false where id = :'ro';
create function t.submit(who text, participant text, round uuid, at timestamptz) returns text language sql as $$
	select t.body(who, format('pp_api.statement_submit(%L, ''{"stance": "BEDENKEN", "text": "Zu laut."}'', %L, null, null)', t.invitation(round, participant), at)) ->> 'id'
$$;
create function t.citizen(procedure text, at timestamptz) returns text language sql as $$
	select t.body('citizen', format('pp_api.statement_submit_public(%L, ''{"stance": "EINWENDUNG", "text": "Zu laut."}'', %L, null, null)', procedure, at)) ->> 'id'
$$;
select t.submit('amt', '01999001', :'r', '2026-03-04 22:59:59.999999+00') as timely, t.submit('amt', '01999002', :'r', '2026-03-04 23:00+00') as late,
	t.submit('kreis', '01998005', :'r', '2026-03-05 12:00+00') as later, t.citizen(:'p', '2026-03-05 12:00+00') as public \gset
create function t.decide(statement text, body jsonb, until_at timestamptz default null, at timestamptz default '2026-03-10') returns text language sql as $$
	select format('pp_api.lateness_decide(%L, %L, %L, %L, null, null)', statement, body, until_at, at)
$$;
create function t.out(yes text) returns jsonb language sql as $$
	select '{"outcome": "UNBERUECKSICHTIGT_VERSPAETET", "known": false, "should_have_known": false, "relevant_to_lawfulness": false, "reason": "nichts Neues"}'::jsonb
		|| case when yes is null then '{}' else jsonb_build_object(yes, true) end
$$;
create function t.effect(who text, statement text) returns text language sql as $$
	select t.body(who, format('pp_api.lateness_show(%L)', statement)) ->> 'late_effect'
$$;

-- What lateness means where: one row for each kind, step and audience that there can be
select is(count(*) filter (where pp_api.lateness_regime(k.kind, s.step, a) is null), 0::bigint, 'every round of every kind has its row') from pp.procedure_kind k join pp.round_step s on s.family = k.family, unnest(s.audiences) a;
select is((select count(*) from (select from pp.lateness_regime r join pp.procedure_kind k on k.family = r.family and (r.kinds is null or k.kind = any (r.kinds)), unnest(r.steps) s, unnest(r.audiences) a
	group by k.kind, s, a, r.kinds is null having count(*) > 1) x), 0::bigint, 'and not two of the same rank');
select is(r.id || ' ' || r.effect, expected, concat_ws(' ', kind, step, audience)) from (values ('BP_REGEL', 'FOERM_OEFF', 'OEFF', 'BAUGB_OEFF KANN'), ('FNP', 'ERNEUT', 'NACHB', 'BAUGB_TOEB KANN'),
	('BP_13', 'FRUEH_TOEB', 'TOEB', 'BAUGB_FRUEH KEINE'), ('ROP_REG', 'ROP_BET', 'TOEB', 'ROG AUSGESCHLOSSEN'), ('ROP_LAND', 'ROP_BET', 'STAAT', 'ROG_STAAT KEINE'), ('RVP', 'RVP_BET', 'OEFF', 'RVP KEINE'),
	('PFV', 'PFV_EINW', 'OEFF', 'PFV_EINWENDUNG AUSGESCHLOSSEN'), ('PFV_FSTR', 'PFV_AUFF', 'TOEB', 'PFV_BEHOERDE KANN'), ('PFV_NABEG', 'PFV_AUFF', 'TOEB', 'NABEG_BEHOERDE AUSGESCHLOSSEN'),
	('PFV_NABEG', 'PFV_EINW', 'OEFF', 'PFV_EINWENDUNG AUSGESCHLOSSEN'), ('BFP', 'PFV_EINW', 'OEFF', 'BFP AUSGESCHLOSSEN')) v (kind, step, audience, expected), pp_api.lateness_regime(kind, step, audience) r;
select is(jsonb_array_length(t.body('anyone', 'pp_api.lateness_regimes()') -> 'items'), (select count(*)::int from pp.lateness_regime), 'everybody reads them');

-- To the microsecond
select is(t.effect('amt', :'timely'), 'RECHTZEITIG', 'before the end is in time');
select is(t.effect('amt', :'late'), 'OFFEN', 'at the end is late, and open until somebody decides');
select is(t.body('amt', format('pp_api.statement_show(%L)', :'timely')) -> 'lateness', 'null', 'one in time has nothing to say of it');
select is(t.body('amt', format('pp_api.statement_show(%L)', :'late')) -> 'lateness', '{"late_effect": "OFFEN", "decision": null, "legal_basis": "§ 4a Abs. 5 Satz 1 BauGB"}', 'a late one has');

-- The test in three parts
select is(t.outcome('planner', 'select ' || t.decide(:'timely', t.out(null))), 'conflict', 'one in time is not decided about');
select is(t.outcome('planner', 'select ' || t.decide(:'late', t.out(yes))), coalesce('late_counts /' || yes, 'done'), 'all are no but ' || coalesce(yes, 'none'))
	from unnest(array['known', 'should_have_known', 'relevant_to_lawfulness', null]) yes;
select is(t.outcome('planner', 'select ' || t.decide(:'late', t.out(null) - test)), 'invalid_body /' || test, 'each has to be said: ' || test)
	from unnest(array['known', 'should_have_known', 'relevant_to_lawfulness', 'reason']) test;
select is(t.outcome('planner', 'select ' || t.decide(:'late', '{"outcome": "BERUECKSICHTIGT", "known": true, "reason": "war bekannt"}')), 'done', 'it may be considered whatever the answers are');
select is(t.outcome('planner', 'select ' || t.decide(:'late', '{"outcome": "RESTORED", "reason": "krank"}', '2026-04-01')), 'late_counts /outcome', 'land-use planning knows no restoration');
select is(t.outcome(who, 'select ' || t.decide(:'late', t.out(null))), outcome, who || ' decides: ' || outcome)
	from (values ('planner2', 'done'), ('amt', 'forbidden'), ('kreis', 'statement_not_found'), ('cremm', 'statement_not_found'), ('root', 'statement_not_found'), ('citizen', 'statement_not_found')) v (who, outcome);
select is(d ->> 'late_effect' || (d #>> '{decisions,0,outcome}') || (d #>> '{decisions,0,by}'), 'UNBERUECKSICHTIGT_VERSPAETETUNBERUECKSICHTIGT_VERSPAETETplanner@example.org', 'decided') from t.body('planner', t.decide(:'late', t.out(null))) d;
select is(s #>> '{lateness,late_effect}' || ' ' || (s #>> '{lateness,decision,reason}') || coalesce(s #>> '{lateness,decision,by}', ' -'), 'UNBERUECKSICHTIGT_VERSPAETET nichts Neues -', 'whose statement it is reads why, not who')
	from t.body('amt', format('pp_api.statement_show(%L)', :'late')) s;
select is(d ->> 'late_effect' || jsonb_array_length(d -> 'decisions'), 'BERUECKSICHTIGT2', 'one may think better of it; both stay') from t.body('planner', t.decide(:'late', '{"outcome": "BERUECKSICHTIGT", "reason": "doch wichtig"}', null, '2026-03-11')) d;
select is((select string_agg(data ->> 'outcome', ' ' order by id) from pp.event where kind = 'statement.lateness_decided'), 'UNBERUECKSICHTIGT_VERSPAETET BERUECKSICHTIGT', 'each is an event');

-- The public: only where the notice has said so
select is(t.effect('citizen', :'public'), 'OHNE_WIRKUNG', 'without the hint lateness has no effect on the public');
select is(t.outcome('planner', 'select ' || t.decide(:'public', t.out(null))), 'late_counts /outcome', 'and nothing to decide');
update pp.round set late_effect_enabled = true where id = :'ro';
select is(t.effect('citizen', :'public'), 'OFFEN', 'with it there is');
select is(t.outcome('planner', 'select ' || t.decide(:'public', t.out(yes))), coalesce('late_counts /' || yes, 'done'), 'public, all are no but ' || coalesce(yes, 'none'))
	from unnest(array['known', 'should_have_known', 'relevant_to_lawfulness', null]) yes;
select is(t.outcome('citizen2', format('select pp_api.lateness_show(%L)', :'public')), 'statement_not_found', 'another''s statement is another''s');

-- A deadline that was extended beyond the receipt makes it timely
select t.reply('planner', format('pp_api.invitation_extend(%L, ''{"deadline": "2026-03-20", "reason": "Sitzung"}'', ''2026-03-20 23:00+00'', ''2026-03-11'', null, null)', t.invitation(:'r', '01998005'))) is not null;
select is(t.effect('kreis', :'later'), 'VERLAENGERT', 'after an extension it is in time after all');
select is(t.outcome('planner', 'select ' || t.decide(:'later', t.out(null))), 'conflict', 'and there is nothing to decide');

-- Restoration, in a plan approval
update pp.procedure set kind = 'PFV' where id = :'p';
alter table pp.round disable trigger round_stays;
update pp.round set step = 'PFV_AUFF' where id = :'r';
alter table pp.round enable trigger round_stays;
create function t.restore(statement text, ended date, until_at timestamptz, at timestamptz) returns text language sql as $$
	select format('pp_api.reinstatement_request(%L, %L, %L, %L, null, null)', statement, jsonb_build_object('obstacle', 'Hochwasser im Amt', 'obstacle_ended_on', ended), until_at, at)
$$;
select is(t.value('amt', format('select p.land || p.deadline from pp_api.lateness_prepare(%L) p', :'late')), '022026-03-04', 'what its periods are computed from');
select is(t.outcome('planner', 'select ' || t.restore(:'late', '2026-03-09', '2026-03-23 23:00+00', '2026-03-12')), 'forbidden', 'who made the statement asks');
select is(t.outcome('amt', 'select ' || t.restore(:'timely', '2026-03-09', '2026-03-23 23:00+00', '2026-03-12')), 'conflict', 'for one that came late');
select is(t.outcome('amt', 'select ' || t.restore(:'late', '2026-03-13', '2026-03-27 23:00+00', '2026-03-12')), 'invalid_body /obstacle_ended_on', 'when the obstacle is gone');
select is(t.outcome('planner', 'select ' || t.decide(:'late', '{"outcome": "RESTORED", "reason": "Hochwasser"}')), 'invalid_body /obstacle_ended_on', 'without a request the day has to be named');
select is(t.outcome('planner', 'select ' || t.decide(:'late', '{"outcome": "RESTORED", "obstacle_ended_on": "2026-02-10", "reason": "Hochwasser"}', '2026-02-24 23:00+00')), 'conflict', 'and the statement came within the two weeks');
select is(t.outcome('planner', 'select ' || t.decide(:'late', '{"outcome": "RESTORED", "obstacle_ended_on": "2026-03-02", "reason": "Hochwasser"}', '2026-03-16 23:00+00')), 'done', 'then it needs no request');
select is(q ->> 'in_time', 'false', 'a request after the two weeks is kept, but comes too late') from t.body('amt', t.restore(:'late', '2026-02-20', '2026-03-06 23:00+00', '2026-03-06 23:00+00')) q;
select is(q ->> 'in_time', 'true', 'one within them') from t.body('amt', t.restore(:'late', '2026-03-09', '2026-03-23 23:00+00', '2026-03-12')) q;
select is(d ->> 'late_effect' || (d #>> '{decisions,2,request}' = d #>> '{requests,1,id}'), 'RESTOREDtrue', 'is granted') from t.body('planner', t.decide(:'late', '{"outcome": "RESTORED", "reason": "Hochwasser"}', null, '2026-03-13')) d;
select is(t.outcome('planner', 'select ' || t.decide(:'late', t.out(null), null, '2026-03-14')), 'conflict', 'and then holds');
select is(t.outcome('owner', 'delete from pp.lateness_decision') || t.outcome('owner', 'update pp.reinstatement_request set in_time = true'), '2300123001', 'what was decided stays');
select * from finish();
