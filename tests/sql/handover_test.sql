-- SPDX-License-Identifier: EUPL-1.2
-- Drafts of the public on their way to another device: whose they are, how long, how many.
set client_min_messages = warning;
select plan(25);

select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-02', '2026-03-04', null, '2026-02-01 13:00+00') as ro \gset
update pp.procedure set published_at = '2026-02-01 14:00+00' where id = :'p';

create function t.make_handover(round uuid, sealed bytea, at timestamptz default '2026-02-10 08:00+00') returns text language sql as $$
	select format('pp_api.handover_make(%L, %L, %L)', round, jsonb_build_object('sealed', translate(encode(sealed, 'base64'), E'\n', '')), at)
$$;
create function t.show_handover(id text, at timestamptz default '2026-02-11') returns text language sql as $$ select format('pp_api.handover_show(%L, %L)', id, at) $$;
create function t.end_handover(id text, at timestamptz default '2026-02-11') returns text language sql as $$ select format('pp_api.handover_end(%L, %L)', id, at) $$;

-- Made, by anybody and for anybody who has its id
select t.reply('nobody', t.make_handover(:'ro', decode(repeat('ab', 300), 'hex'))) as made \gset
select (:'made'::pp.reply).body ->> 'id' as id \gset
select is((:'made'::pp.reply).status, 201, 'a draft is handed over');
select matches(:'id'::text, '^[0-9a-f]{8}-[0-9a-f]{4}-4', 'under a random id');
select is((:'made'::pp.reply).body ->> 'expires_at', '2026-02-17T08:00:00.000000Z', 'for a week');
select is(t.body(who, t.show_handover(:'id')), jsonb_build_object('id', :'id'::text, 'round', :'ro'::text, 'expires_at', '2026-02-17T08:00:00.000000Z',
	'sealed', translate(encode(decode(repeat('ab', 300), 'hex'), 'base64'), E'\n', '')), format('%s gets what was sealed', who)) from unnest(array['nobody', 'citizen']) who;
select is(t.value(who, 'select count(*) from pp.handover'), '0', format('%s sees no other', who)) from unnest(array['nobody', 'citizen', 'planner', 'amt']) who;
select is(t.outcome('nobody', 'select ' || t.show_handover(gen_random_uuid()::text)), 'handover_unknown', 'what there is not is unknown');
select is(t.outcome('nobody', 'select ' || t.show_handover(:'id', '2026-02-17 08:00+00')), 'handover_unknown', 'and what has ended, though it lies there');
select is(t.outcome('nobody', 'select ' || t.end_handover(:'id', '2026-02-17 08:00+00')), 'handover_unknown', 'also for whoever has it forgotten');
select is((t.reply('nobody', t.end_handover(:'id'))).status, 204, 'who took it has it forgotten');
select is(t.outcome('nobody', 'select ' || t.show_handover(:'id')), 'handover_unknown', 'so it is taken once');

-- What is not taken
select is(t.outcome('nobody', format('select pp_api.handover_make(%L, %L, ''2026-02-10'')', :'ro', jsonb_build_object('sealed', text))), 'invalid_body /sealed', format('no Base64: %s', left(text, 9)))
	from unnest(array[repeat('A', 41), repeat('A', 38) || '-_', repeat('A', 40) || E'\nAAA', repeat('A', 39) || '=A==', repeat('A', 36)]) text;
select is(t.outcome('nobody', 'select ' || t.make_handover(:'r', '\xab')), 'round_not_found', 'bodies have drafts of their own');
select is(t.outcome('nobody', 'select ' || t.make_handover(:'ro', decode(repeat('ab', 30), 'hex'), '2026-02-01 15:00+00')), 'round_not_open', 'before it begins nothing is asked');

-- How much lies there
insert into pp.handover (id, round, sealed, size, made_at, expires_at)
	select gen_random_uuid(), :'ro', b, 393216, '2026-02-10', '2026-02-12' from (select decode(repeat('00', 393216), 'hex') as b) x, generate_series(1, 170);
select is(t.outcome('nobody', 'select ' || t.make_handover(:'ro', decode(repeat('ab', 262145), 'hex'))), 'handovers_full', '64 MB lie here for a round');
select is(t.value('clerk', 'select pp_api.handover_sweep(''2026-02-11 23:59+00'')'), '0', 'none is gone before its time');
select is(t.value('clerk', 'select pp_api.handover_sweep(''2026-02-12'')'), '170', 'at its time all are');
select is(t.outcome('nobody', 'select ' || t.make_handover(:'ro', decode(repeat('ab', 262144), 'hex'))), 'done', 'then there is room');

select * from finish();
