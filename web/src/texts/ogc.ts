// SPDX-License-Identifier: EUPL-1.2
// OGC API for people.
import type { Catalogue } from './language';

export default {
	collections: ['Datensammlungen', 'Collections'],
	collections_lead: ['Das gibt es hier für Geoportale, GIS und eigene Auswertungen. Jede Sammlung lässt sich ansehen, filtern und herunterladen.', 'This is there for geoportals, GIS and analyses of your own. Every collection can be looked at, filtered and downloaded.'],
	documents: ['Beschreibungen für Programme', 'Descriptions for programs'],
	conformance: ['Konformitätsklassen', 'Conformance classes'],
	conformance_lead: ['Diese Teile der Standards hält die Schnittstelle ein:', 'These parts of the standards hold here:'],
	look: ['Objekte ansehen', 'Look at the features'],
	files: ['Herunterladen', 'Download'],
	formats: ['Diese Seite für Programme', 'This page for programs'],
	crs: ['Koordinatensysteme', 'Coordinate reference systems'],
	stored: ['gespeichert in {name}', 'stored in {name}'],
	about: ['Was ein Objekt hat', 'What a feature has'],
	property: ['Eigenschaft', 'Property'],
	name: ['Name', 'Name'],
	value: ['Wert', 'Value'],
	id: ['Kennung', 'Id'],
	map: ['Karte: {title}', 'Map: {title}'],
	count: ['{n} {n:Objekt|Objekte}', '{n} {n:feature|features}'],
	count_of: ['{n} von {all} Objekten', '{n} of {all} features'],
	none: ['Kein Objekt passt dazu.', 'No feature fits.'],
	none_all: ['In dieser Sammlung ist noch nichts.', 'Nothing is in this collection yet.'],
	next: ['Weitere Objekte', 'More features'],
	filter: ['Filter (CQL2)', 'Filter (CQL2)'],
	filter_hint: ['Zum Beispiel: {example}', 'For example: {example}'],
	filter_do: ['Filtern', 'Filter'],
	filter_off: ['Ohne Filter', 'Without filter'],
	nowhere: ['Dieses Objekt hat keine Geometrie.', 'This feature has no geometry.'],
	yes: ['ja', 'yes'],
	no: ['nein', 'no'],
} as const satisfies Catalogue;
