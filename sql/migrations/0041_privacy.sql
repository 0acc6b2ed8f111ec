-- SPDX-License-Identifier: EUPL-1.2
-- Data protection of a procedure: who is its controller and what people are told (Art. 13 GDPR), how long persons are
-- kept, what stops their erasure, what was asked for. Locks: new objects only.

create table pp.privacy_basis (
	family text primary key check (family in ('BAULEITPLANUNG', 'RAUMORDNUNG', 'PLANFESTSTELLUNG')),
	law text not null,
	purpose_de text not null,
	purpose_en text not null
);
comment on table pp.privacy_basis is 'What the processing of private statements rests on. Not on consent: that could be taken back.';
insert into pp.privacy_basis values
	('BAULEITPLANUNG', 'Art. 6 Abs. 1 Buchst. e, Abs. 3 DSGVO i. V. m. § 3 Abs. 1, 2, § 1 Abs. 7 BauGB',
		'Beteiligung der Öffentlichkeit, Abwägung der Belange, Mitteilung des Ergebnisses', 'Participation of the public, weighing of interests, communication of the result'),
	('RAUMORDNUNG', 'Art. 6 Abs. 1 Buchst. e, Abs. 3 DSGVO i. V. m. § 9 Abs. 2, § 15 Abs. 3 ROG',
		'Beteiligung der Öffentlichkeit, Abwägung oder Prüfung der Belange', 'Participation of the public, weighing or assessment of interests'),
	('PLANFESTSTELLUNG', 'Art. 6 Abs. 1 Buchst. e, Abs. 3 DSGVO i. V. m. § 73 Abs. 4, § 74 VwVfG',
		'Einwendungen, Erörterung, Entscheidung und ihre Zustellung', 'Objections, hearing, decision and its service');

-- One text is never changed; a newer one takes its place, and what somebody was shown can be had again.
create table pp.privacy_notice (
	id uuid primary key,
	planner_body text not null collate "C" references pp.body,
	procedure uuid references pp.procedure,
	version text not null check (length(version) between 1 and 100),
	controller jsonb not null check (jsonb_typeof(controller) = 'object'),
	officer jsonb check (jsonb_typeof(officer) = 'object'),
	authority text check (length(authority) between 1 and 500),
	text_de text not null check (length(text_de) between 1 and 50000),
	text_en text check (length(text_en) between 1 and 50000),
	made_at timestamptz not null,
	made_by uuid not null
);
create index privacy_notice_procedure on pp.privacy_notice (procedure, made_at) where procedure is not null;
create index privacy_notice_body on pp.privacy_notice (planner_body, made_at) where procedure is null;
create unique index privacy_notice_version on pp.privacy_notice (planner_body, coalesce(procedure, id), version);
comment on table pp.privacy_notice is 'Everybody''s: what people are told before they write. Of one procedure, else of its planning body.';
create trigger privacy_notice_stays before update or delete or truncate on pp.privacy_notice
	for each statement execute function pp.forbid_change();

create table pp.retention_rule (
	id text primary key check (id ~ '^[A-Z0-9_]{3,40}$'),
	machine text not null,
	states text[] not null check (cardinality(states) > 0),
	keep_months int not null check (keep_months between 0 and 1200),
	legal_basis text not null,
	reason_de text not null,
	reason_en text not null
);
comment on table pp.retention_rule is
	'How long persons are kept after a procedure has come into a state; a state without a row ends nothing.';
comment on column pp.retention_rule.keep_months is
	'From the day of that state. The law names the period within which the words may be needed; three months more are ours, for what is on its way then.';
