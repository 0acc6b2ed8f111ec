-- SPDX-License-Identifier: EUPL-1.2
-- Every table with row-level security × every login × every role in the planning body, the invited one, its mailbox and a
-- stranger × rows of theirs and of others, published or not: what is seen, inserted, changed and deleted is what one line per
-- table says below. Then the proof that these lines prove something: each policy is loosened, tightened and robbed of each of its
-- parts in turn, and every time an expectation must fail. So every policy allows and refuses something here, and a table, a
-- login, a view or a policy without a line is noticed.
set client_min_messages = warning;
select plan(5 + 2 * count(*)::int) from pg_class where relnamespace = 'pp'::regnamespace and relkind in ('r', 'p') and relrowsecurity;

-- The tables alone with their grants and policies: constraints and triggers have tests of their own, and would speak first.
-- (Triggers of foreign keys go with their constraints.)
create temporary table relations as select c.oid, c.relname::text as relation from pg_class c
	where c.relnamespace = 'pp'::regnamespace and c.relkind in ('r', 'p') and c.relrowsecurity;
create function t.bare(relation regclass) returns void language plpgsql as $$
declare
	part text;
begin
	for part in select format('alter table %s disable trigger all', relation)
		union all select format('alter table %s drop constraint if exists %I cascade', relation, conname) from pg_constraint where conrelid = relation and contype <> 't'
		union all (select format('drop index if exists %s cascade', indexrelid::regclass) from pg_index where indrelid = relation and indisunique
			and not exists (select from pg_constraint where conindid = indexrelid))
		union all select format('alter table %s alter %I drop not null', relation, attname) from pg_attribute where attrelid = relation and attnum > 0 and attnotnull and not attisdropped
		union all select format('truncate %s', relation)
		union all select format('alter table %s add instance text, add touched bool', relation)
		-- Whoever may read, insert or change anything of a row may do so with these.
		union all select format('grant %s on %s to %I', right_to, relation, r.rolname) from pg_roles r,
			(values ('select (instance)', 'select'), ('insert (instance)', 'insert'), ('update (touched)', 'update')) v (right_to, name)
			where r.rolname ~ '^pp_' and has_any_column_privilege(r.oid, relation, name) and not r.rolsuper
	loop
		execute part;
	end loop;
end
$$;
select count(t.bare(oid)) from relations where not exists (select from pg_inherits where inhrelid = oid);

-- Whose a row may be. Of each table it has the columns that there are.
create function t.n(n text) returns uuid language sql immutable as $$ select ('00000000-0000-7000-8000-' || right(md5(n), 12))::uuid $$;
create temporary table instances (instance text primary key, id uuid, planner_body text, participant text, mailbox_body text,
	author_account uuid, account uuid, person uuid, person_account uuid, body text, author uuid, entered_by uuid, basket uuid, published bool, shared bool, released bool generated always as (published) stored);
insert into instances values
	('invited', t.n('invited'), 'P', 'I', 'M', t.n('invited'), t.n('invited'), null, null, 'I', t.n('invited'), null, null, false, false),
	('published', t.n('invited'), 'P', 'I', 'M', t.n('invited'), t.n('invited'), null, null, 'I', t.n('invited'), null, null, true, true),
	('citizen', t.n('citizen'), 'P', null, null, t.n('citizen'), t.n('citizen'), t.n('person of citizen'), t.n('citizen'), 'X', t.n('citizen'), null, null, false, false),
	('letter', t.n('letter'), 'P', null, null, null, t.n('letter'), t.n('letter'), t.n('neighbour'), 'P', t.n('planner'), t.n('planner'), t.n('letter'), false, false),
	('foreign', t.n('other'), 'X', 'Y', 'Z', t.n('other'), t.n('other'), t.n('other person'), t.n('other'), 'X', t.n('other'), t.n('other'), null, false, false);
