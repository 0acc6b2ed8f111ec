-- SPDX-License-Identifier: EUPL-1.2
-- Foundation and house: answers, refusals, identity, cursors, idempotency, events.
set client_min_messages = warning;
select plan(66);

-- Spellings
select is(pp.rfc3339('2026-01-01 00:00:00.000001+01'), '2025-12-31T23:00:00.000001Z',
	'instants are UTC with six decimals');
select is(pp.day('2026-03-31 22:00:00+00'), '2026-04-01'::date, 'a civil date is one of Berlin, in summer');
select is(pp.day('2026-01-31 22:59:59.999999+00'), '2026-01-31'::date, 'and in winter');
select matches(pp.uuid7('2026-01-01')::text, '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-',
	'ids are UUID version 7');
select ok(pp.uuid7('2026-01-01 00:00:00.000001') > pp.uuid7('2026-01-01'), 'which sort by the microsecond');
select ok(not exists (select from generate_series(0, 4095) n
	where pp.uuid7('2026-01-01'::timestamptz + n * interval '1 us')
		>= pp.uuid7('2026-01-01'::timestamptz + (n + 1) * interval '1 us')), 'all of them');

-- Refusals
create function pg_temp.refusal() returns text language plpgsql as $$
declare
	hint text; detail text; field text; message text;
begin
	perform pp.refuse('period_too_short', 'The end is too early.', '/end');
exception when sqlstate 'PP001' then
	get stacked diagnostics hint = pg_exception_hint, detail = pg_exception_detail,
		field = column_name, message = message_text;
	return concat_ws('|', hint, detail, field, message);
end
$$;
select is(pg_temp.refusal(), 'period_too_short|The end is too early.|/end|refused: period_too_short',
	'a refusal is PP001 with the problem as hint, the detail and the field');
select is(t.outcome('nobody', $$select pp.match(null, 3)$$), 'precondition_required', 'a change needs If-Match');
select is(t.outcome('nobody', $$select pp.match('2', 3)$$), 'precondition_failed', 'of the present version');
select is(t.outcome('nobody', $$select pp.match('3', 3)$$), 'done', 'then it is done');
select is(t.outcome('nobody', $$select pp.match('*', 3)$$), 'done', 'any version is a version (RFC 9110)');

-- Identity
select is(t.value('nobody', 'select concat(pp.current_account(), pp.current_body(), pp.current_roles())'), '',
	'nobody is nobody');
insert into t.person values ('one', 'pp_server', '00000000-0000-7000-8000-000000000001', '01056015', 'reader clerk'),
	('two', 'pp_server', '00000000-0000-7000-8000-000000000002', '01056017', 'manager'),
	('forged', 'pp_public', '00000000-0000-7000-8000-000000000001', '01056015', 'operator');
select is(t.value('one', $$select pp.current_account() || ' ' || pp.current_body() || ' ' || array_to_string(pp.current_roles(), ' ')$$),
	'00000000-0000-7000-8000-000000000001 01056015 reader clerk', 'the server says who asks');
select is(t.value('forged', 'select concat(pp.current_account(), pp.current_body(), pp.current_roles())'), '',
	'the public''s login stays nobody, whatever is set');
select set_config('pp.account', 'x', false);
select throws_ok('select pp.current_account()', '22P02', null, 'a malformed account is nobody''s');
select set_config('pp.account', '', false);

-- Cursors
select is(pp.cursor_read(pp.cursor_make('2026-01-01/ä?', 'b'), 2), array['2026-01-01/ä?', 'b'], 'a cursor comes back');
select matches(pp.cursor_make('>>>???>>>', 'ÿÿÿ~~~'), '^[A-Za-z0-9_-]+$', 'and fits into a URL');
select is(pp.cursor_read(null, 1), null, 'no cursor is the beginning');
select is(t.outcome('nobody', $$select pp.cursor_read('!!', 1)$$), 'invalid_parameter', 'an invented cursor is refused');
select is(t.outcome('nobody', $$select pp.cursor_read(pp.cursor_make('a'), 2)$$), 'invalid_parameter',
	'so is one of another list');
