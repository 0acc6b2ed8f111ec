-- SPDX-License-Identifier: EUPL-1.2
-- Rounds and invitations: opened for a confirmed set, addressed, received, read, extended, recorded.
set client_min_messages = warning;
select plan(116);

-- Guards
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
create function t.open(procedure uuid, step text, audience text, start_on date, end_on date) returns text language sql as
$$ select t.outcome('planner', 'select ' || t.round_call(procedure, step, audience, start_on, end_on, null, '2026-02-01 13:00+00')) $$;
select is(t.open(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04'), 'plan_missing', 'no round without a plan');
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select is(t.open(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04'), 'affected_not_confirmed', 'nor before the set is confirmed');
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l')) is not null;
select is(t.open(:'p', 'ROP_BET', 'TOEB', '2026-02-02', '2026-03-04'), 'step_not_allowed /step', 'a step of its kind');
select is(t.open(:'p', 'XX', 'TOEB', '2026-02-02', '2026-03-04'), 'step_not_allowed /step', 'that exists');
select is(t.open(:'p', 'FOERM_TOEB', 'OEFF', '2026-02-02', '2026-03-04'), 'step_not_allowed /audience', 'asks whom it asks');
select is(t.open(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-02-01'), 'invalid_body /end', 'an end follows the start');
select is(t.open(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-02-02'), 'done', 'one day is a period where no law says more');
select is(t.outcome('planner', 'select ' || replace(t.round_call(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-03', null, '2026-02-01 13:00+00'), 'null, null, ''(', '''2026-03-04'', ''TOEB_BAUGB'', ''(')),
	'period_too_short /end', 'the law''s minimum counts');
select is(t.outcome('planner', 'select ' || replace(t.round_call(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00'), 'null, null, ''(', '''2026-03-04'', ''TOEB_BAUGB'', ''(')),
	'done', 'to the day');
select is(t.outcome('cremm', 'select ' || t.round_call(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', null, '2026-02-01')), 'procedure_not_found', 'another body opens none');
select is(t.value('planner', format('select r.kind || r.land || (r.plan = %L) || r.confirmed from pp_api.round_prepare(%L) r', :'l', :'p')), 'BP_REGEL02truetrue', 'what dates are computed from');
select is(t.outcome('planner', 'select ' || replace(t.round_call(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00'), '"end"', format('"plan": "%s", "end"', pp.uuid7(now())))),
	'plan_superseded /plan', 'for the newest plan');

-- Opened: the set is asked, by the table of who administers whom
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select is(t.open(:'p', 'FOERM_TOEB', 'TOEB', '2026-03-04', '2026-04-04'), 'round_overlaps /start', 'not twice at once');
select is(t.open(:'p', 'FOERM_TOEB', 'TOEB', '2026-03-05', '2026-04-05'), 'done', 'but afterwards');
select is(t.open(:'p', 'FOERM_TOEB', 'NACHB', '2026-02-02', '2026-03-04'), 'done', 'or somebody else');
select is((select string_agg(participant || '@' || mailbox_body, ' ' order by participant) from pp.invitation),
	'01998005@01998 01999001@019995001 01999002@019995001 landesplanung-au@landesplanung-au', 'the Amt reads for its municipalities, the Kreis for the Forst');
select is((select string_agg(body, ' ' order by body) from pp.procedure_party where procedure = :'p'), '01998 01998005 01999001 01999002 019995001 landesplanung-au', 'they are its parties');
select is(t.body('planner', format('pp_api.procedure_show(%L, now())', :'p')) ->> 'state', 'BEKANNT', 'the procedure is announced');
select is(t.body('planner', format('pp_api.round_show(%L, %L)', :'r', at)) ->> 'open', opened, 'a round is open because of the time: ' || at)
	from (values ('2026-02-01 22:59:59.999999+00', 'false'), ('2026-02-01 23:00+00', 'true'), ('2026-03-04 22:59:59.999999+00', 'true'), ('2026-03-04 23:00+00', 'false')) v (at, opened);
select is(t.body('planner', format('pp_api.round_list(%L, ''2026-02-05'')', :'p')) #>> '{items,0,open}', 'true', 'also in a list');
select is(t.outcome(who, format('select pp_api.round_show(%L, now())', :'r')), outcome, who || ' sees the round: ' || outcome)
	from (values ('planner2', 'done'), ('root', 'round_not_found'), ('amt', 'done'), ('kreis', 'done'), ('ahrens', 'done'), ('land', 'done'), ('damm', 'round_not_found'), ('cremm', 'round_not_found'), ('anyone', 'round_not_found'), ('citizen', 'round_not_found')) v (who, outcome);
select is(t.outcome(who, format('select pp_api.plan_show(%L)', :'l')), 'done', who || ' sees the plan it is asked about') from unnest(array['amt', 'ahrens', 'land']) who;
select is(t.outcome(who, format('select pp_api.round_board(%L, now())', :'r')), outcome, who || ' sees the board: ' || outcome)
	from (values ('planner2', 'done'), ('amt', 'forbidden'), ('damm', 'round_not_found')) v (who, outcome);
select is(t.outcome('anyone', format('select pp_api.round_board(%L, now())', :'r')), '42501', 'the public has no board');
select is((select count(*) from pp.event where kind = 'invitation.sent'), 4::bigint, 'every invitation is an event');
select is((select bodies from pp.event where kind = 'invitation.sent' and data ->> 'body' = '01999001'), '{01999001,019995001,02000000}', 'for whom it concerns');

-- Deadlines run from each body's own receipt
select is(i ->> 'deadline' || ' ' || (i ->> 'deadline_reason') || ' ' || (i ->> 'channel') || ' ' || (i ->> 'state'), '2026-03-04 ROUND_END PORTAL ZUGEGANGEN', 'by portal at once, not before the round''s end')
	from t.body('amt', format('pp_api.invitation_show(%L, ''2026-02-02'')', t.invitation(:'r', '01999001'))) i;
select t.make_procedure('planner', 'Zweiter', '2026-02-01 10:00+00') as p2 \gset
select t.make_plan('planner', :'p2', jsonb_set(t.result(), '{municipalities,0}', (t.result() #> '{municipalities,0}') || '{"ags": "01998006", "name": "Elm"}'), '2026-02-01 11:00+00') as l2 \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l2')) is not null;
select t.make_round(:'p2', 'FOERM_TOEB', 'NACHB', '2026-02-02', '2026-03-04', '2026-03-10', '2026-02-10 13:00+00') as r2 \gset
select is(i ->> 'deadline' || ' ' || (i ->> 'deadline_reason') || ' ' || (i ->> 'deadline_at') || ' ' || (i ->> 'days_left'), '2026-03-10 OWN_RECEIPT 2026-03-10T23:00:00.000000Z 28', 'whoever is told later has the full period')
	from t.body('amt', format('pp_api.invitation_show(%L, ''2026-02-10 13:00+00'')', t.invitation(:'r2', '01999002'))) i;
select t.invitation(:'r2', '01998006') as elm \gset
select is(i ->> 'deadline' || ' ' || (i ->> 'channel') || ' ' || (i ->> 'state') || coalesce(i ->> 'received_at', ' -'), '2026-03-14 POST VERSANDT -', 'without an account by letter, with the days a letter takes')
	from t.body('planner', format('pp_api.invitation_show(%L, ''2026-02-10 13:00+00'')', :'elm')) i;
create function t.receipt(who text, invitation text, body jsonb, received_at timestamptz, own_on date) returns text language sql as $$
	select format('pp_api.invitation_receipt(%L, %L, %L, row(%L, %L, null, null, null, ''TOEB_BAUGB'')::pp_api.own_period, ''2026-02-20'', null, null)', invitation, body, received_at,
		own_on, (own_on + 1)::timestamp at time zone 'Europe/Berlin')
$$;
select is(t.outcome('amt', 'select ' || t.receipt('', t.invitation(:'r2', '01999002')::text, '{}', '2026-02-15', null)), 'forbidden', 'who is asked records no receipt');
select is(t.outcome('damm', 'select ' || t.receipt('', :'elm', '{}', '2026-02-15', null)), 'invitation_not_found', 'who is not asked sees nothing');
select is(t.outcome('planner', 'select ' || t.receipt('', :'elm', '{}', '2026-02-09', null)), 'invalid_body /received_on', 'a letter comes after it went');
select is(t.outcome('planner', 'select ' || t.receipt('', :'elm', '{}', '2026-02-21', null)), 'invalid_body /received_on', 'and not tomorrow');
select is(t.body('planner', t.receipt('', :'elm', '{"undeliverable": true}', null, null)) ->> 'state', 'UNZUSTELLBAR', 'it may come back');
select is(i ->> 'state' || ' ' || (i ->> 'received_how') || ' ' || (i ->> 'deadline') || ' ' || (i ->> 'deadline_reason'), 'ZUGEGANGEN NACHGEWIESEN 2026-03-20 OWN_RECEIPT', 'and arrive: then its period runs from there')
	from t.body('planner', t.receipt('', :'elm', '{}', '2026-02-19 23:00+00', '2026-03-20')) i;
select is(t.body('planner', t.receipt('', :'elm', '{}', '2026-02-12', '2026-03-13')) ->> 'deadline', '2026-03-20', 'a deadline that was told is never shortened');
select is(t.outcome('planner', 'select ' || t.receipt('', :'elm', '{"undeliverable": true}', null, null)), 'conflict', 'what arrived does not come back');
select is(t.value('planner', format('select p.kind || p.step || p.land || p.deadline from pp_api.invitation_prepare(%L) p', :'elm')), 'BP_REGELFOERM_TOEB022026-03-20', 'what dates are computed from');

-- A body that is asked later
create function t.late(who text, round uuid, body jsonb) returns text language sql as $$
	select format('pp_api.round_invite(%L, %L, ''(2026-04-01,"2026-04-01 22:00+00",2026-04-05,"2026-04-05 22:00+00",2026-03-05,TOEB_BAUGB)'', ''2026-03-01'', null, null)', round, body)
$$;
select is(t.outcome('planner', 'select ' || t.late('', :'r', '{"ags": "01999001"}')), 'conflict', 'nobody is asked twice');
select is(t.outcome('planner', 'select ' || t.late('', :'r', '{"ags": "01990000"}')), 'body_not_found /ags', 'nor who does not exist');
select is(t.outcome('cremm', 'select ' || t.late('', :'r', '{"ags": "01998004"}')), 'round_not_found', 'nor by another body');
select is(i ->> 'deadline' || ' ' || (i ->> 'class') || ' ' || (i ->> 'reason') || ' ' || (i ->> 'cross_border'), null, 'class is null where no rule fired') from t.body('planner', t.late('', :'r', '{"ags": "01998004", "reason": "vergessen"}')) i;
select is((select deadline || deadline_reason || invite_reason || cross_border || (class is null) from pp.invitation where round = :'r' and participant = '01998004'), '2026-04-01OWN_RECEIPTvergessentruetrue', 'but the full period counts');
select is(t.outcome('damm', format('select pp_api.plan_show(%L)', :'l')), 'done', 'and it sees the plan now');

-- The inbox
select is((select coalesce(jsonb_agg(x order by x), '[]') from jsonb_array_elements(t.walk(who, 'pp_api.inbox(null, 1, %L, ''2026-02-12'')', '$.invitations[*].ags')) x), ags::jsonb, who || ' has in its inbox ' || ags)
	from (values ('amt', '["01999001", "01999002", "01999002"]'), ('ahrens', '["01999001"]'), ('damm', '["01998004"]'), ('kreis', '["01998005", "01998005"]'), ('cremm', '[]'), ('root', '[]'), ('nobody', '[]')) v (who, ags);
select is(jsonb_array_length(t.body('land', 'pp_api.inbox(null, null, null, ''2026-02-12'')') -> 'invitations'), 2, 'an authority has one too');
select is(jsonb_path_query_array(t.body('ahrens', 'pp_api.inbox(true, null, null, ''2026-03-04 12:00+00'')'), '$.invitations[*].days_left'), '[0]', 'on the last day no day is left');
select is(jsonb_path_query_array(t.body('ahrens', 'pp_api.inbox(true, null, null, ''2026-03-04 23:00+00'')'), '$.invitations[*].state'), '["OHNE_ANTWORT"]', 'at its end the time is over, recorded or not');
select is(jsonb_path_query_array(t.body('ahrens', 'pp_api.inbox(null, null, null, ''2026-02-12'')'), '$.invitations[*].evidence[*].rule'), '["R05", "R04"]', 'it says why one is asked');
select is(t.outcome('amt', $$select pp_api.inbox(null, null, 'abc', now())$$) || t.outcome('amt', format('select pp_api.inbox(null, null, %L, now())', pp.cursor_make('x', 'y'))), 'invalid_parameterinvalid_parameter', 'a cursor is a cursor');

-- Reading
create function t.ack(who text, invitation uuid, at timestamptz) returns text language sql as
$$ select format('pp_api.invitation_acknowledge(%L, %L, null, null)', invitation, at) $$;
select is(t.outcome('planner', 'select ' || t.ack('', t.invitation(:'r', '01999001'), '2026-02-12')), 'forbidden', 'the planners do not read for others');
select is(t.outcome('damm', 'select ' || t.ack('', t.invitation(:'r', '01999001'), '2026-02-12')), 'invitation_not_found', 'nor do others');
select is(i ->> 'state' || (i ->> 'acknowledged_at'), 'GELESEN2026-02-12T00:00:00.000000Z', 'the Amt reads') from t.body('amt', t.ack('', t.invitation(:'r', '01999001'), '2026-02-12')) i;
select is(i ->> 'state' || (i ->> 'acknowledged_at'), 'GELESEN2026-02-12T00:00:00.000000Z', 'the first time counts') from t.body('ahrens', t.ack('', t.invitation(:'r', '01999001'), '2026-02-13')) i;

-- Extensions
create function t.extend(invitation uuid, deadline date, reason text, at timestamptz) returns text language sql as $$
	select format('pp_api.invitation_extend(%L, %L, %L, %L, null, null)', invitation, jsonb_build_object('deadline', deadline, 'reason', reason),
		(deadline + 1)::timestamp at time zone 'Europe/Berlin', at)
$$;
select is(t.outcome('amt', 'select ' || t.extend(t.invitation(:'r', '01999001'), '2026-03-20', 'x', '2026-02-20')), 'forbidden', 'nobody extends one''s own deadline');
select is(t.outcome('planner', 'select ' || t.extend(t.invitation(:'r', '01999001'), '2026-03-04', 'x', '2026-02-20')), 'invalid_body /deadline', 'later means later');
select is(t.outcome('planner', 'select ' || t.extend(t.invitation(:'r', '01999001'), '2026-03-20', ' ', '2026-02-20')), 'invalid_body /reason', 'and has a reason');
select is(i -> 'extension', '{"from": "2026-03-04", "to": "2026-03-20", "reason": "Sitzung", "at": "2026-02-20T00:00:00.000000Z"}', 'then it is an attribute') from t.body('planner', t.extend(t.invitation(:'r', '01999001'), '2026-03-20', 'Sitzung', '2026-02-20')) i;

-- The clerk writes down what the clock decides
select is(t.value('clerk', $$select x.opened || ' ' || x.closed || ' ' || x.received || ' ' || x.expired from pp_api.round_tick('2026-02-14') x$$), '2 0 0 0', 'rounds have opened');
select is(t.body('planner', format('pp_api.procedure_show(%L, now())', :'p')) ->> 'state', 'BETEILIGUNG', 'participation has begun');
select is(t.value('clerk', $$select x.opened || ' ' || x.closed || ' ' || x.received || ' ' || x.expired from pp_api.round_tick('2026-02-14') x$$), '0 0 0 0', 'once');
select is(t.value('clerk', $$select x.opened || ' ' || x.closed || ' ' || x.received || ' ' || x.expired from pp_api.round_tick('2026-03-04 22:59:59+00') x$$), '0 0 0 0', 'nothing ends early');
select is(t.value('clerk', $$select x.opened || ' ' || x.closed || ' ' || x.received || ' ' || x.expired from pp_api.round_tick('2026-03-04 23:00+00') x$$), '0 2 0 3', 'rounds have ended, who did not answer did not, whose deadline is later may still');
select is(t.body('planner', format('pp_api.procedure_show(%L, now())', :'p')) ->> 'state', 'AUSWERTUNG', 'evaluation has begun');
select is((select string_agg(participant || state, ' ' order by participant) from pp.invitation where round = :'r'), '01998004ZUGEGANGEN 01998005OHNE_ANTWORT 01999001GELESEN 01999002OHNE_ANTWORT landesplanung-auOHNE_ANTWORT', 'as recorded');
select is(t.body('planner', t.extend(t.invitation(:'r', '01999002'), '2026-03-30', 'nachgefragt', '2026-03-06')) ->> 'state', 'ZUGEGANGEN', 'an extension opens again');
select is(t.body('amt', t.ack('', t.invitation(:'r', '01999002'), '2026-03-31')) ->> 'state', 'OHNE_ANTWORT', 'reading late is no answer');
select is(t.body('planner', format('pp_api.round_board(%L, ''2026-04-02'')', :'r')) -> 'counts', '{"late": 0, "opened": 2, "invited": 4, "missing": 4, "answered": 0, "delivered": 4}', 'the board counts');
select is(t.body('planner', format('pp_api.round_board(%L, ''2026-04-02'')', :'r')) -> 'authority_counts', '{"late": 0, "opened": 0, "invited": 1, "missing": 1, "answered": 0, "delivered": 1}', 'authorities beside');
select t.make_procedure('planner', 'Frueh', '2026-02-01 10:00+00') as p3 \gset
select t.make_plan('planner', :'p3', t.result() #- '{municipalities,0}', '2026-02-01 11:00+00') as l3 \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l3')) is not null;
select t.make_round(:'p3', 'FRUEH_TOEB', 'TOEB', '2026-02-01', '2026-02-20', null, '2026-02-01 13:00+00') as r3 \gset
select is(t.body('planner', format('pp_api.procedure_show(%L, now())', :'p3')) ->> 'state', 'FRUEH', 'an early round moves to FRUEH');
select t.value('clerk', $$select x from pp_api.round_tick('2026-02-21') x$$) is not null;
select is(t.body('planner', format('pp_api.procedure_show(%L, now())', :'p3')) ->> 'state', 'ENTWURF', 'its end to ENTWURF');
select t.make_round(:'p3', 'FOERM_OEFF', 'OEFF', '2026-03-01', '2026-04-01', null, '2026-03-05 13:00+00') as r4 \gset
select is(t.body('planner', format('pp_api.procedure_show(%L, now())', :'p3')) ->> 'state', 'BETEILIGUNG', 'a formal one that has begun to BETEILIGUNG');
select is(t.body('anyone', format('pp_api.procedure_show(%L, now())', :'p3')) #>> '{rounds,0,step}', 'FOERM_OEFF', 'who asks the public publishes');
select is(jsonb_array_length(t.body('anyone', format('pp_api.round_list(%L, now())', :'p3')) -> 'items'), 1, 'the public sees its own round only');
select is(t.outcome('planner', 'select ' || t.late('', :'r4', '{"ags": "01998004"}')), 'conflict', 'a round of the public has no invitations');
select is((select count(*) from pp.invitation where round = :'r4'), 0::bigint, 'none at all');
select t.make_procedure('planner', 'Brief', '2026-02-01 10:00+00') as p5 \gset
select t.make_plan('planner', :'p5', jsonb_set(t.result(), '{municipalities}', '[{"ags": "01998006", "name": "Elm", "class": "SOLL", "distance_m": 1, "cross_border": true, "rules": []}]') - 'authorities', '2026-02-01 11:00+00') as l5 \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l5')) is not null;
select t.make_round(:'p5', 'FOERM_TOEB', 'TOEB', '2026-05-01', '2026-06-02', '2026-06-01', '2026-05-01 13:00+00') as r5 \gset
select is(t.value('clerk', $$select x.received::text from pp_api.round_tick('2026-05-04 21:59+00') x$$), '0', 'a letter takes its days');
select is(t.value('clerk', $$select x.received::text from pp_api.round_tick('2026-05-04 22:00+00') x$$), '1', 'then it counts as received');
select is((select received_at || received_how from pp.invitation where round = :'r5'), '2026-05-04 22:00:00+00VERMUTET', 'on the fourth day after posting');

-- Nobody else
select is(t.value('clerk', 'select count(*) > 9 from pp.invitation'), 'true', 'the clerk sees every invitation');
select is(t.value(who, 'select count(*) from pp.invitation'), '0', who || ' sees none') from unnest(array['nobody', 'citizen', 'root', 'owner', 'cremm']) who;
select is(t.outcome('anyone', 'select id from pp.invitation') || t.outcome('geometry', 'select id from pp.invitation'), '4250142501', 'the other logins read none');
select is(t.outcome('owner', 'delete from pp.invitation') || t.outcome('owner', $$update pp.invitation set participant = 'x'$$) || t.outcome('owner', 'delete from pp.round')
	|| t.outcome('owner', $$update pp.round set end_on = end_on - 1$$) || t.outcome('planner', 'delete from pp.invitation'), '2300123001230012300142501', 'what was sent stays');
select is(t.outcome('cremm', format('insert into pp.invitation select * from json_populate_record(null::pp.invitation, %L)', (select row_to_json(i) from pp.invitation i where id = :'elm'))), '42501', 'nobody invites for another body');
-- Whether its border lies between is computed of it, not presumed.
insert into pp.body (key, name, kind, land, source) values ('amt-fuer-boden', 'Amt für Boden', 'BEHOERDE', '02', 'table'), ('bundesamt', 'Bundesamt', 'BEHOERDE', null, 'table'),
	('amt-fuer-see', 'Amt für See', 'BEHOERDE', '02', 'table'), ('amt-fuer-luft', 'Amt für Luft', 'BEHOERDE', '02', 'table'), ('seeamt', 'Seeamt', 'BEHOERDE', '01', 'table'), ('see', 'Bundessee', 'BEHOERDE', null, 'table');
create function t.late_across(round uuid, body text) returns text language sql as $$
	select t.body('planner', t.late('', round, jsonb_build_object('body', body, 'reason', 'vergessen'))) ->> 'cross_border'
$$;
select is(t.late_across(:'r', b), across, b) from (values ('amt-fuer-boden', 'false'), ('bundesamt', 'false'), ('01', 'true')) v (b, across);

-- Whoever is asked from the beginning too: found by a rule, added to the set, named with the round. And where each would be written to.
insert into pp.body_mail (body, mail, valid_from, source) values ('landesplanung-au', 'plan@land.example', '2026-01-01', 'table'), ('bundesamt', 'post@bund.example', '2026-01-01', 'table');
select t.make_procedure('planner', 'Grenze', '2026-02-01 10:00+00') as p6 \gset
select t.make_plan('planner', :'p6', jsonb_insert(t.result(), '{authorities,1}', t.result() #> '{authorities,0}' || '{"body": "amt-fuer-luft", "land": "02"}'), '2026-02-01 11:00+00') as l6 \gset
select t.reply('planner', format('pp_api.affected_decide(%L, %L, ''2026-02-01 11:30+00'', null, null)', :'l6', jsonb_build_object('action', 'add', 'body', b, 'reason', 'Boden'))) is not null
	from unnest(array['amt-fuer-boden', 'bundesamt', '01']) b;
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l6')) is not null;
create function t.call6(p6 uuid, channel text) returns text language sql as $$
	select replace(t.round_call(p6, 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00'), '"end"', '"bodies": ["amt-fuer-see", "seeamt", "see"], ' || coalesce('"channel": "' || channel || '", ', '') || '"end"')
$$;
create function t.preview6(p6 uuid, channel text) returns text language sql as $$
	select string_agg(concat_ws(' ', x ->> 'body', x ->> 'channel', x ->> 'address', case (x ->> 'cross_border')::bool when true then 'across' end), ', ' order by x ->> 'body')
	  from jsonb_array_elements(t.body('planner', replace(t.call6(p6, channel), 'round_open', 'round_preview')) -> 'invitations') x
$$;
select is(t.preview6(:'p6', channel), seen, 'previewed ' || coalesce(channel, 'as it is')) from (values (null, '01 POST across, 01998005 PORTAL across, 01999001 PORTAL across, 01999002 PORTAL across, amt-fuer-boden POST, amt-fuer-luft POST, amt-fuer-see POST, bundesamt EMAIL post@bund.example, landesplanung-au PORTAL plan@land.example across, see POST, seeamt POST across'),
	('POST', '01 POST across, 01998005 PORTAL across, 01999001 PORTAL across, 01999002 PORTAL across, amt-fuer-boden POST, amt-fuer-luft POST, amt-fuer-see POST, bundesamt POST, landesplanung-au PORTAL plan@land.example across, see POST, seeamt POST across')) v (channel, seen);
select (t.body('planner', t.call6(:'p6', null)) ->> 'id')::uuid as r6 \gset
select is((select string_agg(i.participant || ' ' || m.recipient, ', ' order by i.participant) from pp.invitation i join pp.mail m on m.invitation = i.id where i.round = :'r6'), 'bundesamt post@bund.example, landesplanung-au plan@land.example', 'and written to there');
select * from finish();