-- Whoever assigned or ended is who wrote.
alter table instances add holder uuid generated always as (person) stored, add assigned_by uuid, add ended_by uuid, add named_by uuid, add handed_in_by uuid, add settled_by uuid;
update instances set assigned_by = author, ended_by = author, named_by = author, handed_in_by = author, settled_by = author;
-- What was forwarded from I, whose other side is M, to S; it counts, was ended by each of these, or its last day is over; and to a colleague.
alter table instances add statement uuid, add other_body text, add recipient text, add member uuid, add until timestamptz, add closed_at timestamptz, add closed_by uuid, add closed_body text, add forwarded_by uuid;
update instances set statement = id, other_body = mailbox_body, recipient = case when body = 'I' then 'S' else body end, until = '2026-02-02', forwarded_by = author, closed_by = author, closed_body = body;
insert into instances (instance, id, planner_body, participant, mailbox_body, author_account, account, body, author, published, shared, assigned_by, ended_by, named_by, handed_in_by, settled_by,
		statement, other_body, recipient, member, until, closed_at, closed_by, closed_body, forwarded_by)
	select v.name, i.id, planner_body, participant, mailbox_body, author_account, account, i.body, author, published, shared, assigned_by, ended_by, named_by, handed_in_by, settled_by,
		statement, other_body, v.recipient, v.member, v.until, v.closed_at, v.closed_by, v.closed_body, forwarded_by
	  from instances i, (values ('revoked', 'S', null::uuid, '2026-02-02'::timestamptz, '2026-01-15'::timestamptz, t.n('invited'), 'I'), ('revoked by the office', 'S', null, '2026-02-02', '2026-01-15', t.n('mailbox'), 'M'), ('revoked by nobody of it', 'S', null, '2026-02-02', '2026-01-15', t.n('planner'), 'P'),
		('given back', 'S', null, '2026-02-02', '2026-01-15', t.n('stranger'), 'S'), ('over', 'S', null, '2026-01-31', null, t.n('invited'), 'I'), ('to a colleague', 'I', t.n('invited'), '2026-02-02', null, t.n('invited'), 'I'))
		v (name, recipient, member, until, closed_at, closed_by, closed_body)
	 where i.instance = 'invited';

-- Who asks: every role alone in every body; somebody with all of them who has written for another body, or as a private person;
-- persons without a body or an account; the platform's own roles.
create temporary table askers (name text primary key, account uuid, body text, roles text not null default '', person uuid);
insert into askers select concat_ws(' of ', role, who), t.n(who), body, case role when 'none' then '' else role end
	from (values ('planner', 'P'), ('invited', 'I'), ('mailbox', 'M'), ('stranger', 'S')) b (who, body),
	unnest('{none,reader,clerk,releaser,manager,body_administrator,oversight}'::text[]) role;
insert into askers values ('colleague of planner', t.n('colleague'), 'P', 'reader clerk releaser manager body_administrator oversight', null),
	('author elsewhere', t.n('invited'), 'S', 'reader clerk releaser manager body_administrator oversight', null),
	('citizen', t.n('citizen'), null, '', null), ('citizen elsewhere', t.n('citizen'), 'S', 'reader clerk releaser manager', null),
	('neighbour', t.n('neighbour'), null, '', null), ('person', null, null, '', t.n('letter')), ('other person', null, null, '', t.n('another')),
	('author in the mailbox', t.n('invited'), 'M', 'reader clerk releaser', null), ('clerk and author in the mailbox', t.n('invited'), 'M', 'reader clerk', null),
	('manager who enters a letter', t.n('planner'), 'P', 'reader manager', t.n('letter')), ('clerk who enters a letter', t.n('planner'), 'P', 'reader clerk', t.n('letter')),
	('stranger who enters a letter', t.n('stranger'), 'S', 'reader manager', t.n('letter')), ('neighbour who writes', t.n('neighbour'), null, '', t.n('letter')),
	('link', null, 'I', '', null), ('link of a stranger', null, 'S', '', null),
	('operator', t.n('operator'), null, 'operator', null), ('auditor', t.n('auditor'), null, 'auditor', null), ('nobody', null, null, '', null);
-- Two read by what was forwarded: its recipient, and somebody to whom it was not. Everybody asks at one instant.
alter table askers add forwarding uuid;
insert into askers select v.name, t.n(who), body, 'reader', null, t.n('invited') from (values ('recipient', 'stranger', 'S'), ('not its recipient', 'foreign', 'X')) v (name, who, body);
create function t.forward() returns void language sql as $$
	delete from pp.forwarding;
	insert into pp.forwarding (id, recipient, until, invitation, statement) values (t.n('invited'), 'S', '2026-02-02', t.n('invited'), t.n('invited'));
$$;