select is(t.outcome('nobody', $$select pp.cursor_uuid(pp.cursor_make('a'))$$), 'invalid_parameter', 'or of another type');
select is(pp.page_size(null), 50, 'a page has fifty rows');
select is(t.outcome('anyone', 'select pp.page_size(501)'), 'invalid_parameter', 'and five hundred at most');
select is(t.outcome('anyone', 'select pp.page_size(0)'), 'invalid_parameter', 'and one at least');

-- Idempotency
create table t.work (id int generated always as identity, note text);
grant insert, select on t.work to pp_server;
grant usage on schema t to pp_server;
create function t.work(key text, sha bytea, note text) returns pp.reply language plpgsql as $$
declare
	r pp.reply := pp.recall(key, sha);
begin
	if r.status is not null then
		return r;
	end if;
	insert into t.work (note) values ($3);
	return pp.remember(key, pp.created('/works/' || $3, json_build_object('note', $3), '1'));
end
$$;
select is(t.reply('one', $$t.work('k', '\x01', 'first')$$)::text, '(201,/works/first,1,,"{""note"" : ""first""}")', 'a write answers');
select is(t.reply('one', $$t.work('k', '\x01', 'again')$$)::text, '(201,/works/first,1,,"{""note"" : ""first""}")',
	'the same key gives the same answer');
select is((select count(*) from t.work), 1::bigint, 'and works once');
select is(t.outcome('one', $$select t.work('k', '\x02', 'other')$$), 'idempotency_key_reused', 'another request does not');
select is(t.reply('two', $$t.work('k', '\x02', 'two')$$)::text, '(201,/works/two,1,,"{""note"" : ""two""}")',
	'keys belong to their account');
select is(t.value('two', 'select count(*) from pp.idempotency_key'), '1', 'who sees no other''s');
select is(t.outcome('one', $$insert into pp.idempotency_key values ('00000000-0000-7000-8000-000000000002', 'x')$$), '42501',
	'and claims none for another');
select is((t.reply('one', $$t.work(null, null, 'no key')$$)).status, 201, 'without a key nothing is kept');
select is((t.reply('nobody', $$t.work('k', '\x03', 'nobody')$$)).status, 201, 'nor without an account');
select is(t.outcome('anyone', 'select * from pp.idempotency_key'), '42501', 'the public reads none');
select is(t.value('owner', 'select count(*) from pp.idempotency_key'), '0', 'the owner sees none');

-- Two sessions: the second waits for the first to end, then answers the same.
create function t.open(name text) returns int language plpgsql as $$
begin
	perform dblink_connect(name, t.connection('pp_server'));
	perform dblink_exec(name, $q$set pp.account = '00000000-0000-7000-8000-000000000001'$q$);
	return (select pid from dblink(name, 'select pg_backend_pid()') as (pid int));
end
$$;
create temporary table pids as select t.open('a') as a, t.open('b') as b;
select dblink_exec('a', 'begin');
select is((select n from dblink('a', $$select (t.work('race', '\x01', 'a')).location$$) as (n text)), '/works/a', 'one claims the key');
select dblink_send_query('b', $$select (t.work('race', '\x01', 'b')).location$$);
select ok(t.until_blocked('b', b, a), 'another waits for it') from pids;
select dblink_exec('a', 'commit');
select is((select n from dblink_get_result('b') as (n text)), '/works/a', 'and gets the same answer');
select is((select count(*) from dblink_get_result('b') as (n text)), 0::bigint, 'once');
select dblink_exec('a', 'begin');
select n from dblink('a', $$select (t.work('undone', '\x01', 'a')).location$$) as (n text);
select dblink_send_query('b', $$select (t.work('undone', '\x01', 'b')).location$$);
select ok(t.until_blocked('b', b, a), 'again one waits') from pids;
select dblink_exec('a', 'rollback');
select is((select n from dblink_get_result('b') as (n text)), '/works/b', 'and does the work when the first is undone');
select n from dblink_get_result('b') as (n text);

