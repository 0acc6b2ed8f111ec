-- SPDX-License-Identifier: EUPL-1.2
-- Drafts of plans: made, changed and removed all or none, in the version that was read; the body's own, in the past too;
-- bounded; and what is removed goes.
set client_min_messages = warning;
select * from no_plan();

insert into t.person values ('reader', 'pp_server', '00000000-0000-7000-8000-000000000031', '02000000', 'reader'),
	('clerk of the body', 'pp_server', '00000000-0000-7000-8000-000000000032', '02000000', 'reader clerk releaser'), ('link', 'pp_server', null, '02000000', null);
create function t.hex(x1 float8, y1 float8, x2 float8, y2 float8) returns text language sql as $$ select encode(ST_AsBinary(t.cell(x1, y1, x2, y2)), 'hex') $$;
create function t.edit(who text, actions jsonb, at timestamptz default '2026-02-01 10:00+00') returns jsonb language plpgsql as $$
declare
	result jsonb;
begin
	perform t.become(who);
	select jsonb_agg(to_jsonb(e) order by e.no) into result from pp_api.plan_draft_edit(actions, at, null, null, null, null) e;
	perform set_config('session_authorization', 'postgres', true);
	return result;
end
$$;
create function t.edits(who text, actions jsonb, at timestamptz default '2026-02-01 10:00+00') returns text language sql as $$
	select t.outcome(who, format('select pp_api.plan_draft_edit(%L, %L, null, null, null, null)', actions, at)) $$;
create function t.one(what text, id text, more jsonb default '{}') returns jsonb language sql as $$
	select jsonb_build_array(jsonb_build_object('action', what, 'id', id) || more) $$;
-- What there is: in the table, and as features, which has to be the same.
create function t.there() returns text language sql as $$
	select coalesce((select string_agg(concat_ws(' ', title, note, 'r' || revision), ', ' order by title, id) from pp.plan_draft), '-')
		|| case when exists (select fid, geom::text, title, revision from pp_api.feature_source_drafts except select fid, geom::text, title, revision from pp.feature_drafts where died is null)
			or (select count(*) from pp.feature_drafts where died is null) <> (select count(*) from pp.plan_draft) then ' but features differ' else '' end $$;

-- One of a body is made, read back and changed.
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_procedure('cremm', 'Anderswo', '2026-02-01 10:00+00') as px \gset
select r -> 0 ->> 'id' as d, r -> 0 ->> 'version' as v1 from t.edit('planner', t.one('create', null, jsonb_build_object('geometry', t.hex(2.5, 0.25, 3, 0.75), 'properties', jsonb_build_object('title', 'Nord', 'note', 'erste Skizze', 'procedure', :'p')))) r \gset
select is(t.there(), 'Nord erste Skizze r1', 'a draft is there at once, and as a feature');
select is((select born from pp.feature_drafts where fid = :'d'), :v1::bigint, 'it answers with the version that is there');
select is((select round(area_m2) || ' ' || procedure_number || ' ' || body from pp.feature_drafts), (select round(ST_Area(t.cell(2.5, 0.25, 3, 0.75))) || ' ' || number || ' 02000000' from pp.procedure where id = :'p'), 'with what follows from it');
select r -> 0 ->> 'version' as v2 from t.edit('planner2', t.one('update', :'d', '{"properties": {"note": null}}')) r \gset
select is(t.there(), 'Nord r2', 'an update changes what it names, whoever of the body makes it');
select cmp_ok(:v2::bigint, '>', :v1::bigint, 'which is a new version');
select t.edit('planner', t.one('replace', :'d', '{"properties": {"title": "Nordwest"}}')) is not null;
select is((select concat(title, ' ', procedure is null, ' ', geom is null) from pp.plan_draft), 'Nordwest t t', 'what replaces says everything');
select is(t.edit('planner', t.one('replace', :'d', '{"properties": {"title": "Nordwest"}}')) -> 0 ->> 'version', (select born::text from pp.feature_drafts where died is null), 'the same once more is no change');
select is(t.there(), 'Nordwest r3', 'and no version');

