-- SPDX-License-Identifier: EUPL-1.2
-- Interruptions of what is published: recorded, read on every round whose period they fall into, and
-- decided about. Locks: pp.round while an index is built.

create table pp.outage_rule (
	id text primary key check (id ~ '^[A-Z_0-9]{3,40}$'),
	no int not null unique,
	min_s int not null check (min_s >= 0),
	min_share numeric not null check (min_share between 0 and 1),
	meaning text not null check (meaning in ('GEDULDET', 'VERLAENGERN', 'WIEDERHOLEN')),
	text_de text not null,
	text_en text not null,
	source text not null
);
comment on table pp.outage_rule is
	'What it means that so much of a period was interrupted: the last row whose length and share are both reached.';
insert into pp.outage_rule values
	('KURZ', 1, 0, 0, 'GEDULDET',
		'Kurze Störungen stehen einer ordnungsgemäßen Veröffentlichung nicht entgegen.',
		'Short faults do not stand in the way of a proper publication.',
		'OVG Lüneburg, Urteil vom 16.11.2023, 1 KN 91/21; bis zu welcher Dauer: Voreinstellung der Plattform, weniger als 4 Stunden im ganzen Zeitraum'),
	('LANG', 2, 14400, 0, 'VERLAENGERN',
		'Die Unterlagen müssen während des ganzen Zeitraums zugänglich sein; Tage, an denen sie es nicht waren, sollen nachgeholt werden.',
		'The documents have to be accessible during the whole period; days on which they were not should be made up for.',
		'OVG NRW, Urteil vom 25.6.2019, 10 D 88/16.NE; § 3 Abs. 2 Satz 1, § 214 Abs. 1 Satz 1 Nr. 2 BauGB; ab 4 Stunden: Voreinstellung der Plattform'),
	('UEBERWIEGEND', 3, 14400, 0.25, 'WIEDERHOLEN',
		'War ein Viertel des Zeitraums oder mehr unterbrochen, soll die Beteiligung wiederholt werden.',
		'Where a quarter of the period or more was interrupted the participation should be repeated.',
		'OVG NRW, Urteil vom 25.6.2019, 10 D 88/16.NE; ab einem Viertel: Voreinstellung der Plattform');

create table pp.outage (
	id uuid primary key,
	from_at timestamptz not null,
	to_at timestamptz not null,
	what text not null check (length(what) between 3 and 500),
	scope text not null check (scope in ('PLATTFORM', 'VERFAHREN')),
	procedure uuid references pp.procedure,
	reason text not null check (length(reason) between 3 and 2000),
	source text not null check (source in ('BETRIEB', 'MELDUNG', 'SONDE')),
	recorded_at timestamptz not null,
	recorded_by uuid not null,
	recorded_by_label text not null,
	withdrawn_at timestamptz,
	withdrawn_by uuid,
	withdraw_reason text check (length(withdraw_reason) between 3 and 2000),
	check (to_at > from_at),
	check ((scope = 'VERFAHREN') = (procedure is not null)),
	check ((withdrawn_at is null) = (withdraw_reason is null) and (withdrawn_at is null) = (withdrawn_by is null))
);
create index outage_time on pp.outage using gist (tstzrange(from_at, to_at)) where withdrawn_at is null;
create index outage_procedure on pp.outage (procedure, from_at) where procedure is not null;
comment on column pp.outage.to_at is 'When it was over, exclusive.';
create trigger outage_stays before update of id, from_at, to_at, what, scope, procedure, reason, source,
	recorded_at, recorded_by, recorded_by_label or delete or truncate on pp.outage
	for each statement execute function pp.forbid_change();
create function pp.forbid_second_withdrawal() returns trigger language plpgsql as $$
begin
	if old.withdrawn_at is not null then
		raise exception using errcode = 'restrict_violation', message = 'a withdrawal is recorded once';
	end if;
	return new;
end
$$;
create trigger outage_withdrawn before update on pp.outage
	for each row execute function pp.forbid_second_withdrawal();
create index round_period on pp.round using gist (tstzrange(opens_at, closes_at));

create table pp.outage_decision (
	id uuid primary key,
	round uuid not null references pp.round,
	planner_body text not null collate "C" references pp.body,
	outages uuid[] not null check (cardinality(outages) > 0),
	length_s bigint not null,
	share numeric not null,
	rule text not null references pp.outage_rule,
	proposed_end date,
	decision text not null check (decision in ('VERLAENGERN', 'WIEDERHOLEN', 'KEINE')),
	reason text not null check (length(reason) between 3 and 2000),
	decided_at timestamptz not null,
	decided_by uuid not null,
	decided_by_label text not null
);
create index outage_decision_round on pp.outage_decision (round, decided_at);
comment on table pp.outage_decision is
	'What the planning body makes of the interruptions of a round that were known then; the last one holds.';
create trigger outage_decision_stays before update or delete or truncate on pp.outage_decision
	for each statement execute function pp.forbid_change();

grant select on pp.outage_rule to pp_server, pp_public;
grant select, insert, update (withdrawn_at, withdrawn_by, withdraw_reason) on pp.outage to pp_server;
grant select, insert on pp.outage_decision to pp_server;
grant execute on function pp.last_day(timestamptz) to pp_public;
