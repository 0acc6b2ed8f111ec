-- SPDX-License-Identifier: EUPL-1.2
-- Participation rounds and invitations. Locks: new objects only.

create table pp.round_step (
	step text not null,
	family text not null,
	phase text not null check (phase in ('early', 'formal')),
	audiences text[] not null,
	law text not null,
	primary key (step, family)
);
comment on table pp.round_step is 'Which rounds a kind of procedure has, and who can be asked in them.';
insert into pp.round_step values
	('FRUEH_OEFF', 'BAULEITPLANUNG', 'early', '{OEFF}', '§ 3 (1) BauGB'),
	('FRUEH_TOEB', 'BAULEITPLANUNG', 'early', '{TOEB,NACHB,STAAT}', '§ 4 (1), § 2 (2) BauGB'),
	('FOERM_OEFF', 'BAULEITPLANUNG', 'formal', '{OEFF}', '§ 3 (2) BauGB'),
	('FOERM_TOEB', 'BAULEITPLANUNG', 'formal', '{TOEB,NACHB,STAAT}', '§ 4 (2), § 2 (2) BauGB'),
	('ERNEUT', 'BAULEITPLANUNG', 'formal', '{OEFF,TOEB,NACHB,STAAT}', '§ 4a (3) BauGB'),
	('ROP_UNTERR', 'RAUMORDNUNG', 'early', '{OEFF,TOEB,NACHB}', '§ 9 (1) ROG'),
	('ROP_BET', 'RAUMORDNUNG', 'formal', '{OEFF,TOEB,NACHB,STAAT,VERB}', '§ 9 (2) ROG'),
	('ROP_ERNEUT', 'RAUMORDNUNG', 'formal', '{OEFF,TOEB,NACHB,STAAT,VERB}', '§ 9 (3) ROG'),
	('RVP_BET', 'RAUMORDNUNG', 'formal', '{OEFF,TOEB,NACHB,VERB}', '§ 15 (3) ROG'),
	('PFV_AUFF', 'PLANFESTSTELLUNG', 'formal', '{TOEB,NACHB}', '§ 73 (2), (3a) VwVfG'),
	('PFV_AUSL', 'PLANFESTSTELLUNG', 'formal', '{OEFF}', '§ 73 (3) VwVfG'),
	('PFV_EINW', 'PLANFESTSTELLUNG', 'formal', '{OEFF,VERB}', '§ 73 (4) VwVfG'),
	('PFV_AEND', 'PLANFESTSTELLUNG', 'formal', '{OEFF,TOEB,NACHB,VERB}', '§ 73 (8) VwVfG');

create table pp.round (
	id uuid primary key,
	procedure uuid not null references pp.procedure,
	plan uuid not null references pp.affected_set,
	planner_body text not null collate "C" references pp.body,
	no int not null check (no > 0),
	step text not null,
	phase text not null check (phase in ('early', 'formal')),
	audience text not null check (audience in ('OEFF', 'TOEB', 'NACHB', 'STAAT', 'VERB')),
	start_on date not null,
	end_on date not null,
	opens_at timestamptz not null,
	closes_at timestamptz not null,
	minimum_end date,
	minimum_rule text,
	set_sha256 bytea not null,
	announced_at timestamptz not null,
	created_by uuid not null references pp.account,
	opened_at timestamptz,
	closed_at timestamptz,
	constraint round_no_once unique (procedure, no),
	check (end_on >= start_on),
	check (closes_at > opens_at),
	check (minimum_end is null or end_on >= minimum_end),
	constraint round_overlaps exclude using gist (procedure with =, step with =, audience with =,
		daterange(start_on, end_on, '[]') with &&)
);
create index round_to_open on pp.round (opens_at) where opened_at is null;
create index round_to_close on pp.round (closes_at) where closed_at is null;
comment on column pp.round.end_on is 'The last day, inclusive; closes_at is its end, exclusive.';
comment on column pp.round.opened_at is
	'When the clerk recorded it. Whether a round is open follows from opens_at and closes_at alone.';
comment on column pp.round.set_sha256 is 'Of the confirmed set that it asks (affected_set).';
create trigger round_stays before update of id, procedure, plan, step, audience, start_on, end_on,
	opens_at, closes_at, minimum_end, set_sha256, announced_at or delete or truncate on pp.round
	for each statement execute function pp.forbid_change();