-- Only in the version that was read.
select born as v3 from pp.feature_drafts where died is null \gset
select is(t.edits('planner', t.one('update', :'d', jsonb_build_object('if_match', jsonb_build_array(:'v1', :'v2')) || '{"properties": {"title": "zu spät"}}')), 'precondition_failed /0', 'an earlier one is refused');
select is(t.edits('planner', t.one('delete', :'d', jsonb_build_object('if_match', '[]'::jsonb))), 'precondition_failed /0', 'no tag matches nothing');
select is(t.edits('planner', t.one('update', :'d', jsonb_build_object('if_match', jsonb_build_array('1', :'v3')) || '{"properties": {"title": "x"}}')), 'done', 'the present one is taken');
select is(t.edits('planner', t.one('update', :'d', '{"if_match": "*", "properties": {"title": "x"}}')), 'done', 'and any');
select is(t.edits('planner', t.one('update', :'d', jsonb_build_object('if_unmodified_since', valid_from - interval '1 second', 'properties', '{}'::jsonb))), 'precondition_failed /0', 'changed since') from pp.feature_drafts where died is null;
select is(t.edits('planner', t.one('update', :'d', jsonb_build_object('if_unmodified_since', date_trunc('second', valid_from), 'properties', '{}'::jsonb))), 'done', 'not changed since that second') from pp.feature_drafts where died is null;
select is(t.edits('planner', t.one('update', :'d', jsonb_build_object('if_match', jsonb_build_array(:'v3'), 'if_unmodified_since', '2000-01-01', 'properties', '{}'::jsonb))), 'done', 'a tag says more than a time (RFC 9110 §13.2.2)');
select is(t.edits('planner', t.one('update', :'d', jsonb_build_object('if_match', jsonb_build_array(:'v1'), 'if_unmodified_since', '2100-01-01', 'properties', '{}'::jsonb))), 'precondition_failed /0', 'also where it refuses');

-- All or none, each naming its place.
select is(t.edits('planner', jsonb_build_array('{"action": "create", "properties": {"title": "a"}}'::jsonb, jsonb_build_object('action', 'delete', 'id', :'d'), '{"action": "create", "properties": {"title": 5}}'::jsonb)), 'invalid_body /2/properties/title', 'the third names itself');
select is(t.there(), 'Nordwest r3', 'and nothing was done');
select is(t.edits('planner', '[{"action": "create", "pointer": "", "properties": {"colour": "red"}}]'), 'invalid_body /properties/colour', 'or says how it is called');
select is(t.edits('planner', t.one('create', null, jsonb_build_object('properties', jsonb_build_object('title', repeat('x', 501))))), 'invalid_body /0/properties/title', 'a title is no book');
select is(t.edits('planner', t.one(what, id)), 'draft_not_found /0', what || ' of ' || id) from unnest('{replace,update,delete}'::text[]) what, unnest(array['00000000-0000-7000-8000-000000000099', 'x', '1''']) id;
select is(t.edits('planner', t.one('create', null, jsonb_build_object('properties', jsonb_build_object('procedure', v.id)))), v.outcome, v.id || ' ' || v.outcome)
	from (values (:'p', 'done'), (upper(:'p'), 'done'), (:'px', 'invalid_body /0/properties/procedure'), ('nein', 'invalid_body /0/properties/procedure')) v (id, outcome);