-- The drill: without the primary key the same race does the work twice.
alter table pp.idempotency_key drop constraint idempotency_key_once;
select dblink_exec('a', 'begin');
select n from dblink('a', $$select (t.work('twice', '\x01', 'a')).location$$) as (n text);
select dblink_send_query('b', $$select (t.work('twice', '\x01', 'b')).location$$);
select ok(not t.until_blocked('b', b, a), 'without the key nobody waits') from pids;
select dblink_exec('a', 'commit');
select n from dblink_get_result('b') as (n text);
select is((select count(*) from pp.idempotency_key where key = 'twice'), 2::bigint, 'and the work is done twice');
select dblink_disconnect('a'), dblink_disconnect('b');

-- Events
select t.until_settled() as settled \gset
select pp_api.event_last() as last \gset
select t.value('two', $$select pp.emit('test.made', '2026-01-01', bodies => array['01056017', null, '01056017'])$$);
select t.value('two', $$select pp.emit('test.shown', '2026-01-02', public => true)$$);
select t.value('two', $$select pp.emit('test.other', '2026-01-03', bodies => array['01056015'])$$);
select t.until_settled() as settled \gset
select is(t.value('clerk', format('select array_agg(kind order by id) from pp_api.event_tail(%s, 10)', :last)),
	'{test.made,test.shown,test.other}', 'the clerk reads every event');
select is(t.value('clerk', $$select array_agg(kind) from pp_api.event_tail((select max(id) - 1 from pp.event), 10)$$),
	'{test.other}', 'and goes on after one');
select is(t.value('one', format('select array_agg(kind order by id) from pp_api.event_since(%s, 10)', :last)),
	'{test.shown,test.other}', 'a body hears what concerns it and what is public');
select is(t.value('forged', format('select array_agg(kind) from pp_api.event_since(%s, 10)', :last)), '{test.shown}', 'the public what is public');
select is(t.outcome('anyone', 'select * from pp.event') || t.outcome('anyone', 'select * from pp_api.event_tail(0, 1)'),
	'4250142501', 'and nothing else');
select is(t.outcome('owner', 'delete from pp.event') || t.outcome('owner', 'truncate pp.event')
	|| t.outcome('owner', $$update pp.event set kind = 'x'$$) || t.outcome('clerk', 'delete from pp.event'),
	'23001230012300142501', 'events stay');

-- The walls: what each login may do is written down here, so that nobody widens it unseen.
select is(t.rights('pp_public'), 'pp.adjacency:SELECT pp.administration:SELECT '
	'pp.affected_rule:SELECT pp.agency:SELECT pp.agency_area:SELECT pp.agency_competence:SELECT pp.agency_theme:SELECT pp.agency_touch:SELECT '
	'pp.body:SELECT pp.boundary_version:SELECT pp.document_kind:SELECT pp.feature_adjacency:SELECT pp.feature_affected_municipalities:SELECT '
	'pp.feature_clock:SELECT pp.feature_collection:SELECT pp.feature_municipalities:SELECT pp.feature_plans:SELECT pp.feature_procedures:SELECT pp.feature_statements:SELECT pp.holiday:SELECT '
	'pp.issuer.active:SELECT pp.issuer.key:SELECT pp.issuer.land:SELECT '
	'pp.issuer.logo_text:SELECT pp.issuer.title:SELECT '
	'pp.lateness_regime:SELECT pp.machine_event:SELECT pp.machine_state:SELECT pp.machine_transition:SELECT '
	'pp.mass_notice:SELECT pp.media_type:SELECT pp.migration:SELECT '
	'pp.municipality:SELECT pp.municipality_succession:SELECT pp.outage_rule:SELECT '
	'pp.privacy_basis:SELECT pp.privacy_notice:SELECT pp.procedure_kind:SELECT '
	'pp.reminder_rule:SELECT pp.repeatable:SELECT pp.retention_rule:SELECT pp.round_step:SELECT pp.rule_version.id:SELECT '
	'pp.rule_version.imported_at:SELECT pp.rule_version.origin:SELECT pp.rule_version.sha256:SELECT '
	'pp.rule_version.source:SELECT pp.rule_version.successor:SELECT pp.rule_version.text:SELECT '
	'pp.rule_version.valid_from:SELECT pp.rule_version.valid_to:SELECT pp.signing_key:SELECT pp.state_border:SELECT '
	'pp.stored_query.definition:SELECT pp.stored_query.name:SELECT pp.weighing_decision:SELECT pp.weighing_gap:SELECT pp.xbeteiligung_code:SELECT pp.xplanung_code:SELECT '
	'pp_api.affected_answer_visible:SELECT '
	'pp_api.affected_authority_visible:SELECT pp_api.affected_decision_visible:SELECT '
	'pp_api.affected_evidence_visible:SELECT pp_api.affected_municipality_visible:SELECT '
	'pp_api.affected_set_visible:SELECT pp_api.attachment_published:SELECT pp_api.attachment_published_content:SELECT pp_api.content_visible:SELECT pp_api.document_visible:SELECT pp_api.event_place:SELECT pp_api.event_visible:SELECT '
	'pp_api.outage_decision_visible:SELECT pp_api.outage_visible:SELECT '
	'pp_api.plan_newest:SELECT pp_api.plan_visible:SELECT pp_api.probe_result_visible:SELECT '
	'pp_api.procedure_event_visible:SELECT pp_api.procedure_visible:SELECT pp_api.round_document_visible:SELECT pp_api.round_extension_visible:SELECT pp_api.round_visible:SELECT '
	'pp_api.statement_published:SELECT',
	'the public reads tables that are everybody''s, and views');
