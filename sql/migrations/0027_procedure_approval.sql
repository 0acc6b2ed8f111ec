-- SPDX-License-Identifier: EUPL-1.2
-- Plan approval and federal sectoral planning; what every machine has in common; rounds and notices. Locks: as
-- for changes of rows of procedures that were filed before there were machines.

do $$
declare
	enwg constant text[] := '{PFV_ENWG,PFV_NABEG}';
	fast constant text[] := '{PFV_ENWG,PFV_NABEG,PFV_FSTR}';
	m text := 'PLANFESTSTELLUNG';
	k record;
begin
	perform pp.machine_row(m, 'EINREICHEN', 'ANGELEGT', 'EINGEREICHT', 'PLANUNG', '§ 73 Abs. 1 VwVfG', '{not_ahead}');
	perform pp.machine_row(m, 'UNVOLLSTAENDIG', 'EINGEREICHT', 'UNVOLLSTAENDIG', 'PLANUNG', '§ 73 Abs. 1 Satz 2 VwVfG', '{not_ahead}');
	perform pp.machine_row(m, 'NACHREICHEN', 'UNVOLLSTAENDIG', 'EINGEREICHT', 'PLANUNG', '§ 73 Abs. 1 Satz 2 VwVfG', '{not_ahead}');
	perform pp.machine_row(m, 'VOLLSTAENDIG', 'EINGEREICHT', 'VOLLSTAENDIG', 'PLANUNG', '§ 43a Abs. 3 Satz 1 EnWG', '{not_ahead}', kinds => '{PFV_ENWG}', rule => 'ENWG_AUSL_BEGINN', while_in => '{VOLLSTAENDIG}');
	perform pp.machine_row(m, 'VOLLSTAENDIG', 'EINGEREICHT', 'VOLLSTAENDIG', 'PLANUNG', '§ 21 Abs. 5, § 22 Abs. 3 Satz 1 NABEG', '{not_ahead}', kinds => '{PFV_NABEG}', rule => 'NABEG_AUSL_BEGINN', while_in => '{VOLLSTAENDIG}');
	perform pp.machine_row(m, 'VOLLSTAENDIG', 'EINGEREICHT', 'VOLLSTAENDIG', 'PLANUNG', '§ 73 Abs. 2 VwVfG', '{not_ahead}', rule => 'PFV_AUFF', while_in => '{VOLLSTAENDIG}');
	perform pp.machine_row(m, 'AUFFORDERN', 'ANGELEGT EINGEREICHT VOLLSTAENDIG BEKANNT AUSLEGUNG EINWENDUNG AUSWERTUNG PLANAENDERUNG', '=', 'RUNDE', '§ 73 Abs. 2, 3a VwVfG');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'VOLLSTAENDIG BEKANNT PLANAENDERUNG', 'BEKANNT', 'RUNDE', '§ 73 Abs. 3, 5, § 27b VwVfG');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'ANGELEGT', 'BEKANNT', 'RUNDE', '§ 73 Abs. 3, 5, § 27b VwVfG', skips => '{EINREICHEN,VOLLSTAENDIG}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'EINGEREICHT', 'BEKANNT', 'RUNDE', '§ 73 Abs. 3, 5, § 27b VwVfG', skips => '{VOLLSTAENDIG}');
	perform pp.machine_row(m, 'BEKANNTMACHUNG_ZURUECK', 'BEKANNT', 'VOLLSTAENDIG', 'PLANUNG', '§ 73 Abs. 5 VwVfG (vor Beginn der Auslegung)', '{not_begun}', 'cancel_rounds', reason => true);
	perform pp.machine_row(m, 'AUSLEGUNG_BEGINN', 'BEKANNT', 'AUSLEGUNG', 'UHR', '§ 73 Abs. 3 Satz 1 VwVfG; § 31 Abs. 1 VwVfG, § 187 Abs. 2 BGB', '{display_begun}');
	perform pp.machine_row(m, 'AUSLEGUNG_ENDE', 'AUSLEGUNG', 'EINWENDUNG', 'UHR', '§ 73 Abs. 3 Satz 1, § 31 Abs. 4 VwVfG', '{display_over}');
	perform pp.machine_row(m, 'EINWENDUNGSRUNDE', 'ANGELEGT EINGEREICHT VOLLSTAENDIG BEKANNT AUSLEGUNG EINWENDUNG AUSWERTUNG', '=', 'RUNDE', '§ 73 Abs. 4 VwVfG; § 21 Abs. 3 UVPG');
	perform pp.machine_row(m, 'EINWENDUNG_ENDE', 'EINWENDUNG', 'AUSWERTUNG', 'UHR', '§ 73 Abs. 4 Satz 1, 3, § 31 Abs. 3 VwVfG', '{objections_over}', rule => 'PFV_EROERT', while_in => '{AUSWERTUNG,EROERTERUNG}');
	perform pp.machine_row(m, 'EROERTERUNG_ANBERAUMEN', 'AUSWERTUNG', 'EROERTERUNG', 'PLANUNG', '§ 73 Abs. 6 Satz 2, § 27c VwVfG', '{hearing_week}');
	perform pp.machine_row(m, 'EROERTERUNG_VERZICHT', 'AUSWERTUNG', 'VERZICHT', 'PLANUNG', '§ 43a Abs. 8 EnWG, § 22 Abs. 5 NABEG, § 17a Abs. 5 FStrG', kinds => fast, reason => true, rule => 'PFV_BERICHT_OHNE', while_in => '{VERZICHT}');
	perform pp.machine_row(m, 'EROERTERUNG_VERZICHT', 'AUSWERTUNG', 'VERZICHT', 'PLANUNG', '§ 67 Abs. 2 Nr. 1, 4, § 73 Abs. 6 Satz 6 VwVfG', reason => true);
	perform pp.machine_row(m, 'EROERTERUNG_ABSCHLIESSEN', 'EROERTERUNG', '=', 'PLANUNG', '§ 73 Abs. 6 Satz 7, Abs. 9 VwVfG', '{not_ahead}', rule => 'PFV_BERICHT', while_in => '{EROERTERUNG}');
	perform pp.machine_row(m, 'BERICHT', 'EROERTERUNG VERZICHT', 'BERICHT', 'PLANUNG', '§ 73 Abs. 9 VwVfG', '{not_ahead}');
	perform pp.machine_row(m, 'PLAN_AENDERN', 'AUSWERTUNG EROERTERUNG VERZICHT BERICHT', 'PLANAENDERUNG', 'PLANUNG', '§ 73 Abs. 8 VwVfG; § 22 UVPG', reason => true);
	perform pp.machine_row(m, 'AENDERUNG_ANHOEREN', 'PLANAENDERUNG', '=', 'RUNDE', '§ 73 Abs. 8 Satz 1 VwVfG', '{plan_newer}');
	perform pp.machine_row(m, 'EINWENDUNG_ENDE', 'PLANAENDERUNG', 'AUSWERTUNG', 'UHR', '§ 73 Abs. 8 Satz 1, Abs. 4 Satz 3 VwVfG', '{change_over}');
	perform pp.machine_row(m, 'PLANFESTSTELLUNGSBESCHLUSS', 'BERICHT', 'PFB', 'PLANUNG', '§ 74 Abs. 1, 2 VwVfG', '{not_ahead,weighed}');
	perform pp.machine_row(m, 'PLANGENEHMIGUNG', 'VOLLSTAENDIG BERICHT', 'PFB', 'PLANUNG', '§ 74 Abs. 6 VwVfG', '{not_ahead}');
	perform pp.machine_row(m, 'ABLEHNEN', 'VOLLSTAENDIG BERICHT', 'ABGELEHNT', 'PLANUNG', '§ 74 Abs. 1 VwVfG', '{not_ahead}', reason => true);
	perform pp.machine_row(m, 'RUECKNAHME', 'EINGEREICHT UNVOLLSTAENDIG VOLLSTAENDIG BEKANNT AUSLEGUNG EINWENDUNG AUSWERTUNG EROERTERUNG VERZICHT BERICHT PLANAENDERUNG', 'ZURUECKGENOMMEN', 'PLANUNG', '§ 22 VwVfG', '{not_ahead}');
	perform pp.machine_row(m, 'PFB_BEKANNTGEBEN', 'PFB', 'BEKANNT_PFB', 'PLANUNG', '§ 74 Abs. 4, 5 VwVfG; § 43b Abs. 5 EnWG, § 17b Abs. 3 FStrG, § 24 NABEG; § 74 VwGO', '{not_ahead}', 'publish', rule => 'KLAGE', due => 'KLAGEFRIST_ENDE', while_in => '{BEKANNT_PFB}');
	perform pp.machine_row(m, 'KLAGE_ERHOBEN', 'BEKANNT_PFB', 'KLAGE', 'PLANUNG', '§ 74 Abs. 1 VwGO', '{not_ahead}');
	perform pp.machine_row(m, 'KLAGEFRIST_ENDE', 'BEKANNT_PFB', 'UNANFECHTBAR', 'UHR', '§ 74 Abs. 1 VwGO; § 43c EnWG', kinds => enwg, rule => 'PFV_VERFALL_ENWG', due => 'VERFALL', while_in => '{UNANFECHTBAR}');
	perform pp.machine_row(m, 'KLAGEFRIST_ENDE', 'BEKANNT_PFB', 'UNANFECHTBAR', 'UHR', '§ 74 Abs. 1 VwGO; § 75 Abs. 4 VwVfG', rule => 'PFV_VERFALL', due => 'VERFALL', while_in => '{UNANFECHTBAR}');
	perform pp.machine_row(m, 'KLAGE_ABGEWIESEN', 'KLAGE', 'UNANFECHTBAR', 'PLANUNG', '§ 75 Abs. 2 VwVfG; § 43c EnWG', '{not_ahead}', kinds => enwg, rule => 'PFV_VERFALL_ENWG', due => 'VERFALL', while_in => '{UNANFECHTBAR}');
	perform pp.machine_row(m, 'KLAGE_ABGEWIESEN', 'KLAGE', 'UNANFECHTBAR', 'PLANUNG', '§ 75 Abs. 2, 4 VwVfG', '{not_ahead}', rule => 'PFV_VERFALL', due => 'VERFALL', while_in => '{UNANFECHTBAR}');
	perform pp.machine_row(m, 'KLAGE_ERFOLGREICH', 'KLAGE', 'AUFGEHOBEN', 'PLANUNG', '§ 113 Abs. 1 VwGO; § 75 Abs. 1a VwVfG', '{not_ahead}');
	perform pp.machine_row(m, 'PLANERGAENZUNG', 'KLAGE', 'PLANAENDERUNG', 'PLANUNG', '§ 75 Abs. 1a Satz 2 VwVfG', reason => true);
	perform pp.machine_row(m, 'DURCHFUEHRUNG', 'UNANFECHTBAR', '=', 'PLANUNG', '§ 75 Abs. 4 Satz 2 VwVfG', '{not_ahead}', 'settle_dues');
	perform pp.machine_row(m, 'VERFALL', 'UNANFECHTBAR', 'VERFALLEN', 'UHR', '§ 75 Abs. 4 Satz 1 VwVfG; § 43c EnWG');

	m := 'BFP';
	perform pp.machine_row(m, 'EINREICHEN', 'ANGELEGT', 'EINGEREICHT', 'PLANUNG', '§ 6, § 7 Abs. 5 NABEG', '{not_ahead}', rule => 'BFP_RAHMEN', while_in => '{EINGEREICHT}');
	perform pp.machine_row(m, 'ANTRAGSKONFERENZ', 'EINGEREICHT', '=', 'PLANUNG', '§ 7 Abs. 1, 2 NABEG', '{not_ahead}');
	perform pp.machine_row(m, 'UNTERSUCHUNGSRAHMEN', 'EINGEREICHT', 'UNTERSUCHUNGSRAHMEN', 'PLANUNG', '§ 7 Abs. 4 NABEG', '{not_ahead}');
	perform pp.machine_row(m, 'UNVOLLSTAENDIG', 'UNTERSUCHUNGSRAHMEN', 'UNVOLLSTAENDIG', 'PLANUNG', '§ 8 NABEG', '{not_ahead}');
	perform pp.machine_row(m, 'NACHREICHEN', 'UNVOLLSTAENDIG', 'UNTERSUCHUNGSRAHMEN', 'PLANUNG', '§ 8 NABEG', '{not_ahead}');
	perform pp.machine_row(m, 'VOLLSTAENDIG', 'UNTERSUCHUNGSRAHMEN', 'VOLLSTAENDIG', 'PLANUNG', '§ 8, § 12 Abs. 1 NABEG', '{not_ahead}', rule => 'BFP_ENDE', while_in => '{VOLLSTAENDIG,BEKANNT,AUSLEGUNG,EINWENDUNG,AUSWERTUNG,EROERTERUNG,VERZICHT,PLANAENDERUNG}');
	perform pp.machine_row(m, 'AUFFORDERN', 'ANGELEGT EINGEREICHT UNTERSUCHUNGSRAHMEN VOLLSTAENDIG BEKANNT AUSLEGUNG EINWENDUNG AUSWERTUNG PLANAENDERUNG', '=', 'RUNDE', '§ 9 Abs. 2 NABEG');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'VOLLSTAENDIG BEKANNT PLANAENDERUNG', 'BEKANNT', 'RUNDE', '§ 9 Abs. 3, 6 NABEG');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'ANGELEGT EINGEREICHT UNTERSUCHUNGSRAHMEN', 'BEKANNT', 'RUNDE', '§ 9 Abs. 3, 3a NABEG', skips => '{VOLLSTAENDIG}');
	perform pp.machine_row(m, 'BEKANNTMACHUNG_ZURUECK', 'BEKANNT', 'VOLLSTAENDIG', 'PLANUNG', '§ 9 Abs. 3 NABEG (vor Beginn der Auslegung)', '{not_begun}', 'cancel_rounds', reason => true);
	perform pp.machine_row(m, 'AUSLEGUNG_BEGINN', 'BEKANNT', 'AUSLEGUNG', 'UHR', '§ 9 Abs. 3 Satz 2 NABEG', '{display_begun}');
	perform pp.machine_row(m, 'AUSLEGUNG_ENDE', 'AUSLEGUNG', 'EINWENDUNG', 'UHR', '§ 9 Abs. 3 Satz 2, Abs. 4 NABEG', '{display_over}');
	perform pp.machine_row(m, 'EINWENDUNGSRUNDE', 'ANGELEGT EINGEREICHT UNTERSUCHUNGSRAHMEN VOLLSTAENDIG BEKANNT AUSLEGUNG EINWENDUNG AUSWERTUNG', '=', 'RUNDE', '§ 9 Abs. 4 NABEG');
	perform pp.machine_row(m, 'EINWENDUNG_ENDE', 'EINWENDUNG', 'AUSWERTUNG', 'UHR', '§ 9 Abs. 4 Satz 1 NABEG', '{objections_over}');
	perform pp.machine_row(m, 'EROERTERUNG_ANBERAUMEN', 'AUSWERTUNG', 'EROERTERUNG', 'PLANUNG', '§ 10 Abs. 1, 2 NABEG', '{hearing_week}');
	perform pp.machine_row(m, 'EROERTERUNG_VERZICHT', 'AUSWERTUNG', 'VERZICHT', 'PLANUNG', '§ 10 Abs. 3 NABEG', reason => true);
	perform pp.machine_row(m, 'EROERTERUNG_ABSCHLIESSEN', 'EROERTERUNG', '=', 'PLANUNG', '§ 10 NABEG', '{not_ahead}');
	perform pp.machine_row(m, 'PLAN_AENDERN', 'AUSWERTUNG EROERTERUNG VERZICHT', 'PLANAENDERUNG', 'PLANUNG', '§ 9 Abs. 6 NABEG', reason => true);
	perform pp.machine_row(m, 'AENDERUNG_ANHOEREN', 'PLANAENDERUNG', '=', 'RUNDE', '§ 9 Abs. 6 NABEG', '{plan_newer}');
	perform pp.machine_row(m, 'EINWENDUNG_ENDE', 'PLANAENDERUNG', 'AUSWERTUNG', 'UHR', '§ 9 Abs. 6 Satz 4 NABEG', '{change_over}');
	perform pp.machine_row(m, 'ENTSCHEIDUNG_BFP', 'EROERTERUNG VERZICHT', 'ENTSCHIEDEN', 'PLANUNG', '§ 12 Abs. 2 NABEG', '{not_ahead,weighed}');
	perform pp.machine_row(m, 'ABLEHNEN', 'VOLLSTAENDIG EROERTERUNG VERZICHT', 'ABGELEHNT', 'PLANUNG', '§ 12 NABEG', '{not_ahead}', reason => true);
	perform pp.machine_row(m, 'RUECKNAHME', 'EINGEREICHT UNTERSUCHUNGSRAHMEN UNVOLLSTAENDIG VOLLSTAENDIG BEKANNT AUSLEGUNG EINWENDUNG AUSWERTUNG EROERTERUNG VERZICHT PLANAENDERUNG', 'ZURUECKGENOMMEN', 'PLANUNG', '§ 22 VwVfG', '{not_ahead}');
	perform pp.machine_row(m, 'BEKANNTGABE_BFP', 'ENTSCHIEDEN', 'BEKANNTGEGEBEN', 'PLANUNG', '§ 13 Abs. 1, 2 NABEG', '{not_ahead}', 'publish');

	-- What every machine has: rest, end, newer law, discussion. Nothing of it once a decision is in force.
	for k in select s.machine, string_agg(s.state, ' ' order by s.no) filter (where not s.is_final and s.state not in ('IN_KRAFT', 'TEILW_AUFGEHOBEN', 'KLAGE', 'UNANFECHTBAR', 'PFB', 'BEKANNT_PFB', 'ENTSCHIEDEN', 'RUHT')) as running
		from pp.machine_state s where s.machine <> 'PLANUNGSANZEIGE' group by 1
	loop
		perform pp.machine_row(k.machine, 'EINSTELLEN', k.running || ' RUHT', 'EINGESTELLT', 'PLANUNG', '§ 1 Abs. 3, 8, § 2 Abs. 1 BauGB; § 22 VwVfG (Ende des Verfahrens durch die Planungsstelle)', reason => true);
		perform pp.machine_row(k.machine, 'RUHEN', k.running, 'RUHT', 'PLANUNG', '§ 10 Satz 2 VwVfG (Gestaltung des Verfahrens)', '{no_round_open}', reason => true);
		perform pp.machine_row(k.machine, 'WIEDERAUFNEHMEN', 'RUHT', '<', 'PLANUNG', '§ 10 Satz 2 VwVfG (Gestaltung des Verfahrens)');
		perform pp.machine_row(k.machine, 'RECHTSWECHSEL', k.running, '=', 'PLANUNG', case when k.machine = 'BAULEITPLAN' then '§ 233 Abs. 1 Satz 2 BauGB' else '§ 27 Abs. 1 ROG; Überleitungsrecht des Fachgesetzes' end, '{newer_law}', 'change_law', reason => true);
		perform pp.machine_row(k.machine, 'EROERTERUNG_MUENDLICH', k.running, '=', 'PLANUNG', case when k.machine = 'BAULEITPLAN' then '§ 3 Abs. 1 Satz 1 BauGB' else '§ 10 Satz 2 VwVfG' end, '{not_ahead}');
	end loop;
