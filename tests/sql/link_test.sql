-- SPDX-License-Identifier: EUPL-1.2
-- Invitation links: who has the secret acts for one body in one invitation, and in nothing else.
set client_min_messages = warning;
select plan(35);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l')) is not null;
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.invitation(:'r', '01998005') as forst, t.invitation(:'r', '01999001') as ahrens \gset
create function t.make(who text, invitation text, secret text, at timestamptz default '2026-02-02', body jsonb default '{}') returns text language sql as $$
	select format('pp_api.link_make(%L, %L, %L, %L, %L)', invitation, body, secret, sha256(secret::bytea), at)
$$;
create function t.by_link(name text, secret text, at timestamptz, more text default '') returns text language sql as $$
	select format('pp_api.%I(%L, %s%L%s)', name, secret, case when more <> '' then quote_literal(more) || ', ' else '' end, at, case when name = 'link_submit' then ', null, null' else '' end)
$$;

-- Made by the planning body, kept as a hash
select is(t.outcome(who, 'select ' || t.make(who, :'forst', 's')), outcome, who || ': ' || outcome) from (values ('planner2', 'done'), ('kreis', 'forbidden'), ('cremm', 'invitation_not_found'), ('nobody', 'invitation_not_found'), ('anyone', '42501')) v (who, outcome);
select is(j ->> 'path' || (j ->> 'ends_at'), '/einladung#geheim1' || to_char(((select (deadline_at at time zone 'Europe/Berlin' + interval '3 months') at time zone 'Europe/Berlin' from pp.invitation where id = :'forst')) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'the secret is shown once')
	from t.body('planner', t.make('planner', :'forst', 'geheim1')) j;
select t.body('planner', t.make('planner', :'ahrens', 'geheim2')) is not null;
select is((select string_agg(x::text, ' ') from pp.invitation_link x) ~ 'geheim', false, 'and lies nowhere');
select is(t.outcome(who, 'select sha256 from pp.invitation_link'), '42501', who || ' reads no hash') from (values ('planner'), ('nobody'), ('clerk'), ('anyone')) v (who);
select is(t.outcome('nobody', 'select * from pp.statement s, pp_api.link_by_secret(sha256(''x'')) l'), 'done', 'a wrong hash finds nothing');

-- What it opens
select is(t.body('nobody', t.by_link('link_show', 'geheim1', '2026-02-03')) #>> '{invitation,body}', '01998005', 'the invitation');
select is(t.outcome('nobody', 'select ' || t.by_link('link_show', s, '2026-02-03')), outcome, coalesce(s, 'none') || ': ' || outcome) from (values ('falsch', 'invitation_link_unknown'), ('', 'invitation_link_unknown'), (null, 'invitation_link_unknown')) v (s, outcome);
select is(t.body('planner', t.by_link('link_show', 'geheim1', '2026-02-03')) #>> '{invitation,body}', '01998005', 'it is the body that asks, whoever has signed in beside it');
select is(t.value('nobody', format('select (pp_api.link_enter(''geheim1'', ''2026-02-03'')).link is not null and pp.current_account() is null and pp.current_body() = ''01998005'' and not pp.has_role(''reader'')')), 'true', 'without an account and without a role');
select is(t.value('nobody', 'select pp.current_body()'), null, 'and only in that transaction');
select is(t.body('nobody', t.by_link('link_acknowledge', 'geheim1', '2026-02-03')) #>> '{invitation,state}', 'GELESEN', 'it is acknowledged');
select is((select acknowledged_body || coalesce(acknowledged_by::text, ' -') || received_how from pp.invitation where id = :'forst'), '01998005 -' || 'PORTAL', 'for the body, by nobody who has signed in');
select is(t.body('nobody', t.by_link('link_show', 'geheim2', '2026-02-03')) #>> '{invitation,state}', 'ZUGEGANGEN', 'another is not');

-- An answer
select t.body('nobody', t.by_link('link_submit', 'geheim1', '2026-02-10', '{"stance": "BEDENKEN", "text": "Der Wald.", "name": "Anke Förster", "function": "Fachdienst Umwelt"}')) as s \gset
select is(concat_ws('|', s ->> 'channel', s ->> 'signed_by', s ->> 'participant', s ->> 'acting_body', s ->> 'on_time', s #>> '{points,0,text}'), 'LINK|Anke Förster, Fachdienst Umwelt|01998005|01998005|true|Der Wald.', 'a statement of the body, with who has signed') from (select :'s'::jsonb) x (s);
select is((select state || answered_late from pp.invitation where id = :'forst'), 'BEANTWORTETfalse', 'the invitation is answered');
select is(jsonb_array_length(t.body('nobody', t.by_link('link_show', 'geheim1', '2026-02-11')) -> 'statements'), 1, 'who has the link sees what was said');
select is(jsonb_array_length(t.body('nobody', t.by_link('link_show', 'geheim2', '2026-02-11')) -> 'statements'), 0, 'who has another does not');
select is(t.body('planner', format('pp_api.statement_show(%L)', :'s'::jsonb ->> 'id')) ->> 'signed_by', 'Anke Förster, Fachdienst Umwelt', 'the planners see who');
select is(t.outcome('owner', $$update pp.statement set signed_by = 'x y z' where signed_by is not null$$), '23001', 'it stays');
select is(t.reply('nobody', format('pp_api.link_submit(%L, %L, ''2026-02-12'', ''k'', ''\x01'')', 'geheim2', '{"stance": "HINWEISE", "text": "a", "name": "Max Muster"}'))::text,
	t.reply('nobody', format('pp_api.link_submit(%L, %L, ''2026-02-12'', ''k'', ''\x01'')', 'geheim2', '{"stance": "HINWEISE", "text": "a", "name": "Max Muster"}'))::text, 'the same key answers the same');
select is((select count(*) from pp.statement where signed_by = 'Max Muster'), 1::bigint, 'and submits once');

-- Its end: late answers are taken, long after the deadline none; a deadline takes it along; revoked
select is(t.outcome('nobody', 'select ' || t.by_link('link_show', 'geheim1', d::timestamptz)), outcome, d || ': ' || outcome) from (values ('2026-06-04 21:59:59+00', 'done'), ('2026-06-04 22:00+00', 'invitation_link_unknown')) v (d, outcome);
select is(jsonb_path_query_array(t.body('planner', format('pp_api.link_list(%L)', :'forst')), '$.items[*].used_at')::text, '["2026-02-03T00:00:00.000000Z"]', 'when it was first used is known');
select is(t.outcome('kreis', format('select pp_api.link_revoke(%L, ''2026-02-13'')', :'forst')), 'forbidden', 'not revoked by whom it was given');
select t.body('planner', format('pp_api.link_revoke(%L, ''2026-02-13'')', :'forst')) is not null;
select is(t.outcome('nobody', 'select ' || t.by_link('link_show', 'geheim1', '2026-02-14')) || t.outcome('nobody', 'select ' || t.by_link('link_show', 'geheim2', '2026-02-14')), 'invitation_link_unknowndone', 'revoked, and the other is not');
select * from finish();