-- What the server's login may do with a row, in words of who asks: the planning body, the invited one, its mailbox; who wrote it;
-- whose account, person or body it names; roles. Unbound is who acts for no body, or for one by a link.
create temporary table words as
	select i.instance, i.published, i.shared, a.name as asker,
		coalesce(i.planner_body = a.body, false) as planner, coalesce(i.participant = a.body, false) as invited,
		coalesce(i.mailbox_body = a.body, false) as mailbox, coalesce(i.author_account = a.account, false) as author,
		i.participant is null as private, coalesce(i.account = a.account, false) as mine, coalesce(i.id = a.account, false) as myself,
		coalesce(i.person = a.person, false) as letter, coalesce(i.account = a.person, false) as letters_key, coalesce(i.id = a.person, false) as letter_itself,
		coalesce(i.body = a.body, false) as of_body, coalesce(i.author = a.account, false) as wrote, coalesce(i.person_account = a.account, false) as about_me,
		coalesce(i.entered_by = a.account, false) as entered, coalesce(i.basket = a.person, false) as basket, a.body is not null as has_body, a.body is null or a.account is null as unbound,
		coalesce(i.other_body = a.body, false) as other_side, coalesce(i.recipient = a.body, false) as recipient, i.closed_at is null and i.until > '2026-02-01' as counts, coalesce(i.closed_body = a.body, false) as closed_here,
		coalesce(i.closed_by = a.account and i.closed_body = a.body, false) as closes, coalesce(i.forwarded_by = a.account, false) as forwards,
		a.name = 'recipient' and i.id = t.n('invited') as along, coalesce(i.id = a.forwarding, false) as by_it,
		a.roles ~ 'reader' as reader, a.roles ~ 'clerk' as clerk, a.roles ~ 'releaser' as releaser, a.roles ~ 'manager' as manager, a.roles ~ 'body_administrator' as administrator,
		a.roles ~ 'operator' as operator, a.roles ~ 'auditor' as auditor
	  from instances i cross join askers a;