end
$$;
drop function pp.machine_row;

-- What was filed before: the old states, which all kinds shared, in the words of their machines.
delete from pp.transition where machine = 'procedure';
update pp.procedure p set state = m.new
  from pp.procedure_kind k, (values
	('RAUMORDNUNGSPLAN', 'AUFGESTELLT', 'ANGELEGT'), ('RAUMORDNUNGSPLAN', 'FRUEH', 'UNTERRICHTET'),
	('RVP', 'AUFGESTELLT', 'EINGEREICHT'), ('RVP', 'FRUEH', 'EINGEREICHT'), ('RVP', 'ENTWURF', 'VOLLSTAENDIG'),
	('ZAV', 'AUFGESTELLT', 'EINGEREICHT'), ('ZAV', 'FRUEH', 'EINGEREICHT'), ('ZAV', 'ENTWURF', 'EINGEREICHT'),
	('PLANFESTSTELLUNG', 'AUFGESTELLT', 'EINGEREICHT'), ('PLANFESTSTELLUNG', 'FRUEH', 'VOLLSTAENDIG'),
	('PLANFESTSTELLUNG', 'ENTWURF', 'VOLLSTAENDIG'), ('PLANFESTSTELLUNG', 'BETEILIGUNG', 'AUSLEGUNG'),
	('BFP', 'AUFGESTELLT', 'EINGEREICHT'), ('BFP', 'FRUEH', 'VOLLSTAENDIG'), ('BFP', 'ENTWURF', 'VOLLSTAENDIG'),
	('BFP', 'BETEILIGUNG', 'AUSLEGUNG')) m (machine, old, new)
 where k.kind = p.kind and m.machine = k.machine and m.old = p.state;

