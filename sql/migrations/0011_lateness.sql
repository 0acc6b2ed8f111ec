-- SPDX-License-Identifier: EUPL-1.2
-- Late statements: what lateness means where, what was decided about each, and restoration of the
-- former status. Locks: pp.round for the moment of a new column.

create table pp.lateness_regime (
	id text primary key check (id ~ '^[A-Z_0-9]{3,40}$'),
	family text not null,
	kinds text[],
	steps text[] not null,
	audiences text[] not null,
	effect text not null check (effect in ('KANN', 'AUSGESCHLOSSEN', 'KEINE')),
	tests text[] not null default '{}'
		check (tests <@ '{known,should_have_known,relevant_to_lawfulness,private_law_title}'),
	needs_hint bool not null default false,
	restorable bool not null default false,
	legal_basis text not null,
	text_de text not null,
	text_en text not null,
	check (effect <> 'KEINE' or (tests = '{}' and not needs_hint))
);
comment on table pp.lateness_regime is
	'What it means that a statement came late. A row with kinds goes before one without.';
comment on column pp.lateness_regime.effect is
	'KANN: it may be disregarded; AUSGESCHLOSSEN: it is excluded; KEINE: it counts like any other.';
comment on column pp.lateness_regime.tests is
	'What must all be false for that: whoever decides says so of each.';
comment on column pp.lateness_regime.needs_hint is
	'Only where the notice has said so (round.late_effect_enabled).';
comment on column pp.lateness_regime.restorable is
	'Whether § 32 VwVfG restores whoever was prevented without fault.';

