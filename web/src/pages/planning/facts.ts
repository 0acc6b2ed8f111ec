// SPDX-License-Identifier: EUPL-1.2
/* What is planned, with the measures on which its effects depend (docs/api/procedure.md). */
import type { Schemas } from '@/api/client';

export type Subject = Schemas['subject'];
export type SubjectCode = Subject['subject'];
export type Measure = Exclude<{ [K in keyof Subject]-?: NonNullable<Subject[K]> extends number | boolean ? K : never }[keyof Subject], undefined>;

export const SUBJECTS: readonly { code: SubjectCode; measures: readonly Measure[] }[] = [
	{ code: 'EINZELHANDEL', measures: ['floor_area_m2', 'sales_area_m2'] },
	{ code: 'WIND', measures: ['hub_height_m', 'rotor_diameter_m', 'total_height_m'] },
	{ code: 'TURM', measures: ['total_height_m'] },
	{ code: 'LEITUNG', measures: ['voltage_kv', 'pylon_height_m', 'cable'] },
	{ code: 'STRASSE', measures: [] },
	{ code: 'BIMSCHG', measures: ['stack_height_m', 'expert_radius_m'] },
	{ code: 'STOERFALL', measures: ['safety_distance_m', 'kas18_class'] },
	{ code: 'FLUGHAFEN', measures: [] },
	{ code: 'HAFEN', measures: [] },
];

/** Only a development plan can be one for a project (§ 12 BauGB). */
export const mayServeProject = (kind: string): boolean => kind.startsWith('BP_');
