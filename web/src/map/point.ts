// SPDX-License-Identifier: EUPL-1.2
/*
 * A point on the map: by a tap or click, or by keyboard, where the map is moved below a cross in its
 * middle and Enter sets the point there.
 */
import type Map from 'ol/Map';
import { unByKey } from 'ol/Observable';
import { transform } from 'ol/proj';
import type { Coordinate } from 'ol/coordinate';
import { CRS84, UTM32 } from './projection';
import './point.css';

/** Tells longitude and latitude of what is pointed at; returns what takes the tool away. */
export function pointTool(map: Map, pointed: (longitude: number, latitude: number) => void): () => void {
	const target = map.getTargetElement() as HTMLElement;
	const tell = (at: Coordinate | undefined): void => {
		if (!at) return;
		const [longitude = 0, latitude = 0] = transform(at, UTM32, CRS84);
		pointed(longitude, latitude);
	};
	const cross = document.createElement('div');
	cross.className = 'pp-cross';
	cross.setAttribute('aria-hidden', 'true');
	target.append(cross);
	const onKey = (event: KeyboardEvent): void => {
		if (event.target !== target || event.key !== 'Enter') return;
		// In a form Enter would send it.
		event.preventDefault();
		tell(map.getView().getCenter());
	};
	target.addEventListener('keydown', onKey);
	const clicks = map.on('singleclick', (event) => tell(event.coordinate));
	return () => {
		unByKey(clicks);
		target.removeEventListener('keydown', onKey);
		cross.remove();
	};
}