select is(t.rights('pp_geometry'), 'pp.adjacency:SELECT pp.affected_rule:SELECT '
	'pp.boundary_version:SELECT pp.migration:SELECT pp.municipality:SELECT '
	'pp.municipality_succession:SELECT pp.repeatable:SELECT pp.rule_version:SELECT '
	'pp.state_border:SELECT pp_api.planning_authority:SELECT', 'geometry workers read boundaries and rules');
select is(t.rights('pp_clerk'), 'pp.account_link.expires_at:SELECT pp.account_link:DELETE pp.account_link:INSERT pp.administration:SELECT pp.affected_answer:SELECT pp.affected_authority:SELECT '
	'pp.affected_evidence:SELECT pp.affected_municipality:SELECT pp.affected_rule:SELECT pp.affected_set:SELECT '
	'pp.attachment.id:SELECT pp.attachment.mailbox_body:SELECT pp.attachment.participant:SELECT pp.attachment.planner_body:SELECT pp.attachment.procedure:SELECT pp.attachment.statement:SELECT pp.attachment_release.attachment:SELECT pp.attachment_release.metadata_accepted:SELECT pp.attachment_release.waits:SELECT pp.attachment_release.waits:UPDATE '
	'pp.audit_entry.chain:SELECT pp.audit_entry.hash:SELECT pp.audit_entry.seq:SELECT pp.audit_head.chain:SELECT '
	'pp.audit_head.seq:SELECT pp.audit_range:INSERT pp.audit_range:SELECT pp.audit_seal:INSERT pp.audit_seal:SELECT '
	'pp.audit_sealed.seq:UPDATE pp.audit_sealed:INSERT pp.audit_sealed:SELECT pp.barrier_report.email:UPDATE pp.barrier_report.id:SELECT pp.barrier_report.mail:SELECT pp.barrier_report.settled_at:UPDATE pp.barrier_report.state:SELECT pp.barrier_report.state:UPDATE pp.barrier_report.tools:UPDATE pp.barrier_report.words:SELECT pp.barrier_report.words:UPDATE '
	'pp.body:SELECT pp.body_mail:SELECT pp.boundary_import.attempts:UPDATE pp.boundary_import.done:UPDATE pp.boundary_import.ended_at:UPDATE pp.boundary_import.findings:UPDATE pp.boundary_import.refusal:UPDATE pp.boundary_import.since:UPDATE pp.boundary_import.stage:UPDATE pp.boundary_import.state:UPDATE pp.boundary_import.total:UPDATE pp.boundary_import.version:UPDATE '
	'pp.boundary_import:DELETE pp.boundary_import:SELECT pp.boundary_import_piece:DELETE pp.boundary_import_piece:SELECT pp.boundary_import_version:SELECT pp.boundary_version:SELECT pp.chunk.sha256:SELECT pp.chunk:DELETE pp.chunk:INSERT pp.document.change:UPDATE pp.document:SELECT '
	'pp.event:INSERT pp.event:SELECT pp.feature_collection.forgotten:UPDATE pp.feature_collection.forgotten_at:UPDATE pp.feature_collection:SELECT pp.feature_drafts.died:SELECT pp.feature_drafts.fid:SELECT pp.feature_drafts.valid_to:SELECT pp.feature_drafts:DELETE pp.feature_export.attempts:UPDATE pp.feature_export.ended_at:UPDATE pp.feature_export.features:UPDATE pp.feature_export.reason:UPDATE pp.feature_export.sha256:UPDATE pp.feature_export.size:UPDATE pp.feature_export.started_at:UPDATE pp.feature_export.state:UPDATE pp.feature_export:DELETE pp.feature_export:SELECT pp.feature_export_piece:DELETE pp.feature_export_piece:INSERT pp.feature_export_piece:SELECT pp.feature_lock.expires_at:SELECT pp.feature_lock:DELETE pp.file.attempts:UPDATE pp.file.check_at:UPDATE pp.file.checked_at:UPDATE pp.file.clean:UPDATE pp.file.completed_at:UPDATE pp.file.crc32:UPDATE pp.file.found:UPDATE pp.file.metadata:UPDATE '
	'pp.file.reason:UPDATE pp.file.received:UPDATE pp.file.scanner:UPDATE pp.file.state:UPDATE pp.file.swept_at:UPDATE pp.file:INSERT pp.file:SELECT pp.file_chunk:DELETE pp.file_chunk:INSERT pp.file_chunk:SELECT pp.handover.expires_at:SELECT pp.handover:DELETE pp.holiday:SELECT pp.idempotency_key.created_at:SELECT pp.idempotency_key:DELETE '
	'pp.invitation.awaits_mail:UPDATE pp.invitation.deadline:UPDATE pp.invitation.deadline_at:UPDATE '
	'pp.invitation.deadline_reason:UPDATE pp.invitation.deadline_rule:UPDATE pp.invitation.presumed_on:UPDATE '
	'pp.invitation.received_at:UPDATE pp.invitation.received_how:UPDATE pp.invitation.state:UPDATE '
	'pp.invitation.version:UPDATE pp.invitation:SELECT pp.invitation_link.ended_at:SELECT pp.invitation_link.ended_at:UPDATE pp.invitation_link.id:SELECT pp.invitation_link.invitation:SELECT pp.invitation_link.sha256:UPDATE pp.invitation_link:INSERT pp.lateness_regime:SELECT pp.legal_hold.lifted_at:SELECT pp.legal_hold.person:SELECT pp.legal_hold.procedure:SELECT pp.logout_token.expires_at:SELECT pp.logout_token:DELETE pp.machine_event:SELECT '
	'pp.machine_state:SELECT pp.machine_transition:SELECT pp.mail.attempts:UPDATE pp.mail.body:UPDATE '
	'pp.mail.due_at:UPDATE pp.mail.mailbox:UPDATE pp.mail.recipient:UPDATE pp.mail.released_at:UPDATE pp.mail.reply:UPDATE '
	'pp.mail.reply_code:UPDATE pp.mail.settled_at:UPDATE pp.mail.state:UPDATE pp.mail.subject:UPDATE '
	'pp.mail.tried_at:UPDATE pp.mail:INSERT pp.mail:SELECT pp.media_type:SELECT pp.migration:SELECT pp.municipality:SELECT '
	'pp.person.awaits_confirmation:SELECT pp.person.confirm_sha256:UPDATE pp.person.created_at:SELECT pp.person.erase_reason:UPDATE pp.person.erased_at:SELECT pp.person.erased_at:UPDATE pp.person.erased_by:UPDATE pp.person.id:SELECT pp.person.planner_body:SELECT pp.person.procedure:SELECT '
	'pp.plan:SELECT pp.procedure.rested_state:UPDATE pp.procedure.state:UPDATE '
	'pp.procedure.state_since:UPDATE pp.procedure.version:UPDATE pp.procedure:SELECT '
	'pp.procedure_due.due_at:UPDATE pp.procedure_due.due_on:UPDATE pp.procedure_due.settled_at:UPDATE '
	'pp.procedure_due.state:UPDATE pp.procedure_due:INSERT pp.procedure_due:SELECT pp.procedure_event:INSERT '
	'pp.procedure_event:SELECT pp.procedure_kind:SELECT pp.procedure_party:SELECT pp.procedure_track.state:UPDATE '
	'pp.procedure_track.state_since:UPDATE pp.procedure_track:INSERT pp.procedure_track:SELECT '
	'pp.receipt:SELECT pp.receipt_signature:INSERT pp.receipt_signature:SELECT '
	'pp.recomputation:DELETE pp.recomputation:SELECT pp.recomputation:UPDATE pp.recomputation_item:DELETE '
	'pp.recomputation_item:INSERT pp.recomputation_item:SELECT '
	'pp.release.body:SELECT pp.release.handed_in_at:SELECT pp.release.handed_in_by:SELECT pp.release.id:SELECT pp.release.invitation:SELECT pp.release.kind:SELECT pp.release.procedure:SELECT pp.release.reminded_until:SELECT pp.release.reminded_until:UPDATE pp.release.state:SELECT pp.release.writers:SELECT '
	'pp.reminder:INSERT pp.reminder:SELECT '
	'pp.reminder_progress.done_until:UPDATE pp.reminder_progress:INSERT pp.reminder_progress:SELECT '
	'pp.reminder_rule:SELECT pp.repeatable:SELECT pp.retention_choice:SELECT pp.retention_report:INSERT pp.retention_report:SELECT pp.retention_rule:SELECT '
	'pp.round.closed_at:UPDATE pp.round.display_ended_at:UPDATE pp.round.opened_at:UPDATE pp.round:SELECT pp.round_step:SELECT '
	'pp.rule_version.id:SELECT pp.rule_version.imported_at:SELECT pp.rule_version.origin:SELECT '
	'pp.rule_version.sha256:SELECT pp.rule_version.source:SELECT pp.rule_version.successor:SELECT '
	'pp.rule_version.text:SELECT pp.rule_version.valid_from:SELECT pp.rule_version.valid_to:SELECT '
	'pp.session.expires_at:SELECT pp.session:DELETE pp.sign_in.expires_at:SELECT pp.sign_in:DELETE '
	'pp.signing_key.retired_at:UPDATE pp.signing_key:INSERT '
	'pp.signing_key:SELECT pp.state_border:SELECT pp.subscription.ags:SELECT pp.subscription.cell:SELECT pp.subscription.confirmed_at:SELECT pp.subscription.ends_at:SELECT pp.subscription.ends_at:UPDATE '
	'pp.subscription.holder:SELECT pp.subscription.id:SELECT pp.subscription.lang:SELECT pp.subscription.person:SELECT pp.subscription.procedure:SELECT pp.subscription.radius_km:SELECT pp.subscription:DELETE '
	'pp.subscription_event.after:UPDATE pp.subscription_event.done_at:UPDATE pp.subscription_event.told:UPDATE pp.subscription_event:DELETE pp.subscription_event:INSERT pp.subscription_event:SELECT pp.transition:SELECT pp.upload.expires_at:SELECT pp.upload.id:SELECT pp.upload:DELETE '
	'pp_api.event_place:SELECT pp_api.event_visible:SELECT pp_api.shown_content:SELECT pp_api.shown_file:SELECT pp_api.unchecked_content:SELECT', 'the clerk moves states, and its runner reads what the engine reads and has said');
