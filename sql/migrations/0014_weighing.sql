-- SPDX-License-Identifier: EUPL-1.2
-- Weighing (Abwägung): the concerns of a statement, what is proposed for each and why, what the council
-- has resolved, what was communicated. Locks: pp.statement for the moment in which it gets its columns.

create table pp.weighing_decision (
	code text primary key,
	name_de text not null,
	name_en text not null,
	late_only bool not null
);
comment on table pp.weighing_decision is 'What can be decided on a concern.';
insert into pp.weighing_decision values
	('GEFOLGT', 'Der Stellungnahme wird gefolgt', 'The statement is followed', false),
	('TEILWEISE_GEFOLGT', 'Der Stellungnahme wird teilweise gefolgt', 'The statement is followed in part', false),
	('BEREITS_GEFOLGT', 'Der Stellungnahme wurde bereits gefolgt', 'The statement was followed already', false),
	('NICHT_GEFOLGT', 'Der Stellungnahme wird nicht gefolgt', 'The statement is not followed', false),
	('ZURUECKGESTELLT', 'Wird an anderer Stelle behandelt', 'Dealt with elsewhere', false),
	('KENNTNISNAHME', 'Wird zur Kenntnis genommen', 'Noted', false),
	('UNBERUECKSICHTIGT_VERSPAETET', 'Bleibt als verspätet unberücksichtigt', 'Late, and not taken into account', true);

-- Statements that are missing to a complete weighing, and why (domain of the guard of the resolution).
create table pp.weighing_gap (
	why text primary key,
	de text not null,
	en text not null,
	law text not null
);
insert into pp.weighing_gap values
	('NICHT_ANGENOMMEN', 'Die Stellungnahme ist noch nicht angenommen', 'The statement is not accepted yet', '§ 3 (2) Satz 6 BauGB'),
	('OHNE_VORSCHLAG', 'Zu einem Belang fehlt ein Vorschlag mit Begründung', 'A concern lacks a proposal with a reason', '§ 1 (7), § 3 (2) Satz 6 BauGB'),
	('OHNE_BESCHLUSS', 'Über die Vorschläge ist noch nicht beschlossen', 'The proposals are not resolved on yet', '§ 1 (7) BauGB'),
	('VERSPAETET_UNENTSCHIEDEN', 'Wie mit der verspäteten Stellungnahme verfahren wird, ist nicht entschieden',
		'What becomes of the late statement is not decided', '§ 4a (5) BauGB'),
	('OHNE_STATUS', 'Die Nachbargemeinde kann noch antworten', 'The neighbouring municipality can still answer', '§ 2 (2), § 4 (2) BauGB'),
	('UNZUSTELLBAR', 'Die Nachbargemeinde wurde nicht erreicht', 'The neighbouring municipality was not reached', '§ 2 (2), § 4 (2) BauGB');

-- Many persons: when one notice stands for many communications.
create table pp.mass_notice (
	family text not null check (family in ('BAULEITPLANUNG', 'RAUMORDNUNG', 'PLANFESTSTELLUNG')),
	purpose text not null check (purpose in ('ERGEBNIS', 'EROERTERUNG')),
	channel text not null check (channel in ('EINSICHT', 'BEKANNTMACHUNG')),
	counts text not null check (counts in ('GRUPPE', 'VERFAHREN')),
	more_than int not null,
	roles text[] not null,
	law text not null,
	primary key (family, purpose)
);
comment on column pp.mass_notice.counts is
	'GRUPPE: persons whose statements have the same content. VERFAHREN: all whom to tell one by one.';
insert into pp.mass_notice values
	('BAULEITPLANUNG', 'ERGEBNIS', 'EINSICHT', 'GRUPPE', 50, '{OEFF}', '§ 3 (2) Satz 7 BauGB'),
	('PLANFESTSTELLUNG', 'ERGEBNIS', 'BEKANNTMACHUNG', 'VERFAHREN', 50, '{OEFF,VERB}', '§ 74 (5) VwVfG'),
	('PLANFESTSTELLUNG', 'EROERTERUNG', 'BEKANNTMACHUNG', 'VERFAHREN', 50, '{OEFF,VERB}', '§ 73 (6) Satz 4 VwVfG');

