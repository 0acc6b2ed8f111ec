-- SPDX-License-Identifier: EUPL-1.2
-- An extended round is an event of its procedure; what a planning body has to do beside the events of its
-- machine. Locks: none that anybody waits for.

insert into pp.machine_event (event, name_de, name_en) values ('FRIST_VERLAENGERT', 'Frist der Beteiligung verlängert', 'Period of a round extended');
insert into pp.machine_transition (machine, event, from_state, to_state, who, needs_reason, legal_basis)
	select s.machine, 'FRIST_VERLAENGERT', s.state, '=', 'RUNDE', true, case s.machine
		when 'BAULEITPLAN' then '§ 3 Abs. 2 Satz 1, § 4 Abs. 2 Satz 3 BauGB (wichtiger Grund); § 190 BGB'
		when 'PLANFESTSTELLUNG' then '§ 31 Abs. 7 VwVfG; § 21 Abs. 3 UVPG' when 'BFP' then '§ 31 Abs. 7 VwVfG'
		else '§ 9 Abs. 2 Satz 4, § 15 Abs. 3 Satz 6 ROG; § 31 Abs. 7 VwVfG' end
	  from pp.machine_state s where not s.is_final and s.machine <> 'PLANUNGSANZEIGE' order by s.machine, s.no;

create table pp.duty (
	duty text primary key check (duty ~ '^[A-Z_]{3,40}$'),
	no int not null unique,
	text_de text not null,
	text_en text not null,
	legal_basis text not null,
	path text not null
);
comment on table pp.duty is
	'What a planning body has to do that is no event of a machine; pp_api.duty_counts says how much of it waits.';
insert into pp.duty values
	('BETROFFENE', 1, 'Die Betroffenen der neuesten Planfassung sind noch nicht bestätigt.', 'Those affected by the newest plan have not been confirmed.',
		'§ 2 Abs. 2, § 4 BauGB; § 9 ROG; § 73 Abs. 2 VwVfG', '/plans/{plan}/affected'),
	('FRISTANTRAEGE', 2, 'Anträge auf Fristverlängerung sind zu entscheiden.', 'Requests for extension wait for a decision.',
		'§ 4 Abs. 2 Satz 3 BauGB; § 31 Abs. 7 VwVfG', '/procedures/{procedure}/rounds'),
	('ERINNERUNGEN', 3, 'Beteiligte sind zu erinnern.', 'Bodies are to be reminded.', 'Vorgabe der Plattform', '/procedures/{procedure}/reminders-due'),
	('UNTERBRECHUNGEN', 4, 'Über die Folgen einer Unterbrechung der Veröffentlichung ist zu entscheiden.', 'The consequences of an interruption are to be decided.',
		'§ 3 Abs. 2 Satz 1, § 214 Abs. 1 Satz 1 Nr. 2 BauGB', '/procedures/{procedure}/rounds'),
	('ABWAEGUNG', 5, 'Stellungnahmen sind noch nicht abgewogen.', 'Statements have not been weighed yet.',
		'§ 1 Abs. 7, § 3 Abs. 2 Satz 6 BauGB; § 7 Abs. 2 ROG; § 74 Abs. 2 VwVfG', '/procedures/{procedure}/weighing'),
	('MITTEILUNG', 6, 'Ergebnisse der Abwägung sind noch mitzuteilen.', 'Results of the weighing are still to be communicated.',
		'§ 3 Abs. 2 Satz 6 Halbsatz 2 BauGB; § 74 Abs. 4 VwVfG', '/procedures/{procedure}/weighing');
grant select on pp.duty to pp_server;
