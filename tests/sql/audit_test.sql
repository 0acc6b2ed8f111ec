-- SPDX-License-Identifier: EUPL-1.2
-- The audit chain: what is recorded, by whom it can be written, that it stays, and what it says.
set client_min_messages = warning;
select plan(96);

-- Every table is recorded, or stands here with the reason why it is not.
create temporary table unrecorded (relation text, reason text);
insert into unrecorded values
	('repeatable', 'the program''s own books'),
	('transition', 'law, which migrations bring'), ('procedure_kind', 'law'), ('round_step', 'law'), ('lateness_regime', 'law'),
	('outage_rule', 'law'), ('reminder_rule', 'law'), ('weighing_decision', 'law'), ('weighing_gap', 'law'), ('mass_notice', 'law'),
	('machine_state', 'law'), ('machine_event', 'law'), ('machine_transition', 'law'), ('notice_requirement', 'law'), ('duty', 'law'), ('privacy_basis', 'law'), ('retention_rule', 'law'),
	('xplanung_code', 'code lists'), ('xbeteiligung_code', 'code lists'),
	('municipality', 'as imported with its boundary_version'), ('adjacency', 'derived'), ('municipality_succession', 'derived'), ('state_border', 'as imported'),
	('administration', 'as imported: the import is an event'), ('agency', 'as imported'), ('agency_competence', 'as imported'), ('agency_area', 'as imported'),
	('agency_theme', 'law'), ('agency_touch', 'law'), ('affected_rule', 'derived from the text of its rule_version'),
	('affected_municipality', 'within its plan'), ('affected_authority', 'within its plan'), ('affected_evidence', 'within its plan'),
	('affected_answer', 'within its plan'), ('statement_point', 'within its statement'),
	('account', 'personal; the making of one is an event'), ('mail', 'personal, and wiped when settled'), ('body_mail', 'addresses'), ('barrier_report', 'personal, and wiped when its mail is settled'), ('receipt', 'signed, of an entry'), ('receipt_signature', 'is one'), ('session', 'passing'), ('sign_in', 'passing'), ('account_identity', 'personal'), ('account_link', 'credentials; inviting and setting a password are events'), ('second_factor', 'credentials'), ('recovery_code', 'credentials'), ('token', 'credentials'), ('idempotency_key', 'passing'), ('logout_token', 'passing'),
	('procedure_number', 'a counter'), ('statement_number', 'a counter'), ('reminder_progress', 'a counter'),
	('chunk', 'named by the hash of its bytes'), ('file', 'the hashes of its announcement and of what came are in events'), ('file_chunk', 'with its file'),
	('media_type', 'code lists'), ('document_kind', 'code lists'),
	('subscription', 'personal, and goes when it ends; consents of persons are recorded'), ('subscription_event', 'derived: what it tells is recorded'),
	('feature', 'a form, without rows'), ('feature_clock', 'a counter'), ('feature_collection', 'counters'), ('feature_export', 'passing; what is in it is what the collections show'), ('feature_export_piece', 'the same'), ('feature_procedures', 'what is recorded of the procedure, as it is shown'),
	('feature_plans', 'the same of the plan'), ('feature_affected_municipalities', 'the same of the plan'), ('feature_municipalities', 'the same of the boundaries'), ('feature_adjacency', 'the same'), ('feature_statements', 'the same of the statement'),
	('upload', 'nobody''s but its author''s until it is submitted'), ('handover', 'sealed, and passing'), ('note', 'a body''s own'), ('draft', 'nobody''s but its author''s until it is submitted'), ('plan_draft', 'nobody''s but its body''s until it is filed'), ('feature_drafts', 'the same of its versions'), ('feature_lock', 'passing'), ('feature_lock_item', 'passing'), ('stored_query', 'a question, by which nothing is decided'), ('recomputation', 'changes nothing'), ('boundary_import', 'passing; what comes into force is an event'), ('boundary_import_piece', 'the same'), ('boundary_import_version', 'where a version has come from, which is recorded'), ('recomputation_item', 'changes nothing');