alter table pp.statement
	add discarded_at timestamptz,
	add discarded_by uuid,
	add discard_kind text check (discard_kind in ('IRRLAEUFER', 'DUBLETTE')),
	add discard_reason text check (length(discard_reason) between 1 and 4000),
	add duplicate_of uuid references pp.statement,
	add constraint statement_discarded check ((state = 'VERWORFEN') = (discarded_at is not null)
		and (discarded_at is null) = (discard_kind is null)
		and (discarded_at is null) = (discard_reason is null)
		and (duplicate_of is not null) = (discard_kind is not distinct from 'DUBLETTE'));
create index statement_weighing on pp.statement (procedure, state, id);
grant update (discarded_at, discarded_by, discard_kind, discard_reason, duplicate_of) on pp.statement to pp_server;

create table pp.statement_group (
	id uuid primary key,
	procedure uuid not null references pp.procedure,
	planner_body text not null collate "C",
	title text not null check (length(title) between 1 and 200),
	created_at timestamptz not null,
	created_by uuid not null
);
create index statement_group_procedure on pp.statement_group (procedure, id);
comment on table pp.statement_group is 'Statements that have, in substance, the same content (§ 3 (2) sentence 7 BauGB).';

create table pp.weighing (
	statement uuid primary key references pp.statement,
	procedure uuid not null references pp.procedure,
	planner_body text not null collate "C",
	same_sha256 bytea not null check (length(same_sha256) = 32),
	statement_group uuid references pp.statement_group,
	begun_at timestamptz not null,
	begun_by uuid not null,
	communicated_on date,
	channel text check (channel in ('PORTAL', 'EMAIL', 'POST', 'EINSICHT', 'BEKANNTMACHUNG')),
	version int not null default 1,
	check ((communicated_on is null) = (channel is null))
);
create index weighing_same on pp.weighing (procedure, same_sha256);
create index weighing_group on pp.weighing (statement_group, statement) where statement_group is not null;
comment on column pp.weighing.same_sha256 is
	'Of the words alone, without case, punctuation and breaks: equal letters of several persons have one.';

create table pp.weighing_resolution (
	id uuid primary key,
	procedure uuid not null references pp.procedure,
	planner_body text not null collate "C",
	resolved_on date not null,
	reference text not null check (length(reference) between 1 and 200),
	council text not null check (length(council) between 1 and 200),
	recorded_at timestamptz not null,
	recorded_by uuid not null
);
create index weighing_resolution_procedure on pp.weighing_resolution (procedure, id);

create table pp.concern (
	id uuid primary key,
	statement uuid not null references pp.weighing,
	procedure uuid not null references pp.procedure,
	planner_body text not null collate "C",
	no int not null check (no > 0),
	point int,
	span_start int check (span_start >= 0),
	span_end int check (span_end > span_start),
	topic text check (length(topic) <= 200),
	geom geometry(Geometry, 25832),
	decision text references pp.weighing_decision,
	reason text check (length(reason) between 1 and 20000),
	resolution uuid references pp.weighing_resolution,
	dropped_at timestamptz,
	version int not null default 1,
	constraint concern_once unique (statement, no),
	foreign key (statement, point) references pp.statement_point (statement, no),
	check ((span_start is null) = (span_end is null)),
	check (span_start is null or point is not null),
	check ((decision is null) = (reason is null)),
	check (resolution is null or decision is not null and dropped_at is null)
);
create index concern_decision on pp.concern (procedure, decision, statement) where dropped_at is null;
comment on table pp.concern is
	'What a statement is weighed by: its points, segments of them, or, where it has none, the whole.';
comment on column pp.concern.span_start is 'Characters of the point''s text, from 0; span_end is exclusive.';
comment on column pp.concern.dropped_at is 'When the planner divided the statement otherwise; kept with its proposals.';

create table pp.concern_proposal (
	concern uuid not null references pp.concern,
	no int not null check (no > 0),
	planner_body text not null collate "C",
	decision text not null references pp.weighing_decision,
	reason text not null,
	proposed_at timestamptz not null,
	proposed_by uuid not null,
	proposed_by_label text not null,
	primary key (concern, no)
);
comment on table pp.concern_proposal is 'Every proposal that a concern has had; the last one is the concern''s own.';

