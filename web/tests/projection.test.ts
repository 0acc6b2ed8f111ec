// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from 'vitest';
import { transform } from 'ol/proj';
import { CRS84, utm32, UTM32 } from '@/map/projection';

/* By PROJ 9.1.1 (gdaltransform -s_srs EPSG:4258 -t_srs EPSG:25832), which knows nothing of OpenLayers: St. Michaelis, Helgoland, Flensburg, Geesthacht, Fehmarn. */
const known: [[number, number], [number, number]][] = [
	[[9.978, 53.548], [564798.9769, 5933678.6870]],
	[[7.8856, 54.1825], [427272.9109, 6004400.5542]],
	[[9.4366, 54.7836], [528078.6811, 6070798.4788]],
	[[10.3728, 53.4372], [591193.2520, 5921784.7837]],
	[[11.1864, 54.4386], [641795.6581, 6034523.6128]],
];

describe('EPSG:25832', () => {
	utm32();
	it('is what PROJ says, to the millimetre', () => {
		for (const [degrees, metres] of known) {
			const [x, y] = transform(degrees, CRS84, UTM32);
			expect(Math.hypot((x ?? 0) - metres[0], (y ?? 0) - metres[1])).toBeLessThan(0.001);
		}
		expect(known.length).toBeGreaterThan(4);
	});
	it('comes back where it came from, to two millimetres (2e-8 degrees)', () => {
		for (const [degrees] of known) {
			const back = transform(transform(degrees, CRS84, UTM32), UTM32, CRS84);
			expect(Math.abs((back[0] ?? 0) - degrees[0]) + Math.abs((back[1] ?? 0) - degrees[1])).toBeLessThan(2e-8);
		}
	});
});
