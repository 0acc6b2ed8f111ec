-- SPDX-License-Identifier: EUPL-1.2
-- Extensions: asked for, granted, declined, of a whole round; never shorter, all of them kept.
set client_min_messages = warning;
select plan(66);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l')) is not null;
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00') as ro \gset
select t.invitation(:'r', '01999001') as ahrens, t.invitation(:'r', '01999002') as birken, t.invitation(:'r', '01998005') as forst \gset
create function t.ends(day date) returns timestamptz language sql as $$ select (day + 1)::timestamp at time zone 'Europe/Berlin' $$;
create function t.ask(invitation text, body jsonb, at timestamptz) returns text language sql as $$
	select format('pp_api.extension_request(%L, %L, %L, null, null)', invitation, body, at)
$$;
create function t.decide(request text, body jsonb, deadline date, at timestamptz) returns text language sql as $$
	select format('pp_api.extension_decide(%L, %L, %L, %L, null, null)', request, body, t.ends(deadline), at)
$$;
create function t.extend_round(round text, body jsonb, at timestamptz) returns text language sql as $$
	select format('pp_api.round_extend(%L, %L, %L, %L, null, null)', round, body, t.ends((body ->> 'end')::date), at)
$$;

-- Asked for
select is(t.outcome('amt', 'select ' || t.ask(:'ahrens', body::jsonb, '2026-02-20')), outcome, body) from (values
	('{"until": "2026-03-04", "reason": "Sitzung"}', 'invalid_body /until'), ('{"until": "2026-03-20", "reason": " "}', 'invalid_body /reason'),
	('{"until": "2026-03-20", "reason": "Sitzung"}', 'done')) v (body, outcome);
select is(t.outcome('amt', 'select ' || t.ask(:'ahrens', '{"until": "2026-03-20", "reason": "Sitzung"}', '2026-03-22')), 'invalid_body /until', 'a day that has passed is of no use');
select is(t.outcome('amt', 'select ' || t.ask(:'ahrens', '{"until": "3000-01-01", "reason": "Sitzung"}', '2026-03-22')), 'invalid_body /until', 'nor is one that no end can be computed from');
select is(t.outcome('amt', 'select ' || t.ask(:'ahrens', '{"until": "2026-03-20", "reason": "Sitzung"}', '2026-03-10')), 'done', 'but one may ask after the deadline');
select is(t.outcome(who, 'select ' || t.ask(:'ahrens', '{"until": "2026-03-20", "reason": "Sitzung"}', '2026-02-20')), outcome, who || ' asks: ' || outcome)
	from (values ('ahrens', 'done'), ('planner', 'forbidden'), ('damm', 'invitation_not_found'), ('kreis', 'invitation_not_found'), ('root', 'invitation_not_found')) v (who, outcome);
select t.body('amt', t.ask(:'ahrens', '{"until": "2026-03-20", "reason": "Sitzung"}', '2026-02-20')) ->> 'id' as q \gset
select is(t.outcome('ahrens', 'select ' || t.ask(:'ahrens', '{"until": "2026-03-21", "reason": "Sitzung"}', '2026-02-21')), 'conflict', 'one request at a time');
select is(t.body('amt', format('pp_api.invitation_show(%L, ''2026-02-21'')', :'ahrens')) -> 'extension_request' ->> 'state', 'OFFEN', 'the inbox shows it');
select is(b -> 'extension_request' ->> 'until' || ' ' || (b -> 'extension_request' ->> 'acting_body'), '2026-03-20 019995001', 'and the board')
	from jsonb_path_query_first(t.body('planner', format('pp_api.round_board(%L, ''2026-02-21'')', :'r')), '$.municipalities[*] ? (@.ags == "01999001")') b;
select is((select bodies from pp.event where kind = 'invitation.extension_requested'), '{01999001,019995001,02000000}', 'and the planners are told');

-- Answered
select is(t.value('planner', format('select p.land || p.deadline || p.until_on from pp_api.extension_prepare(%L) p', :'q')), '022026-03-042026-03-20', 'what the new end is computed from');
select is(t.outcome(who, format('select pp_api.extension_prepare(%L)', :'q')), outcome, who || ' decides: ' || outcome)
	from (values ('planner2', 'done'), ('amt', 'forbidden'), ('kreis', 'request_not_found'), ('cremm', 'request_not_found'), ('root', 'request_not_found')) v (who, outcome);