-- Rounds -----------------------------------------------------------------------------------------

update pp.round_step set event = case step when 'ROP_UNTERR' then 'UNTERRICHTEN' when 'PFV_AUFF' then 'AUFFORDERN'
	when 'PFV_EINW' then 'EINWENDUNGSRUNDE' when 'PFV_AEND' then 'AENDERUNG_ANHOEREN'
	else case phase when 'early' then 'FRUEH_BEGINNEN' else 'BEKANNTMACHEN' end end,
	machines = case family when 'BAULEITPLANUNG' then '{BAULEITPLAN}' when 'PLANFESTSTELLUNG' then '{PLANFESTSTELLUNG,BFP}'
		else case when step like 'RVP%' then '{RVP}' else '{RAUMORDNUNGSPLAN}' end end::text[];
insert into pp.round_step (step, family, phase, audiences, law, event, machines) values
	('ZAV_BET', 'RAUMORDNUNG', 'formal', '{TOEB,NACHB}', '§ 6 (2) ROG', 'BEKANNTMACHEN', '{ZAV}');
insert into pp.lateness_regime (id, family, kinds, steps, audiences, effect, tests, needs_hint, restorable, legal_basis, text_de, text_en) values
	('ZAV', 'RAUMORDNUNG', null, '{ZAV_BET}', '{TOEB,NACHB}', 'KEINE', '{}', false, false, '§ 6 Abs. 2 ROG',
		'Das Zielabweichungsverfahren kennt keinen Ausschluss verspäteter Stellungnahmen.',
		'The procedure for a deviation from goals excludes no late statements.');
