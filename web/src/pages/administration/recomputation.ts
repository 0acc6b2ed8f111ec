// SPDX-License-Identifier: EUPL-1.2
import type { Schemas } from '@/api/client';
import { day } from '@/lib/format';
import catalogue from '@/texts/administration_rules';
import { texts } from '@/texts/language';

const t = texts(catalogue);
/** With what a recomputation was asked for. */
export function askedFor(one: Schemas['recomputation']): string {
	if (one.kind === 'verify') return t('of_verify');
	return [one.rules ? t('of_rules', { id: `${one.rules}` }) : one.rules_sha256 && t('of_draft', { sha: one.rules_sha256.slice(0, 8) }),
		one.boundaries && t('of_boundaries', { id: `${one.boundaries}` }), one.date && t('of_day', { day: day(one.date) })].filter(Boolean).join(', ');
}
