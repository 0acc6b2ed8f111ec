// SPDX-License-Identifier: EUPL-1.2
/*
 * Days, instants and measures as people write them. What is legal about a date (its last day, days
 * left, whether something is late) comes from the server; here it is only written out.
 */
import { language, type Language } from '@/texts/language';

const ZONE = 'Europe/Berlin';
const locale = (lang: Language): string => (lang === 'de' ? 'de-DE' : 'en-GB');

const cache = new Map<string, Intl.DateTimeFormat>();
function formatter(lang: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
	const key = `${lang} ${name}`;
	let found = cache.get(key);
	if (!found) cache.set(key, (found = new Intl.DateTimeFormat(locale(lang), options)));
	return found;
}

/** A legal day (YYYY-MM-DD) as "Mi., 02.12.2026"; it has no zone. */
export function day(iso: string | null | undefined, lang = language.value): string {
	if (!iso) return '–';
	return formatter(lang, 'day', { timeZone: 'UTC', weekday: 'short', day: '2-digit', month: '2-digit', year: 'numeric' })
		.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));
}

/** An instant (RFC 3339) as "02.12.2026, 14:05 Uhr" in Europe/Berlin. */
export function instant(iso: string | null | undefined, lang = language.value): string {
	if (!iso) return '–';
	const text = formatter(lang, 'instant', { timeZone: ZONE, day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' })
		.format(new Date(iso));
	return lang === 'de' ? `${text} Uhr` : text;
}

/** The same to the second, for receipts. */
export function exact(iso: string | null | undefined, lang = language.value): string {
	if (!iso) return '–';
	const text = formatter(lang, 'exact', { timeZone: ZONE, dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso));
	return lang === 'de' ? `${text} Uhr` : text;
}

export function number(value: number, decimals = 0, lang = language.value): string {
	return new Intl.NumberFormat(locale(lang), { maximumFractionDigits: decimals }).format(value);
}

/** Metres as people say them: "0 m", "340 m", "2,4 km". */
export function metres(value: number | null | undefined, lang = language.value): string {
	if (value === null || value === undefined) return '–';
	if (value < 1000) return `${number(value, value < 10 ? 1 : 0, lang)} m`;
	return `${number(value / 1000, 1, lang)} km`;
}

/** Square metres as "850 m²", "3,2 ha" or "12 km²". */
export function area(value: number | null | undefined, lang = language.value): string {
	if (value === null || value === undefined) return '–';
	if (value < 10_000) return `${number(value, 0, lang)} m²`;
	if (value < 1_000_000) return `${number(value / 10_000, 1, lang)} ha`;
	return `${number(value / 1_000_000, 1, lang)} km²`;
}

/** Bytes as "512 kB", "3,4 MB". */
export function bytes(value: number | null | undefined, lang = language.value): string {
	if (value === null || value === undefined) return '–';
	if (value < 1_000_000) return `${number(Math.max(1, value / 1000), 0, lang)} kB`;
	if (value < 1_000_000_000) return `${number(value / 1_000_000, 1, lang)} MB`;
	return `${number(value / 1_000_000_000, 1, lang)} GB`;
}
