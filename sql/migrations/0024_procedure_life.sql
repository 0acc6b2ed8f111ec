-- SPDX-License-Identifier: EUPL-1.2
-- Procedures as state machines: states, events and transitions are rows with a legal basis and a
-- validity; what happened is a record that nobody changes. Locks: pp.procedure and pp.round for the
-- time of a few column changes, so run it while nobody works.

-- Which machine runs a kind, beside it which tracks; whose periods hold where a special law has none of its own.
alter table pp.procedure_kind
	add machine text,
	add tracks text[] not null default '{}',
	add like_kind text references pp.procedure_kind;
comment on column pp.procedure_kind.machine is 'The rows of pp.machine_transition that it follows.';
comment on column pp.procedure_kind.tracks is
	'Machines that run beside it with a state of their own (the Planungsanzeige).';
comment on column pp.procedure_kind.like_kind is
	'The general form that a special law refers to; its steps and periods hold.';
insert into pp.procedure_kind (kind, family, name_de, name_en, law, like_kind) values
	('PFV_AEG', 'PLANFESTSTELLUNG', 'Planfeststellung einer Eisenbahn', 'Plan approval of a railway', '§§ 18 ff. AEG', 'PFV'),
	('PFV_PBEFG', 'PLANFESTSTELLUNG', 'Planfeststellung einer Straßenbahn', 'Plan approval of a tramway', '§§ 28 ff. PBefG', 'PFV'),
	('PFV_WASTRG', 'PLANFESTSTELLUNG', 'Planfeststellung einer Bundeswasserstraße', 'Plan approval of a federal waterway', '§§ 14 ff. WaStrG', 'PFV'),
	('PFV_LSTR', 'PLANFESTSTELLUNG', 'Planfeststellung einer Landes- oder Kreisstraße', 'Plan approval of a state or district road', 'Straßenrecht des Landes (Schleswig-Holstein: § 40 StrWG)', 'PFV');
update pp.procedure_kind set machine = case when family = 'BAULEITPLANUNG' then 'BAULEITPLAN'
	when kind in ('ROP_LAND', 'ROP_REG') then 'RAUMORDNUNGSPLAN'
	when kind in ('RVP', 'ZAV', 'BFP') then kind else 'PLANFESTSTELLUNG' end;
update pp.procedure_kind set tracks = '{PLANUNGSANZEIGE}' where family = 'BAULEITPLANUNG';
alter table pp.procedure_kind alter machine set not null;

create table pp.machine_state (
	machine text not null,
	state text not null check (state ~ '^[A-Z_]{3,40}$'),
	no int not null,
	name_de text not null,
	name_en text not null,
	is_initial bool not null default false,
	is_final bool not null default false,
	primary key (machine, state),
	unique (machine, no)
);
create unique index machine_state_initial on pp.machine_state (machine) where is_initial;
comment on table pp.machine_state is 'The states of each machine, in the order in which a procedure usually takes them.';

create table pp.machine_event (
	event text primary key check (event ~ '^[A-Z_0-9]{3,40}$'),
	name_de text not null,
	name_en text not null,
	fields jsonb not null default '[]' check (jsonb_typeof(fields) = 'array'),
	is_public bool not null default true
);
comment on table pp.machine_event is 'What can happen to a procedure; one word, whichever machine it happens in.';
comment on column pp.machine_event.fields is
	'What is said with it: [{"name", "type": date|text|bool|uuid|list|choice, "choices"?, "de", "en"}].';
comment on column pp.machine_event.is_public is 'Whether the public reads of it, once the procedure is published.';

create table pp.machine_transition (
	id int generated always as identity primary key,
	machine text not null,
	event text not null references pp.machine_event,
	from_state text not null,
	to_state text not null,
	who text not null check (who in ('PLANUNG', 'RUNDE', 'UHR')),
	guards text[] not null default '{}',
	effect text,
	kinds text[],
	lands text[],
	not_lands text[] not null default '{}',
	due_rule text,
	due_older_rule text,
	due_newer_from date,
	due_event text references pp.machine_event,
	due_states text[],
	needs_reason bool not null default false,
	skips text[] not null default '{}',
	legal_basis text not null check (legal_basis <> ''),
	valid_from date not null default '1900-01-01',
	valid_to date check (valid_to >= valid_from),
	foreign key (machine, from_state) references pp.machine_state (machine, state),
	check ((due_rule is null) = (due_states is null)),
	check (due_event is null or due_rule is not null),
	check ((due_older_rule is null) = (due_newer_from is null))
);
create index machine_transition_from on pp.machine_transition (machine, from_state, event);
comment on table pp.machine_transition is
	'The law as rows: in which state an event may happen, on which conditions, and what follows. For one state and event the first row counts that fits kind, Land and law version.';
