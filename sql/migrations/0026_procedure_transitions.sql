-- SPDX-License-Identifier: EUPL-1.2
-- What may happen in which state, on which conditions, on what legal basis. Locks: none that anybody waits for.

create function pp.machine_row(machine text, event text, from_states text, to_state text, who text, basis text,
	guards text default '{}', effect text default null, kinds text[] default null, lands text[] default null,
	not_lands text[] default '{}', rule text default null, due text default null, while_in text[] default null,
	reason bool default false, skips text[] default '{}', older text default null, newer date default null,
	until date default null, since date default '1900-01-01')
returns void language sql as $$
	insert into pp.machine_transition (machine, event, from_state, to_state, who, guards, effect, kinds, lands,
		not_lands, due_rule, due_event, due_states, needs_reason, skips, due_older_rule, due_newer_from, legal_basis, valid_from, valid_to)
	select $1, $2, s, $4, $5, $7::text[], $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $6, $20, $19
	  from unnest(string_to_array($3, ' ')) s
$$;

do $$
declare
	bp constant text[] := '{BP_REGEL,BP_13,BP_13A}';
	fnp constant text[] := '{FNP,FNP_AENDERUNG}';
	m text;
	running text;
begin
	-- Bauleitplanung. Neither the resolution to draw up nor that on the draft is a condition of validity under
	-- federal law (§ 214 (1) BauGB does not name them): an announcement may leave them out, and the record says so.
	m := 'BAULEITPLAN';
	perform pp.machine_row(m, 'AUFSTELLUNGSBESCHLUSS', 'ANGELEGT', 'AUFGESTELLT', 'PLANUNG', '§ 2 Abs. 1 Satz 2 BauGB', '{not_ahead,vorhaben_antrag}', 'resolved');
	perform pp.machine_row(m, 'AUFSTELLUNGSBESCHLUSS', 'FRUEH ENTWURF', '=', 'PLANUNG', '§ 2 Abs. 1 Satz 2 BauGB (nachgeholt)', '{not_ahead,not_resolved,vorhaben_antrag}', 'resolved');
	perform pp.machine_row(m, 'FRUEH_BEGINNEN', 'ANGELEGT', 'FRUEH', 'RUNDE', '§ 3 Abs. 1, § 4 Abs. 1 BauGB', skips => '{AUFSTELLUNGSBESCHLUSS}');
	perform pp.machine_row(m, 'FRUEH_BEGINNEN', 'AUFGESTELLT FRUEH ENTWURF', 'FRUEH', 'RUNDE', '§ 3 Abs. 1, § 4 Abs. 1 BauGB');
	perform pp.machine_row(m, 'FRUEH_ENDE', 'FRUEH', 'ENTWURF', 'UHR', '§ 3 Abs. 1 Satz 4, § 4 Abs. 1 Satz 2 BauGB', '{early_over}');
	perform pp.machine_row(m, 'FRUEH_VERZICHT', 'AUFGESTELLT', 'ENTWURF', 'PLANUNG', '§ 3 Abs. 1 Satz 3, § 13 Abs. 2 Satz 1 Nr. 1, § 13a Abs. 2 Nr. 1, Abs. 3 BauGB', '{verzicht}', reason => true);
	perform pp.machine_row(m, 'FRUEH_VERZICHT', 'ANGELEGT', 'ENTWURF', 'PLANUNG', '§ 3 Abs. 1 Satz 3, § 13 Abs. 2 Satz 1 Nr. 1, § 13a Abs. 2 Nr. 1, Abs. 3 BauGB', '{verzicht}', reason => true, skips => '{AUFSTELLUNGSBESCHLUSS}');
	perform pp.machine_row(m, 'ENTWURFSBESCHLUSS', 'ENTWURF', 'ENTWURF_BESCHL', 'PLANUNG', '§ 2a, § 3 Abs. 2 Satz 1 BauGB', '{not_ahead,plan_filed,begruendung}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'ENTWURF_BESCHL BEKANNT', 'BEKANNT', 'RUNDE', '§ 3 Abs. 2, § 4 Abs. 2, § 4a BauGB');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'ANGELEGT', 'BEKANNT', 'RUNDE', '§ 3 Abs. 2, § 4 Abs. 2 BauGB', '{not_repeat}', skips => '{AUFSTELLUNGSBESCHLUSS,FRUEH_BEGINNEN,ENTWURFSBESCHLUSS}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'AUFGESTELLT', 'BEKANNT', 'RUNDE', '§ 3 Abs. 2, § 4 Abs. 2 BauGB', '{not_repeat}', skips => '{FRUEH_BEGINNEN,ENTWURFSBESCHLUSS}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'FRUEH ENTWURF', 'BEKANNT', 'RUNDE', '§ 3 Abs. 2, § 4 Abs. 2 BauGB', '{not_repeat}', skips => '{ENTWURFSBESCHLUSS}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'BETEILIGUNG', 'BETEILIGUNG', 'RUNDE', '§ 4a Abs. 2 BauGB (gleichzeitig)');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'AUSWERTUNG', 'BEKANNT', 'RUNDE', '§ 4 Abs. 2 BauGB (nachgeholt)', '{not_repeat}');
	perform pp.machine_row(m, 'BEKANNTMACHUNG_ZURUECK', 'BEKANNT', 'ENTWURF_BESCHL', 'PLANUNG', '§ 3 Abs. 2 Satz 4 BauGB (vor Beginn der Frist)', '{not_begun}', 'cancel_rounds', reason => true);
	perform pp.machine_row(m, 'BETEILIGUNG_BEGINN', 'BEKANNT', 'BETEILIGUNG', 'UHR', '§ 3 Abs. 2 Satz 1, § 4 Abs. 2 BauGB; § 187 Abs. 2 BGB', '{formal_begun}');
	perform pp.machine_row(m, 'BETEILIGUNG_ENDE', 'BETEILIGUNG', 'AUSWERTUNG', 'UHR', '§ 3 Abs. 2 Satz 1, § 4 Abs. 2 Satz 3 BauGB; §§ 188, 193 BGB', '{formal_over}');
	perform pp.machine_row(m, 'AENDERUNG_OHNE_BERUEHRUNG', 'AUSWERTUNG ABGEWOGEN', '=', 'PLANUNG', '§ 4a Abs. 3 Satz 1 Halbsatz 2 BauGB', reason => true);
	perform pp.machine_row(m, 'AENDERUNG_BEGRENZT', 'AUSWERTUNG ABGEWOGEN', 'ENTWURF_BESCHL', 'PLANUNG', '§ 4a Abs. 3 Satz 4 BauGB', '{plan_newer,begruendung}', reason => true);
	perform pp.machine_row(m, 'AENDERUNG_GRUNDZUEGE', 'AUSWERTUNG ABGEWOGEN', 'ENTWURF_BESCHL', 'PLANUNG', '§ 4a Abs. 3 Satz 1 BauGB', '{plan_newer,begruendung}', reason => true);
	perform pp.machine_row(m, 'ABWAEGUNGSBESCHLUSS', 'AUSWERTUNG', 'ABGEWOGEN', 'PLANUNG', '§ 1 Abs. 7, § 3 Abs. 2 Satz 6, § 4a Abs. 5 BauGB', '{not_ahead,weighed}');
	perform pp.machine_row(m, 'SATZUNGSBESCHLUSS', 'ABGEWOGEN', 'BESCHLOSSEN', 'PLANUNG', '§ 10 Abs. 1 BauGB', '{not_ahead,vertrag,fnp}', kinds => bp, not_lands => '{02}');
	perform pp.machine_row(m, 'RECHTSVERORDNUNG', 'ABGEWOGEN', 'BESCHLOSSEN', 'PLANUNG', '§ 10 Abs. 1, § 246 Abs. 2 Satz 1 BauGB; §§ 3, 6 BauleitplFestG Hamburg', '{not_ahead,vertrag,fnp,zustimmung}', kinds => bp, lands => '{02}');
	perform pp.machine_row(m, 'FESTSTELLUNGSBESCHLUSS', 'ABGEWOGEN', 'BESCHLOSSEN', 'PLANUNG', '§ 6 BauGB', '{not_ahead}', kinds => fnp, not_lands => '{02}');
	perform pp.machine_row(m, 'FESTSTELLUNGSBESCHLUSS', 'ABGEWOGEN', 'BESCHLOSSEN', 'PLANUNG', '§ 6, § 246 Abs. 1 BauGB; § 2 BauleitplFestG Hamburg (Bürgerschaft)', '{not_ahead}', kinds => fnp, lands => '{02}');
	-- § 245f (1) BauGB: one month for what was applied for from 8 July 2023 on, three months before.
	perform pp.machine_row(m, 'GENEHMIGUNG_BEANTRAGEN', 'BESCHLOSSEN', 'GENEHMIGUNG', 'PLANUNG', '§ 6 Abs. 1, 4, § 10 Abs. 2, § 3 Abs. 2 Satz 8 BauGB', '{not_ahead,needs_approval,attached}', rule => 'GENEHM', older => 'GENEHM_2023', newer => '2023-07-08', due => 'GENEHMIGUNG_FIKTION', while_in => '{GENEHMIGUNG}', not_lands => '{02}');
	perform pp.machine_row(m, 'GENEHMIGUNGSFRIST_VERLAENGERT', 'GENEHMIGUNG', '=', 'PLANUNG', '§ 6 Abs. 4 Satz 2, 3 BauGB', effect => 'extend_due', reason => true, not_lands => '{02}');
	perform pp.machine_row(m, 'GENEHMIGUNG_ERTEILT', 'GENEHMIGUNG', 'GENEHMIGT', 'PLANUNG', '§ 6 Abs. 1, § 10 Abs. 2 BauGB', '{not_ahead}', not_lands => '{02}');
	perform pp.machine_row(m, 'GENEHMIGUNG_TEIL', 'GENEHMIGUNG', 'GENEHMIGT', 'PLANUNG', '§ 6 Abs. 3 BauGB', '{not_ahead}', not_lands => '{02}');
	perform pp.machine_row(m, 'GENEHMIGUNG_FIKTION', 'GENEHMIGUNG', 'GENEHMIGT', 'UHR', '§ 6 Abs. 4 Satz 4, § 10 Abs. 2 Satz 2 BauGB', not_lands => '{02}');
	perform pp.machine_row(m, 'GENEHMIGUNG_VERSAGT', 'GENEHMIGUNG', 'VERSAGT', 'PLANUNG', '§ 6 Abs. 2 BauGB', '{not_ahead}', reason => true, not_lands => '{02}');
	perform pp.machine_row(m, 'NACHBESSERN', 'VERSAGT', 'ENTWURF', 'PLANUNG', '§ 6 Abs. 2, § 4a Abs. 3 BauGB', reason => true);
	perform pp.machine_row(m, 'BEITRITTSBESCHLUSS', 'VERSAGT', 'BESCHLOSSEN', 'PLANUNG', '§ 6 Abs. 2, § 10 Abs. 1 BauGB', '{not_ahead}', reason => true);
	perform pp.machine_row(m, 'SCHLUSSBEKANNTMACHUNG', 'BESCHLOSSEN', 'IN_KRAFT', 'PLANUNG', '§ 6 Abs. 5, § 10 Abs. 3, § 215 Abs. 2, § 246 Abs. 1 BauGB', '{not_ahead,needs_no_approval,ausgefertigt,hinweis}', 'publish', rule => 'RUEGE', while_in => '{IN_KRAFT}');
	perform pp.machine_row(m, 'SCHLUSSBEKANNTMACHUNG', 'GENEHMIGT', 'IN_KRAFT', 'PLANUNG', '§ 6 Abs. 5, § 10 Abs. 3, § 215 Abs. 2 BauGB', '{not_ahead,ausgefertigt,hinweis}', 'publish', rule => 'RUEGE', while_in => '{IN_KRAFT}');
	perform pp.machine_row(m, 'HEILUNG_AB_ENTWURF', 'IN_KRAFT TEILW_AUFGEHOBEN', 'ENTWURF', 'PLANUNG', '§ 214 Abs. 4 BauGB', reason => true);
	perform pp.machine_row(m, 'HEILUNG_AB_AUSWERTUNG', 'IN_KRAFT TEILW_AUFGEHOBEN', 'AUSWERTUNG', 'PLANUNG', '§ 214 Abs. 4 BauGB', reason => true);
	perform pp.machine_row(m, 'TEILAUFHEBUNG', 'IN_KRAFT', 'TEILW_AUFGEHOBEN', 'PLANUNG', '§ 1 Abs. 8 BauGB', '{not_ahead}', reason => true);
	perform pp.machine_row(m, 'AUFHEBUNG', 'IN_KRAFT TEILW_AUFGEHOBEN', 'AUFGEHOBEN', 'PLANUNG', '§ 1 Abs. 8 BauGB', '{not_ahead}', reason => true);
	perform pp.machine_row(m, 'UNWIRKSAM', 'IN_KRAFT TEILW_AUFGEHOBEN', 'AUFGEHOBEN', 'PLANUNG', '§ 47 Abs. 5 VwGO', '{not_ahead}');
	perform pp.machine_row(m, 'PLANDISKUSSION', 'ANGELEGT AUFGESTELLT FRUEH ENTWURF ENTWURF_BESCHL BEKANNT BETEILIGUNG AUSWERTUNG', '=', 'PLANUNG', '§ 3 Abs. 1 BauGB (Hamburg: Öffentliche Plandiskussion)');
	perform pp.machine_row(m, 'GEBIETSAENDERUNG', (select string_agg(s.state, ' ' order by s.no) from pp.machine_state s where s.machine = m and not s.is_final), '=', 'PLANUNG', '§ 204 Abs. 2, 3 BauGB', effect => 'territory', reason => true);

	m := 'RAUMORDNUNGSPLAN';
	perform pp.machine_row(m, 'UNTERRICHTEN', 'ANGELEGT UNTERRICHTET', 'UNTERRICHTET', 'RUNDE', '§ 9 Abs. 1 ROG');
	perform pp.machine_row(m, 'UNTERRICHTUNG_VERZICHT', 'ANGELEGT', 'ENTWURF', 'PLANUNG', '§ 9 Abs. 5 ROG', '{plan_filed}', reason => true);
	perform pp.machine_row(m, 'ENTWURFSBESCHLUSS', 'UNTERRICHTET', 'ENTWURF', 'PLANUNG', '§ 8, § 9 Abs. 2 Satz 1 ROG', '{not_ahead,early_over,plan_filed,begruendung}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'ENTWURF BEKANNT', 'BEKANNT', 'RUNDE', '§ 9 Abs. 2, 3 ROG');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'ANGELEGT', 'BEKANNT', 'RUNDE', '§ 9 Abs. 2 ROG', '{not_repeat}', skips => '{UNTERRICHTEN,ENTWURFSBESCHLUSS}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'UNTERRICHTET', 'BEKANNT', 'RUNDE', '§ 9 Abs. 2 ROG', '{not_repeat}', skips => '{ENTWURFSBESCHLUSS}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'BETEILIGUNG', 'BETEILIGUNG', 'RUNDE', '§ 9 Abs. 2 ROG');
	perform pp.machine_row(m, 'BEKANNTMACHUNG_ZURUECK', 'BEKANNT', 'ENTWURF', 'PLANUNG', '§ 9 Abs. 2 Satz 3 ROG (vor Beginn der Frist)', '{not_begun}', 'cancel_rounds', reason => true);
	perform pp.machine_row(m, 'BETEILIGUNG_BEGINN', 'BEKANNT', 'BETEILIGUNG', 'UHR', '§ 9 Abs. 2 Satz 2 ROG', '{formal_begun}');
	perform pp.machine_row(m, 'BETEILIGUNG_ENDE', 'BETEILIGUNG', 'AUSWERTUNG', 'UHR', '§ 9 Abs. 2 Satz 4 ROG', '{formal_over}');
	perform pp.machine_row(m, 'PLAN_GEAENDERT', 'AUSWERTUNG', 'ENTWURF', 'PLANUNG', '§ 9 Abs. 3 ROG', '{plan_newer}', reason => true);
	perform pp.machine_row(m, 'AENDERUNG_OHNE_BERUEHRUNG', 'AUSWERTUNG', '=', 'PLANUNG', '§ 9 Abs. 3 Satz 1 ROG (keine stärkere Berührung von Belangen)', reason => true);
	perform pp.machine_row(m, 'PLANBESCHLUSS', 'AUSWERTUNG', 'BESCHLOSSEN', 'PLANUNG', '§ 7 Abs. 2, § 10 Abs. 1 ROG; Landesplanungsrecht', '{not_ahead,weighed}');
	perform pp.machine_row(m, 'SCHLUSSBEKANNTMACHUNG', 'BESCHLOSSEN', 'IN_KRAFT', 'PLANUNG', '§ 10 Abs. 1, § 11 Abs. 5 ROG', '{not_ahead,ausgefertigt,hinweis}', 'publish', rule => 'RUEGE_ROP', while_in => '{IN_KRAFT}');
	perform pp.machine_row(m, 'HEILUNG_AB_ENTWURF', 'IN_KRAFT', 'ENTWURF', 'PLANUNG', '§ 11 Abs. 6 ROG', reason => true);
	perform pp.machine_row(m, 'HEILUNG_AB_AUSWERTUNG', 'IN_KRAFT', 'AUSWERTUNG', 'PLANUNG', '§ 11 Abs. 6 ROG', reason => true);
	perform pp.machine_row(m, 'AUFHEBUNG', 'IN_KRAFT', 'AUFGEHOBEN', 'PLANUNG', '§ 7 Abs. 7 ROG', '{not_ahead}', reason => true);
	perform pp.machine_row(m, 'UNWIRKSAM', 'IN_KRAFT', 'AUFGEHOBEN', 'PLANUNG', '§ 47 Abs. 5 VwGO', '{not_ahead}');

	m := 'RVP';
	perform pp.machine_row(m, 'EINREICHEN', 'ANGELEGT', 'EINGEREICHT', 'PLANUNG', '§ 15 Abs. 2 Satz 1, 3, Abs. 4 Satz 1 ROG', '{not_ahead}', rule => 'RVP_PRUEF', due => 'VOLLSTAENDIG_FIKTION', while_in => '{EINGEREICHT}');
	perform pp.machine_row(m, 'UNVOLLSTAENDIG', 'EINGEREICHT', 'UNVOLLSTAENDIG', 'PLANUNG', '§ 15 Abs. 2 Satz 3 ROG', '{not_ahead}');
	perform pp.machine_row(m, 'NACHREICHEN', 'UNVOLLSTAENDIG', 'EINGEREICHT', 'PLANUNG', '§ 15 Abs. 2 Satz 3 ROG', '{not_ahead}', rule => 'RVP_PRUEF', due => 'VOLLSTAENDIG_FIKTION', while_in => '{EINGEREICHT}');
	perform pp.machine_row(m, 'VOLLSTAENDIG', 'EINGEREICHT', 'VOLLSTAENDIG', 'PLANUNG', '§ 15 Abs. 1 Satz 3, Abs. 2 Satz 3 ROG', '{not_ahead}', rule => 'RVP_ENDE', due => 'FRISTABLAUF', while_in => '{VOLLSTAENDIG,BEKANNT,BETEILIGUNG,AUSWERTUNG}');
	perform pp.machine_row(m, 'VOLLSTAENDIG_BESCHLEUNIGT', 'EINGEREICHT', 'VOLLSTAENDIG', 'PLANUNG', '§ 16 Abs. 1 ROG', '{not_ahead}', rule => 'RVP_ENDE_KURZ', due => 'FRISTABLAUF', while_in => '{VOLLSTAENDIG,BEKANNT,BETEILIGUNG,AUSWERTUNG}', reason => true);
	perform pp.machine_row(m, 'VOLLSTAENDIG_FIKTION', 'EINGEREICHT', 'VOLLSTAENDIG', 'UHR', '§ 15 Abs. 2 Satz 3 ROG (keine Nachforderung)', rule => 'RVP_ENDE', due => 'FRISTABLAUF', while_in => '{VOLLSTAENDIG,BEKANNT,BETEILIGUNG,AUSWERTUNG}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'VOLLSTAENDIG BEKANNT', 'BEKANNT', 'RUNDE', '§ 15 Abs. 3 ROG');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'ANGELEGT', 'BEKANNT', 'RUNDE', '§ 15 Abs. 3 ROG', skips => '{EINREICHEN,VOLLSTAENDIG}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'EINGEREICHT', 'BEKANNT', 'RUNDE', '§ 15 Abs. 3 ROG', skips => '{VOLLSTAENDIG}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'BETEILIGUNG', 'BETEILIGUNG', 'RUNDE', '§ 15 Abs. 3 ROG');
	perform pp.machine_row(m, 'BEKANNTMACHUNG_ZURUECK', 'BEKANNT', 'VOLLSTAENDIG', 'PLANUNG', '§ 15 Abs. 3 Satz 5 ROG (vor Beginn der Frist)', '{not_begun}', 'cancel_rounds', reason => true);
	perform pp.machine_row(m, 'BETEILIGUNG_BEGINN', 'BEKANNT', 'BETEILIGUNG', 'UHR', '§ 15 Abs. 3 Satz 2 ROG', '{formal_begun}');
	perform pp.machine_row(m, 'BETEILIGUNG_ENDE', 'BETEILIGUNG', 'AUSWERTUNG', 'UHR', '§ 15 Abs. 3 Satz 6 ROG', '{formal_over}');
	perform pp.machine_row(m, 'STELLUNGNAHME_RAUMORDNUNG', 'AUSWERTUNG', 'ABGESCHLOSSEN', 'PLANUNG', '§ 15 Abs. 1 Satz 6 ROG', '{not_ahead}');
	perform pp.machine_row(m, 'FRISTABLAUF', 'VOLLSTAENDIG BEKANNT BETEILIGUNG AUSWERTUNG', 'ABGESCHLOSSEN', 'UHR', '§ 15 Abs. 1 Satz 3, 7 ROG');
	perform pp.machine_row(m, 'FORTFUEHREN', 'VOLLSTAENDIG BEKANNT BETEILIGUNG AUSWERTUNG', 'FORTGEFUEHRT', 'PLANUNG', '§ 15 Abs. 1 Satz 7 ROG', reason => true);

	m := 'ZAV';
	perform pp.machine_row(m, 'EINREICHEN', 'ANGELEGT', 'EINGEREICHT', 'PLANUNG', '§ 6 Abs. 2 ROG', '{not_ahead}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'EINGEREICHT BEKANNT', 'BEKANNT', 'RUNDE', '§ 6 Abs. 2 ROG (berührte öffentliche Stellen)');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'ANGELEGT', 'BEKANNT', 'RUNDE', '§ 6 Abs. 2 ROG (berührte öffentliche Stellen)', skips => '{EINREICHEN}');
	perform pp.machine_row(m, 'BEKANNTMACHEN', 'BETEILIGUNG', 'BETEILIGUNG', 'RUNDE', '§ 6 Abs. 2 ROG (berührte öffentliche Stellen)');
	perform pp.machine_row(m, 'BEKANNTMACHUNG_ZURUECK', 'BEKANNT', 'EINGEREICHT', 'PLANUNG', '§ 6 Abs. 2 ROG', '{not_begun}', 'cancel_rounds', reason => true);
	perform pp.machine_row(m, 'BETEILIGUNG_BEGINN', 'BEKANNT', 'BETEILIGUNG', 'UHR', '§ 6 Abs. 2 ROG', '{formal_begun}');
	perform pp.machine_row(m, 'BETEILIGUNG_ENDE', 'BETEILIGUNG', 'AUSWERTUNG', 'UHR', '§ 6 Abs. 2 ROG', '{formal_over}');
	perform pp.machine_row(m, 'ZULASSEN', 'EINGEREICHT AUSWERTUNG', 'ZUGELASSEN', 'PLANUNG', '§ 6 Abs. 2 ROG', '{not_ahead}', reason => true);
	perform pp.machine_row(m, 'ABLEHNEN', 'EINGEREICHT AUSWERTUNG', 'ABGELEHNT', 'PLANUNG', '§ 6 Abs. 2 ROG', '{not_ahead}', reason => true);
	perform pp.machine_row(m, 'RUECKNAHME', 'EINGEREICHT BEKANNT BETEILIGUNG AUSWERTUNG', 'ZURUECKGENOMMEN', 'PLANUNG', '§ 6 Abs. 2 ROG; § 22 VwVfG', '{not_ahead}');

	-- § 11 LaplaG SH; the recipients by its paragraph 2. Beside the procedure, with a period of its own.
	m := 'PLANUNGSANZEIGE';
	perform pp.machine_row(m, 'ANZEIGE_ABSENDEN', 'OFFEN', 'ANGEZEIGT', 'PLANUNG', '§ 11 Abs. 1, 2 LaplaG SH', '{not_ahead,empfaenger}', lands => '{01}');
	perform pp.machine_row(m, 'ANZEIGE_PRUEFFAEHIG', 'ANGEZEIGT', 'PRUEFFAEHIG', 'PLANUNG', '§ 11 Abs. 2 LaplaG SH', '{not_ahead}', lands => '{01}', rule => 'ANZEIGE', due => 'ANZEIGE_FRISTABLAUF', while_in => '{PRUEFFAEHIG,GEHEMMT}');
	perform pp.machine_row(m, 'ANZEIGE_HEMMUNG', 'PRUEFFAEHIG', 'GEHEMMT', 'PLANUNG', '§ 11 Abs. 2 LaplaG SH; § 209 BGB entsprechend', '{not_ahead}', 'stop_due', lands => '{01}', reason => true);
	perform pp.machine_row(m, 'ANZEIGE_FORTSETZUNG', 'GEHEMMT', 'PRUEFFAEHIG', 'PLANUNG', '§ 11 Abs. 2 LaplaG SH; § 209 BGB entsprechend', '{not_ahead}', 'resume_due', lands => '{01}');
	perform pp.machine_row(m, 'ANZEIGE_VERLAENGERUNG', 'PRUEFFAEHIG', '=', 'PLANUNG', '§ 11 Abs. 4 LaplaG SH', effect => 'extend_due', lands => '{01}', reason => true);
	perform pp.machine_row(m, 'ANZEIGE_ANTWORT', 'ANGEZEIGT PRUEFFAEHIG GEHEMMT FRIST_ABGELAUFEN', 'BEANTWORTET', 'PLANUNG', '§ 11 Abs. 2 LaplaG SH', '{not_ahead}', lands => '{01}');
	perform pp.machine_row(m, 'ANZEIGE_FRISTABLAUF', 'PRUEFFAEHIG', 'FRIST_ABGELAUFEN', 'UHR', '§ 11 Abs. 2 LaplaG SH', lands => '{01}');
	perform pp.machine_row(m, 'ANZEIGE_VERZICHT', 'OFFEN', 'ENTBEHRLICH', 'PLANUNG', '§ 11 Abs. 3 LaplaG SH', lands => '{01}', reason => true);
end
$$;
