-- SPDX-License-Identifier: EUPL-1.2
-- Files of features: the same is made once, by one who waits for no one; what is asked for, how far it is, what it may become next; gone when its time is over
-- or what is in it was taken back; and who writes what, above all the condition, which is SQL.
set client_min_messages = warning;
select * from no_plan();

create function t.order_file(ask text default '{}', at text default '2026-02-01 10:00+00', type text default 'plans') returns text language sql as $$
	select format('select location from pp_api.feature_export_create(%L, %L, %L)', type, ask, at) $$;
create function t.id_of(location text) returns text language sql as $$ select split_part(location, '/', 4) $$;
create function t.about(id text, at text default '2026-02-01 10:00+00') returns text language sql as $$
	select concat_ws(' ', b ->> 'state', b ->> 'reason', b ->> 'features', b ->> 'size', b ->> 'content' is not null) from t.body('nobody', format('pp_api.feature_export_show(%L, %L)', id, at)) b $$;
create function t.end_file(id text, reason text default null, at text default '2026-02-01 10:05+00') returns text language sql as $$
	select format('select pp_api.feature_export_end(%L, %L, %s, %s, %L)', id, reason, case when reason is null then '3' else 'null' end, case when reason is null then 'sha256(''abc'')' else 'null' end, at) $$;
create function t.begun(at text default '2026-02-01 10:01+00') returns text language sql as $$
	select t.value('clerk', format('select string_agg(id::text, '' '') from pp_api.feature_export_begin(%L)', at)) $$;
create function t.moves(collection text) returns void language sql as $$
	update pp.feature_clock set version = version + 1;
	update pp.feature_collection c set version = (select k.version from pp.feature_clock k) where c.name = collection $$;

-- Who.
select is(t.outcome(who, t.order_file()), outcome, who || ' asks for a file: ' || outcome) from (values ('nobody', 'done'), ('citizen', 'done'), ('planner', 'done'), ('anyone', '42501'), ('clerk', '42501'), ('geometry', '42501')) v (who, outcome);
select is(t.outcome(who, 'select * from pp_api.feature_export_begin(''2026-02-01'')'), outcome, who || ' begins one: ' || outcome) from (values ('nobody', '42501'), ('planner', '42501'), ('anyone', '42501'), ('clerk', 'done')) v (who, outcome);
select is(t.outcome('anyone', 'select from pp.feature_export'), '42501', 'the role that reads features for it does not read what is asked');

-- Nobody but the owner changes what is asked, and none but the server says it: the condition in it is a text of SQL.
select is(string_agg(privilege_type || ' ' || grantee, ', ' order by privilege_type, grantee), 'INSERT pp_server, SELECT pp_clerk, SELECT pp_server', 'ask is written once, by the server')
	from information_schema.column_privileges where table_schema = 'pp' and table_name = 'feature_export' and column_name = 'ask' and grantee <> 'pp_owner';