create temporary table rules (relation text primary key, sees text not null, inserts text, changes text, deletes text);
insert into rules values
	('account', 'myself or operator', 'operator', 'operator', null),
	('account_identity', 'mine', null, null, null),
	('account_link', 'mine', null, null, null),
	('acted', 'of_body and reader', 'of_body and mine and (clerk or releaser)', null, null),
	('release', 'of_body and (clerk or releaser or manager)', 'of_body and wrote and (clerk or releaser or manager)',
		'of_body and wrote and (clerk or releaser or manager)', null),
	('forwarding', '(of_body or other_side) and reader or recipient and reader and (counts or closed_here)', 'of_body and forwards and (clerk or releaser or manager)',
		'(of_body or other_side or recipient) and closes and (clerk or releaser or manager)', null),
	('deputy', 'of_body and reader', 'of_body and reader and wrote', 'of_body and reader and wrote', null),
	('assignment', 'of_body and reader', 'of_body and wrote and (clerk or releaser or manager or administrator)',
		'of_body and wrote and (clerk or releaser or manager or administrator)', null),
	('attachment', 'planner or invited or mailbox or author and private or letter or along',
		'(author or letter or entered or invited) and (planner and manager or (invited or mailbox) and releaser or unbound)', null, null),
	('attachment_release', 'planner', 'planner and manager', 'planner and manager', null),
	('barrier_report', 'operator', 'true', null, null),
	('boundary_import', 'operator', 'operator', 'operator', null),
	('boundary_import_piece', 'operator', 'operator', null, 'operator'),
	('concern', 'planner', 'planner and manager', 'planner and manager', null),
	('concern_proposal', 'planner', 'planner and manager', null, null),
	('consent', 'planner or mine or letter', 'planner and manager or unbound and (mine or letter)', null, null),
	('distribution_list', 'of_body or shared and has_body', 'of_body and manager', 'of_body and manager', null),
	('draft', 'of_body and (clerk or releaser)', 'of_body and (clerk or releaser)', 'of_body and (clerk or releaser)', 'of_body and (clerk or releaser)'),
	('erasure_request', 'planner or mine or letter', 'mine or letter', null, null),
	('feature_drafts', 'of_body and reader', null, null, null),
	('feature_lock', 'of_body and manager', 'of_body and manager', 'of_body and manager', 'of_body and manager'),
	('feature_lock_item', 'of_body and manager', 'of_body and manager', null, 'of_body and manager'),
	('extension', 'planner or invited or mailbox', 'planner and manager', null, null),
	('extension_request', 'planner or invited or mailbox', 'planner and manager or (invited or mailbox) and (clerk or releaser) or unbound and invited',
		'planner and manager or (invited or mailbox) and (clerk or releaser) or unbound and invited', null),
	('idempotency_key', 'mine or letters_key', 'mine or letters_key', 'mine or letters_key', null),
	('invitation', 'planner or invited or mailbox or along', 'planner and manager or (invited or mailbox) and (clerk or releaser) or unbound and invited',
		'planner and manager or (invited or mailbox) and (clerk or releaser) or unbound and invited', null),
	('invitation_link', 'planner or invited', 'planner and manager or unbound and invited', 'planner and manager or unbound and invited', null),
	('lateness_decision', 'planner or invited or mailbox or author and private or letter', 'planner and manager', null, null),
	('legal_hold', 'planner', 'planner and manager', 'planner and manager', null),
	('mail', 'planner', 'true', null, null),
	('membership', 'mine or operator or of_body and administrator', 'operator or of_body and administrator', 'operator or of_body and administrator', null),
	('note', 'of_body and (clerk or releaser or manager)', 'of_body and wrote and (clerk or releaser or manager)', null, null),
	('person', 'planner or mine or letter_itself', 'planner and manager or unbound and letter_itself', 'planner and manager or unbound and letter_itself', null),
	('plan_draft', 'of_body and reader', 'of_body and manager', 'of_body and manager', 'of_body and manager'),
	('reading', 'mine or about_me or letter or of_body and manager or auditor', 'mine', null, null),
	('receipt', 'planner or invited or mailbox or author and private or letter',
		'planner and manager or (invited or mailbox) and (clerk or releaser) or unbound and (author or letter or invited)', null, null),
	('recomputation', 'operator', 'operator', 'operator', null),
	('recomputation_item', 'operator', null, null, null),
	('recovery_code', 'mine', 'mine', null, 'mine'),
	('reinstatement_request', 'planner or invited or mailbox or author and private or letter',
		'planner and manager and (author or letter) or (invited or mailbox) and releaser or unbound and (author or letter or invited)', null, null),
	('reminder', 'planner or invited or mailbox', null, null, null),
	('reminder_sent', 'planner or invited or mailbox', 'planner and manager', null, null),
	('retention_choice', 'planner', 'planner and manager', null, null),
	('retention_report', 'planner or auditor', null, null, null),
	('second_factor', 'mine', 'mine', 'mine', 'mine'),
	('session', 'mine', null, 'mine', null),
	('statement', 'planner or invited or mailbox or author and private or letter or along',
		'planner and manager or (invited or mailbox) and releaser or unbound and (author or letter or invited)',
		'planner and manager or (invited or mailbox) and releaser or unbound and (author and private or letter or invited)', null),
	('handover', 'letter_itself', 'letter_itself', null, 'letter_itself'),
	('statement_group', 'planner', 'planner and manager', null, null),
	('statement_point', 'planner or invited or mailbox or author and private or letter or along',
		'(author or letter or entered or invited) and (planner and manager or (invited or mailbox) and releaser or unbound)', null, null),
	('subscription', 'mine or letter', 'mine or letter', 'mine or letter', 'mine or letter'),
	('token', 'mine or operator', 'mine or operator', 'mine or operator', null),
	('upload', 'of_body or basket', '(of_body or basket) and (unbound or clerk or releaser or manager)', null,
		'(of_body or basket) and (unbound or clerk or releaser or manager)'),
	('weighing', 'planner', 'planner and manager', 'planner and manager', null),
	('weighing_resolution', 'planner', 'planner and manager', null, null),
	('weighing_result', 'planner or invited or mailbox or author and private or letter', 'planner and manager', null, null);

