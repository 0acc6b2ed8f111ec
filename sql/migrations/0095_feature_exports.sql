-- SPDX-License-Identifier: EUPL-1.2
-- GeoPackages of published features: what somebody has asked for, and the files in pieces until they are fetched or a day old. Nothing
-- is in them that the collections do not show to everybody. Locks: none; both tables are new.

create table pp.feature_export (
	id uuid primary key,
	collection text not null references pp.feature_collection (name),
	ask jsonb not null,
	seen bigint not null,
	state text not null default 'QUEUED' check (state in ('QUEUED', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
	reason text check (reason in ('ZU_VIELE', 'ZU_GROSS', 'GESCHEITERT')),
	askers int not null default 1,
	attempts int not null default 0,
	features bigint not null default 0,
	size bigint,
	sha256 bytea check (length(sha256) = 32),
	asked_at timestamptz not null,
	started_at timestamptz,
	ended_at timestamptz,
	check ((state = 'DONE') = (size is not null and sha256 is not null)),
	check ((state = 'FAILED') = (reason is not null)),
	check ((state in ('QUEUED', 'RUNNING')) = (ended_at is null))
);
comment on table pp.feature_export is 'Files of features that are made beside the request: kept for a day.';
comment on column pp.feature_export.ask is 'What is wanted, as server/feature/export.c writes it; whoever asks for the same of the same state shares the file.';
comment on column pp.feature_export.seen is 'Of the clock: the state that it shows.';
comment on column pp.feature_export.askers is 'Who has asked for it and not cancelled it.';
comment on column pp.feature_export.attempts is 'How often a process has begun it.';

create table pp.feature_export_piece (
	export uuid not null references pp.feature_export on delete cascade,
	at bigint not null,
	bytes bytea not null,
	primary key (export, at)
);
comment on table pp.feature_export_piece is 'A file, a mebibyte at a time.';
-- What is compressed already, or is read by its middle, is not compressed again.
alter table pp.feature_export_piece alter bytes set storage external;

grant select, insert, update (state, askers, ended_at) on pp.feature_export to pp_server;
grant select on pp.feature_export_piece to pp_server;
grant select, delete, update (state, reason, attempts, features, size, sha256, started_at, ended_at) on pp.feature_export to pp_clerk;
grant select, insert, delete on pp.feature_export_piece to pp_clerk;