select is(t.rights('pp_deadlines'), 'pp.body:SELECT pp.holiday:SELECT pp.invitation.deadline:UPDATE pp.invitation.deadline_at:UPDATE '
	'pp.invitation.state:UPDATE pp.invitation.version:UPDATE pp.invitation:SELECT pp.procedure:SELECT '
	'pp.procedure_due.due_at:UPDATE pp.procedure_due.due_on:UPDATE pp.procedure_due:SELECT '
	'pp.round.closed_at:UPDATE pp.round.closes_at:UPDATE pp.round.moved_at:UPDATE pp.round.version:UPDATE '
	'pp.round:SELECT pp.transition:SELECT', 'what moves ends changes nothing else');
select is((select string_agg(r, ' ') from regexp_split_to_table(t.rights('pp_keys'), ' ') r where r like 'pp.%'), 'pp.legal_hold:SELECT pp.subscription.holder:SELECT pp.subscription.id:SELECT pp.subscription.person:SELECT pp.subscription.sealed:SELECT pp.subscription:DELETE', 'what seals and erases sees holds and sealed addresses, and neither persons nor statements');
select is((select string_agg(r, ' ') from regexp_split_to_table(t.rights('pp_server'), ' ') r
	where r ~ 'DELETE|TRUNCATE'), 'pp.body_mail:DELETE pp.boundary_import_piece:DELETE pp.draft:DELETE pp.feature_lock:DELETE pp.feature_lock_item:DELETE pp.handover:DELETE pp.plan_draft:DELETE pp.recovery_code:DELETE pp.second_factor:DELETE pp.stored_query:DELETE pp.subscription:DELETE pp.upload:DELETE',
	'the server deletes addresses of offices that were to come, boundaries that are thrown away, drafts of both kinds and on their way, locks of them, uploads that nobody has submitted, second factors, stored queries, and subscriptions, nothing else');