select is((select string_agg(c.relname, ' ' order by c.relname) from pg_class c
	where c.relnamespace = 'pp'::regnamespace and c.relkind = 'r' and c.relname not like 'audit\_%'
	  and not exists (select from pp.audit_relation r where r.relation = c.relname)
	  and not exists (select from unrecorded u where u.relation = c.relname)), null, 'every table is recorded, or there is a reason');
select is((select string_agg(u.relation, ' ') from unrecorded u where to_regclass('pp.' || u.relation) is null
	or exists (select from pp.audit_relation r where r.relation = u.relation)), null, 'and the reasons are of tables that are there');
select is((select string_agg(r.relation, ' ') from pp.audit_relation r where not exists (select from pg_trigger g
	where g.tgrelid = ('pp.' || r.relation)::regclass and g.tgname = 'audit' and g.tgdeferrable and g.tginitdeferred and g.tgenabled = 'O')),
	null, 'what is recorded has its trigger');

-- A procedure with a round, answered: each of its rows has its entries.
select t.make_procedure('planner', 'Am Rand', '2026-02-01 10:00+00') as p \gset
select t.make_plan('planner', :'p', t.result(), '2026-02-01 11:00+00') as l \gset
select (t.reply('planner', format('pp_api.affected_confirm(%L, ''2026-02-01 12:00+00'', null, null)', :'l'))).status as confirmed \gset
select t.make_round(:'p', 'FOERM_TOEB', 'TOEB', '2026-02-02', '2026-03-04', '2026-03-03', '2026-02-01 13:00+00') as r \gset
select t.invitation(:'r', '01999001') as ahrens \gset
select t.body('amt', format('pp_api.statement_submit(%L, %L, %L, null, null)', :'ahrens',
	'{"stance": "BEDENKEN", "points": [{"kind": "EINWAND", "text": "Zu \"laut\"\n\\ \u0001 ü €"}]}'::jsonb, '2026-02-10 09:00:00.000001+00')) ->> 'id' as s \gset
select is((select string_agg(distinct e.relation, ' ' order by e.relation) from pp.audit_entry e where e.chain = :'p'),
	'affected_set event invitation plan procedure procedure_event procedure_party round statement', 'whatever happens in a procedure stands in its chain');
select is((select array_agg(e.seq order by e.seq) from pp.audit_entry e where e.chain = :'p'),
	(select array_agg(n::bigint) from generate_series(1, (select h.seq from pp.audit_head h where h.chain = :'p')) n), 'numbered without gaps');
select is((select count(*) from pp.audit_entry e where e.relation = 'event'), (select count(*) from pp.event), 'every event has one');
select is((select count(*) from pp.audit_entry e where e.relation = 'statement' and e.key = :'s'), 1::bigint, 'a statement has one');
select is((select array_agg(e.action order by e.seq) from pp.audit_entry e where e.relation = 'invitation' and e.key = :'ahrens'),
	'{insert,update}', 'an invitation that is answered has two');
select results_eq(format('select e.actor, e.body, e.role from pp.audit_entry e where e.relation = ''statement'' and e.key = %L', :'s'),
	$$select p.account, p.body, p.roles from t.person p where p.name = 'amt'$$, 'they say who has written');
select is((select count(*) from pp.audit_entry e where e.chain = '00000000-0000-0000-0000-000000000000' and e.relation in ('boundary_version', 'rule_version', 'body')) > 2,
	true, 'what is the platform''s has a chain of its own');

-- Whoever has written is named, also where the transaction goes on as somebody else, or as nobody.
begin;
select t.become('amt') \gset
update pp.invitation set version = version + 1 where id = :'ahrens';
select pp.become('', '02000000', '') \gset
commit;
select results_eq(format('select e.actor, e.body from pp.audit_entry e where e.relation = ''invitation'' and e.key = %L order by e.seq desc limit 1', :'ahrens'),
	$$select p.account, p.body from t.person p where p.name = 'amt'$$, 'the author, not who the request was for in the end');
