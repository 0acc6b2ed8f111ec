-- SPDX-License-Identifier: EUPL-1.2
-- Where a body is written to is said by its administrator, or by an operator, and no longer by the import alone.
-- Locks: pp.body_mail, for a moment.

alter table pp.body_mail enable row level security;
alter table pp.body_mail force row level security;
create policy known on pp.body_mail for select to pp_server, pp_clerk using (true);
create policy imported on pp.body_mail to pp_owner using (true) with check (true);
create policy administer on pp.body_mail to pp_server
	using (body = (select pp.current_body()) and (select pp.has_role('body_administrator')) or (select pp.has_role('operator')))
	with check (body = (select pp.current_body()) and (select pp.has_role('body_administrator')) or (select pp.has_role('operator')));
grant insert, delete, update (valid_to) on pp.body_mail to pp_server;
