// SPDX-License-Identifier: EUPL-1.2
/* What a map shows, independent of OpenLayers, so that pages need not load it to say so. */

/** How a thing is drawn. Each has its own line and pattern besides its colour, and stands in the legend. */
export type Look = 'plan' | 'draft' | 'own' | 'must' | 'should' | 'check' | 'plain' | 'border' | 'place' | 'finding' | 'answered' | 'waiting' | 'overdue';

export interface MapFeature {
	id: string;
	/** GeoJSON in the map's `crs`. */
	geometry: object | null;
	look: Look;
	/** Written on it where there is room. */
	label?: string;
}

/** The classes of affectedness as looks. */
export const lookOf: Readonly<Record<string, Look>> = { MUSS: 'must', SOLL: 'should', PRUEFEN: 'check', EIGEN: 'own' };
