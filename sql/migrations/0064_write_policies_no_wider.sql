-- SPDX-License-Identifier: EUPL-1.2
-- Writing is left to nobody who needs it not: distribution lists ask for the role as everything that bodies write does (0060), and
-- of the exceptions that 0060 made for persons and links each table keeps the one that is for it. Found by tests/sql/cross_test.sql,
-- where the rest could be taken away unnoticed. Locks: these tables, for a moment.

create policy writes on pp.distribution_list as restrictive to pp_server using (true)
	with check (body = (select pp.current_body()) and (select pp.has_role('manager')));

do $$
declare
	person constant text := '(select pp.current_body()) is null';
	link constant text := '(select pp.current_account()) is null';
	conducts constant text := 'planner_body = (select pp.current_body()) and (select pp.has_role(''manager''))';
	answers constant text := '(participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())) and ((select pp.has_role(''clerk'')) or (select pp.has_role(''releaser'')))';
	name text;
	may text;
begin
	for name, may in values
		('person', concat_ws(' or ', person, conducts)), ('consent', concat_ws(' or ', person, conducts)),
		('invitation_link', concat_ws(' or ', link, conducts)),
		('invitation', concat_ws(' or ', link, conducts, answers)), ('extension_request', concat_ws(' or ', link, conducts, answers))
	loop
		execute format('alter policy writes on pp.%I with check (%s)', name, may);
	end loop;
end
$$;