select is(t.rights('PUBLIC'), null, 'who is none of these has no rights');
select is((select string_agg(relname, ' ' order by relname) from pg_class
	where relnamespace = 'pp'::regnamespace and relkind = 'r' and relrowsecurity and relforcerowsecurity),
	'account account_identity account_link acted assignment attachment attachment_release barrier_report boundary_import boundary_import_piece concern concern_proposal consent deputy distribution_list draft erasure_request extension extension_request feature_drafts feature_lock feature_lock_item forwarding handover idempotency_key invitation invitation_link lateness_decision legal_hold mail membership note '
	'person plan_draft reading receipt recomputation recomputation_item recovery_code reinstatement_request release reminder reminder_sent retention_choice retention_report second_factor session statement statement_group '
	'statement_point subscription token upload weighing weighing_resolution '
	'weighing_result',
	'what is confidential has row-level security, forced');
select is((select count(*) from pg_class where relnamespace = 'pp'::regnamespace and relkind = 'r'
	and relrowsecurity <> relforcerowsecurity), 0::bigint, 'never half of it');
select is((select string_agg(distinct regexp_replace(coalesce(qual, '') || coalesce(with_check, ''),
		'\(?\w+ = \( SELECT pp\.current_(account|body|person|forwarding)\(\) AS current_\w+\)\)?'
		'|\( SELECT pp\.current_(account|body)\(\) AS current_\w+\) IS NULL'
		'|\( SELECT pp\.has_role\(''\w+''::text\) AS has_role\)'
		'|\w+ = \( SELECT pp\.forwarded\(''\w+''::text\) AS forwarded\)|closed_at IS NULL|until > \( SELECT pp\.current_instant\(\) AS current_instant\)'
		'|true|published|released|shared|\( SELECT pp\.current_body\(\) AS current_body\) IS NOT NULL| OR | AND |participant IS NULL|[()]', '', 'g'), '') from pg_policies where schemaname = 'pp'),
	'', 'policies compare identity with a column and do nothing else');
