-- SPDX-License-Identifier: EUPL-1.2
-- Drafts and statements. What was submitted stays as it was. Locks: new objects only.

create table pp.draft (
	id uuid primary key,
	invitation uuid not null references pp.invitation,
	procedure uuid not null references pp.procedure,
	body text not null collate "C" references pp.body,
	account uuid not null,
	content jsonb not null check (jsonb_typeof(content) = 'object'),
	created_at timestamptz not null,
	changed_at timestamptz not null,
	submitted_at timestamptz,
	statement uuid,
	version int not null default 1,
	check ((submitted_at is null) = (statement is null))
);
create index draft_invitation on pp.draft (invitation, id);
create index draft_body on pp.draft (body, id);
alter table pp.draft enable row level security;
alter table pp.draft force row level security;
create policy own on pp.draft to pp_server
	using (body = (select pp.current_body())) with check (body = (select pp.current_body()));

create table pp.statement (
	id uuid primary key,
	number text not null,
	procedure uuid not null references pp.procedure,
	round uuid not null references pp.round,
	plan uuid not null references pp.plan,
	invitation uuid references pp.invitation,
	parent uuid references pp.statement,
	planner_body text not null collate "C" references pp.body,
	participant text collate "C" references pp.body,
	mailbox_body text collate "C" references pp.body,
	acting_body text collate "C" references pp.body,
	author_account uuid not null references pp.account,
	author_role text not null check (author_role in ('OEFF', 'TOEB', 'NACHB', 'VERB', 'LAND', 'STAAT')),
	channel text not null check (channel in ('PORTAL', 'EMAIL', 'POST')),
	stance text not null check (stance in ('KEINE_BETROFFENHEIT', 'KEINE_BEDENKEN', 'HINWEISE',
		'ANREGUNGEN', 'BEDENKEN', 'EINWENDUNG', 'ABLEHNUNG')),
	text text check (length(text) between 1 and 200000),
	reservation text check (length(reservation) between 1 and 500),
	received_at timestamptz not null,
	deadline_at timestamptz not null,
	on_time bool not null generated always as (received_at < deadline_at) stored,
	content_sha256 bytea not null check (length(content_sha256) = 32),
	state text not null check (state in ('EINGEGANGEN', 'IN_BEARBEITUNG', 'VORGESCHLAGEN',
		'ENTSCHIEDEN', 'MITGETEILT', 'ZURUECKGENOMMEN', 'VERWORFEN')),
	withdrawn_at timestamptz,
	withdrawn_by uuid,
	withdraw_reason text,
	resolution jsonb,
	resolved_at timestamptz,
	published bool not null default false,
	published_text text,
	version int not null default 1,
	constraint statement_number_once unique (number),
	check ((author_role = 'OEFF') = (invitation is null)),
	check ((invitation is null) = (participant is null) and (invitation is null) = (mailbox_body is null)
		and (invitation is null) = (acting_body is null)),
	check ((state = 'ZURUECKGENOMMEN') = (withdrawn_at is not null)),
	check ((resolution is null) = (resolved_at is null))
);
create index statement_procedure on pp.statement (procedure, id);
create index statement_published on pp.statement (procedure, id) where published;
create index statement_invitation on pp.statement (invitation, received_at);
create index statement_parent on pp.statement (parent) where parent is not null;
create index statement_participant on pp.statement (participant, id);
create index statement_mailbox on pp.statement (mailbox_body, id);
create index statement_author on pp.statement (author_account, id);
comment on column pp.statement.number is
	'Number of the procedure and running number in it, 2026-0001-017; a supplement adds its own: -1.';
comment on column pp.statement.participant is 'Whose statement it is; acting_body has written it.';
comment on column pp.statement.received_at is
	'When the last byte of the submission was read, the server''s clock, microseconds.';
comment on column pp.statement.deadline_at is
	'What lateness was judged by when it came: the invitation''s deadline, for the public the round''s end.';
comment on column pp.statement.reservation is
	'Whose decision it still depends on (vorbehaltlich der Gemeindevertretung); resolution is appended.';

create table pp.statement_point (
	statement uuid not null references pp.statement,
	no int not null check (no > 0),
	planner_body text not null collate "C",
	participant text collate "C",
	mailbox_body text collate "C",
	author_account uuid not null,
	kind text not null check (kind in ('EINWAND', 'ANREGUNG', 'HINWEIS', 'EIGENE_PLANUNG',
		'INFORMATION', 'ZIEL_DER_RAUMORDNUNG')),
	topic text check (length(topic) <= 200),
	text text not null check (length(text) between 1 and 200000),
	legal_basis text check (length(legal_basis) <= 2000),
	remedy text check (length(remedy) <= 20000),
	document text check (length(document) <= 500),
	page text check (length(page) <= 50),
	geom geometry(Geometry, 25832),
	primary key (statement, no)
);
comment on column pp.statement_point.remedy is 'How the objection could be overcome.';

-- Not one word of what was submitted changes, whoever tries: these hold for pp_owner as well.
create trigger statement_stays before update of id, number, procedure, round, plan, invitation, parent,
	planner_body, participant, acting_body, author_account, author_role, channel, stance, text,
	reservation, received_at, deadline_at, content_sha256 or delete or truncate
	on pp.statement for each statement execute function pp.forbid_change();
create trigger statement_point_stays before update or delete or truncate on pp.statement_point
	for each statement execute function pp.forbid_change();

-- What is appended later is written once.
create function pp.forbid_rewriting() returns trigger language plpgsql as $$
begin
	if old.withdrawn_at is not null and (new.withdrawn_at, new.withdrawn_by, new.withdraw_reason, new.state)
			is distinct from (old.withdrawn_at, old.withdrawn_by, old.withdraw_reason, old.state)
		or old.resolution is not null and (new.resolution, new.resolved_at)
			is distinct from (old.resolution, old.resolved_at) then
		raise exception using errcode = 'restrict_violation',
			message = 'a withdrawal and a resolution are recorded once';
	end if;
	return new;
end
$$;
create trigger statement_appended before update on pp.statement
	for each row execute function pp.forbid_rewriting();

alter table pp.statement enable row level security;
alter table pp.statement force row level security;
create policy parties on pp.statement to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()))
	with check (author_account = (select pp.current_account())
		or planner_body = (select pp.current_body()) or participant = (select pp.current_body())
		or mailbox_body = (select pp.current_body()));
-- Behind the view of what is published; the public's login has no access to the table.
create policy published on pp.statement for select to pp_owner using (published);

alter table pp.statement_point enable row level security;
alter table pp.statement_point force row level security;
create policy parties on pp.statement_point to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()))
	with check (author_account = (select pp.current_account()));

insert into pp.transition (machine, event, from_state, to_state)
	select 'statement', event, from_state, to_state from (values
		('supplement', '{EINGEGANGEN}'::text[], 'EINGEGANGEN'),
		('supplement', '{IN_BEARBEITUNG}', 'IN_BEARBEITUNG'),
		('supplement', '{VORGESCHLAGEN}', 'VORGESCHLAGEN'),
		('withdraw', '{EINGEGANGEN,IN_BEARBEITUNG,VORGESCHLAGEN}', 'ZURUECKGENOMMEN')
	) e (event, from_states, to_state), unnest(from_states) from_state;

grant select, insert, delete, update (content, changed_at, submitted_at, statement, version)
	on pp.draft to pp_server;
grant select, insert, update (state, withdrawn_at, withdrawn_by, withdraw_reason, resolution,
	resolved_at, published, published_text, version) on pp.statement to pp_server;
grant select, insert on pp.statement_point to pp_server;