select is(t.outcome(who, 'update pp.feature_export set ask = ''{"condition": "true"}'''), '42501', who || ' does not change it') from unnest('{nobody,planner,clerk,anyone,geometry}'::text[]) who;
select is(t.outcome('clerk', 'insert into pp.feature_export (id, collection, ask, seen, asked_at) values (pp.uuid7(now()), ''plans'', ''{}'', 0, now())'), '42501', 'nor does the clerk say one');
select is((select string_agg(n.nspname || '.' || c.relname, ' ') from pg_class c join pg_namespace n on n.oid = c.relnamespace cross join unnest('{INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) p
	where n.nspname in ('pp', 'pp_keys') and c.relkind = 'r' and has_table_privilege('pp_public', c.oid, p)), null, 'and whatever it says is asked as a role that changes nothing');

-- The same of the same state is made once.
select t.id_of(t.value('nobody', t.order_file())) as a, t.id_of(t.value('planner', t.order_file())) as same, t.id_of(t.value('nobody', t.order_file('{"limit": 1}', '2026-02-01 10:00:01+00'))) as b, t.id_of(t.value('nobody', t.order_file(at => '2026-02-01 10:00:02+00', type => 'procedures'))) as c \gset
select is(:'same'::text, :'a', 'who asks for the same shares it');
select is((select count(distinct x) from unnest(array[:'a', :'b', :'c']) x), 3::bigint, 'another question and another collection are files of their own');
select is((select e.askers from pp.feature_export e where e.id = :'a'), 2, 'two want it');
select is(t.about(:'a'), 'QUEUED 0 f', 'it waits');
select t.moves('plans') is null;
select t.id_of(t.value('nobody', t.order_file(at => '2026-02-01 10:00:03+00'))) as later \gset
select isnt(:'later'::text, :'a', 'of another state it is another file');
select is(t.outcome('nobody', format('select pp_api.feature_export_find(%L, ''2026-02-01 10:00+00'')', :'a')), 'export_not_ready', 'and what waits is not handed out');
select is(t.outcome('nobody', format('select pp_api.feature_export_show(%L, ''2026-02-01'')', '01890000-0000-7000-8000-000000000000')), 'not_found', 'what is not there is not found');

-- One after the other.
select is(t.value('clerk', 'select pp_api.feature_export_is_due()'), 'true', 'something waits');
select is(t.begun(), :'a', 'the oldest is begun');
select is(t.about(:'a'), 'RUNNING 0 f', 'it is being made');
select is(t.value('clerk', format('select concat(pp_api.feature_export_step(%L, 7), pp_api.feature_export_store(%1$L, 0, ''abc''), pp_api.feature_export_step(%2$L, 7), pp_api.feature_export_store(%2$L, 0, ''abc''))', :'a', :'b')), 'ttff', 'what is being made goes on, what waits does not');
select is(t.about(:'a'), 'RUNNING 7 f', 'so many are written');
select is(t.value('nobody', format('select pp_api.feature_export_piece(%L, 0, ''2026-02-01 10:02+00'')', :'a')), null, 'and no piece is given of a part');
select is(t.begun('2026-02-01 10:03+00'), :'a', 'what a process has left behind is begun anew');
select is((select count(*) from pp.feature_export_piece), 0::bigint, 'from its first piece');
select t.value('clerk', format('select pp_api.feature_export_store(%L, 0, ''abc'')', :'a')), t.value('clerk', t.end_file(:'a'));
select is(t.about(:'a', '2026-02-01 10:06+00'), 'DONE 0 3 t', 'it is there');
select is(t.value('nobody', format('select concat_ws('' '', f.name, f.size, f.sha256 = encode(sha256(''abc''), ''hex''), pp_api.feature_export_piece(%L, 0, ''2026-02-01 10:06+00'')) from pp_api.feature_export_find(%1$L, ''2026-02-01 10:06+00'') f', :'a')), 'plans.gpkg 3 t \x616263', 'and is handed out with its digest');
select t.value('clerk', t.end_file(:'a', 'GESCHEITERT'));
select is(t.about(:'a', '2026-02-01 10:06+00'), 'DONE 0 3 t', 'what has ended ends no other way');
select is(t.outcome('clerk', format('update pp.feature_export set state = ''DONE'' where id = %L', :'b')), '23514', 'nor is a file there without size and digest');

-- What does not come about.
select is(t.begun(), :'b', 'the next');
select t.value('clerk', t.end_file(:'b', 'ZU_GROSS'));
select is(t.about(:'b', '2026-02-01 10:06+00'), 'FAILED ZU_GROSS 0 f', 'one is too large');
select is(t.outcome('nobody', format('select pp_api.feature_export_find(%L, ''2026-02-01 10:06+00'')', :'b')), 'not_found', 'and is not handed out');
select isnt(t.id_of(t.value('nobody', t.order_file('{"limit": 1}', '2026-02-01 10:07+00'))), :'b', 'who asks again has it made anew');
select is(t.begun() || t.begun() || t.begun(), :'c'::text || :'c' || :'c', 'three times a process has begun it');
select is(t.begun(), :'later', 'a fourth time it is not');
select is(t.about(:'c', '2026-02-01 10:06+00'), 'FAILED GESCHEITERT 0 f', 'it has failed');

-- As often as it was asked for.
select (t.reply('nobody', format('pp_api.feature_export_cancel(%L, ''2026-02-01 10:08+00'')', :'a'))).status as status \gset
select is(:'status'::text || ' ' || t.about(:'a', '2026-02-01 10:08+00'), '204 DONE 0 3 t', 'one of two does not want it any more');
select t.value('nobody', t.order_file(at => '2026-02-01 10:08+00')) is not null;
select (t.reply('nobody', format('pp_api.feature_export_cancel(%L, ''2026-02-01 10:09+00'')', :'later'))).status, (t.reply('nobody', format('pp_api.feature_export_cancel(%L, ''2026-02-01 10:09+00'')', :'later'))).status;
select is(t.about(:'later', '2026-02-01 10:09+00'), 'CANCELLED 0 f', 'what nobody wants is not made on');
select is(t.value('clerk', format('select concat(pp_api.feature_export_step(%L, 1), pp_api.feature_export_store(%1$L, 0, ''abc''))', :'later')), 'ff', 'whoever makes it is told');
select t.value('clerk', t.end_file(:'later'));
select is(t.about(:'later', '2026-02-01 10:09+00'), 'CANCELLED 0 f', 'and does not end it');

-- A day, and no longer than what is in it is shown.
select is(t.value('clerk', 'select pp_api.feature_export_sweep(''2026-02-01 11:00+00'')'), '1', 'what was cancelled goes at once');
select is(t.outcome('nobody', format('select pp_api.feature_export_show(%L, %L)', :'a', at)), outcome, 'at ' || at || ': ' || outcome) from (values ('2026-02-02 10:04+00', 'done'), ('2026-02-02 10:05+00', 'not_found')) v (at, outcome);
select is(t.value('nobody', format('select pp_api.feature_export_piece(%L, 0, ''2026-02-02 10:05+00'')', :'a')), null, 'nor is it handed out any more');
select is(t.value('clerk', 'select pp_api.feature_export_sweep(''2026-02-02 10:05+00'')'), '3', 'and it goes');
select is((select count(*) from pp.feature_export_piece), 0::bigint, 'with its pieces');
select t.id_of(t.value('nobody', t.order_file(type => 'statements', at => '2026-02-03'))) as s \gset
delete from pp.feature_export where id <> :'s';
select t.begun('2026-02-03') = :'s', t.value('clerk', format('select pp_api.feature_export_store(%L, 0, ''abc'')', :'s')), t.value('clerk', t.end_file(:'s', at => '2026-02-03'));
select is(t.about(:'s', '2026-02-03'), 'DONE 0 3 t', 'of statements there is one');
select t.moves('statements') is null;
select is(t.outcome('nobody', format('select pp_api.feature_export_show(%L, ''2026-02-03'')', :'s')), 'not_found', 'until one of them was taken back');
select is(t.value('nobody', format('select pp_api.feature_export_piece(%L, 0, ''2026-02-03'')', :'s')), null, 'whoever is fetching it gets nothing more');
select is(t.value('clerk', 'select pp_api.feature_export_sweep(''2026-02-03'')'), '1', 'and it goes');

-- As many as may wait.
select count(t.value('nobody', t.order_file(format('{"limit": %s}', n)))) from generate_series(1, (pp_api.feature_export_limit()).waiting) n;
select is(t.outcome('nobody', t.order_file('{"limit": 0}')), 'busy', 'one more is told to wait');
select is(t.outcome('nobody', t.order_file('{"limit": 1}')), 'done', 'but not who wants what waits already');
select * from finish();
