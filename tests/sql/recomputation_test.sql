-- SPDX-License-Identifier: EUPL-1.2
-- Recomputation: which plans, with what, and the books of a job.
set client_min_messages = warning;
select plan(49);

select t.make_procedure('planner', 'Eins', '2026-02-01 10:00+00') as p \gset
select t.make_procedure('planner', 'Zwei', '2026-02-01 11:00+00') as q \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-02') as l1 \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-03') as l2 \gset
select t.make_plan('planner', :'q', t.result(), '2026-02-04') as m \gset

-- Which plans
create function t.scope(boundaries bigint, rules bigint, after uuid, until timestamptz, procedures uuid[], plan uuid, newest bool)
returns text language sql as $$
	select string_agg(p.title || s.no, ' ' order by s.id)
	  from pp_api.recompute_scope($1, $2, null, $3, $4, $5, $6, $7) s join pp.procedure p on p.id = s.procedure
$$;
select is(t.scope(null, null, null, null, null, null, false), 'Eins1 Eins2 Zwei1', 'all versions of all plans');
select is(t.scope(null, null, null, null, null, null, true), 'Eins2 Zwei1', 'or the newest');
select is(t.scope(null, null, :'l1', null, null, null, false), 'Eins2 Zwei1', 'after one');
select is(t.scope(null, null, null, '2026-02-03', null, null, false), 'Eins1 Eins2', 'until an instant');
select is(t.scope(null, null, null, null, array[:'q']::uuid[], null, true), 'Zwei1', 'of some procedures');
select is(t.scope(null, null, null, null, null, :'l1', false), 'Eins1', 'or one');
select is(t.scope(pp.current_boundaries(), pp.current_rules(), null, null, null, null, true), 'Eins2 Zwei1', 'of some versions');
select is(t.scope(pp.current_boundaries(), pp.current_rules() + 1, null, null, null, null, true), null, 'of others none');
select (t.reply('planner', format($$pp_api.procedure_withdraw(%L, '{"reason": "aus"}', '2026-02-05', null, null)$$, :'q'))).status as withdrawn \gset
select is(t.scope(null, null, null, null, null, null, true), 'Eins2', 'a withdrawn procedure is of no interest');
select is(t.scope(null, null, null, null, array[:'q']::uuid[], null, true), 'Zwei1', 'unless it is named');
select is(t.scope(null, null, null, null, null, null, false), 'Eins1 Eins2 Zwei1', 'or all are verified');

-- With what
select is(pp_api.recompute_query(l)::text, '{"kind":"BP_REGEL"}', 'what was asked is kept') from pp.plan l where l.id = :'l1';
select is(pp_api.recompute_content(l), t.result(), 'the result put together from its rows') from pp.plan l where l.id = :'l1';
begin;
set local session_replication_role = replica;
delete from pp.affected_answer where plan = :'l1';
select is(pp_api.recompute_query(l)::jsonb, '{"kind": "BP_REGEL", "date": "2026-02-02", "planning_municipalities": ["02000000"], "applicant_land": "", "subjects": [], "language": "both"}',
	'of a plan from before that was kept, what procedure and plan tell') from pp.plan l where l.id = :'l1';
rollback;

-- Who asks
select is(t.outcome(who, $$select pp_api.recomputation_create('{"verify": true}', '2026-03-01', null, null)$$), '42501', who || ' asks for none')
	from unnest(array['planner', 'amt', 'citizen', 'nobody', 'anyone', 'geometry']) who;
select is(t.outcome('root', format($$select pp_api.recomputation_create(%L, '2026-03-01', null, null)$$, body)), problem, problem)
	from (values ('{"rules": 99}', 'invalid_body /rules'), ('{"boundaries": 99}', 'invalid_body /boundaries'),
		('{"rules": 1, "procedures": ["01890000-0000-7000-8000-000000000000"]}', 'procedure_not_found /procedures/0')) w (body, problem);
select t.reply('root', format($$pp_api.recomputation_create('{"rules": %s}', '2026-03-01', 'k', '\x01')$$, pp.current_rules())) as made \gset
select split_part((:'made'::pp.reply).location, '/', 5) as j \gset
select is((:'made'::pp.reply).status, 201, 'an operator does');
select is((t.reply('root', format($$pp_api.recomputation_create('{"rules": %s}', '2026-03-01', 'k', '\x01')$$, pp.current_rules()))).location, (:'made'::pp.reply).location, 'once by key');
select is(t.body('root', format('pp_api.recomputation_show(%L)', :'j')) - '{id,rules}'::text[], '{"kind": "what_if", "state": "QUEUED", "plans": null, "done": 0, "items": 0, "date": null, "reason": null, "boundaries": null, "procedures": null,
	"rules_sha256": null, "asked_by": "root@example.org", "asked_at": "2026-03-01T00:00:00.000000Z", "started_at": null, "ended_at": null,
	"counts": {"same": 0, "engine_name": 0, "content": 0, "different": 0, "refused": 0}}', 'and sees how far it is');