comment on column pp.machine_transition.to_state is 'A state of the machine; = stays, < goes back to where a rest began.';
comment on column pp.machine_transition.who is
	'PLANUNG: the planning body records it. RUNDE: by opening a round. UHR: by the clock, never by request.';
comment on column pp.machine_transition.guards is 'Conditions, each a function pp_api.guard_NAME.';
comment on column pp.machine_transition.due_rule is
	'The period of server/law that begins with it: until its end due_event happens, or is due by people.';
comment on column pp.machine_transition.due_older_rule is
	'Holds where it happened before due_newer_from (§ 245f (1) BauGB goes by the day of the application).';
comment on column pp.machine_transition.due_states is 'While the procedure is in one of these the period goes on; elsewhere it is settled.';
comment on column pp.machine_transition.skips is 'Events that this one leaves out, which may be recorded later.';
comment on column pp.machine_transition.valid_from is
	'Law versions: a procedure that began before a change is finished under the law before it (§ 233 (1) BauGB, § 27 (1) ROG).';

create trigger machine_transition_kept before delete or truncate on pp.machine_transition
	for each statement execute function pp.forbid_change();

alter table pp.procedure
	add law_on date,
	add rested_state text,
	add project text check (length(project) between 1 and 200),
	add section text check (length(section) between 1 and 100),
	add check (project is not null or section is null);
update pp.procedure set law_on = pp.day(created_at);
alter table pp.procedure alter law_on set not null;
create index procedure_project on pp.procedure (project, section) where project is not null;
comment on column pp.procedure.law_on is
	'The law of this day decides: that of the formal beginning (§ 233 (1) sentence 1 BauGB), unless the planning body has chosen a newer one for what has not begun (sentence 2).';
comment on column pp.procedure.rested_state is 'Where it goes on after a rest (RUHT).';
comment on column pp.procedure.project is 'Sections of one project (§ 21 (1) sentence 2 NABEG) bear the same.';

create table pp.procedure_track (
	procedure uuid not null references pp.procedure,
	machine text not null,
	state text not null,
	state_since timestamptz not null,
	primary key (procedure, machine),
	foreign key (machine, state) references pp.machine_state (machine, state)
);
comment on table pp.procedure_track is 'The state of what runs beside a procedure; without a row, the machine''s first.';

create table pp.procedure_event (
	id uuid primary key,
	procedure uuid not null references pp.procedure,
	no int not null check (no > 0),
	machine text not null,
	event text not null references pp.machine_event,
	from_state text not null,
	to_state text not null,
	happened_on date not null,
	at timestamptz not null,
	recorded_at timestamptz not null,
	who text not null,
	recorded_by uuid references pp.account,
	recorded_by_label text,
	reason text check (length(reason) between 1 and 4000),
	data jsonb not null default '{}' check (jsonb_typeof(data) = 'object'),
	round uuid,
	plan uuid references pp.plan,
	plan_sha256 bytea,
	skipped text[] not null default '{}',
	legal_basis text not null,
	law_on date not null,
	constraint procedure_event_no_once unique (procedure, no),
	check ((who = 'UHR') = (recorded_by is null))
);
comment on table pp.procedure_event is
	'The life of a procedure: every transition with actor, time, reason and legal basis, in its order.';
comment on column pp.procedure_event.happened_on is 'The day that counts: of the resolution, of the notice.';
comment on column pp.procedure_event.at is 'When the new state began; by the clock the instant of law, else when it was recorded.';
comment on column pp.procedure_event.plan_sha256 is 'Of the newest plan at that time: a draft is frozen by its resolution.';
create trigger procedure_event_stays before update or delete or truncate on pp.procedure_event
	for each statement execute function pp.forbid_change();

create table pp.procedure_due (
	id uuid primary key,
	procedure uuid not null references pp.procedure,
	began_by uuid not null references pp.procedure_event,
	machine text not null,
	rule text not null,
	event text references pp.machine_event,
	states text[] not null,
	began_on date not null,
	due_on date,
	due_at timestamptz,
	state text not null default 'OFFEN' check (state in ('OFFEN', 'GEHEMMT', 'ABGELAUFEN', 'ERLEDIGT')),
	settled_at timestamptz,
	legal_basis text not null,
	check ((due_on is null) = (due_at is null)),
	check ((state in ('OFFEN', 'GEHEMMT')) = (settled_at is null))
);
create index procedure_due_of on pp.procedure_due (procedure, due_at);
create index procedure_due_open on pp.procedure_due (due_at) where state = 'OFFEN';
create index procedure_due_dateless on pp.procedure_due (id) where due_at is null and state = 'OFFEN';
comment on column pp.procedure_due.due_on is
	'The last day, inclusive. Null for the moment between an event of the clock and the clerk''s computing it.';
comment on table pp.procedure_due is 'Periods that run in a procedure, other than those of its rounds.';