select e ->> 'id' as e from t.edit('planner', t.one('create', null, jsonb_build_object('properties', jsonb_build_object('procedure', :'p')))) x, jsonb_array_elements(x) e \gset
select t.reply('planner', format('pp_api.procedure_withdraw(%L, ''{"reason": "Ende"}'', ''2026-02-02'', null, null)', :'p')) is not null;
select is(t.edits('planner', t.one('create', null, jsonb_build_object('properties', jsonb_build_object('procedure', :'p')))), 'invalid_body /0/properties/procedure', 'for what was withdrawn nothing is drawn any more');
select is(t.edits('planner', t.one('replace', :'e', jsonb_build_object('properties', jsonb_build_object('procedure', :'p', 'title', 'bleibt')))), 'done', 'but what was drawn for it can still be corrected');
select t.edit('planner', t.one('delete', :'e')) is not null;
select jsonb_agg(x ->> 'action' || ' ' || (x ->> 'version' is null) order by x ->> 'no') as many from jsonb_array_elements(t.edit('planner', jsonb_build_array('{"action": "create", "properties": {"title": "Ost"}}'::jsonb, jsonb_build_object('action', 'update', 'id', :'d', 'properties', '{"title": "West"}'::jsonb),
	jsonb_build_object('action', 'update', 'id', :'d', 'properties', '{"title": "Süd"}'::jsonb)))) x \gset
select is(:'many'::jsonb, '["create false", "update false", "update false"]', 'several answer in their order');
select is(t.there(), 'Ost r1, Süd r5', 'one after the other');
select r ->> 'id' as o from jsonb_array_elements(t.edit('planner', jsonb_build_array('{"action": "create", "properties": {"title": "kurz"}}'::jsonb))) r \gset
select is(t.edit('planner', t.one('delete', :'o')) -> 0 -> 'version', 'null'::jsonb, 'what is removed has no version');
select is(t.there(), 'Ost r1, Süd r5', 'and is not there');

-- Asked once more with the same key.
create function t.keyed(sha bytea) returns text language sql as $$
	select t.value('planner', format('select string_agg(concat_ws('' '', e.no, e.action, e.id, e.version), '', '') from pp_api.plan_draft_edit(''[{"action": "create", "properties": {"title": "Schlüssel"}}]'', ''2026-02-01'', null, null, ''k'', %L) e', sha)) $$;
select t.keyed('\x01') as first \gset
select is(t.keyed('\x01'), :'first', 'the same answer');
select is((select count(*) from pp.plan_draft where title = 'Schlüssel'), 1::bigint, 'and one draft');
select throws_ok($$select t.keyed('\x02')$$, 'PP001', 'refused: idempotency_key_reused', 'another request needs another key');
select set_config('session_authorization', 'postgres', false);
select t.edit('planner', t.one('delete', id::text)) is not null from pp.plan_draft where title = 'Schlüssel';

-- Whose they are.
select is(t.value(who, 'select count(*) from pp.plan_draft') || t.value(who, 'select count(*) from pp.feature_drafts where died is null') || t.value(who, 'select count(*) from pp.feature_drafts where died is not null'), seen, who || ' sees ' || seen)
	from (values ('planner', '226'), ('planner2', '226'), ('reader', '226'), ('link', '000'), ('cremm', '000'), ('amt', '000'), ('citizen', '000'), ('root', '000'), ('nobody', '000'), ('owner', '000')) v (who, seen);
select is(t.outcome('anyone', 'select from pp.' || name), '42501', 'the public''s login asks no ' || name) from unnest('{plan_draft,feature_drafts}'::text[]) name;
select is(t.edits(who, '[{"action": "create"}]'), outcome, who || ' draws: ' || outcome) from (values ('planner2', 'done'), ('cremm', 'done'), ('reader', 'forbidden'), ('clerk of the body', 'forbidden'), ('link', 'forbidden'), ('citizen', 'forbidden'), ('anyone', '42501')) v (who, outcome);
select is(t.edits('cremm', t.one(what, :'d')), 'draft_not_found /0', 'another body cannot even ' || what) from unnest('{replace,update,delete}'::text[]) what;
select is(t.there(), 'Ost r1, Süd r5', 'nothing of it was done');