select is((select string_agg(p.oid::regprocedure::text, ' ') from pg_proc p where p.pronamespace in ('pp'::regnamespace, 'pp_api'::regnamespace)
	and p.prosrc ~* '(set_config\(''|set (local |session )?)pp\.(account|body|roles)'), 'pp.become(text,text,text)', 'nothing else switches identities');

-- Computed again, from what is stored, in other words.
select is((select count(*) from pp.audit_entry e join pp.audit_shape s on s.id = e.shape
	left join pp.audit_entry b on b.chain = e.chain and b.seq = e.seq - 1
	where e.prev is distinct from coalesce(b.hash, decode(repeat('0', 64), 'hex'))
	   or e.hash <> sha256(convert_to(concat('["pp-audit-1",', array_to_string(array[to_json(e.chain)::text, e.seq::text, to_json(pp.rfc3339(e.at))::text,
		coalesce(to_json(e.actor)::text, 'null'), coalesce(to_json(e.body)::text, 'null'), coalesce(to_json(e.role)::text, 'null'), to_json(e.login)::text,
		to_json(e.action)::text, to_json(e.relation)::text, to_json(e.key)::text, to_json(encode(s.sha256, 'hex'))::text,
		to_json(encode(e.content_sha256, 'hex'))::text, to_json(encode(e.marks, 'hex'))::text, to_json(encode(e.prev, 'hex'))::text], ','), ']'), 'UTF8'))),
	0::bigint, 'each hash is of the entry and of the one before');
select is((select count(*) from pp.audit_shape s where s.sha256 <> sha256(convert_to(array_to_string(s.columns, ','), 'UTF8'))), 0::bigint, 'and names its columns');
select is((select encode(e.content_sha256, 'hex') from pp.audit_entry e where e.relation = 'procedure_party' and e.key like '%/01999001'),
	encode(sha256(convert_to(format('{"body":"01999001","procedure":"%s"}', :'p'), 'UTF8')), 'hex'), 'the content is the row as canonical JSON');
select is((select encode(e.marks, 'hex') from pp.audit_entry e where e.relation = 'procedure_party' and e.key like '%/01999001'),
	left(encode(sha256('01999001'), 'hex'), 4) || left(encode(sha256(convert_to(:'p', 'UTF8')), 'hex'), 4), 'with two bytes for each column');

-- The place of a receipt is found from the end of its chain: how many entries there are does not matter.
select e.relation as last_relation, e.key as last_key from pp.audit_entry e where e.chain = :'p' order by e.seq desc limit 1 \gset
begin;
select pg_stat_get_xact_tuples_returned('pp.audit_entry'::regclass) + pg_stat_get_xact_tuples_returned('pp.audit_entry_pkey'::regclass) as read_before \gset
select seq from pp.audit_place(:'p', :'last_relation', :'last_key') \gset
select is(pg_stat_get_xact_tuples_returned('pp.audit_entry'::regclass) + pg_stat_get_xact_tuples_returned('pp.audit_entry_pkey'::regclass) - :read_before,
	1::bigint, 'one entry is read for the place of the last');
commit;

-- Who reads it by the interface: auditors all of it, whoever conducts a procedure what is of that one, nobody else anything.
insert into t.person values ('auditor', 'pp_server', '00000000-0000-7000-8000-000000000051', null, 'auditor');
insert into pp.account (id, email, created_at) values ('00000000-0000-7000-8000-000000000051', 'auditor@example.org', '2026-01-01');
create function t.entries(who text, more text) returns text language sql as $$
	select t.walk(who, format('pp_api.audit_entry_list(%s, 7, %%L)', more), '$.items[*]')::text $$;
