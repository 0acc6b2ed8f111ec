-- SPDX-License-Identifier: EUPL-1.2
-- Drafts of plans: extents that a planning body draws and corrects in its GIS before it files them. They are the body's
-- own, here and in the versions that GIS clients read. Locks: pp.feature_collection, for a moment.

create table pp.plan_draft (
	id uuid primary key,
	body text not null references pp.body,
	procedure uuid references pp.procedure,
	title text check (length(title) <= 500),
	note text check (length(note) <= 10000),
	geom geometry(Geometry, 25832),
	bytes int not null generated always as (coalesce(ST_MemSize(geom), 0)) stored,
	created_at timestamptz not null,
	created_by uuid not null,
	changed_at timestamptz not null,
	changed_by uuid not null,
	revision int not null default 1
);
comment on table pp.plan_draft is 'Nobody''s but its body''s until it is filed; what is removed is gone.';
comment on column pp.plan_draft.procedure is 'For which it is drawn, where that is known: one of the body''s own.';
comment on column pp.plan_draft.geom is 'Judged as the extent of a plan is; null where nothing is drawn yet.';
comment on column pp.plan_draft.bytes is 'What its geometry takes: a body has so many.';
create index plan_draft_body on pp.plan_draft (body);
create index plan_draft_procedure on pp.plan_draft (procedure) where procedure is not null;

alter table pp.plan_draft enable row level security;
alter table pp.plan_draft force row level security;
create policy reads on pp.plan_draft for select to pp_server
	using (body = (select pp.current_body()) and (select pp.has_role('reader')));
create policy adds on pp.plan_draft for insert to pp_server
	with check (body = (select pp.current_body()) and (select pp.has_role('manager')));
create policy changes on pp.plan_draft for update to pp_server
	using (body = (select pp.current_body()) and (select pp.has_role('manager')));
create policy removes on pp.plan_draft for delete to pp_server
	using (body = (select pp.current_body()) and (select pp.has_role('manager')));
create policy features on pp.plan_draft for select to pp_features using (true);
grant select, insert, update (procedure, title, note, geom, changed_at, changed_by, revision), delete on pp.plan_draft to pp_server;
grant select on pp.plan_draft to pp_features;

-- Its versions, as of every collection: key is the draft.
insert into pp.feature_collection (name) values ('drafts');
create table pp.feature_drafts (
	like pp.feature including defaults including constraints including generated,
	body text not null,
	title text,
	note text,
	procedure uuid,
	procedure_number text,
	area_m2 float8,
	revision int not null,
	created_at timestamptz not null
);
create unique index feature_drafts_current on pp.feature_drafts (fid) where died is null;
create index feature_drafts_fid on pp.feature_drafts (fid, valid_from);
create index feature_drafts_key on pp.feature_drafts (key) where died is null;
create index feature_drafts_born on pp.feature_drafts (born);
create index feature_drafts_died on pp.feature_drafts (died) where died is not null;
-- The policy is asked before any condition of a client's, so GiST would find nothing: a body's drafts are found by the
-- body, and they are a bounded number.
create index feature_drafts_body on pp.feature_drafts (body, fid);
create index feature_drafts_past on pp.feature_drafts (valid_to) where died is not null;

alter table pp.feature_drafts enable row level security;
alter table pp.feature_drafts force row level security;
create policy reads on pp.feature_drafts for select to pp_server
	using (body = (select pp.current_body()) and (select pp.has_role('reader')));
create policy features on pp.feature_drafts to pp_features using (true) with check (true);
create policy clerk on pp.feature_drafts to pp_clerk using (true);
grant select on pp.feature_drafts to pp_server;
grant select, insert, update on pp.feature_drafts to pp_features;
grant select (fid, died, valid_to), delete on pp.feature_drafts to pp_clerk;

-- Of a table whose rows are features themselves, with their id.
create function pp.feature_follow_row() returns trigger language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp as $$
begin
	perform pp.feature_sync(tg_argv[0], array[coalesce(new.id, old.id)::text]);
	return null;
end
$$;
create constraint trigger plan_draft_feature after insert or update or delete on pp.plan_draft deferrable initially deferred
	for each row execute function pp.feature_follow_row('drafts');

grant create on schema pp to pp_features;
alter function pp.feature_follow_row() owner to pp_features;
revoke create on schema pp from pp_features;
set local role pp_features;
grant execute on function pp.feature_follow_row() to pp_owner;
reset role;
