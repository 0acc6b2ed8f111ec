// SPDX-License-Identifier: EUPL-1.2
// Maps.
import type { Catalogue } from './language';

export default {
	keys: ['Mit den Pfeiltasten verschieben, mit + und − zoomen. Alle Angaben stehen auch in der Tabelle.', 'Move with the arrow keys, zoom with + and −. Everything is in the table as well.'],
	zoom_in: ['Vergrößern', 'Zoom in'],
	zoom_out: ['Verkleinern', 'Zoom out'],
	zoom_to: ['Auf der Karte zeigen', 'Show on the map'],
	unavailable: ['Die Karte konnte nicht geladen werden. Alle Angaben stehen in der Tabelle.', 'The map could not be loaded. Everything is in the table.'],
	base_map: ['Hintergrundkarte', 'Base map'],
	base_none: ['keine', 'none'],
	legend: ['Legende', 'Legend'],
	look_plan: ['Geltungsbereich', 'Extent of the plan'],
	look_draft: ['Entwurf', 'Draft'],
	look_own: ['planende Gemeinde', 'planning municipality'],
	look_must: ['muss beteiligt werden', 'has to be involved'],
	look_should: ['soll beteiligt werden', 'should be involved'],
	look_check: ['zu prüfen', 'to be examined'],
	look_plain: ['Gemeindegrenze', 'municipal boundary'],
	look_border: ['Landesgrenze', 'border of the Land'],
	look_place: ['markierter Ort', 'marked place'],
	look_finding: ['Fundstelle', 'place of a finding'],
	look_answered: ['beantwortet', 'answered'],
	look_waiting: ['noch ohne Antwort', 'without an answer so far'],
	look_overdue: ['überfällig oder unzustellbar', 'overdue or undeliverable'],
} as const satisfies Catalogue;
