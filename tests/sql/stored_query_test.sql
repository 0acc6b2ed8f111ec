-- SPDX-License-Identifier: EUPL-1.2
-- Stored queries: kept by managers for their body, all or none, each name once; seen by everybody; taken away by their body alone.
set client_min_messages = warning;
select * from no_plan();

create function t.keep(variadic names text[]) returns text language sql as $$
	select format('select pp_api.stored_query_create(%L, ''2026-02-01'')', (select jsonb_agg(jsonb_build_object('name', n, 'definition', '<a/>')) from unnest(names) n)) $$;
create function t.drop_query(name text) returns text language sql as $$ select format('select pp_api.stored_query_drop(%L)', name) $$;

select is(t.outcome(who, t.keep('urn:' || who)), outcome, who || ' keeps one: ' || outcome)
	from (values ('planner', 'done'), ('cremm', 'done'), ('amt', 'forbidden'), ('citizen', 'forbidden'), ('root', 'forbidden'), ('anyone', '42501')) v (who, outcome);
select count(t.value(who, t.keep('urn:' || who))) from unnest('{planner,cremm}'::text[]) who;
select is(t.outcome('cremm', t.keep('urn:neu', 'urn:planner')), 'stored_query_exists urn:planner', 'a name is there once on the platform');
select is(t.outcome('cremm', t.keep('urn:a', 'urn:a')), 'stored_query_exists urn:a', 'and once in a request');
select is(t.value(who, 'select string_agg(name, '' '' order by name) from pp.stored_query'), 'urn:cremm urn:planner', who || ' sees all that are kept, and nothing of what was refused')
	from unnest('{planner,cremm,citizen,anyone}'::text[]) who;
select is(t.outcome('anyone', 'select body from pp.stored_query'), '42501', 'the public not whose they are');

select is(t.outcome(who, t.drop_query('urn:planner')), outcome, who || ' drops it: ' || outcome)
	from (values ('cremm', 'forbidden'), ('amt', 'forbidden'), ('anyone', '42501'), ('planner2', 'done')) v (who, outcome);
select count(t.value('planner2', t.drop_query('urn:planner')));
select is(t.value('anyone', 'select string_agg(name, '' '') from pp.stored_query'), 'urn:cremm', 'then it is gone');
select is(t.outcome('planner', t.drop_query('urn:nirgends')), 'invalid_parameter id', 'what is not there cannot be dropped');

-- Nor by sentences of SQL that no function of ours has looked at.
select is(t.outcome('cremm', 'insert into pp.stored_query values (''urn:x'', (select body from pp.stored_query limit 0), ''<a/>'', ''2026-02-01'', pp.current_account())'), 'forbidden', 'nobody keeps one for nobody');
select is(t.outcome('planner', 'delete from pp.stored_query'), 'forbidden', 'or drops another body''s');
select is(t.outcome('planner', 'update pp.stored_query set definition = ''<b/>'''), '42501', 'they do not change');

-- As many as a body may have.
select t.value('planner', t.keep(variadic array(select 'urn:n:' || n from generate_series(1, pp_api.stored_query_limit()) n))) is null;
select is(t.outcome('planner2', t.keep('urn:mehr')), 'stored_query_limit', 'one more is refused');
select is(t.outcome('cremm', t.keep('urn:mehr')), 'done', 'of another body it is not');
select is(t.outcome('cremm', format('select pp_api.stored_query_create(jsonb_build_array(jsonb_build_object(''name'', ''urn:lang'', ''definition'', repeat(''ä'', 32769))), ''2026-02-01'')')), 'stored_query_limit urn:lang', 'nor is one kept that is too long');
select * from finish();
