-- SPDX-License-Identifier: EUPL-1.2
-- Calendars: legal days whatever the session's time zone, versions that only grow, what is visible.
set client_min_messages = warning;
select plan(27);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l')) is not null;
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.make_round(:'p', 'ERNEUT', 'NACHB', '2026-06-01', '2026-07-03', '2026-07-01', '2026-02-01 13:00+00') as s \gset
select t.invitation(:'r', '01999001') as i \gset

-- Days are those of Berlin: 24:00 is another day's hour almost everywhere else.
create function t.days(who text, zone text, query text) returns text language plpgsql as $$
begin
	perform set_config('timezone', zone, true);
	return t.value(who, query);
end
$$;
select is(t.days('planner', zone, format('select string_agg(concat_ws(''/'', first, after), '' '') from pp_api.calendar_rounds(%L)', :'p')),
	'2026-06-01/2026-07-04 2026-02-02/2026-03-05', 'days of rounds, the newest first, as seen from ' || zone) from unnest(array['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC']) zone;
select is(t.days('amt', zone, format('select concat_ws(''/'', first, after) from pp_api.calendar_inbox(''2026-02-02'') where id = %L', :'i')),
	'2026-03-04/2026-03-05', 'and of a deadline, from ' || zone) from unnest(array['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'UTC']) zone;
select is(t.days('planner', zone, format('select changed from pp_api.calendar_rounds(%L) limit 1', :'p')), '2026-02-01T13:00:00.000000Z',
	'an instant is UTC, from ' || zone) from unnest(array['Pacific/Kiritimati', 'UTC']) zone;

-- Who sees what
select is(t.outcome(who, format('select pp_api.calendar_procedure(%L)', :'p')), outcome, who || ' asks for the procedure: ' || outcome)
	from (values ('planner2', 'done'), ('root', 'procedure_not_found'), ('amt', 'done'), ('land', 'done'), ('damm', 'procedure_not_found'), ('anyone', 'procedure_not_found'), ('citizen', 'procedure_not_found')) v (who, outcome);
select is(t.value(who, format('select count(*) from pp_api.calendar_rounds(%L)', :'p')), '0', who || ' gets no round of it') from unnest(array['damm', 'anyone', 'citizen']) who;
select is(t.outcome('anyone', 'select pp_api.calendar_inbox(now())'), '42501', 'the public has no inbox');
select is(t.value('amt', 'select string_agg(participant, '' '' order by participant) from (select distinct participant from pp_api.calendar_inbox(''2026-02-02'')) c'),
	(select string_agg(distinct pp.body_name(participant), ' ' order by pp.body_name(participant)) from pp.invitation where mailbox_body = '019995001'), 'the Amt has those of its municipalities');
select is(t.value(who, 'select count(*) from pp_api.calendar_inbox(''2026-02-02'')'), '0', who || ' has none') from unnest(array['planner', 'damm', 'root', 'nobody']) who;

-- A change counts, of the invitation as of its procedure
create function t.sequence() returns int language sql as
$$ select t.value('amt', 'select sum(sequence) from pp_api.calendar_inbox(''2026-02-02'')')::int $$;
select t.sequence() as s0 \gset
select t.reply('amt', format('pp_api.invitation_acknowledge(%L, ''2026-02-03'', null, null)', :'i')) is not null;
select t.sequence() as s1 \gset
select ok(:s1 > :s0, 'one that was read');
select t.reply('planner', format('pp_api.procedure_withdraw(%L, ''{"reason": "aufgegeben"}'', ''2026-02-04'', null, null)', :'p')) is not null;
select ok(t.sequence() > :s1, 'one whose procedure is withdrawn');
select is(t.value('amt', 'select bool_and(cancelled) || min(changed) from pp_api.calendar_inbox(''2026-02-05'')'), 'true2026-02-04T00:00:00.000000Z', 'since then it is cancelled');

select * from finish();