insert into pp.lateness_regime (id, family, kinds, steps, audiences, effect, tests, needs_hint, restorable, legal_basis, text_de, text_en) values
	('BAUGB_OEFF', 'BAULEITPLANUNG', null, '{FOERM_OEFF,ERNEUT}', '{OEFF}', 'KANN', '{known,should_have_known,relevant_to_lawfulness}', true, false,
		'§ 4a Abs. 5 Satz 1, 2 BauGB',
		'Verspätete Stellungnahmen können unberücksichtigt bleiben, wenn die Gemeinde den Inhalt nicht kannte und nicht hätte kennen müssen, er für die Rechtmäßigkeit des Bauleitplans nicht von Bedeutung ist und die Bekanntmachung darauf hingewiesen hat.',
		'Late statements may be disregarded where the municipality neither knew nor ought to have known the content, it does not matter for the lawfulness of the plan, and the notice has said so.'),
	('BAUGB_TOEB', 'BAULEITPLANUNG', null, '{FOERM_TOEB,ERNEUT}', '{TOEB,NACHB,STAAT}', 'KANN', '{known,should_have_known,relevant_to_lawfulness}', false, false,
		'§ 4a Abs. 5 Satz 1 BauGB',
		'Verspätete Stellungnahmen können unberücksichtigt bleiben, wenn die Gemeinde den Inhalt nicht kannte und nicht hätte kennen müssen und er für die Rechtmäßigkeit des Bauleitplans nicht von Bedeutung ist.',
		'Late statements may be disregarded where the municipality neither knew nor ought to have known the content and it does not matter for the lawfulness of the plan.'),
	('BAUGB_FRUEH', 'BAULEITPLANUNG', null, '{FRUEH_OEFF,FRUEH_TOEB}', '{OEFF,TOEB,NACHB,STAAT}', 'KEINE', '{}', false, false,
		'§ 3 Abs. 1, § 4 Abs. 1 BauGB',
		'Für die frühzeitige Beteiligung setzt das Gesetz keine Frist; was noch vor dem Entwurf kommt, zählt.',
		'The law sets no period for early participation; what comes before the draft counts.'),
	('ROG', 'RAUMORDNUNG', null, '{ROP_BET,ROP_ERNEUT}', '{OEFF,TOEB,NACHB,VERB}', 'AUSGESCHLOSSEN', '{private_law_title}', true, false,
		'§ 9 Abs. 2 Satz 4 Nr. 3, Abs. 3 Satz 4 ROG',
		'Mit Ablauf der Frist sind alle Stellungnahmen ausgeschlossen, die nicht auf besonderen privatrechtlichen Titeln beruhen; darauf muss die Bekanntmachung hingewiesen haben.',
		'After the period all statements are excluded that do not rest on special titles of private law; the notice must have said so.'),
	('ROG_STAAT', 'RAUMORDNUNG', null, '{ROP_BET,ROP_ERNEUT}', '{STAAT}', 'KEINE', '{}', false, false,
		'§ 9 Abs. 4 ROG',
		'Für die Behörden eines Nachbarstaates sieht das Gesetz keinen Ausschluss vor.',
		'The law excludes nothing that authorities of another state have to say.'),
	('ROG_FRUEH', 'RAUMORDNUNG', null, '{ROP_UNTERR}', '{OEFF,TOEB,NACHB}', 'KEINE', '{}', false, false,
		'§ 9 Abs. 1 ROG',
		'Die Unterrichtung kennt keinen Ausschluss verspäteter Hinweise.',
		'The first information excludes nothing that comes late.'),
	('RVP', 'RAUMORDNUNG', null, '{RVP_BET}', '{OEFF,TOEB,NACHB,VERB}', 'KEINE', '{}', false, false,
		'§ 15 Abs. 3 ROG',
		'Die Raumverträglichkeitsprüfung kennt keinen Ausschluss verspäteter Stellungnahmen.',
		'The spatial impact assessment excludes no late statements.'),
	('PFV_EINWENDUNG', 'PLANFESTSTELLUNG', null, '{PFV_AUSL,PFV_EINW,PFV_AEND}', '{OEFF,VERB}', 'AUSGESCHLOSSEN', '{private_law_title}', true, true,
		'§ 73 Abs. 4 Satz 3, 4, 6 VwVfG, § 21 Abs. 4 UVPG; § 7 Abs. 4 UmwRG',
		'Mit Ablauf der Einwendungsfrist sind alle Einwendungen ausgeschlossen, die nicht auf besonderen privatrechtlichen Titeln beruhen, wenn darauf hingewiesen wurde. Vor Gericht gilt der Ausschluss in den Fällen des § 7 Abs. 4 UmwRG nicht.',
		'After the period all objections are excluded that do not rest on special titles of private law, where the notice has said so. In the cases of § 7 (4) UmwRG the exclusion does not hold in court.'),
	('PFV_BEHOERDE', 'PLANFESTSTELLUNG', null, '{PFV_AUFF,PFV_AEND}', '{TOEB,NACHB}', 'KANN', '{known,should_have_known,relevant_to_lawfulness}', false, true,
		'§ 73 Abs. 3a Satz 2 VwVfG',
		'Verspätete Stellungnahmen sind zu berücksichtigen, wenn die Belange bekannt sind oder hätten bekannt sein müssen oder für die Rechtmäßigkeit der Entscheidung von Bedeutung sind; im Übrigen können sie berücksichtigt werden.',
		'Late statements are to be considered where the concerns are known, ought to have been known or matter for the lawfulness of the decision; others may be considered.'),
	('NABEG_BEHOERDE', 'PLANFESTSTELLUNG', '{PFV_NABEG}', '{PFV_AUFF,PFV_AEND}', '{TOEB,NACHB}', 'AUSGESCHLOSSEN', '{relevant_to_lawfulness}', false, true,
		'§ 22 Abs. 2 Satz 4 NABEG',
		'Verspätete Stellungnahmen werden nicht mehr berücksichtigt, es sei denn, die Belange sind für die Rechtmäßigkeit der Entscheidung von Bedeutung.',
		'Late statements are no longer considered unless the concerns matter for the lawfulness of the decision.'),
	('BFP', 'PLANFESTSTELLUNG', '{BFP}', '{PFV_AUFF,PFV_AUSL,PFV_EINW,PFV_AEND}', '{OEFF,TOEB,NACHB,VERB}', 'AUSGESCHLOSSEN', '{relevant_to_lawfulness}', false, true,
		'§ 9 Abs. 2 Satz 4, Abs. 4 Satz 2 NABEG',
		'Verspätete Stellungnahmen werden nicht mehr berücksichtigt, es sei denn, die Belange sind für die Rechtmäßigkeit der Bundesfachplanung von Bedeutung.',
		'Late statements are no longer considered unless the concerns matter for the lawfulness of the federal sectoral planning.');

