// SPDX-License-Identifier: EUPL-1.2
/* Rows of the rules in words, and as the text that stands for them (docs/data.md). */
import type { Schemas } from '@/api/client';
import { metres, number } from '@/lib/format';
import catalogue from '@/texts/administration_rules';
import { texts } from '@/texts/language';
import { term } from '@/texts/terms';

export type Row = Schemas['rule_row'];
const t = texts(catalogue);
/** A version as JSON: the same address also answers with the text. */
export const versionOf = (data: Schemas['rule_version'] | string | undefined): Schemas['rule_version'] | undefined => (typeof data === 'object' ? data : undefined);


export const COLUMNS = ['id', 'name', 'kinds', 'metric', 'threshold', 'default', 'class', 'subject', 'when', 'land', 'reason_de', 'reason_en', 'source', 'valid_from', 'valid_to'] as const;
export const METRICS = ['overlap', 'adjacent', 'adjacent_distance', 'distance', 'circle', 'catchment', 'listed', 'land_border', 'state_border', 'unincorporated', 'manual'] as const;
export const KINDS = ['FNP', 'FNP_AENDERUNG', 'BP_REGEL', 'BP_13', 'BP_13A', 'ROP_LAND', 'ROP_REG', 'RVP', 'ZAV', 'PFV', 'PFV_ENWG', 'PFV_NABEG', 'BFP', 'PFV_FSTR'] as const;

/** The table as POST /rule-versions and rules_text take it: cells separated by tabs. */
export const toText = (rows: readonly Row[]): string => [COLUMNS.join('\t'), ...rows.map((row) => COLUMNS.map((name) => row[name] ?? '').join('\t'))].join('\n') + '\n';

export const holdsFor = (row: Row, kind: string): boolean => row.kinds.split(',').some((one) => one === '*' || one === kind || (one.endsWith('*') && kind.startsWith(one.slice(0, -1))));
export const kindsOf = (row: Row): string => row.kinds.split(',').map((one) => (one === '*' ? t('every_kind') : one === 'BP_*' ? t('all_bp') : term(one))).join(', ');

function thresholdOf({ metric, threshold }: Row): string {
	if (!threshold) return '';
	const value = Number(threshold);
	if (Number.isNaN(value)) return threshold;
	return metric === 'listed' ? t('percent', { n: number(value, 1) }) : metres(value);
}
/** What a row asks for, in a sentence without its reason. */
export function firesWhen(row: Row): string[] {
	const metric = t(`metric_${row.metric as (typeof METRICS)[number]}`, { threshold: thresholdOf(row) });
	return [metric, row.default !== null && t('default_is', { metres: metres(row.default) }), row.subject && t('only_subject', { subject: row.subject.replaceAll('|', ', ') }),
		row.when && t('only_when', { when: row.when }), row.land && t('only_land', { land: term(row.land) })].filter((one): one is string => !!one);
}
export const same = (a: Row, b: Row): boolean => COLUMNS.every((name) => (a[name] ?? '') === (b[name] ?? ''));