select is(t.outcome('planner', format('select pp_api.recomputation_show(%L)', :'j')), 'not_found', 'nobody else does');

-- The runner
select is(t.value('clerk', 'select pp_api.recomputation_next()'), :'j', 'the clerk finds it');
select is(t.value('clerk', format('select state || attempts from pp_api.recomputation_begin(%L, ''2026-03-02'')', :'j')), 'RUNNING1', 'it is begun');
select t.value('clerk', format('select pp_api.recomputation_size(%L, 2)', :'j'));
create function t.step(job uuid, plan uuid) returns text language sql as $$
	select t.value('clerk', format($q$select pp_api.recomputation_step(%L, '{3,0,0,2,0}', '[{"n":1},{"n":2}]', 1, 2, '{}', %L)$q$, job, plan))
$$;
select is(t.step(:'j', :'l1') || t.step(:'j', :'l2'), 'truetrue', 'batch by batch');
select is((t.body('root', format('pp_api.recomputation_show(%L)', :'j'))) #>> '{counts}', '{"same": 6, "content": 0, "refused": 0, "different": 4, "engine_name": 0}', 'counts add up');
select is(t.walk('root', format('pp_api.recomputation_changes(%L, 3, %%L)', :'j'), '$.items[*].n'), '[1, 2, 1, 2]', 'changes are listed in their order');
select is((select after_boundaries || ' ' || after_rules || ' ' || after_plan || ' ' || attempts from pp.recomputation where id = :'j'), '1 2 ' || :'l2' || ' 0', 'where the next would go on');
select is(string_agg(t.value('clerk', format('select coalesce((select state from pp_api.recomputation_begin(%L, ''2026-03-03'')), ''over'')', :'j')), ' '), 'RUNNING RUNNING RUNNING over', 'three that died without a batch are enough')
	from generate_series(1, 4);
select is((select state || ' ' || (reason is not null) || ' ' || pp.rfc3339(ended_at) from pp.recomputation where id = :'j'), 'FAILED true 2026-03-03T00:00:00.000000Z', 'it has failed, with a reason');
select is(t.value('clerk', 'select pp_api.recomputation_next()'), null, 'and is found no more');

-- Cancelled
select t.body('root', $$pp_api.recomputation_create('{"verify": true}', '2026-03-04', null, null)$$) ->> 'id' as k \gset
select t.value('clerk', format('select count(*) from pp_api.recomputation_begin(%L, ''2026-03-04'')', :'k'));
select is(t.step(:'k', :'l1'), 'true', 'under way');
select is(t.outcome('planner', format('select pp_api.recomputation_cancel(%L, ''2026-03-05'', null, null)', :'k')), 'not_found', 'nobody else cancels it');
select is(t.body('root', format('pp_api.recomputation_cancel(%L, ''2026-03-05'', null, null)', :'k')) ->> 'state', 'CANCELLED', 'an administrator cancels it');
select is(t.step(:'k', :'l2'), 'false', 'its runner is told at the next batch');
select t.value('clerk', format('select pp_api.recomputation_end(%L, null, ''2026-03-06'')', :'k'));
select is((select state || items from pp.recomputation where id = :'k'), 'CANCELLED2', 'cancelled it stays, with what was found');
select is(t.outcome('root', format('select pp_api.recomputation_cancel(%L, ''2026-03-05'', null, null)', :'k')), 'recomputation_ended', 'once');
select is(t.walk('root', 'pp_api.recomputation_list(1, %L)', '$.items[*].state'), '["CANCELLED", "FAILED"]', 'newest first');

-- Bounds
select count(t.body('root', $$pp_api.recomputation_create('{"verify": true}', '2026-03-07', null, null)$$)) as made from generate_series(1, 10) \gset
select is(t.outcome('root', $$select pp_api.recomputation_create('{"verify": true}', '2026-03-07', null, null)$$), 'recomputations_waiting', 'ten wait at most');
select is(t.value('clerk', 'select pp_api.recomputation_sweep(''2026-06-02'')'), '1', 'swept three months after its end');
select is((select count(*) from pp.recomputation_item where recomputation = :'j'), 0::bigint, 'with its items');

-- Indexes
analyze pp.plan, pp.recomputation, pp.recomputation_item;
select ok(t.uses_index('owner', format('select id from pp_api.recompute_scope(%s, %s, ''{}'', %L, null, null, null, false) order by id limit 1', pp.current_boundaries(), pp.current_rules(), :'l1'), 'pp.plan_versions'), 'plans of versions have an index');
select ok(t.uses_index('clerk', 'select pp_api.recomputation_next()', 'pp.recomputation_open'), 'open ones have one');
select ok(t.uses_index('root', format('select pp_api.recomputation_changes(%L, null, null)', :'k'), 'pp.recomputation_item_pkey'), 'changes have one');
select * from finish();
