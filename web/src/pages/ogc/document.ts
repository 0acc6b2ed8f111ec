// SPDX-License-Identifier: EUPL-1.2
/* What the pages of OGC API show: the document of their own address, as JSON. */
import { useRoute } from 'vue-router';
import { useAsk, type Asked } from '@/api/use';
import { language } from '@/texts/language';

export interface Link { href: string; rel: string; type?: string; title?: string }
export interface Document { title?: string; description?: string; links: Link[] }
export interface Landing extends Document { title: string; description: string }
export interface Conformance { conformsTo: string[] }
export interface Collection extends Document { id: string; title: string; description: string; crs: string[]; storageCrs: string }
export interface Collections extends Document { collections: Collection[] }
export interface Property { title: string; format?: string; 'x-ogc-propertySeq': number; 'x-ogc-role'?: string }
export interface Schema { title: string; properties: Record<string, Property> }
export interface Feature extends Document { id: string; geometry: object | null; properties: Record<string, string | number | boolean | null> }
export interface Features extends Document { features: Feature[]; numberMatched?: number; numberReturned: number }

/** The JSON of an address below /ogc, in the language of the page. */
export async function read<T>(address: string): Promise<{ data?: T; error?: unknown; response: Response }> {
	const url = new URL(address, location.origin);
	url.searchParams.set('f', 'json');
	const response = await fetch(url, { headers: { Accept: 'application/json', 'Accept-Language': language.value } });
	const body: unknown = await response.json().catch(() => undefined);
	return response.ok ? { data: body as T, response } : { error: body, response };
}

/** The document of the page that is shown, asked anew when its address changes. */
export function useDocument<T>(): Asked<T> {
	const route = useRoute();
	return useAsk(() => read<T>(route.fullPath));
}

const shown = /^\/ogc(\/conformance|\/collections(\/[^/]+(\/items(\/[^/]+)?)?)?)?$/;
/** The page of a link, where it leads to one: what is meant for programs is no page. */
export function pageOf({ href }: Link): string | undefined {
	const { origin, pathname, searchParams } = new URL(href, location.origin);
	const format = searchParams.get('f');
	if (origin !== location.origin || !shown.test(pathname) || (format && format !== 'html' && format !== 'json')) return undefined;
	searchParams.delete('f');
	return `${pathname}${searchParams.size ? `?${searchParams}` : ''}`;
}

/** A document for programs: the JSON that the page shows, and the other formats in the order in which it names them. */
export function formats({ links }: Document): Link[] {
	const own = links.filter(({ rel }) => rel === 'self').map((link) => {
		const url = new URL(link.href, location.origin);
		url.searchParams.set('f', 'json');
		return { ...link, href: url.href, title: link.type === 'application/geo+json' ? 'GeoJSON' : 'JSON' };
	});
	return [...own, ...links.filter(({ rel, type }) => rel === 'alternate' && !type?.startsWith('text/html'))];
}
