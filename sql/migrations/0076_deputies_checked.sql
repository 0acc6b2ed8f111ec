-- SPDX-License-Identifier: EUPL-1.2
-- Who names a deputy and who ends that is asked where the row is written; the policies say of which body. Locks: none to speak of.

drop policy name on pp.deputy;
drop policy end_it on pp.deputy;
create policy name on pp.deputy for insert to pp_server
	with check (body = (select pp.current_body()) and (select pp.has_role('reader')) and named_by = (select pp.current_account()));
create policy end_it on pp.deputy for update to pp_server
	using (body = (select pp.current_body()))
	with check (body = (select pp.current_body()) and (select pp.has_role('reader')) and ended_by = (select pp.current_account()));

create function pp.deputy_by_whom() returns trigger language plpgsql as $$
begin
	if current_user = 'pp_server' and not pp.has_role('body_administrator') and new.account is distinct from pp.current_account()
		and (tg_op = 'INSERT' or new.deputy is distinct from pp.current_account()) then
		perform pp.refuse('forbidden', case tg_op when 'INSERT' then 'Only the body''s administrator names a deputy for somebody else.'
			else 'Either of the two or the body''s administrator ends that.' end, case tg_op when 'INSERT' then '/account' end);
	end if;
	return new;
end
$$;
create trigger deputy_by_whom before insert or update on pp.deputy for each row execute function pp.deputy_by_whom();
