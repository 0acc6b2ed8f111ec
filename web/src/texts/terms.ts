// SPDX-License-Identifier: EUPL-1.2
// The codes of the interface in words (docs/glossary.md has the terms with their sources).
import type { Catalogue } from './language';
import { texts } from './language';

const terms = {
	// Kinds of procedures
	FNP: ['Flächennutzungsplan', 'Preparatory land-use plan'],
	FNP_AENDERUNG: ['Änderung des Flächennutzungsplans', 'Amendment of the preparatory land-use plan'],
	BP_REGEL: ['Bebauungsplan', 'Development plan'],
	BP_13: ['Bebauungsplan (vereinfachtes Verfahren)', 'Development plan (simplified procedure)'],
	BP_13A: ['Bebauungsplan der Innenentwicklung', 'Development plan for inner development'],
	ROP_LAND: ['Landesweiter Raumordnungsplan', 'Spatial plan of the Land'],
	ROP_REG: ['Regionalplan', 'Regional plan'],
	RVP: ['Raumverträglichkeitsprüfung', 'Spatial compatibility assessment'],
	ZAV: ['Zielabweichungsverfahren', 'Deviation from planning goals'],
	PFV: ['Planfeststellung', 'Plan approval'],
	PFV_ENWG: ['Planfeststellung einer Energieleitung', 'Plan approval of a power line'],
	PFV_NABEG: ['Planfeststellung (Netzausbau)', 'Plan approval (grid expansion)'],
	BFP: ['Bundesfachplanung', 'Federal sectoral planning'],
	PFV_FSTR: ['Planfeststellung einer Bundesstraße', 'Plan approval of a federal road'],
	// Stances
	KEINE_BETROFFENHEIT: ['nicht betroffen', 'not affected'],
	KEINE_BEDENKEN: ['keine Bedenken', 'no objection'],
	HINWEISE: ['Hinweise', 'Remarks'],
	ANREGUNGEN: ['Anregungen', 'Suggestions'],
	BEDENKEN: ['Bedenken', 'Concerns'],
	EINWENDUNG: ['Einwendung', 'Objection'],
	ABLEHNUNG: ['Ablehnung', 'Rejection'],
	// Points
	EINWAND: ['Einwand', 'Objection'],
	ANREGUNG: ['Anregung', 'Suggestion'],
	HINWEIS: ['Hinweis', 'Remark'],
	EIGENE_PLANUNG: ['eigene Planung', 'Own planning'],
	INFORMATION: ['Information', 'Information'],
	ZIEL_DER_RAUMORDNUNG: ['Ziel der Raumordnung', 'Goal of spatial planning'],
	// Invitations
	ERSTELLT: ['erstellt', 'made'],
	VERSANDT: ['versandt', 'sent'],
	ZUGEGANGEN: ['zugegangen', 'delivered'],
	UNZUSTELLBAR: ['unzustellbar', 'undeliverable'],
	GELESEN: ['gelesen', 'opened'],
	BEANTWORTET: ['beantwortet', 'answered'],
	FEHLANZEIGE: ['Fehlanzeige', 'nothing to say'],
	OHNE_ANTWORT: ['ohne Antwort', 'no answer'],
	// Statements
	ENTWURF: ['Entwurf', 'draft'],
	EINGEGANGEN: ['eingegangen', 'received'],
	IN_BEARBEITUNG: ['in Bearbeitung', 'being worked on'],
	VORGESCHLAGEN: ['Vorschlag liegt vor', 'proposal made'],
	ENTSCHIEDEN: ['entschieden', 'decided'],
	MITGETEILT: ['Ergebnis mitgeteilt', 'result communicated'],
	ZURUECKGENOMMEN: ['zurückgenommen', 'withdrawn'],
	VERWORFEN: ['verworfen', 'set aside'],
	// Classes of affectedness
	MUSS: ['muss beteiligt werden', 'has to be involved'],
	SOLL: ['soll beteiligt werden', 'should be involved'],
	PRUEFEN: ['zu prüfen', 'to be examined'],
	EIGEN: ['planende Gemeinde', 'planning municipality'],
	// Audiences and steps
	OEFF: ['Öffentlichkeit', 'the public'],
	TOEB: ['Behörden und Träger öffentlicher Belange', 'public agencies'],
	NACHB: ['Nachbargemeinden', 'neighbouring municipalities'],
	STAAT: ['Nachbarstaat', 'neighbouring state'],
	VERB: ['anerkannte Verbände', 'recognised associations'],
	FRUEH_OEFF: ['Frühzeitige Beteiligung der Öffentlichkeit', 'Early participation of the public'],
	FRUEH_TOEB: ['Frühzeitige Beteiligung der Behörden', 'Early participation of agencies'],
	FOERM_OEFF: ['Veröffentlichung und Auslegung', 'Formal participation of the public'],
	FOERM_TOEB: ['Förmliche Beteiligung der Behörden', 'Formal participation of agencies'],
	ERNEUT: ['Erneute Beteiligung', 'Renewed participation'],
	ROP_UNTERR: ['Unterrichtung über die Raumordnungsplanung', 'Information on spatial planning'],
	ROP_ERNEUT: ['Erneute Beteiligung zum Raumordnungsplan', 'Renewed participation in a spatial plan'],
	ZAV_BET: ['Beteiligung zur Zielabweichung', 'Participation in a deviation from planning goals'],
	PFV_AUFF: ['Aufforderung der Behörden zur Stellungnahme', 'Request for statements of agencies'],
	PFV_EINW: ['Einwendungsfrist', 'Period for objections'],
	PFV_AEND: ['Beteiligung zur Planänderung', 'Participation in the changed plan'],
	ROP_BET: ['Beteiligung zum Raumordnungsplan', 'Participation in a spatial plan'],
	RVP_BET: ['Beteiligung zur Raumverträglichkeit', 'Participation in the spatial compatibility assessment'],
	PFV_AUSL: ['Auslegung im Planfeststellungsverfahren', 'Display in plan approval'],
	// Länder (official keys)
	'01': ['Schleswig-Holstein', 'Schleswig-Holstein'],
	'02': ['Hamburg', 'Hamburg'],
	'03': ['Niedersachsen', 'Lower Saxony'],
	'13': ['Mecklenburg-Vorpommern', 'Mecklenburg-Western Pomerania'],
} as const satisfies Catalogue;

const t = texts(terms);

/** A code in words; a code that is not known here stays what it is, so that nothing disappears. */
export function term(code: string | null | undefined): string {
	return code ? t(code as keyof typeof terms) : '–';
}

export default terms;
