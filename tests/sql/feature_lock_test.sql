-- SPDX-License-Identifier: EUPL-1.2
-- Locks of features: all or those that are free; nothing is done to them without the lock, by whatever way; they end by
-- themselves, with what was changed, or altogether.
set client_min_messages = warning;
select * from no_plan();

create function t.draw(who text, title text) returns text language sql as $$
	select t.value(who, format('select id from pp_api.plan_draft_edit(%L, ''2026-02-01'', null, null, null, null)', jsonb_build_array(jsonb_build_object('action', 'create', 'properties', jsonb_build_object('title', title))))) $$;
create function t.take(who text, fids text[], at text default '2026-02-01 10:00+00', seconds int default null, every bool default true, lock text default null) returns text language sql as $$
	select format('select concat_ws(''|'', id, to_char(expires_at at time zone ''UTC'', ''HH24:MI:SS''), cardinality(taken), cardinality(missed)) from pp_api.feature_lock_take(%L, %L, %L, %L, %L)', fids, seconds, every, lock, at) $$;
create function t.taken(who text, fids text[], at text default '2026-02-01 10:00+00', seconds int default null, every bool default true, lock text default null) returns text[] language sql as $$
	select string_to_array(t.value(who, t.take(who, fids, at, seconds, every, lock)), '|') $$;
create function t.change(fid text, at text, lock text default null, releases bool default true, action text default 'update') returns text language sql as $$
	select format('select pp_api.plan_draft_edit(%L, %L, %L, %L, null, null)', jsonb_build_array(jsonb_build_object('action', action, 'id', fid, 'properties', '{"title": "geändert"}'::jsonb)), at, lock, releases) $$;

select t.draw('planner', 'a') as a, t.draw('planner', 'b') as b, t.draw('planner', 'c') as c, t.draw('cremm', 'x') as x \gset
select l[1] as l, l[2] as until, l[3] as taken, l[4] as missed from t.taken('planner', array[:'a', :'b']) l \gset
select is(concat_ws(' ', :'until', :'taken', :'missed'), '10:05:00 2 0', 'two are taken for five minutes');

-- Nothing is done to them without it.
select is(t.outcome('planner2', t.change(:'a', '2026-02-01 10:01+00', action => what)), 'feature_locked /0', 'without the lock nobody may ' || what) from unnest('{update,replace,delete}'::text[]) what;
select is(t.outcome('planner', t.change(:'a', '2026-02-01 10:01+00')), 'feature_locked /0', 'not even who has it and does not say so');
select is(t.outcome('planner2', t.change(:'c', '2026-02-01 10:01+00')), 'done', 'what is not locked is free');
select is(t.outcome('planner', t.change(:'a', '2026-02-01 10:01+00', :'l')), 'done', 'with it one may');
select is(t.outcome('planner2', t.change(:'a', '2026-02-01 10:01+00', :'l')), 'lock_unknown lockId', 'another''s lock is none');
select is(t.outcome('planner', t.change(:'a', '2026-02-01 10:01+00', lock)), 'lock_unknown lockId', 'nor is ' || lock) from unnest(array['x', '01890000-0000-7000-8000-000000000000']) lock;
select is(t.outcome('planner', t.change(:'c', '2026-02-01 10:01+00', :'l')), 'done', 'a lock keeps nobody from what is free');

-- Who wants them as well.
select is(t.outcome('planner2', t.take('planner2', array[:'a', :'c'])), 'features_locked lockAction', 'all or none');
select is((t.taken('planner2', array[:'a', :'c', :'x', 'x'], every => false))[3:4], '{1,3}', 'or those that are free: not another body''s either');
select is((t.taken('planner', array[:'b'], '2026-02-01 10:02+00', 60, lock => :'l'))[1:3], array[:'l', '10:03:00', '1'], 'a lock is used again, and begins anew');
select is(t.outcome('planner2', t.change(:'a', '2026-02-01 10:02:30+00')), 'feature_locked /0', 'what it had it keeps');
select is(t.outcome('planner', t.take('planner', array[:'b'], seconds => s)), 'invalid_parameter expiry', s || ' seconds are no time') from unnest('{0,86401}'::int[]) s;
select is(t.outcome(who, t.take(who, array[:'b'])), outcome, who || ' takes: ' || outcome) from (values ('cremm', 'features_locked lockAction'), ('amt', 'forbidden'), ('citizen', 'forbidden'), ('anyone', '42501')) v (who, outcome);

-- It ends.
select is(t.outcome('planner2', t.change(:'a', '2026-02-01 10:03+00')), 'done', 'at its end they are free');
select is(t.outcome('planner', t.change(:'a', '2026-02-01 10:03+00', :'l')), 'lock_expired lockId', 'and who still has it is told');
select l[1] as m from t.taken('planner2', array[:'a', :'b'], '2026-02-01 10:03+00') l \gset
select t.value('planner2', t.change(:'a', '2026-02-01 10:04+00', :'m', false)) is not null;
select is(t.outcome('planner', t.change(:'a', '2026-02-01 10:05+00')), 'done', 'what was changed is given back');
select is(t.outcome('planner', t.change(:'b', '2026-02-01 10:08:30+00')), 'feature_locked /0', 'the others are kept, anew');
select t.value('planner2', t.change(:'a', '2026-02-01 10:08:30+00', :'m', true)) is not null;
select is(t.outcome('planner', t.change(:'b', '2026-02-01 10:08:30+00')), 'done', 'or all are');
select l[1] as n from t.taken('planner', array[:'a', :'b', :'c'], '2026-02-01 11:00+00') l \gset
select t.value('planner', format('select pp_api.feature_lock_release(%L, array[%L], ''2026-02-01 11:01+00'')', :'n', :'a')) is not null;
select is(string_agg(t.outcome('planner2', t.change(f, '2026-02-01 11:02+00')), ', '), 'done, feature_locked /0', 'some are given back by themselves') from unnest(array[:'a', :'b']) f;
select t.value('planner', t.change(:'b', '2026-02-01 11:02+00', :'n', false, 'delete')) is not null;
select is((select count(*) from pp.feature_lock_item), 1::bigint, 'what is removed is locked no more');
select t.value('planner', format('select pp_api.feature_lock_release(%L, null, ''2026-02-01 11:03+00'')', :'n')) is not null;
select is((select count(*) from pp.feature_lock where id = :'n') + (select count(*) from pp.feature_lock_item), 0::bigint, 'nothing is left of a lock that was given back');
select is(t.value('clerk', 'select pp_api.plan_draft_sweep(''2026-02-01 12:00+00'')') || ' ' || (select count(*) > 0 from pp.feature_lock), '0 true', 'what has ended is kept for a day');
select t.value('clerk', 'select pp_api.plan_draft_sweep(''2026-02-02 12:00+00'')') is not null;
select is((select count(*) from pp.feature_lock), 0::bigint, 'and then gone');
select * from finish();