create table pp.invitation (
	id uuid primary key,
	round uuid not null references pp.round,
	procedure uuid not null references pp.procedure,
	plan uuid not null references pp.plan,
	planner_body text not null collate "C" references pp.body,
	participant text not null collate "C" references pp.body,
	mailbox_body text not null collate "C" references pp.body,
	is_authority bool not null,
	class text,
	cross_border bool not null,
	channel text not null check (channel in ('PORTAL', 'EMAIL', 'POST')),
	state text not null check (state in ('ERSTELLT', 'VERSANDT', 'ZUGEGANGEN', 'UNZUSTELLBAR',
		'GELESEN', 'BEANTWORTET', 'FEHLANZEIGE', 'OHNE_ANTWORT')),
	created_at timestamptz not null,
	invite_reason text,
	sent_at timestamptz,
	presumed_on date,
	received_at timestamptz,
	received_how text check (received_how in ('PORTAL', 'VERMUTET', 'BESTAETIGT', 'NACHGEWIESEN', 'ANTWORT')),
	acknowledged_at timestamptz,
	acknowledged_by uuid,
	deadline date not null,
	deadline_at timestamptz not null,
	deadline_reason text not null check (deadline_reason in ('ROUND_END', 'OWN_RECEIPT', 'EXTENSION')),
	deadline_rule text,
	extended_from date,
	extension_reason text,
	extended_at timestamptz,
	stance text,
	answered_at timestamptz,
	answered_late bool not null default false,
	version int not null default 1,
	constraint invitation_once unique (round, participant),
	check ((received_at is null) = (received_how is null)),
	check ((extended_at is null) = (extension_reason is null)),
	check ((answered_at is null) = (stance is null))
);
create index invitation_participant on pp.invitation (participant, deadline_at, id);
create index invitation_mailbox on pp.invitation (mailbox_body, deadline_at, id);
create index invitation_planner on pp.invitation (planner_body, id);
create index invitation_procedure on pp.invitation (procedure);
create index invitation_unanswered on pp.invitation (deadline_at)
	where state in ('VERSANDT', 'ZUGEGANGEN', 'GELESEN');
create index invitation_presumed on pp.invitation (presumed_on) where state = 'VERSANDT';
comment on table pp.invitation is
	'Who is asked in a round. The participant has the right, the mailbox is where the letter goes.';
comment on column pp.invitation.deadline is
	'The last day, inclusive; never before the round''s end. Runs from the body''s own receipt (§ 4 (2) BauGB).';
comment on column pp.invitation.deadline_at is 'Its end, exclusive: the instant that lateness is judged by.';
comment on column pp.invitation.presumed_on is 'When a letter or mail counts as received (§ 41 (2) VwVfG).';
create trigger invitation_stays before update of id, round, procedure, plan, planner_body, participant,
	is_authority, created_at, sent_at or delete or truncate on pp.invitation
	for each statement execute function pp.forbid_change();

alter table pp.invitation enable row level security;
alter table pp.invitation force row level security;
create policy parties on pp.invitation to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body()))
	with check (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body()));
create policy clerk on pp.invitation to pp_clerk using (true) with check (true);

insert into pp.transition (machine, event, from_state, to_state)
	select 'invitation', event, from_state, coalesce(to_state, from_state) from (values
		('deliver', '{VERSANDT,UNZUSTELLBAR}'::text[], 'ZUGEGANGEN'),
		('deliver', '{ZUGEGANGEN,GELESEN,BEANTWORTET,FEHLANZEIGE,OHNE_ANTWORT}', null),
		('bounce', '{VERSANDT}', 'UNZUSTELLBAR'),
		('acknowledge', '{VERSANDT,ZUGEGANGEN,UNZUSTELLBAR,GELESEN}', 'GELESEN'),
		('acknowledge', '{BEANTWORTET,FEHLANZEIGE,OHNE_ANTWORT}', null),
		('answer', '{VERSANDT,ZUGEGANGEN,UNZUSTELLBAR,GELESEN,BEANTWORTET,FEHLANZEIGE,OHNE_ANTWORT}', 'BEANTWORTET'),
		('answer_none', '{VERSANDT,ZUGEGANGEN,UNZUSTELLBAR,GELESEN,BEANTWORTET,FEHLANZEIGE,OHNE_ANTWORT}', 'FEHLANZEIGE'),
		('take_answer_back', '{BEANTWORTET,FEHLANZEIGE}', 'GELESEN'),
		('expire', '{VERSANDT,ZUGEGANGEN,GELESEN}', 'OHNE_ANTWORT'),
		('reopen_sent', '{OHNE_ANTWORT}', 'VERSANDT'),
		('reopen_received', '{OHNE_ANTWORT}', 'ZUGEGANGEN'),
		('reopen_read', '{OHNE_ANTWORT}', 'GELESEN')
	) e (event, from_states, to_state), unnest(from_states) from_state;

-- The last day of a period by its end, which is exclusive. The end is the law's word: it may lie later
-- than a planned date that fell on a day off (§ 193 BGB).
create function pp.last_day(ends_at timestamptz) returns date language sql immutable parallel safe as
$$ select pp.day(ends_at - interval '1 microsecond') $$;

-- What a state is at an instant: the clerk only writes down what the clock has decided.
create function pp.invitation_state(state text, deadline_at timestamptz, at timestamptz) returns text
language sql immutable parallel safe as $$
	select case when at >= deadline_at and state in ('VERSANDT', 'ZUGEGANGEN', 'GELESEN')
		then 'OHNE_ANTWORT' else state end
$$;

grant select on pp.round_step to pp_server, pp_public, pp_clerk;
grant select, insert on pp.round to pp_server;
grant select, update (opened_at, closed_at) on pp.round to pp_clerk;
grant select, insert, update (mailbox_body, channel, state, presumed_on, received_at, received_how,
	acknowledged_at, acknowledged_by, deadline, deadline_at, deadline_reason, deadline_rule,
	extended_from, extension_reason, extended_at, stance, answered_at, answered_late, version)
	on pp.invitation to pp_server;
grant select, update (state, received_at, received_how, version) on pp.invitation to pp_clerk;
grant execute on function pp.last_day(timestamptz) to pp_server;
grant execute on function pp.invitation_state(text, timestamptz, timestamptz) to pp_server, pp_clerk;
