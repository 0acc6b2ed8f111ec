-- SPDX-License-Identifier: EUPL-1.2
-- Locks of features, for WFS (OGC 09-025r2 §12 and §15.2.3.1): taken, used again, given back.

-- The lock that somebody names; another account's is none.
create function pp_api.feature_lock_named(lock text, at timestamptz) returns pp.feature_lock language plpgsql stable as $$
declare
	l pp.feature_lock;
begin
	if lock ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
		select * into l from pp.feature_lock x where x.id = lock::uuid and x.account = pp.current_account();
	end if;
	if l.id is null then
		perform pp.refuse('lock_unknown', format('You have no lock %s.', lock), 'lockId');
	elsif l.expires_at <= at then
		perform pp.refuse('lock_expired', format('The lock has ended at %s: read again, and take a new one.', pp.rfc3339(l.expires_at)), 'lockId');
	end if;
	return l;
end
$$;

-- Whose a draft is until when, if that is not the lock named; null where it is free.
create function pp_api.feature_lock_until(draft uuid, lock uuid, at timestamptz) returns timestamptz language sql stable as $$
	select l.expires_at from pp.feature_lock_item i join pp.feature_lock l on l.id = i.lock
	 where i.draft = $1 and l.expires_at > $3 and l.id is distinct from $2
$$;

-- The editors of a body come one after the other.
create function pp_api.plan_draft_turn() returns void language plpgsql volatile as $$
begin
	if not pp.has_role('manager') then
		perform pp.refuse('forbidden', 'Drafts are drawn by whoever conducts procedures for a planning body.');
	end if;
	perform pg_advisory_xact_lock(hashtextextended('pp plan_draft ' || pp.current_body(), 0));
end
$$;

-- Takes these features, for so many seconds (300 without). lock: one of one's own that gets them as well, and begins anew; null:
-- a new one. every: all of them or none, else those that are free. missed: which were not to be had.
create function pp_api.feature_lock_take(fids text[], seconds int, every bool, lock text, at timestamptz,
	out id uuid, out expires_at timestamptz, out taken text[], out missed text[]) language plpgsql volatile as $$
declare
	l pp.feature_lock;
begin
	perform pp_api.plan_draft_turn();
	if seconds not between 1 and 86400 then
		perform pp.refuse('invalid_parameter', 'A lock lasts from 1 to 86400 seconds.', 'expiry');
	end if;
	if lock is not null then
		l := pp_api.feature_lock_named(lock, at);
	end if;
	id := coalesce(l.id, pp.uuid7(at));
	taken := array(select d.id::text from pp.plan_draft d where d.id::text = any (fids) and pp_api.feature_lock_until(d.id, l.id, at) is null order by d.id);
	missed := array(select f from unnest(fids) f where f <> all (taken) order by f);
	if every and missed <> '{}' then
		perform pp.refuse('features_locked', format('%s of %s features are not to be had: others have locked them, or they are gone.', cardinality(missed), cardinality(fids)), 'lockAction');
	end if;
	seconds := coalesce(feature_lock_take.seconds, l.seconds, 300);
	expires_at := at + make_interval(secs => seconds);
	if l.id is null then
		insert into pp.feature_lock values (feature_lock_take.id, pp.current_body(), pp.current_account(), feature_lock_take.seconds, feature_lock_take.expires_at);
	else
		update pp.feature_lock x set seconds = feature_lock_take.seconds, expires_at = feature_lock_take.expires_at where x.id = l.id;
	end if;
	delete from pp.feature_lock_item i where i.draft::text = any (taken);
	insert into pp.feature_lock_item select f::uuid, feature_lock_take.id, pp.current_body() from unnest(taken) f;
end
$$;

-- Gives back these features of a lock, or with null all of it; what is left of it begins anew. keeps: it is used once more, though it
-- may have nothing left.
create function pp_api.feature_lock_release(lock text, fids text[], at timestamptz, keeps bool default false) returns void language plpgsql volatile as $$
declare
	l pp.feature_lock := pp_api.feature_lock_named(lock, at);
begin
	delete from pp.feature_lock_item i where i.lock = l.id and i.draft::text = any (fids);
	if fids is null or not (keeps or exists (select from pp.feature_lock_item i where i.lock = l.id)) then
		delete from pp.feature_lock x where x.id = l.id;
	else
		update pp.feature_lock x set expires_at = at + make_interval(secs => l.seconds) where x.id = l.id;
	end if;
end
$$;

grant execute on function pp_api.feature_lock_named(text, timestamptz), pp_api.feature_lock_until(uuid, uuid, timestamptz), pp_api.plan_draft_turn(),
	pp_api.feature_lock_take(text[], int, bool, text, timestamptz), pp_api.feature_lock_release(text, text[], timestamptz, bool) to pp_server;