select is(t.outcome(who, format('select pp_api.audit_entry_list(%L, null, null, null, null, null, null, null)', procedure)), outcome, concat_ws(' ', who, procedure, outcome))
	from (values ('auditor', :'p', 'done'), ('auditor', null, 'done'), ('planner', :'p', 'done'), ('planner', null, 'invalid_parameter'), ('planner', '00000000-0000-0000-0000-000000000000', 'procedure_not_found'),
	('amt', :'p', 'forbidden'), ('cremm', :'p', 'procedure_not_found'), ('citizen', :'p', 'procedure_not_found'), ('root', :'p', 'procedure_not_found'), ('anyone', :'p', '42501')) v (who, procedure, outcome);
select is(t.value(who, 'select count(distinct chain) from pp_api.audit_entry_visible'), seen, who || ' sees ' || seen || ' chains')
	from (values ('auditor', '2'), ('planner', '1'), ('amt', '0'), ('citizen', '0'), ('root', '0'), ('nobody', '0')) v (who, seen);
select is((select array_agg((x ->> 'seq')::int) from jsonb_array_elements(t.entries('planner', format('%L, null, null, null, null, null', :'p'))::jsonb) x),
	(select array_agg(e.seq::int order by e.seq desc) from pp.audit_entry e where e.chain = :'p'), 'all pages of a procedure are its chain');
select is(jsonb_array_length(t.entries('auditor', 'null, null, null, null, null, null')::jsonb), (select count(*)::int from pp.audit_entry), 'all pages of all are all');
select is((select array_agg(x ->> 'key') from jsonb_array_elements(t.entries('auditor', format('%s, ''statement'', %s, ''insert'', ''2026-01-01'', null', chain, who))::jsonb) x),
	array[:'s'], 'relation, account and action choose') from (values (quote_literal(:'p'), 'null'), ('null', (select quote_literal(account) from t.person where name = 'amt'))) v (chain, who);
select is(t.entries('auditor', format('%s, null, null, null, null, ''2026-01-01''', chain)), '[]', 'so does the time') from (values (quote_literal(:'p')), ('null')) v (chain);
select is((select string_agg(distinct (x ->> 'body_name') || ' ' || (x ->> 'actor_name'), ', ') from jsonb_array_elements(t.entries(who, format('%L, ''statement'', null, null, null, null', :'p'))::jsonb) x),
	name, who || ' reads of whom: ' || coalesce(name, '-')) from (values ('auditor', 'Amt Auental amt@example.org'), ('planner', null)) v (who, name);
select ok(not (t.body('auditor', format('pp_api.audit_entry_list(%L, null, null, null, null, null, 500, null)', :'p'))::text like '%laut%'), 'no word of a statement is in it');

-- What another body does among itself is nobody's to read but its own and the auditors'.
select is(pp_api.own_matters(), (select array_agg(distinct r.relation order by r.relation) from pp.audit_relation r join pg_policies q on q.schemaname = 'pp' and q.tablename = r.relation
	where r.chain <> 'none' and 'pp_server' = any (q.roles) and q.cmd in ('SELECT', 'ALL') and q.qual ~ '^\(+body = '), 'own matters are those whose rows the body alone reads');
select t.reply('amt', format('pp_api.invitation_assign(%L, jsonb_build_object(''account'', %L::text), ''*'', ''2026-02-11'')', :'ahrens', p.account)) is not null from t.person p where p.name = 'amt';
insert into pp.acted values (gen_random_uuid(), '019995001', :'p', :'ahrens', null, 'ZURKENNTNIS', (select account from t.person where name = 'amt'), (select account from t.person where name = 'planner'), '2026-02-11');
select t.reply('planner', format('pp_api.statement_assign(%L, jsonb_build_object(''account'', %L::text), ''*'', ''2026-02-11'')', :'s', p.account)) is not null from t.person p where p.name = 'planner';
create function t.internal(who text, chain uuid) returns text language sql as $$ select string_agg(x ->> 'relation' || ' ' || coalesce(x ->> 'body', '-'), ', ' order by x ->> 'relation', x ->> 'body')
	from jsonb_array_elements(t.entries(who, format('%L, null, null, null, ''2026-01-01'', null', chain))::jsonb) x where x ->> 'relation' = any (pp_api.own_matters()) $$;