-- § 4a (5) sentence 2 BauGB: without the hint in its notice lateness has no effect on the public. Of
-- rounds whose notice is not on record nobody knows that it was there.
alter table pp.round add column if not exists late_effect_enabled bool not null default false;
comment on column pp.round.late_effect_enabled is
	'Whether the notice has said that late statements may be disregarded, or are excluded.';

create table pp.reinstatement_request (
	id uuid primary key,
	statement uuid not null references pp.statement,
	planner_body text not null collate "C" references pp.body,
	participant text collate "C" references pp.body,
	mailbox_body text collate "C" references pp.body,
	author_account uuid not null,
	obstacle text not null check (length(obstacle) between 3 and 20000),
	obstacle_ended_on date not null,
	until_at timestamptz not null,
	in_time bool not null,
	requested_at timestamptz not null,
	requested_by uuid not null
);
create index reinstatement_request_statement on pp.reinstatement_request (statement, requested_at);
comment on table pp.reinstatement_request is
	'Wiedereinsetzung in den vorigen Stand, § 32 VwVfG: asked for by whoever was prevented without fault.';
comment on column pp.reinstatement_request.until_at is
	'End of the two weeks from the end of the obstacle, and at the latest a year after the deadline.';
comment on column pp.reinstatement_request.in_time is
	'Request and statement were both received before until_at.';

create table pp.lateness_decision (
	id uuid primary key,
	statement uuid not null references pp.statement,
	planner_body text not null collate "C" references pp.body,
	participant text collate "C" references pp.body,
	mailbox_body text collate "C" references pp.body,
	author_account uuid not null,
	regime text not null references pp.lateness_regime,
	hint bool not null,
	outcome text not null check (outcome in ('UNBERUECKSICHTIGT_VERSPAETET', 'BERUECKSICHTIGT', 'RESTORED')),
	known bool,
	should_have_known bool,
	relevant_to_lawfulness bool,
	private_law_title bool,
	request uuid references pp.reinstatement_request,
	reason text not null check (length(reason) between 3 and 20000),
	decided_at timestamptz not null,
	decided_by uuid not null,
	decided_by_label text not null,
	check (outcome <> 'UNBERUECKSICHTIGT_VERSPAETET' or not coalesce(known or should_have_known
		or relevant_to_lawfulness or private_law_title, false))
);
create index lateness_decision_statement on pp.lateness_decision (statement, decided_at);
comment on table pp.lateness_decision is
	'What was decided about a late statement, in the order of deciding; the last one holds.';

create trigger reinstatement_request_stays before update or delete or truncate on pp.reinstatement_request
	for each statement execute function pp.forbid_change();
create trigger lateness_decision_stays before update or delete or truncate on pp.lateness_decision
	for each statement execute function pp.forbid_change();

alter table pp.reinstatement_request enable row level security;
alter table pp.reinstatement_request force row level security;
create policy parties on pp.reinstatement_request to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()))
	with check (author_account = (select pp.current_account())
		or participant = (select pp.current_body()) or mailbox_body = (select pp.current_body()));
alter table pp.lateness_decision enable row level security;
alter table pp.lateness_decision force row level security;
create policy parties on pp.lateness_decision to pp_server
	using (participant = (select pp.current_body()) or mailbox_body = (select pp.current_body())
		or planner_body = (select pp.current_body())
		or author_account = (select pp.current_account()))
	with check (planner_body = (select pp.current_body()));

grant select on pp.lateness_regime to pp_server, pp_public, pp_clerk;
grant select, insert on pp.reinstatement_request, pp.lateness_decision to pp_server;
