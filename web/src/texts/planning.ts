// SPDX-License-Identifier: EUPL-1.2
// The planner's desk: from an idea to a started round.
import type { Catalogue } from './language';

export default {
	desk: ['Meine Verfahren', 'My procedures'],
	new_procedure: ['Neues Verfahren', 'New procedure'],
	none_yet: ['Sie haben noch kein Verfahren angelegt.', 'You have not filed any procedure yet.'],
	none_yet_detail: ['Beginnen Sie mit Art und Titel; alles andere können Sie später ergänzen.', 'Begin with kind and title; everything else can follow later.'],
	kind: ['Art des Verfahrens', 'Kind of procedure'],
	title: ['Titel', 'Title'],
	title_hint: ['So, wie das Verfahren bekannt gemacht wird, zum Beispiel „Bebauungsplan Lurup 68“.', 'As it will be announced, for example “Bebauungsplan Lurup 68”.'],
	reference: ['Aktenzeichen', 'File number'],
	municipalities: ['Planende Gemeinde', 'Planning municipality'],
	municipalities_hint: ['Name oder Schlüssel (AGS). Mehrere nur bei einem gemeinsamen Plan (§ 204 BauGB).', 'Name or key (AGS). Several only for a joint plan (§ 204 BauGB).'],
	create: ['Verfahren anlegen', 'File the procedure'],
	created: ['Das Verfahren {number} ist angelegt.', 'Procedure {number} was filed.'],
	extent: ['Geltungsbereich', 'Extent'],
	extent_lead: ['Zeichnen Sie den Geltungsbereich, geben Sie Koordinaten ein oder laden Sie eine Datei hoch. Wer betroffen ist, sehen Sie sofort.',
		'Draw the extent, enter coordinates or upload a file. You see at once who is affected.'],
	map_of: ['Karte: Geltungsbereich und betroffene Gemeinden', 'Map: extent and affected municipalities'],
	affected_now: ['Betroffene Gemeinden', 'Affected municipalities'],
	affected_none: ['Zeichnen Sie mindestens drei Ecken; dann steht hier, wen der Plan betrifft und warum.', 'Draw three vertices at least; then this says whom the plan concerns, and why.'],
	affected_nobody: ['Nach den Regeln ist keine andere Gemeinde betroffen.', 'By the rules no other municipality is affected.'],
	affected_count: ['{n} {n:Gemeinde|Gemeinden}, davon {m} jenseits der Landesgrenze', '{n} {n:municipality|municipalities}, {m} of them across the border of the Land'],
	municipality: ['Gemeinde', 'Municipality'],
	why: ['Warum', 'Why'],
	distance: ['Abstand', 'Distance'],
	cross_border: ['anderes Land', 'other Land'],
	file_extent: ['Geltungsbereich übernehmen', 'File this extent'],
	filed: ['Der Geltungsbereich ist als Fassung {n} gespeichert.', 'The extent was filed as version {n}.'],
	missing: ['Für die Regel {rule} fehlt eine Angabe: {parameter}', 'Rule {rule} lacks a parameter: {parameter}'],
} as const satisfies Catalogue;
