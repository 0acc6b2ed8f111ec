-- SPDX-License-Identifier: EUPL-1.2
-- Who may write is decided by role in the database as well: whoever only reads for a body writes nothing of its, whatever
-- sentence is sent. Persons act for no body, and links (sql/api/link.sql) for one without an account: neither has roles,
-- and the policies that there are say what is theirs. Locks: the tables of statements and weighing, for a moment.

do $$
declare
	free constant text := '(select pp.current_body()) is null or (select pp.current_account()) is null';
	conducts constant text := 'planner_body = (select pp.current_body()) and (select pp.has_role(''manager''))';
	answers constant text := '(participant = (select pp.current_body()) or mailbox_body = (select pp.current_body()))';
	releases constant text := '(select pp.has_role(''releaser''))';
	works constant text := '((select pp.has_role(''clerk'')) or (select pp.has_role(''releaser'')))';
	name text;
	may text;
begin
	for name, may in values
		('statement_group', conducts), ('weighing', conducts), ('weighing_resolution', conducts), ('concern', conducts),
		('concern_proposal', conducts), ('weighing_result', conducts), ('lateness_decision', conducts), ('extension', conducts),
		('reminder_sent', conducts), ('legal_hold', conducts),
		('person', concat_ws(' or ', free, conducts)), ('consent', concat_ws(' or ', free, conducts)),
		('invitation_link', concat_ws(' or ', free, conducts)),
		('invitation', concat_ws(' or ', free, conducts, answers || ' and ' || works)),
		('extension_request', concat_ws(' or ', free, conducts, answers || ' and ' || works)),
		('receipt', concat_ws(' or ', free, conducts, answers || ' and ' || works)),
		('statement', concat_ws(' or ', free, conducts, answers || ' and ' || releases)),
		('statement_point', concat_ws(' or ', free, conducts, answers || ' and ' || releases)),
		('reinstatement_request', concat_ws(' or ', free, conducts, answers || ' and ' || releases)),
		('note', '(select pp.has_role(''clerk'')) or (select pp.has_role(''releaser'')) or (select pp.has_role(''manager''))')
	loop
		execute format('create policy writes on pp.%I as restrictive to pp_server using (true) with check (%s)', name, may);
	end loop;
end
$$;

-- What is published has no row-level security, which would switch its GiST off (docs/database.md): here a trigger asks.
-- Other logins are the platform's own: the clock's, the calendar's, the owner's.
create function pp.for_managers() returns trigger language plpgsql as $$
begin
	if current_user = 'pp_server' and not pp.has_role('manager') then
		perform pp.refuse('forbidden', 'Only whoever conducts procedures changes them.');
	end if;
	return null;
end
$$;

do $$
declare
	name text;
begin
	foreach name in array '{procedure,plan,round,round_extension,affected_decision,affected_set,document}'::text[] loop
		execute format('create trigger %I before insert or update on pp.%I for each statement execute function pp.for_managers()',
			name || '_managers', name);
	end loop;
end
$$;
