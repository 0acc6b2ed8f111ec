-- SPDX-License-Identifier: EUPL-1.2
-- Drafts that are changed together get their versions together: each for itself held the clock of the features for seconds where
-- somebody removes a thousand. Whoever changes a row notes it; the first trigger that is due brings all that is noted up to its
-- source, and the others find nothing to do. Locks: pp.plan_draft, for a moment.
create function pp.plan_draft_note() returns trigger language plpgsql volatile as $$
begin
	perform set_config('pp.noted_drafts', concat_ws(' ', nullif(current_setting('pp.noted_drafts', true), ''), coalesce(new.id, old.id)), true);
	return null;
end
$$;
-- By its name before plan_draft_feature, also where that is not deferred.
create trigger plan_draft_changed after insert or update or delete on pp.plan_draft for each row execute function pp.plan_draft_note();

grant create on schema pp to pp_features;
set local role pp_features;
create or replace function pp.feature_follow_row() returns trigger language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
declare
	setting text := 'pp.noted_' || tg_argv[0];
	noted text := current_setting(setting, true);
begin
	if noted <> '' then
		perform pp.feature_sync(tg_argv[0], string_to_array(noted, ' '));
		perform set_config(setting, '', true);
	end if;
	return null;
end
$$;
reset role;
revoke create on schema pp from pp_features;