select is(t.internal(who, :'p'), seen, who || ' reads ' || seen) from (values ('auditor', 'acted -, assignment 019995001, assignment 02000000'), ('planner', 'assignment 02000000')) v (who, seen);
select is((select array_agg(x ->> 'key' order by (x ->> 'key')::bigint) from jsonb_array_elements(t.entries('planner', format('%L, ''event'', null, null, null, null', :'p'))::jsonb) x),
	(select array_agg(e.id::text order by e.id) from pp.event e where e.procedure = :'p' and (e.public or '02000000' = any (e.bodies))), 'and of events those that the planning body is told');
select ok(exists (select from pp.event e where e.procedure = :'p' and e.bodies = '{019995001}'), 'there being others');
select is((select string_agg(distinct t.outcome(who, format('select pp_api.audit_entry_show(%L, %s)', :'p', e.seq)), ' ') from pp.audit_entry e where e.chain = :'p' and e.body = '019995001' and e.relation = 'assignment'), outcome, who || ' asks for one by its place: ' || outcome)
	from (values ('auditor', 'done'), ('planner', 'not_found')) v (who, outcome);
select ok(t.uses_index(who, format('select pp_api.audit_entry_list(%s, ''plan'', %s, null, null, null, 50, null)', chain, account), index), index)
	from (values ('planner', quote_literal(:'p'), 'null', 'pp.audit_entry_pkey'), ('auditor', 'null', 'null', 'pp.audit_entry_at'), ('auditor', 'null', quote_literal(:'p'), 'pp.audit_entry_actor')) v (who, chain, account, index);
select is(t.outcome('auditor', format('select pp_api.audit_entry_list(null, null, null, null, null, null, null, pp.cursor_make(%L, ''y'', ''z''))', at)), 'invalid_parameter', 'a cursor is taken as it came')
	from unnest(array['x', '2026-01-01']) at;
select is(t.outcome(who, format('select pp_api.audit_entry_show(%L, %s)', :'p', seq)), outcome, concat_ws(' ', who, seq, outcome)) from (values ('auditor', 1, 'done'), ('planner', 1, 'done'), ('auditor', 99999, 'not_found'), ('amt', 1, 'not_found'), ('root', 1, 'not_found')) v (who, seq, outcome);
select is(t.body('auditor', format('pp_api.audit_entry_show(%L, 1)', :'p')) -> 'proof', 'null', 'what is not sealed yet has no proof');

