// SPDX-License-Identifier: EUPL-1.2
// Drawing an area.
import type { Catalogue } from './language';

export default {
	tools: ['Zeichenwerkzeuge', 'Drawing tools'],
	draw: ['Fläche zeichnen', 'Draw an area'],
	modify: ['Ecken verschieben', 'Move vertices'],
	finish: ['Fläche schließen', 'Close the area'],
	undo: ['Rückgängig', 'Undo'],
	undone: ['Der letzte Schritt ist rückgängig gemacht.', 'The last step was undone.'],
	clear: ['Alles löschen', 'Delete all'],
	cleared: ['Die Zeichnung ist gelöscht; „Rückgängig“ holt sie zurück.', 'The drawing is deleted; “Undo” brings it back.'],
	follow: ['Gemeindegrenze folgen', 'Follow the municipal border'],
	help: ['Wählen Sie „Fläche zeichnen“. Statt zu zeichnen, können Sie unter der Karte Koordinaten eingeben.', 'Choose “Draw an area”. Instead of drawing you can enter coordinates below the map.'],
	help_draw: ['Klicken Sie die Ecken nacheinander an; ein Klick auf die erste schließt die Fläche. Mit der Tastatur: Pfeiltasten verschieben die Karte unter dem Fadenkreuz, Eingabe setzt eine Ecke, Rücktaste nimmt sie zurück, Strg + Eingabe schließt, Esc bricht ab.',
		'Click the vertices one after the other; a click on the first one closes the area. By keyboard: the arrow keys move the map under the crosshair, Enter sets a vertex, Backspace takes it back, Ctrl + Enter closes, Esc cancels.'],
	help_modify: ['Ziehen Sie Ecken an ihre neue Stelle; ziehen Sie eine Kante, um eine Ecke einzufügen. Alt und Klick entfernt eine Ecke.', 'Drag vertices to their new place; drag an edge to add one. Alt and click removes a vertex.'],
	set: ['Ecke gesetzt bei E {x}, N {y}', 'Vertex set at E {x}, N {y}'],
	closed: ['Die Fläche ist geschlossen.', 'The area is closed.'],
	too_few: ['Eine Fläche braucht mindestens drei Ecken.', 'An area needs three vertices at least.'],
	by_coordinates: ['Koordinaten eingeben', 'Enter coordinates'],
	coordinates: ['Ecken, eine je Zeile', 'Vertices, one a line'],
	coordinates_hint: ['Rechtswert und Hochwert in EPSG:25832 (565230,5 5949110) oder Breite und Länge in Grad (53,65 9,93). Die Fläche wird von selbst geschlossen.',
		'Easting and northing in EPSG:25832 (565230.5 5949110) or latitude and longitude in degrees (53.65 9.93). The area closes by itself.'],
	wrong_numbers: ['Zeile {line} („{text}“): Hier werden zwei Zahlen gebraucht.', 'Line {line} (“{text}”): two numbers are needed here.'],
	wrong_place: ['Zeile {line} („{text}“): Das liegt nicht in Deutschland. Sind die Zahlen vertauscht oder aus einem anderen Koordinatensystem?',
		'Line {line} (“{text}”): this is not in Germany. Are the numbers swapped, or from another coordinate system?'],
	take: ['Fläche übernehmen', 'Take this area'],
	has: ['Die Fläche hat {n} {n:Ecke|Ecken}.', 'The area has {n} {n:vertex|vertices}.'],
} as const satisfies Catalogue;
