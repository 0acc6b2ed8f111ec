// SPDX-License-Identifier: EUPL-1.2
/* OGC API for people: the addresses are those of programs, which get JSON there (server/rooms/ogc). */
import { page } from '@/app/pages';

export const pages = [
	page('ogc', '/ogc', () => import('./OgcPage.vue'), { title: ['OGC API', 'OGC API'], above: 'interfaces' }),
	page('ogc-conformance', '/ogc/conformance', () => import('./ConformancePage.vue'), { title: ['Konformität', 'Conformance'], above: 'ogc' }),
	page('ogc-collections', '/ogc/collections', () => import('./CollectionsPage.vue'), { title: ['Datensammlungen', 'Collections'], above: 'ogc' }),
	page('ogc-collection', '/ogc/collections/:collection', () => import('./CollectionPage.vue'), { title: ['Datensammlung', 'Collection'], above: 'ogc-collections' }),
	page('ogc-features', '/ogc/collections/:collection/items', () => import('./FeaturesPage.vue'), { title: ['Objekte', 'Features'], above: 'ogc-collection' }),
	page('ogc-feature', '/ogc/collections/:collection/items/:feature', () => import('./FeaturePage.vue'), { title: ['Objekt', 'Feature'], above: 'ogc-features' }),
];
