// SPDX-License-Identifier: EUPL-1.2
/* What several pages about procedures read and say. */
import { api, type Schemas } from '@/api/client';
import type { MapFeature } from '@/map/types';

export type Procedure = Schemas['procedure'];
export type Overview = Schemas['procedure_overview'];
export type Participation = Schemas['participation'];
export type Affected = Schemas['affected'];

/** Who plans, as people say it: the municipality or whoever applies, and the body that conducts it. */
export const planners = (one: Procedure): string => one.applicant_name ?? (one.places.map(({ name }) => name).join(', ') || one.planner_name) ?? '';

export interface Feature { id: string; geometry: object | null; properties: Record<string, string | number | boolean | null> }
export interface FeaturePage { features: Feature[]; numberMatched?: number; links: { rel: string; href: string; type?: string; title?: string }[] }

type Page = { data?: FeaturePage; error?: unknown; response: Response };
export interface FeatureQuery { limit?: number; bbox?: string; filter?: string; crs?: string; cursor?: string; datetime?: string }

/** A page of a collection, as GIS programs get it. */
export const features = (collection: string, query: FeatureQuery): Promise<Page> =>
	api.GET('/ogc/collections/{collection}/items', { params: { path: { collection }, query: { f: 'json', ...query } } }) as unknown as Promise<Page>;

export const CRS_25832 = 'http://www.opengis.net/def/crs/EPSG/0/25832';

/** The feature of an extent on a map. */
export const extent = (id: string, geometry: object | null, label?: string): MapFeature => ({ id, geometry, look: 'plan', label });