-- The other logins: s(ees), i(nserts), u(pdates), d(eletes), of which rows. The owner stands behind views, and knows who asks.
create temporary table others (login text, verbs text, rows text, relations text[]);
insert into others values
	('pp_audit', 's', 'true', '{acted,deputy,forwarding,release,assignment,attachment,attachment_release,concern,concern_proposal,consent,distribution_list,erasure_request,extension,extension_request,invitation,invitation_link,lateness_decision,
		legal_hold,membership,person,reading,reinstatement_request,reminder,reminder_sent,retention_choice,retention_report,statement,statement_group,statement_point,weighing,weighing_resolution,weighing_result}'),
	('pp_chain', 's', 'true', '{acted,deputy,forwarding,release,assignment,attachment,attachment_release,concern,concern_proposal,consent,distribution_list,erasure_request,extension,extension_request,invitation,invitation_link,lateness_decision,
		legal_hold,membership,person,reading,receipt,reinstatement_request,reminder,reminder_sent,retention_choice,retention_report,statement,statement_group,statement_point,weighing,weighing_resolution,weighing_result}'),
	('pp_clerk', 'sd', 'true', '{idempotency_key,session,upload,boundary_import_piece,handover}'), ('pp_clerk', 'sud', 'true', '{subscription}'), ('pp_clerk', 'su', 'true', '{attachment_release,barrier_report,invitation,release}'), ('pp_clerk', 'siu', 'true', '{invitation_link}'), ('pp_clerk', 'su', 'true', '{person}'), ('pp_clerk', 's', 'true', '{legal_hold,retention_choice}'), ('pp_clerk', 'si', 'true', '{retention_report}'),
	('pp_clerk', 'siu', 'true', '{mail}'), ('pp_clerk', 's', 'true', '{attachment,receipt}'), ('pp_clerk', 'sud', 'true', '{recomputation,boundary_import}'),
	('pp_clerk', 'sid', 'true', '{account_link,recomputation_item}'), ('pp_clerk', 'si', 'true', '{reminder}'),
	('pp_clerk', 'sd', 'true', '{feature_drafts,feature_lock}'), ('pp_features', 'siu', 'true', '{feature_drafts}'), ('pp_features', 's', 'true', '{plan_draft}'),
	('pp_deadlines', 'su', 'true', '{invitation}'), ('pp_keys', 's', 'true', '{legal_hold}'), ('pp_keys', 'sd', 'true', '{subscription}'), ('pp_owner', 's', 'published', '{statement,attachment_release}'),
	('pp_owner', 's', 'planner or invited or mailbox or author and private or letter or along', '{attachment}'), ('pp_owner', 's', 'by_it', '{forwarding}'), ('pp_owner', 's', 'of_body or basket', '{upload}'),
	('pp_sign_in', 'siu', 'true', '{account,account_identity,account_link,membership,session}'), ('pp_sign_in', 's', 'true', '{deputy,handover,invitation_link,person,subscription,upload}'),
	('pp_sign_in', 'si', 'true', '{mail}'), ('pp_sign_in', 'sud', 'true', '{recovery_code,second_factor}'), ('pp_sign_in', 'su', 'true', '{token}');

-- Nothing that there is has no line, and nothing has a line that there is not.
select is((select array_agg(relation order by relation) from rules), (select array_agg(relation order by relation) from relations), 'every table with row-level security has its line');
select is((select count(distinct (r, login)) from others, unnest(relations) r join relations x on x.relation = r), (select count(*) from others, unnest(relations)), 'no login has two lines for a table');

-- What is to come of it, verb by verb. Every login but the server's and the owner's asks with an identity that would be everybody's, which helps it nothing.
create temporary table expected (relation text, login text, asker text, instance text, verb text, may bool, primary key (relation, login, asker, instance, verb));
do $$
declare
	r record;
begin
	for r in select relation, verb, rule from rules, lateral (values ('s', sees), ('i', inserts), ('u', changes), ('d', deletes)) v (verb, rule) loop
		execute format('insert into expected select %L, ''pp_server'', asker, instance, %L, %s from words', r.relation, r.verb, coalesce(r.rule, 'false'));
	end loop;
	for r in select l.login, x.relation, o.verbs, o.rows from unnest('{pp_owner,pp_public,pp_geometry,pp_clerk,pp_sign_in,pp_deadlines,pp_keys,pp_chain,pp_features,pp_audit}'::text[]) l (login)
		cross join relations x left join others o on o.login = l.login and x.relation = any (o.relations) loop
		execute format('insert into expected select %L, %L, asker, instance, verb, strpos(%L, verb) > 0 and (%s) from %s, unnest(''{s,i,u,d}''::text[]) verb',
			r.relation, r.login, coalesce(r.verbs, ''), coalesce(r.rows, 'true'), case r.login when 'pp_owner' then 'words' else '(select *, ''everybody'' as asker from instances) i' end);
	end loop;
