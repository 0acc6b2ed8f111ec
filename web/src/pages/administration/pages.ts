// SPDX-License-Identifier: EUPL-1.2
/* Pages of those who run the platform, who check it, or who manage the accounts of a body. */
import { page } from '@/app/pages';
import type { Role } from '@/app/session';

const OPERATOR: readonly Role[] = ['operator'];
const OFFICE: readonly Role[] = ['operator', 'auditor', 'body_administrator'];

export const pages = [
	page('administration', '/verwaltung', () => import('./AdministrationPage.vue'), { title: ['Verwaltung', 'Administration'], may: OFFICE }),
	page('bodies', '/verwaltung/stellen', () => import('./BodiesPage.vue'), { title: ['Stellen', 'Bodies'], may: OPERATOR, above: 'administration' }),
	page('body', '/verwaltung/stellen/:body_key', () => import('./BodyPage.vue'), { title: ['Stelle', 'Body'], may: ['operator', 'body_administrator'], above: 'administration' }),
	page('holidays', '/verwaltung/feiertage', () => import('./HolidaysPage.vue'), { title: ['Feiertage', 'Holidays'], may: OPERATOR, above: 'administration' }),
	page('outages', '/verwaltung/stoerungen', () => import('./OutagesPage.vue'), { title: ['Störungen', 'Outages'], may: OPERATOR, above: 'administration' }),
	page('rules', '/verwaltung/regeln', () => import('./RulesPage.vue'), { title: ['Regeln', 'Rules'], may: OPERATOR, above: 'administration' }),
	page('rules-draft', '/verwaltung/regeln/entwurf', () => import('./RulesDraftPage.vue'), { title: ['Neue Fassung der Regeln', 'New version of the rules'], may: OPERATOR, above: 'rules' }),
	page('recomputation', '/verwaltung/neuberechnungen/:recomputation', () => import('./RecomputationPage.vue'), { title: ['Neuberechnung', 'Recomputation'], may: OPERATOR, above: 'rules' }),
	page('boundary-versions', '/verwaltung/grenzen', () => import('./BoundariesPage.vue'), { title: ['Grenzen', 'Boundaries'], may: OPERATOR, above: 'administration' }),
	page('issuers', '/verwaltung/anmeldung', () => import('./IssuersPage.vue'), { title: ['Anmeldung', 'Sign-in'], may: OPERATOR, above: 'administration' }),
	page('barriers', '/verwaltung/barrieren', () => import('./BarriersPage.vue'), { title: ['Gemeldete Barrieren', 'Reported barriers'], may: OPERATOR, above: 'administration' }),
	page('audit', '/verwaltung/protokoll', () => import('./AuditPage.vue'), { title: ['Protokoll', 'Record'], may: ['auditor'], above: 'administration' }),
	page('audit-entry', '/verwaltung/protokoll/:chain/:seq', () => import('./AuditEntryPage.vue'), { title: ['Eintrag', 'Entry'], may: ['auditor'], above: 'audit' }),
];
