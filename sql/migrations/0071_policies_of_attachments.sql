-- SPDX-License-Identifier: EUPL-1.2
-- Attachments and uploads are seen as the statements they belong to. Whoever wrote for a body and now acts elsewhere saw what was
-- attached there, not the statement; whoever only reads could take away what others had uploaded; and the owner, who stands behind
-- a view, could write. Found by tests/sql/cross_test.sql. Locks: both tables, for a moment.

alter policy parties on pp.attachment to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body()) or planner_body = (select pp.current_body())
		or participant is null and author_account = (select pp.current_account()) or person = (select pp.current_person()));
create policy behind on pp.attachment for select to pp_owner
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body()) or planner_body = (select pp.current_body())
		or participant is null and author_account = (select pp.current_account()) or person = (select pp.current_person()));

alter policy own on pp.upload to pp_server;
create policy behind on pp.upload for select to pp_owner
	using (body = (select pp.current_body()) or basket = (select pp.current_person()));
create policy removes on pp.upload as restrictive for delete to pp_server
	using ((select pp.current_body()) is null or (select pp.current_account()) is null or (select pp.has_role('clerk'))
		or (select pp.has_role('releaser')) or (select pp.has_role('manager')));