end
$$;
insert into askers values ('everybody', t.n('planner'), 'P', 'reader clerk releaser manager body_administrator oversight operator auditor', t.n('letter'));
select is((select array_agg(rolname::text order by rolname) from pg_roles where rolname ~ '^pp_'), (select array_agg(distinct login order by login) from expected), 'every login is asked');

-- The columns that a table shares with the rows above; rows that do not differ in these are looked at once.
create function t.owners(relation text) returns text[] language sql stable as $$
	select array_agg(a.attname::text) from pg_attribute a join pg_attribute i on (i.attname, i.atttypid) = (a.attname, a.atttypid)
	 where a.attrelid = ('pp.' || relation)::regclass and i.attrelid = 'instances'::regclass and i.attnum > 0
$$;
create function t.instances_of(relation text) returns setof text language plpgsql as $$
begin
	return query execute (select format('select min(instance) from instances group by %s order by 1', coalesce(string_agg(quote_ident(name), ','), '()')) from unnest(t.owners(relation)) name where name <> 'instance');
end
$$;

-- What comes of it, where it is not what was expected.
create function t.crossed(relation text, logins text[], at_most int) returns setof text language plpgsql as $$
declare
	columns text[] := t.owners(relation);
	sentences jsonb := jsonb_build_object('s', format('select from pp.%I', relation), 'u', format('update pp.%I set touched = true', relation), 'd', format('delete from pp.%I', relation));
	row_ text;
	e record;
	got bool;
	affected bigint;
	wrong int := 0;
begin
	perform t.forward();
	for row_ in select t.instances_of(relation) loop
		execute format('delete from pp.%I', relation);
		execute format('insert into pp.%I (%s) select %2$s from instances where instance = %L', relation, array_to_string(columns, ','), row_);
		-- Of the columns, those that the login may give a value.
		sentences := sentences || (select jsonb_object_agg(login, coalesce((select format('insert into pp.%I (', relation) || string_agg(quote_ident(attname), ',') || ') values ('
				|| string_agg(quote_nullable(to_jsonb(i) ->> attname), ',') || ')' from pg_attribute a, instances i
				where attrelid = ('pp.' || relation)::regclass and attname = any (columns) and has_column_privilege(login, attrelid, attnum, 'insert') and i.instance = row_),
			format('insert into pp.%I default values', relation))) from unnest(logins) login);
		for e in select x.login, x.asker, x.verb, x.may, a.account, a.body, a.roles, a.person, a.forwarding from expected x join askers a on a.name = x.asker
			where x.relation = $1 and x.instance = row_ and x.login = any (logins) loop
			begin
				perform set_config('pp.forwarding', coalesce(e.forwarding::text, ''), true), set_config('pp.instant', '2026-02-01', true), set_config('pp.account', coalesce(e.account::text, ''), true), set_config('pp.body', coalesce(e.body, ''), true),
					set_config('pp.roles', e.roles, true), set_config('pp.person', coalesce(e.person::text, ''), true), set_config('session_authorization', e.login, true);
				execute sentences ->> case e.verb when 'i' then e.login else e.verb end;
				get diagnostics affected = row_count;
				got := affected > 0;
				raise exception using errcode = 'PPEND';
			exception
				when sqlstate 'PPEND' then
					null;
				when insufficient_privilege then
					got := false;
			end;
			if got <> e.may then
				return next format('%s %s %s of %s by %s', e.login, e.verb, row_, relation, e.asker);
				wrong := wrong + 1;
				exit when wrong >= at_most;
			end if;
		end loop;
		exit when wrong >= at_most;
	end loop;
end
$$;
create temporary table logins as select array_agg(distinct login) as every from expected;
select is((select string_agg(x, E'\n') from t.crossed(relation, every, 20) x), null, relation || ' is for whom its line says') from relations, logins order by relation;

-- Policies, each made wrong in every way that one change of its words can: everything allowed, nothing allowed, one part of an
-- "or" or of an "and" taken away, one login forgotten, everybody let in. Some line above must fail each time.
create function t.parts(expression text, word text) returns text[] language plpgsql immutable as $$
declare
	depth int := 0;
	start int := 1;
	result text[] := '{}';
begin
	for i in 1 .. length(expression) loop
		depth := depth + case substr(expression, i, 1) when '(' then 1 when ')' then -1 else 0 end;
		if depth < 0 then
			return null;
		elsif depth = 0 and substr(expression, i, length(word)) = word then
			result := result || substr(expression, start, i - start);
			start := i + length(word);
		end if;
	end loop;
	return result || substr(expression, start);