-- So many, of so many bytes.
create or replace function pp_api.plan_draft_limit(out drafts int, out bytes bigint) language sql immutable as $$ select 4, 20000::bigint $$;
select is(t.edits('planner', '[{"action": "create"}, {"action": "create"}, {"action": "create"}]'), 'plan_draft_limit /2', 'one too many');
select is(t.edits('planner', '[{"action": "create"}, {"action": "create"}]'), 'done', 'as many as one may have');
select is(t.edits('planner', t.one('update', :'d', jsonb_build_object('geometry', encode(ST_AsBinary(ST_Segmentize(t.cell(2.5, 0.25, 3, 0.75), 1)), 'hex')))), 'plan_draft_limit /0', 'one too large');
select is(t.edits('cremm', '[{"action": "create"}]'), 'done', 'others have their own room');

-- Two editors at once: the second waits for the first, and then sees what it has done.
select t.connection('pp_server') as server \gset
select dblink_connect('one', :'server'), dblink_connect('two', :'server');
select dblink_exec(c, format('set pp.account = %L; set pp.body = %L; set pp.roles = %L', account, body, roles)) from unnest('{one,two}'::text[]) c, t.person p where p.name = 'planner';
select born as v from pp.feature_drafts where fid = :'d' and died is null \gset
select format('select e.version from pp_api.plan_draft_edit(%L, ''2026-02-03'', null, null, null, null) e', t.one('update', :'d', jsonb_build_object('if_match', jsonb_build_array(:'v'), 'properties', '{"title": "Wettlauf"}'::jsonb))) as race \gset
select pid as one from dblink('one', 'select pg_backend_pid()') x (pid int) \gset
select pid as two from dblink('two', 'select pg_backend_pid()') x (pid int) \gset
select dblink_exec('one', 'begin') is not null;
select version is not null from dblink('one', :'race') x (version bigint);
select dblink_send_query('two', :'race');
select ok(t.until_blocked('two', :two, :one), 'the second editor waits');
select dblink_exec('one', 'commit') is not null;
select throws_ok('select * from dblink_get_result(''two'') x (version bigint)', 'PP001', 'refused: precondition_failed', 'then its version is gone');
select dblink_disconnect('one'), dblink_disconnect('two');

-- Found by the body, whatever else is asked; the past goes after a month.
insert into pp.feature_drafts (fid, key, born, valid_from, digest, geom, body, revision, created_at)
	select 'x' || i, 'x' || i, 1, now(), sha256(i::text::bytea), ST_Buffer(ST_Point(500000 + 100 * (i % 100), 5900000 + 100 * (i / 100), 25832), 20), '01999' || lpad((i % 500)::text, 3, '0'), 1, now() from generate_series(1, 20000) i;
analyze pp.feature_drafts;
select is(t.uses_index('planner', 'select * from pp.feature_drafts f where f.died is null and ST_Intersects(f.geom, ST_MakeEnvelope(500000, 5900000, 700200, 6000200, 25832))', 'pp.feature_drafts_body'), true, 'a box is asked of the body''s own');
select is(t.uses_index('planner', 'select * from pp.feature_drafts f where f.born <= 9000 and (f.died is null or f.died > 9000) and f.fid > ''x500'' order by f.fid limit 500', 'pp.feature_drafts_body'), true, 'and the next page');
select count(*) as past, max(valid_to) as until from pp.feature_drafts where died is not null \gset
select is(t.value('clerk', format('select pp_api.plan_draft_sweep(%L)', :'until'::timestamptz + interval '29 days 23 hours')), '0', 'earlier versions are kept for thirty days');
select is(t.value('clerk', format('select pp_api.plan_draft_sweep(%L)', :'until'::timestamptz + interval '31 days')), :'past', 'and then gone');
select is((select forgotten > 0 and forgotten_at = (:'until'::timestamptz) from pp.feature_collection where name = 'drafts'), true, 'up to which change is remembered');
select is(t.outcome('planner', 'select pp_api.plan_draft_sweep(''2100-01-01'')'), '42501', 'which is the clerk''s');
select * from finish();