select ok(bool_and(proleakproof), 'by operators that give nothing away')
	from pg_proc where oid in ('texteq'::regproc, 'uuid_eq'::regproc);
select is((select string_agg(proname || ' ' || proowner::regrole || ' '
		|| (proconfig[1] = 'search_path=pg_catalog, pg_temp'), ', ' order by proname)
	  from pg_proc where pronamespace in ('pp'::regnamespace, 'pp_api'::regnamespace) and prosecdef),
	'account_access pp_sign_in true, '
	'account_help pp_sign_in true, account_invite pp_sign_in true, account_invite_all pp_sign_in true, account_invite_by_mail pp_sign_in true, '
	'account_link_email pp_sign_in true, account_link_find pp_sign_in true, account_link_make pp_sign_in true, account_link_show pp_sign_in true, account_of pp_sign_in true, '
	'account_password pp_sign_in true, account_reset_second_factor pp_sign_in true, '
	'account_sign_in pp_sign_in true, account_to_invite pp_sign_in true, acting_for pp_sign_in true, assurance_issuer pp_sign_in true, audit_adopt pp_chain true, audit_node pp_chain true, audit_officer pp_sign_in true, audit_place pp_chain true, audit_record pp_chain true, basket_by_token pp_sign_in true, body_has_account pp_sign_in true, colleague pp_sign_in true, colleague_list pp_sign_in true, colleague_mail pp_sign_in true, feature_follow pp_features true, feature_follow_row pp_features true, feature_sync pp_features true, forbid_held pp_keys true, forwarding_mail_members pp_sign_in true, '
	'handovers_waiting pp_sign_in true, holiday_ends pp_deadlines true, holiday_move pp_deadlines true, identity_account pp_sign_in true, identity_provider_list pp_sign_in true, is_present pp_sign_in true, issuer_find pp_sign_in true, '
	'issuer_of pp_sign_in true, link_by_secret pp_sign_in true, mail_counts pp_sign_in true, member_account pp_sign_in true, member_email pp_sign_in true, member_present pp_sign_in true, '
	'password_forgotten pp_sign_in true, password_set pp_sign_in true, person_by_confirmation pp_sign_in true, person_by_secret pp_sign_in true, receipt_known pp_chain true, recovery_code_take pp_sign_in true, release_mail pp_sign_in true, '
	'second_factor_of pp_sign_in true, second_factor_take pp_sign_in true, session_begin pp_sign_in true, '
	'session_logout pp_sign_in true, session_of_identity pp_sign_in true, session_open pp_sign_in true, session_roles pp_sign_in true, sign_in_begin pp_sign_in true, '
	'sign_in_take pp_sign_in true, subscription_holder pp_sign_in true, subscription_reader pp_sign_in true, subscription_to_end pp_sign_in true, uploads_waiting pp_sign_in true, who_by_identity pp_sign_in true, '
	'who_by_session pp_sign_in true, who_by_token pp_sign_in true',
	'what runs with other rights is what signs in, what moves ends, what writes the audit chain or proves it, and what shows features');