insert into pp.retention_rule values
	('BAULEITPLAN_IN_KRAFT', 'BAULEITPLAN', '{IN_KRAFT,TEILW_AUFGEHOBEN}', 15, '§ 47 Abs. 2 Satz 1 VwGO, § 215 Abs. 1 BauGB',
		'Ein Jahr lang kann der Plan im Normenkontrollverfahren überprüft und können Fehler gerügt werden', 'For a year the plan can be contested and errors be complained of'),
	('BAULEITPLAN_BEENDET', 'BAULEITPLAN', '{AUFGEHOBEN,EINGESTELLT}', 3, 'Art. 5 Abs. 1 Buchst. e DSGVO',
		'Das Verfahren ist zu Ende', 'The procedure is over'),
	('RAUMORDNUNGSPLAN_IN_KRAFT', 'RAUMORDNUNGSPLAN', '{IN_KRAFT}', 15, '§ 47 Abs. 2 Satz 1 VwGO, § 11 Abs. 5 ROG',
		'Ein Jahr lang kann der Plan im Normenkontrollverfahren überprüft und können Fehler gerügt werden', 'For a year the plan can be contested and errors be complained of'),
	('RAUMORDNUNGSPLAN_BEENDET', 'RAUMORDNUNGSPLAN', '{AUFGEHOBEN,EINGESTELLT}', 3, 'Art. 5 Abs. 1 Buchst. e DSGVO',
		'Das Verfahren ist zu Ende', 'The procedure is over'),
	('RVP_ABGESCHLOSSEN', 'RVP', '{ABGESCHLOSSEN,EINGESTELLT}', 15, 'Art. 5 Abs. 1 Buchst. e DSGVO, § 15 ROG',
		'Das Ergebnis geht in das Zulassungsverfahren ein, in dem es überprüft werden kann', 'The result goes into the approval procedure, where it can be contested'),
	('ZAV_BEENDET', 'ZAV', '{ZUGELASSEN,ABGELEHNT,ZURUECKGENOMMEN,EINGESTELLT}', 15, '§ 58 Abs. 2, § 74 VwGO',
		'Ein Jahr lang kann der Bescheid ohne Belehrung angefochten werden', 'For a year a decision without instruction can be contested'),
	('PFV_UNANFECHTBAR', 'PLANFESTSTELLUNG', '{UNANFECHTBAR,VERFALLEN}', 3, '§ 75 Abs. 2 VwVfG',
		'Der Beschluss ist unanfechtbar', 'The decision is final'),
	('PFV_BEENDET', 'PLANFESTSTELLUNG', '{ABGELEHNT,AUFGEHOBEN,ZURUECKGENOMMEN,EINGESTELLT}', 15, '§ 58 Abs. 2, § 74 VwGO',
		'Ein Jahr lang kann der Bescheid ohne Belehrung angefochten werden', 'For a year a decision without instruction can be contested'),
	('BFP_BEENDET', 'BFP', '{BEKANNTGEGEBEN,ABGELEHNT,ZURUECKGENOMMEN,EINGESTELLT}', 15, '§ 15 Abs. 3 NABEG, § 58 Abs. 2 VwGO',
		'Die Entscheidung wird mit der Planfeststellung überprüft', 'The decision is contested with the plan approval');

create table pp.legal_hold (
	id uuid primary key,
	procedure uuid not null references pp.procedure,
	planner_body text not null collate "C",
	person uuid references pp.person,
	reason text not null check (length(reason) between 3 and 2000),
	at timestamptz not null,
	by_label text not null,
	lifted_at timestamptz,
	lifted_by_label text,
	check ((lifted_at is null) = (lifted_by_label is null))
);
create index legal_hold_procedure on pp.legal_hold (procedure) where lifted_at is null;
comment on table pp.legal_hold is 'Nobody is erased while this stands: a court has the case (Art. 17 (3) (e) GDPR).';
create trigger legal_hold_stays before update of id, procedure, planner_body, person, reason, at, by_label
	or delete or truncate on pp.legal_hold for each statement execute function pp.forbid_change();

create table pp.erasure_request (
	person uuid not null references pp.person,
	planner_body text not null collate "C",
	account uuid,
	at timestamptz not null,
	primary key (person, at)
);
comment on table pp.erasure_request is 'Asked for by the person while the procedure still needs what was said.';
create trigger erasure_request_stays before update or delete or truncate on pp.erasure_request
	for each statement execute function pp.forbid_change();

alter table pp.legal_hold enable row level security;
alter table pp.legal_hold force row level security;
create policy planner on pp.legal_hold to pp_server
	using (planner_body = (select pp.current_body())) with check (planner_body = (select pp.current_body()));
-- Whether there is a hold is for the person to know as well; the reason is not told.
create policy person on pp.legal_hold for select to pp_keys using (true);
alter table pp.erasure_request enable row level security;
alter table pp.erasure_request force row level security;
create policy parties on pp.erasure_request to pp_server
	using (planner_body = (select pp.current_body()) or account = (select pp.current_account())
		or person = (select pp.current_person()))
	with check (account = (select pp.current_account()) or person = (select pp.current_person()));

-- The last word before a key goes: no way past a hold, whoever asks.
create function pp.forbid_held() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
	if exists (select from pp.legal_hold h where h.procedure = new.procedure and h.lifted_at is null
		and (h.person is null or h.person = new.id)) then
		perform pp.refuse('legal_hold', 'A legal hold stands; nobody is erased until it is lifted.');
	end if;
	return new;
end
$$;
create trigger person_held before update of erased_at on pp.person for each row
	when (old.erased_at is null and new.erased_at is not null) execute function pp.forbid_held();
grant create on schema pp to pp_keys;
alter function pp.forbid_held() owner to pp_keys;
revoke create on schema pp from pp_keys;
grant usage on schema pp to pp_keys;
grant execute on function pp.refuse(text, text, text) to pp_keys;
grant select on pp.legal_hold to pp_keys;

grant select on pp.privacy_basis, pp.privacy_notice, pp.retention_rule to pp_server, pp_public;
grant insert on pp.privacy_notice to pp_server;
grant select, insert, update (lifted_at, lifted_by_label) on pp.legal_hold to pp_server;
grant select, insert on pp.erasure_request to pp_server;
