-- SPDX-License-Identifier: EUPL-1.2
-- Locks of features (OGC 09-025r2 §12): whoever has taken some changes them undisturbed until the lock ends or is given
-- back. Of the one collection that clients write, so the features are drafts of plans. Locks: pp.plan_draft, for a moment.

create table pp.feature_lock (
	id uuid primary key,
	body text not null references pp.body,
	account uuid not null,
	seconds int not null check (seconds between 1 and 86400),
	expires_at timestamptz not null
);
create index feature_lock_body on pp.feature_lock (body);
create index feature_lock_expired on pp.feature_lock (expires_at);
comment on table pp.feature_lock is 'Of an account; kept for a day after it has ended, so that who comes late is told why.';
comment on column pp.feature_lock.seconds is 'How long it lasts, from when it was taken or last used.';
create table pp.feature_lock_item (
	draft uuid primary key references pp.plan_draft on delete cascade,
	lock uuid not null references pp.feature_lock on delete cascade,
	body text not null
);
create index feature_lock_item_lock on pp.feature_lock_item (lock);

alter table pp.feature_lock enable row level security;
alter table pp.feature_lock force row level security;
alter table pp.feature_lock_item enable row level security;
alter table pp.feature_lock_item force row level security;
create policy own on pp.feature_lock to pp_server
	using (body = (select pp.current_body()) and (select pp.has_role('manager')));
create policy own on pp.feature_lock_item to pp_server
	using (body = (select pp.current_body()) and (select pp.has_role('manager')));
create policy clerk on pp.feature_lock to pp_clerk using (true);
grant select, insert, update (seconds, expires_at), delete on pp.feature_lock to pp_server;
grant select, insert, delete on pp.feature_lock_item to pp_server;
grant select (expires_at), delete on pp.feature_lock to pp_clerk;
