// SPDX-License-Identifier: EUPL-1.2
/*
 * What people read, in German and English. The catalogue is this folder: a file for each part of the
 * application, each text with both languages beside each other, so that none can be forgotten (the
 * type demands two). A page loads only the texts of its part.
 *
 *   export default { time_left: ['noch {n} {n:Tag|Tage}', '{n} {n:day|days} left'] } as const satisfies Catalogue;
 *   const t = texts(catalogue);   t('time_left', { n: 3 })
 *
 * {name} is a value; {name:one|other} chooses by the number of that name.
 */
import { ref, watchEffect } from 'vue';

export type Language = 'de' | 'en';
export type Text = readonly [de: string, en: string];
export type Catalogue = Readonly<Record<string, Text>>;
export type Values = Readonly<Record<string, string | number>>;

const KEPT = 'pp-language';

/** What was chosen last, else what the browser prefers; German where that is neither. */
function first(): Language {
	const kept = read(KEPT);
	if (kept === 'de' || kept === 'en') return kept;
	for (const preferred of navigator.languages) {
		if (preferred.startsWith('de')) return 'de';
		if (preferred.startsWith('en')) return 'en';
	}
	return 'de';
}

/** Storage may be forbidden; then nothing is remembered. */
function read(key: string): string | null {
	try {
		return localStorage.getItem(key);
	} catch {
		return null;
	}
}

/** The language in which everything is shown and asked for. */
export const language = ref<Language>(first());

export function choose(chosen: Language): void {
	language.value = chosen;
	try {
		localStorage.setItem(KEPT, chosen);
	} catch {
		/* then it holds for this page */
	}
}

watchEffect(() => {
	document.documentElement.lang = language.value;
});

const numbers = {
	de: { plural: new Intl.PluralRules('de'), format: new Intl.NumberFormat('de-DE') },
	en: { plural: new Intl.PluralRules('en'), format: new Intl.NumberFormat('en-GB') },
};

/** A text with its values in their places. */
export function fill(text: string, values: Values, lang: Language): string {
	return text.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, other?: string) => {
		const value = values[name];
		if (value === undefined) return whole;
		if (one !== undefined) return (numbers[lang].plural.select(Number(value)) === 'one' ? one : other) ?? '';
		return typeof value === 'number' ? numbers[lang].format.format(value) : value;
	});
}

export type Translate<C extends Catalogue> = (key: keyof C & string, values?: Values) => string;

/** The texts of a catalogue in the language of the moment. */
export function texts<C extends Catalogue>(catalogue: C): Translate<C> {
	return (key, values = {}) => {
		const text = catalogue[key];
		return text ? fill(text[language.value === 'de' ? 0 : 1], values, language.value) : key;
	};
}