select is(t.outcome('planner', 'select ' || t.decide(:'q', '{"decision": "GEWAEHRT", "reason": " "}', '2026-03-20', '2026-02-22')), 'invalid_body /reason', 'a decision has a reason');
select is(t.outcome('planner', 'select ' || t.decide(:'q', '{"decision": "ABGELEHNT", "deadline": "2026-03-20", "reason": "eilt"}', '2026-03-20', '2026-02-22')), 'invalid_body /deadline', 'who declines names no day');
select is(t.outcome('amt', 'select ' || t.decide(:'q', '{"decision": "GEWAEHRT", "reason": "gut"}', '2026-03-20', '2026-02-22')), 'forbidden', 'nobody grants one''s own');
select is(i -> 'extension' || jsonb_build_object('state', i #> '{extension_request,state}', 'why', i -> 'deadline_reason'),
	'{"from": "2026-03-04", "to": "2026-03-20", "reason": "wichtiger Grund", "at": "2026-02-22T00:00:00.000000Z", "state": "GEWAEHRT", "why": "EXTENSION"}', 'granted as asked for')
	from t.body('planner', t.decide(:'q', '{"decision": "GEWAEHRT", "reason": "wichtiger Grund"}', '2026-03-20', '2026-02-22')) i;
select is(t.outcome('planner', 'select ' || t.decide(:'q', '{"decision": "ABGELEHNT", "reason": "doch nicht"}', '2026-03-20', '2026-02-23')), 'conflict', 'and once');
select t.body('kreis', t.ask(:'forst', '{"until": "2026-03-20", "reason": "Urlaub"}', '2026-02-20')) ->> 'id' as q2 \gset
select is(i ->> 'deadline' || (i #>> '{extension_request,state}') || (i #>> '{extension_request,decision_reason}'), '2026-03-04ABGELEHNTkein wichtiger Grund', 'declined: the deadline stays')
	from t.body('planner', t.decide(:'q2', '{"decision": "ABGELEHNT", "reason": "kein wichtiger Grund"}', '2026-03-20', '2026-02-22')) i;
select is(t.outcome('kreis', 'select ' || t.ask(:'forst', '{"until": "2026-03-20", "reason": "Krankheit"}', '2026-02-24')), 'done', 'one may ask again');
select is((select string_agg(kind, ' ' order by id) from pp.event where kind ~ 'extension|extended'),
	'invitation.extension_requested invitation.extended invitation.extension_requested invitation.extension_declined', 'each is an event');

-- Never shorter: whoever has more already keeps it
select t.body('amt', t.ask(:'birken', '{"until": "2026-03-10", "reason": "Sitzung"}', '2026-02-20')) ->> 'id' as q3 \gset
select t.reply('planner', format('pp_api.invitation_extend(%L, ''{"deadline": "2026-03-30", "reason": "Sitzung"}'', %L, ''2026-02-21'', null, null)', :'birken', t.ends('2026-03-30'))) is not null;
select is(i ->> 'deadline' || (i #>> '{extension_request,state}'), '2026-03-30GEWAEHRT', 'a grant for an earlier day changes nothing')
	from t.body('planner', t.decide(:'q3', '{"decision": "GEWAEHRT", "reason": "schon da"}', '2026-03-10', '2026-02-22')) i;

-- A whole round
select is(t.outcome('planner', 'select ' || t.extend_round(:'r', body::jsonb, at::timestamptz)), outcome, body || ' at ' || at) from (values
	('{"end": "2026-03-04", "reason": "Ausfall"}', '2026-02-25', 'invalid_body /end'), ('{"end": "2026-03-13", "reason": " "}', '2026-02-25', 'invalid_body /reason'),
	('{"end": "2026-03-13", "reason": "Ausfall"}', '2026-03-04 23:00+00', 'conflict'), ('{"end": "2026-03-13", "reason": "Ausfall"}', '2026-03-04 22:59:59.999999+00', 'done')) v (body, at, outcome);
select is(t.outcome('planner', 'select ' || t.extend_round(:'ro', body::jsonb, '2026-02-25')), outcome, body) from (values
	('{"end": "2026-03-13", "reason": "Ausfall"}', 'invalid_body /notice_on'), ('{"end": "2026-03-13", "reason": "Ausfall", "notice_on": "2026-03-05"}', 'invalid_body /notice_on'),
	('{"end": "2026-03-13", "reason": "Ausfall", "notice_on": "2026-02-27"}', 'done')) v (body, outcome);
select is(t.outcome(who, 'select ' || t.extend_round(:'r', '{"end": "2026-03-13", "reason": "Ausfall"}', '2026-02-25')), outcome, who || ' extends the round: ' || outcome)
	from (values ('planner2', 'done'), ('amt', 'forbidden'), ('cremm', 'round_not_found'), ('root', 'round_not_found')) v (who, outcome);
select is(t.value('planner', format('select p.land || p.end_on || p.last_day from pp_api.round_extension_prepare(%L) p', :'r')), '022026-03-042026-03-04', 'what its new end is computed from');
select is(d ->> 'end' || ' ' || (d ->> 'closes_at') || ' ' || (d ->> 'moved_invitations') || ' ' || (d #>> '{extensions,0,from}'), '2026-03-13 2026-03-13T23:00:00.000000Z 2 2026-03-04', 'the round ends later and keeps its old end')
	from t.body('planner', t.extend_round(:'r', '{"end": "2026-03-13", "reason": "Ausfall"}', '2026-02-25')) d;
select is((select string_agg(participant || ' ' || deadline || ' ' || deadline_reason, ', ' order by participant) from pp.invitation where round = :'r'),
	'01998005 2026-03-13 ROUND_END, 01999001 2026-03-20 EXTENSION, 01999002 2026-03-30 EXTENSION, landesplanung-au 2026-03-13 ROUND_END', 'whoever had less has as much');
select is(t.outcome('planner', 'select ' || t.round_call(:'p', 'FOERM_TOEB', 'TOEB', '2026-03-13', '2026-04-15', null, '2026-02-26')), 'round_overlaps /start', 'the longer round is in the way of another');
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-03-20', '2026-04-22', null, '2026-02-26 13:00+00') is not null;
select is(t.outcome('planner', 'select ' || t.extend_round(:'r', '{"end": "2026-03-20", "reason": "Ausfall"}', '2026-02-26')), 'round_overlaps /end', 'and another in its way');
select t.reply('planner', t.extend_round(:'ro', '{"end": "2026-03-13", "reason": "Ausfall", "notice_on": "2026-02-27"}', '2026-02-25')) is not null;
select is(t.body('anyone', format('pp_api.round_show(%L, ''2026-02-26'')', :'ro')) -> 'extensions' -> 0 ->> 'notice_on', '2026-02-27', 'the public sees why its round is longer');
select is((select public from pp.event where kind = 'round.extended' and round = :'ro'), true, 'and is told');

-- All of it is kept, and shown to whom it concerns
select is(x, '[["EINZELN", "2026-03-04", "2026-03-30"]]', 'what changed a deadline is listed') from (select jsonb_agg(jsonb_build_array(e -> 'cause', e -> 'from', e -> 'to')) as x
	from jsonb_array_elements(t.body('amt', format('pp_api.extension_list(%L)', :'birken')) -> 'extensions') e) y;
select is(e ->> 'cause' || ' ' || (e ->> 'legal_basis') || coalesce(e ->> 'by', ' -'), 'RUNDE § 4 Abs. 2 Satz 3 BauGB; § 190 BGB -', 'with its paragraph; persons are the planners'' matter')
	from (select t.body('kreis', format('pp_api.extension_list(%L)', :'forst')) #> '{extensions,0}' as e) x;
select is(e #>> '{extensions,0,by}', 'planner@example.org', 'who know them') from t.body('planner', format('pp_api.extension_list(%L)', :'forst')) e;
select is(t.outcome(who, format('select pp_api.extension_list(%L)', :'birken')), 'invitation_not_found', who || ' sees nothing') from unnest(array['kreis', 'cremm', 'root', 'citizen']) who;
select is(t.outcome('owner', what), '23001', what) from unnest(array['delete from pp.extension', 'update pp.round_extension set reason = ''xxx''', 'delete from pp.extension_request']) what;
update pp.extension_request set decision_reason = decision_reason where decision is null;
select throws_ok(format('update pp.extension_request set decision_reason = ''anders'' where id = %L', :'q'), '23001', null, 'a decision stays as it is');
select throws_ok(format('update pp.round set closes_at = closes_at - interval ''1 day'' where id = %L', :'r'), '23001', null, 'a round does not shrink');
-- What has ended is not made longer, whoever was faster
update pp.round set closed_at = closes_at where id = :'r';
select is(t.outcome('planner', 'select ' || t.extend_round(:'r', '{"end": "2026-03-17", "reason": "Ausfall"}', '2026-03-13 22:59:59.999999+00')), 'conflict', 'nor a round whose end is recorded');
update pp.round set statement_rule = 'PFV_EINW', closes_at = '2026-03-27 23:00+00' where id = :'ro';
select is(t.outcome('planner', 'select ' || t.extend_round(:'ro', '{"end": "2026-04-17", "reason": "Ausfall", "notice_on": "2026-03-12"}', at::timestamptz)), outcome, 'a display at ' || at || ': ' || outcome)
	from (values ('2026-03-13 22:59:59.999999+00', 'done'), ('2026-03-13 23:00+00', 'conflict')) v (at, outcome);
-- What was withdrawn has no deadline any more.
update pp.invitation set cancelled_at = '2026-03-01' where id = :'birken';
update pp.round set cancelled_at = '2026-03-01', cancel_reason = 'Fehler' where id = :'r';
select is(t.outcome('amt', 'select ' || t.ask(:'birken', '{"until": "2026-05-20", "reason": "Sitzung"}', '2026-03-02')), 'round_cancelled', 'nobody asks for more of it');
select is(t.outcome('planner', format('select pp_api.invitation_extend(%L, ''{"deadline": "2026-05-20", "reason": "Sitzung"}'', %L, ''2026-03-02'', null, null)', :'birken', t.ends('2026-05-20'))), 'round_cancelled', 'nobody grants it');
select is(t.outcome('planner', 'select ' || t.extend_round(:'r', '{"end": "2026-05-20", "reason": "Ausfall"}', '2026-03-02')), 'round_cancelled', 'nor is the round extended');
select * from finish();