end
$$;
create function t.without_a_part(expression text) returns setof text language plpgsql immutable as $$
declare
	parts text[];
	inside text := substr(expression, 2, length(expression) - 2);
begin
	foreach parts slice 1 in array array[array[' OR '], array[' AND ']] loop
		declare
			word text := parts[1];
		begin
			parts := t.parts(expression, word);
			if array_length(parts, 1) > 1 then
				return query select array_to_string(array_remove(parts, p), word) from unnest(parts) p;
				return query select array_to_string(array_replace(parts, p, x), word) from unnest(parts) p, t.without_a_part(p) x;
				return;
			end if;
		end;
	end loop;
	if expression ~ '^\((?! ?SELECT)' and t.parts(inside, ' OR ') is not null then
		return query select '(' || x || ')' from t.without_a_part(inside) x;
	end if;
end
$$;

-- Where two policies say the same of who writes, both are changed at once: either alone would be made good by the other.
create temporary table mutants as
	with policy as (select p.polname::text as name, p.polrelid as relation, c.relname::text as of, p.polcmd as cmd, p.polpermissive as permissive,
			array(select r::regrole::text from unnest(p.polroles) r) as roles, pg_get_expr(polqual, polrelid) as qual, pg_get_expr(polwithcheck, polrelid) as checks
		from pg_policy p join pg_class c on c.oid = p.polrelid),
	changed as (select p.*, change, ask, format('alter policy %I on %s %s', p.name, p.relation::regclass, change) as alteration
		from policy p cross join lateral (
			select 'using (' || e || ')', roles from (select 'true' union select 'false' union select t.without_a_part(qual)) u (e) where e is distinct from qual and cmd <> 'a'
			union all select case when cmd = 'w' and strpos(checks, qual) > 0 then 'using (true) ' else '' end || 'with check (' || e || ')', roles from (select 'true' union select 'false' union select t.without_a_part(checks)) u (e) where e is distinct from checks and checks is not null
			union all select 'to ' || array_to_string(array_remove(roles, r), ', '), roles from unnest(roles) r where array_length(roles, 1) > 1
			union all select 'to public', (select every from logins) where coalesce(qual, checks) = 'true' and permissive) x (change, ask))
	select m.of, m.ask, concat_ws('; ', m.alteration, twice.alteration) as alteration, twice.alteration is not null as is_twice
	  from changed m left join policy w on w.of = m.of and w.name = 'writes' and not w.permissive
	  left join changed twice on twice.of = m.of and m.name = 'writes' and m.change = 'with check ((( SELECT pp.has_role(''manager''::text) AS has_role)))'
		and twice.permissive and twice.change = 'with check (true)' and twice.checks in ('(planner_body = ( SELECT pp.current_body() AS current_body))', '(body = ( SELECT pp.current_body() AS current_body))')
	 -- What may be changed is asked of the row as it will be as well, and whose it is does not change: there both go at once.
	 where not (m.cmd = 'w' and m.change = 'using (true)' and strpos(m.checks, m.qual) > 0)
	   and not (m.permissive and m.change = 'with check (true)' and w.checks = '(' || m.checks || ' AND ( SELECT pp.has_role(''manager''::text) AS has_role))');
create function t.unnoticed(relation text) returns setof text language plpgsql as $$
declare
	m record;
	noticed bool;
begin
	for m in select * from mutants where of = $1 loop
		begin
			execute m.alteration;
			noticed := exists (select from t.crossed($1, m.ask, 1));
			raise exception using errcode = 'PPEND';
		exception when sqlstate 'PPEND' then
			null;
		end;
		if noticed is not true then
			return next m.alteration;
		end if;
	end loop;
end
$$;
select is((select string_agg(x, E'\n') from t.unnoticed(relation) x), null, 'no policy of ' || relation || ' changes unnoticed') from relations order by relation;
select cmp_ok(count(*), '>', 550::bigint, 'after hundreds of changes') from mutants;
select is(string_agg(of, ' ' order by of), 'attachment_release concern concern_proposal distribution_list extension lateness_decision legal_hold reminder_sent statement_group weighing weighing_resolution weighing_result',
	'of these two policies at once') from mutants where is_twice;
select * from finish();
