// SPDX-License-Identifier: EUPL-1.2
import catalogue from '@/texts/administration_days';
import { texts } from '@/texts/language';

const t = texts(catalogue);
/** How long something took: "25 min", "3 h 20 min", "2 d 4 h". */
export function lengthOf(seconds: number): string {
	const minutes = Math.round(seconds / 60), hours = Math.floor(minutes / 60);
	if (hours >= 48) return t('days_long', { d: Math.floor(hours / 24), h: hours % 24 });
	return hours ? t('hours', { h: hours, m: minutes % 60 }) : t('minutes', { m: minutes });
}
