-- SPDX-License-Identifier: EUPL-1.2
-- Whom a plan affects: what the engine found, what planners decided, what was confirmed.
-- Locks: new objects only.

create function pp.class_rank(class text) returns int language sql immutable parallel safe as
$$ select array_position(array['MUSS', 'SOLL', 'PRUEFEN', 'EIGEN'], class) $$;

-- The engine's own words are the record, its rows without their rules; what is asked for by SQL is
-- derived from them and cannot differ.
create table pp.affected_municipality (
	plan uuid not null references pp.plan,
	ags text not null collate "C",
	data jsonb not null,
	class text not null generated always as (data ->> 'class') stored
		check (class in ('MUSS', 'SOLL', 'PRUEFEN', 'EIGEN')),
	distance_m numeric not null generated always as ((data ->> 'distance_m')::numeric) stored,
	cross_border bool not null generated always as ((data ->> 'cross_border')::bool) stored,
	primary key (plan, ags),
	check (data ->> 'ags' = ags)
);
create index affected_municipality_ags on pp.affected_municipality (ags, plan);

create table pp.affected_authority (
	plan uuid not null references pp.plan,
	body text not null collate "C" references pp.body,
	data jsonb not null,
	class text not null generated always as (data ->> 'class') stored
		check (class in ('MUSS', 'SOLL', 'PRUEFEN')),
	primary key (plan, body),
	check (data ->> 'body' = body)
);

create table pp.affected_evidence (
	plan uuid not null references pp.plan,
	body text not null collate "C",
	no int not null,
	data jsonb not null,
	rule text not null generated always as (data ->> 'rule') stored,
	class text not null generated always as (data ->> 'class') stored,
	primary key (plan, body, no)
);
comment on table pp.affected_evidence is
	'One row per rule that fired for a municipality or authority: measure, threshold, reason, source.';

create table pp.affected_decision (
	id uuid primary key,
	plan uuid not null references pp.plan,
	body text not null collate "C" references pp.body,
	action text not null check (action in ('add', 'drop')),
	data jsonb,
	reason text not null check (length(reason) between 1 and 2000),
	state text not null check (state in ('proposed', 'effective', 'taken_back', 'takes_back')),
	decided_by uuid not null,
	decided_by_label text not null,
	decided_at timestamptz not null,
	confirmed_by uuid,
	confirmed_by_label text,
	confirmed_at timestamptz,
	check ((data is not null) = (action = 'add' and state <> 'takes_back')),
	constraint affected_decision_two_people check (confirmed_by <> decided_by),
	check ((confirmed_by is null) = (confirmed_at is null))
);
create unique index affected_decision_standing on pp.affected_decision (plan, body)
	where state in ('proposed', 'effective');
comment on column pp.affected_decision.data is 'Of what was added: its row as the engine would write it.';
comment on column pp.affected_decision.state is
	'Dropping a MUSS is proposed until a second account of the planning body confirms it. A decision that takes another back has no effect of its own.';

create table pp.affected_set (
	plan uuid primary key references pp.plan,
	confirmed_at timestamptz not null,
	confirmed_by uuid not null,
	confirmed_by_label text not null,
	sha256 bytea not null check (length(sha256) = 32)
);
comment on column pp.affected_set.sha256 is
	'Of plan geometry, engine rows and decisions as canonical jsonb text; it can be computed again.';

create function pp.forbid_frozen() returns trigger language plpgsql as $$
begin
	if exists (select from pp.affected_set s where s.plan = new.plan) then
		raise exception using errcode = 'restrict_violation',
			message = 'the affected set of this plan was confirmed';
	end if;
	return new;
end
$$;
create trigger affected_decision_frozen before insert or update on pp.affected_decision
	for each row execute function pp.forbid_frozen();
create trigger affected_municipality_frozen before insert on pp.affected_municipality
	for each row execute function pp.forbid_frozen();
create trigger affected_authority_frozen before insert on pp.affected_authority
	for each row execute function pp.forbid_frozen();
create trigger affected_evidence_frozen before insert on pp.affected_evidence
	for each row execute function pp.forbid_frozen();
create trigger affected_decision_kept before delete or truncate on pp.affected_decision
	for each statement execute function pp.forbid_change();
create trigger affected_municipality_stays before update or delete or truncate
	on pp.affected_municipality for each statement execute function pp.forbid_change();
create trigger affected_authority_stays before update or delete or truncate
	on pp.affected_authority for each statement execute function pp.forbid_change();
create trigger affected_evidence_stays before update or delete or truncate
	on pp.affected_evidence for each statement execute function pp.forbid_change();
create trigger affected_set_stays before update or delete or truncate
	on pp.affected_set for each statement execute function pp.forbid_change();

grant select, insert on pp.affected_municipality, pp.affected_authority, pp.affected_evidence,
	pp.affected_set to pp_server;
grant select, insert, update (state, confirmed_by, confirmed_by_label, confirmed_at)
	on pp.affected_decision to pp_server;
grant execute on function pp.class_rank(text) to pp_server, pp_public;
