-- SPDX-License-Identifier: EUPL-1.2
-- Extensions: asked for, granted or declined, of one body's deadline or of a whole round; every one
-- of them is kept. Locks: pp.round and pp.round_step for the moment of a new trigger and column.

alter table pp.round_step add column extension_law text;
comment on column pp.round_step.extension_law is 'Why a deadline of this step may be extended; § 190 BGB says how.';
update pp.round_step set extension_law = case
	when family = 'BAULEITPLANUNG' and step in ('FOERM_TOEB', 'ERNEUT') then '§ 4 Abs. 2 Satz 3 BauGB'
	when family = 'BAULEITPLANUNG' and step = 'FOERM_OEFF' then '§ 3 Abs. 2 Satz 1 BauGB'
	when family = 'BAULEITPLANUNG' then '§ 3 Abs. 1, § 4 Abs. 1 BauGB'
	when family = 'RAUMORDNUNG' then '§ 31 Abs. 7 VwVfG'
	else '§ 31 Abs. 7, § 73 Abs. 3a VwVfG' end;

-- The end of a round only ever moves on: what was told may be waited for.
drop trigger round_stays on pp.round;
create trigger round_stays before update of id, procedure, plan, step, audience, start_on,
	opens_at, minimum_end, set_sha256, announced_at or delete or truncate on pp.round
	for each statement execute function pp.forbid_change();
create function pp.forbid_shortening() returns trigger language plpgsql as $$
begin
	if new.end_on < old.end_on or new.closes_at < old.closes_at then
		raise exception using errcode = 'restrict_violation',
			message = 'a round does not end earlier than was told';
	end if;
	return new;
end
$$;
create trigger round_grows before update of end_on, closes_at on pp.round
	for each row execute function pp.forbid_shortening();
grant update (end_on, closes_at) on pp.round to pp_server;

create table pp.round_extension (
	id uuid primary key,
	round uuid not null references pp.round,
	procedure uuid not null references pp.procedure,
	previous_end date not null,
	previous_closes_at timestamptz not null,
	end_on date not null,
	closes_at timestamptz not null,
	reason text not null check (length(reason) between 3 and 2000),
	notice_on date,
	legal_basis text not null,
	extended_at timestamptz not null,
	extended_by uuid not null,
	extended_by_label text not null,
	check (end_on > previous_end and closes_at > previous_closes_at)
);
create index round_extension_round on pp.round_extension (round, extended_at);
comment on column pp.round_extension.notice_on is
	'Day of the new public notice; a round of bodies is told to them, so that it needs none.';
create trigger round_extension_stays before update or delete or truncate on pp.round_extension
	for each statement execute function pp.forbid_change();

create table pp.extension_request (
	id uuid primary key,
	invitation uuid not null references pp.invitation,
	planner_body text not null collate "C" references pp.body,
	participant text not null collate "C" references pp.body,
	mailbox_body text not null collate "C" references pp.body,
	acting_body text not null collate "C" references pp.body,
	until_on date not null,
	reason text not null check (length(reason) between 3 and 2000),
	requested_at timestamptz not null,
	requested_by uuid not null,
	decision text check (decision in ('GEWAEHRT', 'ABGELEHNT')),
	decision_reason text check (length(decision_reason) between 3 and 2000),
	decided_at timestamptz,
	decided_by uuid,
	decided_by_label text,
	check ((decision is null) = (decided_at is null) and (decision is null) = (decision_reason is null)
		and (decision is null) = (decided_by is null))
);
create index extension_request_invitation on pp.extension_request (invitation, requested_at);
create unique index extension_request_open on pp.extension_request (invitation) where decision is null;
comment on table pp.extension_request is
	'What an invited body asks for (Antrag auf Fristverlängerung), and the one answer to it.';

create function pp.forbid_second_decision() returns trigger language plpgsql as $$
begin
	if old.decision is not null then
		raise exception using errcode = 'restrict_violation', message = 'a request is decided once';
	end if;
	return new;
end
$$;
create trigger extension_request_stays before update of id, invitation, planner_body, participant,
	mailbox_body, acting_body, until_on, reason, requested_at, requested_by or delete or truncate
	on pp.extension_request for each statement execute function pp.forbid_change();
create trigger extension_request_decided before update on pp.extension_request
	for each row execute function pp.forbid_second_decision();

create table pp.extension (
	id uuid primary key,
	invitation uuid not null references pp.invitation,
	planner_body text not null collate "C" references pp.body,
	participant text not null collate "C" references pp.body,
	mailbox_body text not null collate "C" references pp.body,
	cause text not null check (cause in ('EINZELN', 'ANTRAG', 'RUNDE')),
	request uuid references pp.extension_request,
	round_extension uuid references pp.round_extension,
	previous date not null,
	previous_at timestamptz not null,
	deadline date not null,
	deadline_at timestamptz not null,
	reason text not null,
	legal_basis text not null,
	granted_at timestamptz not null,
	granted_by uuid not null,
	granted_by_label text not null,
	check (deadline_at > previous_at),
	check ((cause = 'ANTRAG') = (request is not null)),
	check ((cause = 'RUNDE') = (round_extension is not null))
);
create index extension_invitation on pp.extension (invitation, granted_at);
comment on table pp.extension is
	'Every later deadline that one invitation was given: the one before, the new one, why, by whom.';
create trigger extension_stays before update or delete or truncate on pp.extension
	for each statement execute function pp.forbid_change();

alter table pp.extension_request enable row level security;
alter table pp.extension_request force row level security;
create policy parties on pp.extension_request to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body()))
	with check (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body()));
alter table pp.extension enable row level security;
alter table pp.extension force row level security;
create policy parties on pp.extension to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body()))
	with check (planner_body = (select pp.current_body()));

grant select, insert on pp.round_extension, pp.extension to pp_server;
grant select, insert, update (decision, decision_reason, decided_at, decided_by, decided_by_label)
	on pp.extension_request to pp_server;