alter table pp.round_step alter event set not null, alter machines set not null;

-- Notices ----------------------------------------------------------------------------------------

insert into pp.notice_requirement (item, steps, kinds, not_kinds, condition, effect, lead_days, text_de, text_en, legal_basis, valid_from, valid_to) values
	('ADRESSE', '{FOERM_OEFF,ERNEUT}', null, '{}', null, 'PFLICHT', null, 'Internetseite oder Internetadresse, unter der die Unterlagen eingesehen werden können', 'Address on the internet where the documents can be seen', '§ 3 Abs. 2 Satz 4 BauGB', '2023-07-07', null),
	('ORT', '{FOERM_OEFF,ERNEUT}', null, '{}', null, 'PFLICHT', null, 'Ort der Auslegung', 'Place of the display', '§ 3 Abs. 2 Satz 2 BauGB a. F.', '1900-01-01', '2023-07-06'),
	('DAUER', '{FOERM_OEFF,ERNEUT}', null, '{}', null, 'PFLICHT', null, 'Dauer der Veröffentlichungsfrist', 'How long the publication lasts', '§ 3 Abs. 2 Satz 4 BauGB', '1900-01-01', null),
	('UMWELTINFORMATIONEN', '{FOERM_OEFF,ERNEUT}', null, '{BP_13,BP_13A}', null, 'PFLICHT', null, 'Angaben dazu, welche Arten umweltbezogener Informationen verfügbar sind', 'Which kinds of environmental information are available', '§ 3 Abs. 2 Satz 4 BauGB (nicht in den Fällen des § 13 Abs. 3 BauGB)', '1900-01-01', null),
	('STELLUNGNAHMEN', '{FOERM_OEFF,ERNEUT}', null, '{}', null, 'PFLICHT', null, 'Hinweis, dass Stellungnahmen während der Dauer der Veröffentlichungsfrist abgegeben werden können', 'That statements can be made while the publication lasts', '§ 3 Abs. 2 Satz 4 Nr. 1 BauGB', '1900-01-01', null),
	('ELEKTRONISCH', '{FOERM_OEFF,ERNEUT}', null, '{}', null, 'PFLICHT', null, 'Hinweis, dass Stellungnahmen elektronisch übermittelt werden sollen, bei Bedarf aber auch auf anderem Weg abgegeben werden können', 'That statements are to be sent electronically, but can be made in other ways', '§ 3 Abs. 2 Satz 4 Nr. 2 BauGB', '2023-07-07', null),
	('VERSPAETUNG', '{FOERM_OEFF,ERNEUT}', null, '{}', null, 'VERSPAETUNG', null, 'Hinweis, dass nicht fristgerecht abgegebene Stellungnahmen unberücksichtigt bleiben können', 'That late statements can be disregarded', '§ 3 Abs. 2 Satz 4 Nr. 3, § 4a Abs. 5 Satz 2 BauGB', '1900-01-01', null),
	('ANDERER_ZUGANG', '{FOERM_OEFF,ERNEUT}', null, '{}', null, 'PFLICHT', null, 'Welche anderen leicht zu erreichenden Zugangsmöglichkeiten bestehen', 'Which other ways of access there are', '§ 3 Abs. 2 Satz 2, 4 Nr. 4 BauGB', '2023-07-07', null),
	('VEREINIGUNGEN', '{FOERM_OEFF,ERNEUT}', '{FNP,FNP_AENDERUNG}', '{}', null, 'PFLICHT', null, 'Hinweis auf den Ausschluss von Einwendungen der Vereinigungen', 'That associations are precluded with what they have not raised', '§ 3 Abs. 3 BauGB', '1900-01-01', null),
	('NUR_AENDERUNGEN', '{ERNEUT}', null, '{}', null, 'PFLICHT', null, 'Hinweis, dass Stellungnahmen nur zu den Änderungen oder Ergänzungen abgegeben werden können', 'That statements can be made on the changes only', '§ 4a Abs. 3 Satz 2 BauGB', '1900-01-01', null),
	('GRENZUEBERSCHREITEND', '{FOERM_OEFF,ERNEUT}', null, '{}', 'STAAT', 'PFLICHT', null, 'Hinweis auf die grenzüberschreitende Beteiligung', 'That another state is asked', '§ 4a Abs. 4 Satz 3 BauGB', '1900-01-01', null),
	('KEINE_UMWELTPRUEFUNG', '{FOERM_OEFF,ERNEUT}', '{BP_13,BP_13A}', '{}', null, 'PFLICHT', null, 'Hinweis, dass von einer Umweltprüfung abgesehen wird', 'That there is no environmental assessment', '§ 13 Abs. 3 Satz 2, § 13a Abs. 3 Satz 1 Nr. 1 BauGB', '1900-01-01', null),
	('VOR_BEGINN', '{FOERM_OEFF,ERNEUT}', null, '{}', null, 'PFLICHT', 7, 'Bekanntmachung mindestens eine Woche vor Beginn', 'Notice at least one week before the beginning', '§ 3 Abs. 2 Satz 2 BauGB a. F.', '1900-01-01', '2023-07-06'),
	('ADRESSE', '{ROP_BET,ROP_ERNEUT}', null, '{}', null, 'PFLICHT', null, 'Internetseite oder Internetadresse', 'Address on the internet', '§ 9 Abs. 2 Satz 3 ROG', '1900-01-01', null),
	('DAUER', '{ROP_BET,ROP_ERNEUT}', null, '{}', null, 'PFLICHT', null, 'Dauer der Veröffentlichung', 'How long the publication lasts', '§ 9 Abs. 2 Satz 3 ROG', '1900-01-01', null),
	('STELLUNGNAHMEN', '{ROP_BET,ROP_ERNEUT}', null, '{}', null, 'PFLICHT', null, 'Hinweis, dass Stellungnahmen abgegeben werden können, mit der Frist', 'That statements can be made, and until when', '§ 9 Abs. 2 Satz 4 Nr. 1 ROG', '1900-01-01', null),
	('ELEKTRONISCH', '{ROP_BET,ROP_ERNEUT}', null, '{}', null, 'PFLICHT', null, 'Hinweis, dass Stellungnahmen elektronisch übermittelt werden sollen', 'That statements are to be sent electronically', '§ 9 Abs. 2 Satz 4 Nr. 2 ROG', '2023-09-28', null),
	('VERSPAETUNG', '{ROP_BET,ROP_ERNEUT}', null, '{}', null, 'VERSPAETUNG', null, 'Hinweis, dass mit Ablauf der Frist alle Stellungnahmen ausgeschlossen sind, die nicht auf besonderen privatrechtlichen Titeln beruhen', 'That all statements are excluded after the period but those on private titles', '§ 9 Abs. 2 Satz 4 Nr. 3 ROG', '1900-01-01', null),
	('ANDERER_ZUGANG', '{ROP_BET,ROP_ERNEUT}', null, '{}', null, 'SOLL', null, 'Andere leicht zu erreichende Zugangsmöglichkeiten, soweit angemessen', 'Other ways of access as far as reasonable', '§ 9 Abs. 2 Satz 5, 6 ROG', '1900-01-01', null),
	('VOR_BEGINN', '{ROP_BET,ROP_ERNEUT}', null, '{}', null, 'PFLICHT', 7, 'Bekanntmachung mindestens eine Woche vor Beginn', 'Notice at least one week before the beginning', '§ 9 Abs. 2 Satz 3, Abs. 3 Satz 4 ROG', '1900-01-01', null),
	('ADRESSE', '{RVP_BET}', null, '{}', null, 'PFLICHT', null, 'Internetseite oder Internetadresse', 'Address on the internet', '§ 15 Abs. 3 Satz 5 ROG', '1900-01-01', null),
	('DAUER', '{RVP_BET}', null, '{}', null, 'PFLICHT', null, 'Dauer der Veröffentlichung', 'How long the publication lasts', '§ 15 Abs. 3 Satz 5 ROG', '1900-01-01', null),
	('STELLUNGNAHMEN', '{RVP_BET}', null, '{}', null, 'PFLICHT', null, 'Hinweis, dass Stellungnahmen abgegeben werden können, mit der Frist, und elektronisch übermittelt werden sollen', 'That statements can be made, until when, and electronically', '§ 15 Abs. 3 Satz 6 ROG', '1900-01-01', null),
	('ANDERER_ZUGANG', '{RVP_BET}', null, '{}', null, 'SOLL', null, 'Andere leicht zu erreichende Zugangsmöglichkeiten, soweit angemessen', 'Other ways of access as far as reasonable', '§ 15 Abs. 3 Satz 7, 8 ROG', '1900-01-01', null),
	('VOR_BEGINN', '{RVP_BET}', null, '{}', null, 'PFLICHT', 7, 'Bekanntmachung mindestens eine Woche vor Beginn', 'Notice at least one week before the beginning', '§ 15 Abs. 3 Satz 5 ROG', '1900-01-01', null),
	('ZEITRAUM', '{PFV_AUSL}', null, '{}', null, 'PFLICHT', null, 'Wo und in welchem Zeitraum der Plan ausgelegt ist, mit Internetadresse', 'Where and when the plan is displayed, with the address on the internet', '§ 73 Abs. 5 Satz 2 Nr. 1, § 27b Abs. 2 VwVfG', '1900-01-01', null),
	('STELLEN', '{PFV_AUSL}', null, '{}', null, 'PFLICHT', null, 'Bei welchen Stellen Einwendungen und Stellungnahmen innerhalb der Einwendungsfrist vorzubringen sind', 'Where objections are to be raised within the period', '§ 73 Abs. 5 Satz 2 Nr. 2 VwVfG', '1900-01-01', null),
	('AUSBLEIBEN', '{PFV_AUSL}', null, '{PFV_NABEG,BFP}', null, 'PFLICHT', null, 'Hinweis, dass im Erörterungstermin auch ohne einen Beteiligten verhandelt werden kann', 'That the hearing can take place without somebody', '§ 73 Abs. 5 Satz 2 Nr. 3 VwVfG', '1900-01-01', null),
	('MEHR_ALS_50', '{PFV_AUSL}', null, '{PFV_NABEG,BFP}', null, 'PFLICHT', null, 'Hinweis auf öffentliche Bekanntmachung bei mehr als 50 Benachrichtigungen oder Zustellungen', 'That more than 50 messages may be replaced by public notice', '§ 73 Abs. 5 Satz 2 Nr. 4 VwVfG', '1900-01-01', null),
	('VERSPAETUNG', '{PFV_AUSL}', null, '{}', null, 'VERSPAETUNG', null, 'Hinweis auf den Ausschluss verspäteter Einwendungen', 'That late objections are excluded', '§ 73 Abs. 4 Satz 3, 4 VwVfG; § 9 Abs. 4, § 22 Abs. 4 NABEG', '1900-01-01', null),
	('VERLAUF', '{PFV_AUSL}', '{PFV_NABEG,BFP}', '{}', null, 'PFLICHT', null, 'Angaben über den Verlauf der Trassen oder Korridore und den Vorhabenträger', 'The course of the lines or corridors and who plans', '§ 9 Abs. 3 Satz 5 Nr. 1, § 22 Abs. 3 Satz 4 Nr. 1 NABEG', '1900-01-01', null),
	('WOCHE', '{PFV_AUSL}', '{PFV_NABEG,BFP}', '{}', null, 'SOLL', 7, 'Bekanntmachung eine Woche vor Beginn', 'Notice a week before the beginning', '§ 9 Abs. 3 Satz 5, § 22 Abs. 3 Satz 4 NABEG', '1900-01-01', null),
	('LEICHTER_ZUGANG', '{PFV_AUSL}', '{PFV_ENWG,PFV_NABEG,PFV_FSTR,BFP}', '{}', null, 'PFLICHT', null, 'Hinweis auf die leicht zu erreichende Zugangsmöglichkeit auf Verlangen', 'That another way of access is given on demand', '§ 43a Abs. 3 Satz 4 EnWG, § 9 Abs. 3, § 22 Abs. 3 NABEG, § 17a Abs. 3 FStrG', '1900-01-01', null);