select is((select count(*) from pg_proc p,
		aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
	where p.pronamespace in ('pp'::regnamespace, 'pp_api'::regnamespace, 'pp_keys'::regnamespace)
	  and a.grantee = 0 and p.prorettype <> 'trigger'::regtype), 0::bigint,
	'no function is everybody''s');
select is((select string_agg(format('%s %s%s%s%s %s %s', rolname, rolsuper, rolbypassrls, rolcreaterole,
		rolcreatedb, rolcanlogin, rolinherit), ', ' order by rolname)
	  from pg_roles where rolname like 'pp\_%'),
	'pp_audit ffff t t, pp_chain ffff f t, pp_clerk ffff t t, pp_deadlines ffff f t, pp_features ffff f t, pp_geometry ffff t t, pp_keys ffff f t, pp_owner ffff t f, pp_public ffff t t, '
	'pp_server ffff t t, pp_sign_in ffff f t', 'no role is more than it says');
select is(string_agg(t.outcome(who, what), ' '), '42501' || repeat(' 42501', 11), 'nobody makes objects')
	from unnest(array['anyone', 'nobody', 'geometry', 'clerk']) who,
	unnest(array['create temporary table x ()', 'create table public.x ()',
		'create function pp_api.x() returns int language sql as ''select 1''']) what;

-- Functions are made before those that they call: their bodies are looked at here.
select lives_ok($$select fmgr_sql_validator(p.oid) from pg_proc p join pg_language l on l.oid = p.prolang
	where p.pronamespace in ('pp'::regnamespace, 'pp_api'::regnamespace) and l.lanname = 'sql'$$,
	'every SQL function is sound');
select count(*) > 0 as can_check from pg_available_extensions where name = 'plpgsql_check' \gset
\if :can_check
create extension plpgsql_check;
begin;
select pp_api.import_begin();
select is((select string_agg(format('%s line %s: %s', p.oid::regproc, c.lineno, c.message), E'\n')
	  from pg_proc p join pg_language l on l.oid = p.prolang,
		lateral plpgsql_check_function_tb(p.oid, fatal_errors => false, extra_warnings => false) c
	 where p.pronamespace in ('pp'::regnamespace, 'pp_api'::regnamespace) and l.lanname = 'plpgsql'
	   and p.prorettype <> 'trigger'::regtype and c.level = 'error'), null,
	'every PL/pgSQL function is sound');
commit;
\else
select skip('plpgsql_check is not installed', 1);
\endif
select * from finish();