create table pp.weighing_result (
	statement uuid not null references pp.weighing,
	no int not null,
	planner_body text not null collate "C",
	participant text collate "C",
	mailbox_body text collate "C",
	author_account uuid not null,
	point int,
	topic text,
	text text,
	decision text not null references pp.weighing_decision,
	reason text not null,
	resolved_on date not null,
	reference text not null,
	council text not null,
	communicated_on date not null,
	channel text not null,
	inspection jsonb,
	recorded_at timestamptz not null,
	primary key (statement, no)
);
comment on table pp.weighing_result is
	'What was communicated (§ 3 (2) sentence 6 BauGB); all that author, participant and mailbox see of the weighing.';

create trigger concern_proposal_stays before update or delete or truncate on pp.concern_proposal
	for each statement execute function pp.forbid_change();
create trigger weighing_resolution_stays before update or delete or truncate on pp.weighing_resolution
	for each statement execute function pp.forbid_change();
create trigger weighing_result_stays before update or delete or truncate on pp.weighing_result
	for each statement execute function pp.forbid_change();
create trigger concern_stays before update of id, statement, procedure, planner_body, no, point, span_start,
	span_end or delete or truncate on pp.concern for each statement execute function pp.forbid_change();

-- What the council has resolved on is frozen, and what was thrown away is thrown away.
create function pp.forbid_reweighing() returns trigger language plpgsql as $$
begin
	raise exception using errcode = 'restrict_violation',
		message = 'a concern that is resolved on, or that was replaced, stays as it is';
end
$$;
create trigger concern_frozen before update on pp.concern for each row
	when (old.resolution is not null or old.dropped_at is not null) execute function pp.forbid_reweighing();

alter table pp.statement_group enable row level security;
alter table pp.statement_group force row level security;
create policy planner on pp.statement_group to pp_server
	using (planner_body = (select pp.current_body())) with check (planner_body = (select pp.current_body()));
alter table pp.weighing enable row level security;
alter table pp.weighing force row level security;
create policy planner on pp.weighing to pp_server
	using (planner_body = (select pp.current_body())) with check (planner_body = (select pp.current_body()));
alter table pp.weighing_resolution enable row level security;
alter table pp.weighing_resolution force row level security;
create policy planner on pp.weighing_resolution to pp_server
	using (planner_body = (select pp.current_body())) with check (planner_body = (select pp.current_body()));
alter table pp.concern enable row level security;
alter table pp.concern force row level security;
create policy planner on pp.concern to pp_server
	using (planner_body = (select pp.current_body())) with check (planner_body = (select pp.current_body()));
alter table pp.concern_proposal enable row level security;
alter table pp.concern_proposal force row level security;
create policy planner on pp.concern_proposal to pp_server
	using (planner_body = (select pp.current_body())) with check (planner_body = (select pp.current_body()));
alter table pp.weighing_result enable row level security;
alter table pp.weighing_result force row level security;
create policy parties on pp.weighing_result to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()))
	with check (planner_body = (select pp.current_body()));

insert into pp.transition (machine, event, from_state, to_state)
	select 'statement', event, from_state, to_state from (values
		('accept', '{EINGEGANGEN}'::text[], 'IN_BEARBEITUNG'),
		('propose', '{IN_BEARBEITUNG}', 'VORGESCHLAGEN'),
		('reopen', '{VORGESCHLAGEN}', 'IN_BEARBEITUNG'),
		('decide', '{VORGESCHLAGEN}', 'ENTSCHIEDEN'),
		('communicate', '{ENTSCHIEDEN}', 'MITGETEILT'),
		('discard', '{EINGEGANGEN,IN_BEARBEITUNG,VORGESCHLAGEN}', 'VERWORFEN')
	) e (event, from_states, to_state), unnest(from_states) from_state;

-- The words of a statement as they are compared with others.
create function pp.same_words(words text) returns bytea language sql immutable parallel safe as $$
	select sha256(convert_to(btrim(regexp_replace(lower(normalize(words, NFKC)), '[^[:alnum:]]+', ' ', 'g')), 'UTF8'))
$$;

grant select on pp.weighing_decision, pp.weighing_gap, pp.mass_notice to pp_server, pp_public;
grant select, insert on pp.statement_group to pp_server;
grant select, insert, update (statement_group, communicated_on, channel, version) on pp.weighing to pp_server;
grant select, insert on pp.weighing_resolution, pp.concern_proposal, pp.weighing_result to pp_server;
grant select, insert, update (topic, geom, decision, reason, resolution, dropped_at, version) on pp.concern to pp_server;
grant execute on function pp.same_words(text) to pp_server;