-- Who has read what private persons say.
select t.make_round(:'p', 'FOERM_OEFF', 'OEFF', '2026-02-02', '2026-03-12', null, '2026-02-01 13:00+00') as o \gset
select t.body('nobody', format('pp_api.statement_submit_round(%L, %L, ''2026-02-11'', null, null)', :'o', '{"stance": "EINWENDUNG", "text": "Kanarientext", "person": {"family_name": "Amsel"}}'::jsonb)) as said \gset
select (:'said'::jsonb ->> 'id')::uuid as said_id, (:'said'::jsonb #>> '{person,id}')::uuid as said_by \gset
select t.reply('planner', format('pp_api.statement_show(%L, ''2026-02-12'')', :'said_id')) is not null;
select t.reply('planner2', format('pp_api.person_show(%L, ''MITTEILUNG'', ''2026-02-13'')', :'said_by')) is not null;
create function t.readings(who text, more text) returns text language sql as $$
	select (select string_agg(concat_ws(' ', x ->> 'account_name', x ->> 'body', x ->> 'what', x ->> 'purpose', left(x ->> 'at', 10)), ', ')
		from jsonb_array_elements(t.walk(who, format('pp_api.audit_reading_list(%s, 1, %%L)', more), '$.items[*]')) x) $$;
select is(t.readings(who, format('%s, null, null, null, null, null', chain)), 'planner2@example.org 02000000 PERSON MITTEILUNG 2026-02-13, planner@example.org 02000000 INHALT 2026-02-12', who || ' reads who has read')
	from (values ('auditor', 'null'), ('planner', quote_literal(:'p'))) v (who, chain);
select is(t.readings('auditor', more), 'planner@example.org 02000000 INHALT 2026-02-12', more) from unnest(array[format('null, %L, null, null, null, null', :'said_id'),
	format('null, null, %L, null, null, ''2026-02-13''', :'said_by'), format('%L, null, null, ''00000000-0000-7000-8000-000000000011'', ''2026-02-12'', null', :'p')]) more;
select is(t.outcome(who, format('select pp_api.audit_reading_list(%s, null, null, null, null, null, null, null)', chain)), outcome, who) from (values ('planner', 'null', 'invalid_parameter'), ('amt', quote_literal(:'p'), 'forbidden'),
	('cremm', quote_literal(:'p'), 'forbidden'), ('root', quote_literal(:'p'), 'forbidden'), ('anyone', 'null', '42501')) v (who, chain, outcome);
select ok(t.uses_index('auditor', format('select pp_api.audit_reading_list(%s, null, null, 50, null)', more), index), index) from (values (format('%L, null, null, null', :'p'), 'pp.reading_procedure'),
	(format('null, %L, null, null', :'said_id'), 'pp.reading_statement'), (format('null, null, %L, null', :'said_by'), 'pp.reading_person'), (format('null, null, null, %L', :'said_by'), 'pp.reading_account'), ('null, null, null, null', 'pp.reading_at')) v (more, index);
select ok(not (t.body('auditor', format('pp_api.audit_entry_list(%L, null, null, null, null, null, 500, null)', :'p'))::text ~ 'Kanarien|Amsel'), 'and nobody reads what');
select is((select count(*) from jsonb_array_elements(t.entries('auditor', format('%L, ''statement'', null, null, null, null', :'p'))::jsonb) x where x ->> 'actor_name' is not null and x ->> 'body' is null), 0::bigint, 'nor who has said it');

-- It stays.
select is(t.outcome('owner', what), '23001', 'not even by the owner: ' || what) from unnest(array['update pp.audit_entry set action = ''adopt''',
	'delete from pp.audit_entry', 'truncate pp.audit_entry', 'delete from pp.audit_head', 'update pp.audit_shape set columns = ''{}''', 'delete from pp.audit_shape']) what;
select is(t.outcome(who, what), '42501', who || ' may not ' || what) from unnest(array['planner', 'clerk']) who,
	unnest(array['delete from pp.audit_entry', 'select login from pp.audit_entry', 'insert into pp.audit_head values (null, 1, null)',
		$$select pp.audit_append('event', 'insert', 'x', null, '{}')$$]) what;
select is((select string_agg(r, ' ') from regexp_split_to_table(t.rights('pp_chain'), ' ') r where r !~ ':SELECT$'),
	'pp.audit_entry:INSERT pp.audit_head.hash:UPDATE pp.audit_head.seq:UPDATE pp.audit_head:INSERT pp.audit_shape:INSERT', 'and appends, nothing else');
select is((select string_agg(r, ' ') from regexp_split_to_table(t.rights('pp_audit'), ' ') r where r !~ ':SELECT$'), null, 'who checks it only reads');
select is(t.value('owner', 'select count(*) from pp.statement'), '0', 'the owner still sees no statement');

-- Columns that a migration brings.
alter table pp.procedure_party add column since date not null default '2026-01-01';
select is(t.value('owner', 'select pp.audit_adopt(''procedure_party'')')::int, (select count(*)::int from pp.procedure_party), 'rows can be recorded anew');
select is((select string_agg(distinct e.action || array_length(s.columns, 1), ' ' order by e.action || array_length(s.columns, 1))
	from pp.audit_entry e join pp.audit_shape s on s.id = e.shape where e.relation = 'procedure_party'), 'adopt3 insert2', 'which says so');
select * from finish();
