-- SPDX-License-Identifier: EUPL-1.2
-- The audit chain: what is recorded, by whom it can be written, that it stays, and what it says.
set client_min_messages = warning;
select plan(36);

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
	('account', 'personal; the making of one is an event'), ('mail', 'personal, and wiped when settled'), ('body_mail', 'addresses'), ('receipt', 'signed, of an entry'), ('receipt_signature', 'is one'), ('session', 'passing'), ('sign_in', 'passing'), ('account_identity', 'personal'), ('second_factor', 'credentials'), ('recovery_code', 'credentials'), ('token', 'credentials'), ('idempotency_key', 'passing'), ('logout_token', 'passing'),
	('procedure_number', 'a counter'), ('statement_number', 'a counter'), ('reminder_progress', 'a counter'),
	('chunk', 'named by the hash of its bytes'), ('file', 'the hashes of its announcement and of what came are in events'), ('file_chunk', 'with its file'),
	('media_type', 'code lists'), ('document_kind', 'code lists'),
	('note', 'a body''s own'), ('draft', 'nobody''s but its author''s until it is submitted'), ('recomputation', 'changes nothing'), ('recomputation_item', 'changes nothing');
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
