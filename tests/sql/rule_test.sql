-- SPDX-License-Identifier: EUPL-1.2
-- Versions of the rules and of the boundaries.
set client_min_messages = warning;
select plan(39);

create function t.text(rows text) returns text language sql as $$
	select E'# Ein Vermerk\nid\tname\tkinds\tmetric\tthreshold\tclass\tsubject\tland\treason_de\treason_en\tsource\tvalid_from\tvalid_to\n' || $1
$$;
select t.text(E'R05\tRAND\t*\tdistance\t0\tMUSS\t\t\tGründe \\ "so"\treasons\tsource\t2026-01-01\t\n\nR80\tLAND\t*\tland_border\t1000.5\tSOLL\t\t\tG\tr\ts\t2026-01-01\t2030-12-31') as text \gset

-- Texts
select is((select array_agg(row_no order by row_no) from pp_api.rule_rows(:'text')), '{1,2}', 'a row a line');
select is((select data ->> 'reason_de' from pp_api.rule_rows(:'text') where row_no = 1), 'Gründe \ "so"', 'cells as they stand');
select is((select data ? 'subject' from pp_api.rule_rows(:'text') where row_no = 1), false, 'empty is nothing');
select is((select data ->> 'valid_to' from pp_api.rule_rows(:'text') where row_no = 2), '2030-12-31', 'the last cell too');
select is((select count(*) from pp_api.rule_rows('')), 0::bigint, 'nothing has no rows');

-- A version
select is((select origin || ' ' || source from pp.rule_version where id = pp.current_rules()), 'person test 500', 'the command line imports for a person');
select is((select text like E'id\tname\t%' from pp.rule_version where id = pp.current_rules()), true, 'the text is kept');
select is(t.outcome(who, format($$select pp_api.rule_version_create(%L, 'x', '2026-07-01', null, null)$$, :'text')), expected, who || ' makes no version')
	from (values ('planner', 'forbidden'), ('damm', 'forbidden'), ('citizen', 'forbidden'), ('nobody', 'forbidden'),
		('anyone', '42501'), ('clerk', '42501')) p (who, expected);
select is(t.outcome('planner', $$insert into pp.affected_rule select * from pp.affected_rule where false$$), 'forbidden', 'nor rows for one');
select is(t.outcome('root', format($$select pp_api.rule_version_create(%L, 'x', '2026-07-01', null, null)$$, :'text')), 'done', 'an administrator does');
select is(t.outcome('root', format($$select pp_api.rule_version_create(%L, 'x', '2026-07-01', null, null)$$, :'text' || E'\nR05\tA\t*\tdistance')), '23502', 'not what lacks a value');
select is(t.outcome('root', $$select pp_api.rule_version_create(E'id\tcolour\nR01\tred', 'x', '2026-07-01', null, null)$$), 'invalid_body /text', 'nor with a column that there is not');
select is(t.outcome('root', $$select pp_api.rule_version_create(E'id\trow_no\nR01\t7', 'x', '2026-07-01', null, null)$$), 'invalid_body /text', 'nor with one of ours');
select is(t.outcome('root', $$select pp_api.rule_version_create(E'id\tname\n', 'x', '2026-07-01', null, null)$$), 'invalid_body /text', 'nor without a rule');

select t.reply('root', format($$pp_api.rule_version_create(%L, 'Erlass', '2026-07-01', 'k', '\x01')$$, :'text')) as made \gset
select is((:'made'::pp.reply).status || (:'made'::pp.reply).location, '201/api/v1/rule-versions/' || pp.current_rules(), 'it is in force at once');
select is((t.reply('root', format($$pp_api.rule_version_create(%L, 'Erlass', '2026-07-02', 'k', '\x01')$$, :'text'))).location,
	(:'made'::pp.reply).location, 'the same key makes no second one');
select is(t.outcome('root', format($$select pp_api.rule_version_create(%L, 'x', '2026-07-03', null, null)$$, :'text')), 'rules_in_force', 'nor does the same text');
select is((select threshold || ' ' || coalesce(valid_to::text, '-') from pp.affected_rule where rule_version = pp.current_rules() and row_no = 2), '1000.5 2030-12-31', 'its rows are there');
select is((select valid_to::text || successor from pp.rule_version where id = pp.current_rules() - 1 or successor = pp.current_rules() limit 1),
	'2026-07-01 00:00:00+00' || pp.current_rules(), 'the one before is closed');
select is((select sha256 from pp.rule_version where id = pp.current_rules()), sha256(convert_to(:'text', 'UTF8')), 'the hash is that of the text');
select is((select kind || public || (data ->> 'version') from pp.event order by id desc limit 1), 'rules.importedtrue' || pp.current_rules(), 'an event tells');

-- It stays
select is(t.outcome('owner', $$update pp.rule_version set text = 'x'$$) || t.outcome('owner', $$update pp.rule_version set source = 'x'$$)
	|| t.outcome('owner', $$update pp.rule_version set valid_to = '2027-01-01', successor = 1 where valid_to is not null$$)
	|| t.outcome('root', $$update pp.affected_rule set class = 'SOLL'$$), '23001230012300142501', 'a version never changes');

-- Whose rules these are when the program comes
select is(t.value('owner', format($$select s::text from pp_api.rule_seed(%L, 'affected.tsv', '2026-07-04') s$$, t.text('x'))),
	format('(%s,person,f)', pp.current_rules()), 'a person''s rules stay when the program brings its own');
select is(t.value('owner', format($$select s::text from pp_api.rule_seed(%L, 'affected.tsv', '2026-07-04') s$$, :'text')),
	format('(%s,program,f)', pp.current_rules()), 'the program''s own text is in force whoever brought it');

-- Reading
select is(t.body('anyone', 'pp_api.rule_version_list(1, null)') #>> '{items,0,source}', 'Erlass', 'newest first');
select is(t.walk('anyone', 'pp_api.rule_version_list(1, %L)', '$.items[*].source'), '["Erlass", "test 500"]', 'page by page');
select is(t.body('anyone', format('pp_api.rule_version_show(%s)', pp.current_rules())) #>> '{rows,0,reason_de}', 'Gründe \ "so"', 'with its rows');
select is(t.body('anyone', format('pp_api.rule_version_show(%s)', pp.current_rules())) ? 'imported_by', false, 'the public is not told who');
select is(t.body('root', format('pp_api.rule_version_show(%s)', pp.current_rules())) ->> 'imported_by', 'root@example.org', 'an administrator is');
select is(t.outcome('anyone', 'select imported_by_label from pp.rule_version'), '42501', 'nor can it look');
select is(t.value('anyone', format('select text from pp_api.rule_version_text(%s)', pp.current_rules())), :'text', 'the text comes back as it was');
select is(t.outcome('anyone', 'select pp_api.rule_version_show(99)') || t.outcome('anyone', 'select pp_api.rule_version_text(99)'), 'not_foundnot_found', 'what there is not is not found');
select is(t.body('anyone', 'pp_api.boundary_version_list(null, null)') #>> '{items,0,dataset}', 'VG', 'boundaries have versions too');
select is((t.body('anyone', format('pp_api.boundary_version_show(%s)', pp.current_boundaries())) - 'valid_from' - 'imported_at' - 'source_sha256' - 'id')::text,
	'{"date": "2016-01-01", "areas": 7, "level": "municipality", "parent": null, "report": {"repaired": []}, "dataset": "VG", "valid_to": null, "successor": null, "accuracy_m": 100.000}', 'with what the import said');
select * from finish();