create table pp.procedure_link (
	procedure uuid not null references pp.procedure,
	other uuid not null references pp.procedure check (other <> procedure),
	kind text not null check (kind in ('PARALLEL', 'AENDERT', 'HEBT_AUF')),
	at timestamptz not null,
	created_by uuid not null references pp.account,
	primary key (procedure, other, kind)
);
create index procedure_link_other on pp.procedure_link (other);
comment on table pp.procedure_link is
	'PARALLEL: development plan and change of the land-use plan (§ 8 (3) BauGB), read both ways. AENDERT, HEBT_AUF: this one changes or ends the other (§ 1 (8) BauGB).';

-- What the notice of a round has to say -----------------------------------------------------------

create table pp.notice_requirement (
	item text not null check (item ~ '^[A-Z_0-9]{2,40}$'),
	steps text[] not null,
	kinds text[],
	not_kinds text[] not null default '{}',
	condition text check (condition in ('STAAT')),
	effect text not null check (effect in ('PFLICHT', 'SOLL', 'VERSPAETUNG')),
	lead_days int check (lead_days > 0),
	text_de text not null,
	text_en text not null,
	legal_basis text not null,
	valid_from date not null default '1900-01-01',
	valid_to date check (valid_to >= valid_from),
	no int generated always as identity primary key
);
comment on table pp.notice_requirement is
	'What the notice of a round that asks the public must contain. PFLICHT: without it the round is not opened. VERSPAETUNG: without it lateness has no effect on the public (§ 4a (5) sentence 2 BauGB). SOLL: asked for, not demanded.';
comment on column pp.notice_requirement.lead_days is 'So many full days between the day of the notice, not counted, and the first day.';

alter table pp.round
	add notice jsonb check (jsonb_typeof(notice) = 'object'),
	add notice_on date,
	add limited_to_changes bool not null default false,
	add cancelled_at timestamptz,
	add cancel_reason text,
	add display_ended_at timestamptz,
	add check ((cancelled_at is null) = (cancel_reason is null));
alter table pp.round drop constraint round_overlaps;
alter table pp.round add constraint round_overlaps exclude using gist (procedure with =, step with =,
	audience with =, daterange(start_on, end_on, '[]') with &&) where (cancelled_at is null);
drop index pp.round_to_open, pp.round_to_close;
create index round_to_open on pp.round (opens_at) where opened_at is null and cancelled_at is null;
create index round_to_close on pp.round (closes_at) where closed_at is null and cancelled_at is null;
create index round_to_end_display on pp.round (end_on)
	where step = 'PFV_AUSL' and display_ended_at is null and cancelled_at is null;
update pp.round set display_ended_at = closed_at where step = 'PFV_AUSL';
create index round_procedure on pp.round (procedure, no);
comment on column pp.round.notice is 'What its notice contains: {"published_on", "organ", "contains": [items], "text"}.';
comment on column pp.round.limited_to_changes is 'Statements on the changes only (§ 4a (3) sentence 2 BauGB).';
comment on column pp.round.display_ended_at is
	'When the clerk recorded that a display was over; objections may still be in time.';
comment on column pp.round.cancelled_at is 'The notice was withdrawn before the round began.';

alter table pp.invitation add cancelled_at timestamptz;
drop index pp.invitation_unanswered, pp.invitation_presumed;
create index invitation_unanswered on pp.invitation (deadline_at)
	where state in ('VERSANDT', 'ZUGEGANGEN', 'GELESEN') and cancelled_at is null;
create index invitation_presumed on pp.invitation (presumed_on) where state = 'VERSANDT' and cancelled_at is null;
comment on column pp.invitation.cancelled_at is 'Its round was withdrawn before it began.';

alter table pp.round_step add event text references pp.machine_event, add machines text[];
comment on column pp.round_step.event is 'What opening such a round is to its procedure.';

grant update (law_on, rested_state, project, section) on pp.procedure to pp_server;
grant update (rested_state) on pp.procedure to pp_clerk;
grant select on pp.machine_state, pp.machine_event, pp.machine_transition to pp_server, pp_public, pp_clerk;
grant select on pp.notice_requirement to pp_server;
grant select, insert on pp.procedure_event, pp.procedure_link to pp_server;
grant select, insert on pp.procedure_event to pp_clerk;
grant select, insert, update (state, state_since) on pp.procedure_track to pp_server, pp_clerk;
grant select, insert, update (due_on, due_at, state, settled_at) on pp.procedure_due to pp_server, pp_clerk;
grant update (cancelled_at, cancel_reason) on pp.round to pp_server;
grant update (display_ended_at) on pp.round to pp_clerk;
grant update (cancelled_at) on pp.invitation to pp_server;
grant execute on function pp.last_day(timestamptz) to pp_clerk;
grant select on pp.holiday to pp_clerk;
grant execute on function pp.areas_of(text, text), pp.areas_of_procedure(uuid) to pp_clerk;
