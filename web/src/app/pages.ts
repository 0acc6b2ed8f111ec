// SPDX-License-Identifier: EUPL-1.2
/*
 * Every page of the application: its address, what it is called, who may see it, what stands above
 * it. The server answers the same addresses (server/rooms/page/page.c); a test compares the two.
 * Pages of few people have their rows beside them (`later`): they are no part of the first page.
 */
import type { Component } from 'vue';
import type { RouteRecordRaw } from 'vue-router';
import type { Role } from './session';
import type { Text } from '@/texts/language';

export interface PageMeta {
	title: Text;
	/** Roles of which one is needed; without: everybody may see it. */
	may?: readonly Role[];
	/** Whoever is signed in, in whatever role. */
	signedIn?: boolean;
	/** The name of the page above, for the breadcrumbs. */
	above?: string;
}

declare module 'vue-router' {
	interface RouteMeta extends PageMeta {}
}

type Load = () => Promise<{ default: Component }>;
export const page = (name: string, path: string, component: Load, meta: PageMeta): RouteRecordRaw =>
	({ name, path, component, props: true, meta: meta as PageMeta & Record<string | number | symbol, unknown> });

const MEMBER: readonly Role[] = ['reader', 'clerk', 'releaser'];
const WRITER: readonly Role[] = ['clerk', 'releaser'];

export const pages: RouteRecordRaw[] = [
	page('portal', '/', () => import('@/pages/public/PortalPage.vue'), { title: ['Verfahren', 'Procedures'] }),
	page('procedure', '/v/:procedure', () => import('@/pages/public/ProcedurePage.vue'), { title: ['Dieses Verfahren', 'This procedure'], above: 'portal' }),
	page('plan', '/v/:procedure/fassung/:plan', () => import('@/pages/public/PlanPage.vue'), { title: ['Fassung des Plans', 'Version of the plan'], above: 'procedure' }),
	page('statement', '/v/:procedure/stellungnahme', () => import('@/pages/statement/StatementPage.vue'), { title: ['Stellungnahme abgeben', 'Submit a statement'], above: 'procedure' }),
	page('my-statement', '/meine-stellungnahme', () => import('@/pages/statement/MyStatementPage.vue'), { title: ['Meine Stellungnahme', 'My statement'], above: 'portal' }),
	page('receipt', '/quittung', () => import('@/pages/statement/ReceiptPage.vue'), { title: ['Empfangsbestätigung prüfen', 'Check a receipt'], above: 'portal' }),
	page('interfaces', '/schnittstellen', () => import('@/pages/public/InterfacesPage.vue'), { title: ['Schnittstellen für Programme', 'Interfaces for programs'], above: 'portal' }),
	page('state', '/status', () => import('@/pages/public/StatePage.vue'), { title: ['Systemzustand', 'System state'], above: 'portal' }),
	page('sign-in', '/anmelden', () => import('@/pages/account/SignInPage.vue'), { title: ['Anmelden', 'Sign in'] }),
	page('invitation-link', '/einladung', () => import('@/pages/link/InvitationLinkPage.vue'), { title: ['Beteiligung', 'Participation'] }),
	page('confirm-address', '/adresse', () => import('@/pages/link/ConfirmAddressPage.vue'), { title: ['E-Mail-Adresse bestätigen', 'Confirm your e-mail address'] }),
	page('password', '/konto', () => import('@/pages/link/PasswordPage.vue'), { title: ['Kennwort festlegen', 'Set your password'], above: 'sign-in' }),
	page('notices', '/benachrichtigungen', () => import('@/pages/link/NoticesPage.vue'), { title: ['Benachrichtigungen', 'Notices'], above: 'portal' }),
	page('inbox', '/gemeinde', () => import('@/pages/municipality/InboxPage.vue'), { title: ['Posteingang', 'Inbox'], may: MEMBER }),
	page('inbox-invitation', '/gemeinde/einladungen/:invitation', () => import('@/pages/municipality/InvitationPage.vue'), { title: ['Beteiligung', 'Invitation'], may: MEMBER, above: 'inbox' }),
	page('inbox-answer', '/gemeinde/einladungen/:invitation/stellungnahme', () => import('@/pages/municipality/AnswerPage.vue'), { title: ['Stellungnahme schreiben', 'Write a statement'], may: WRITER, above: 'inbox-invitation' }),
	page('inbox-releases', '/gemeinde/freigaben', () => import('@/pages/municipality/ReleasesPage.vue'), { title: ['Freigaben', 'Releases'], may: WRITER, above: 'inbox' }),
	page('inbox-release', '/gemeinde/freigaben/:release', () => import('@/pages/municipality/ReleasePage.vue'), { title: ['Freigabe', 'Release'], may: WRITER, above: 'inbox-releases' }),
	page('inbox-statements', '/gemeinde/stellungnahmen', () => import('@/pages/municipality/StatementsPage.vue'), { title: ['Abgegebene Stellungnahmen', 'Submitted statements'], may: MEMBER, above: 'inbox' }),
	page('inbox-statement', '/gemeinde/stellungnahmen/:statement', () => import('@/pages/municipality/StatementPage.vue'), { title: ['Stellungnahme', 'Statement'], may: MEMBER, above: 'inbox-statements' }),
	page('inbox-forwarded', '/gemeinde/weitergeleitet', () => import('@/pages/municipality/ForwardedPage.vue'), { title: ['Weitergeleitet', 'Forwarded'], may: MEMBER, above: 'inbox' }),
	page('inbox-forwarding', '/gemeinde/weitergeleitet/:forwarding', () => import('@/pages/municipality/ForwardingPage.vue'), { title: ['Zum Lesen weitergeleitet', 'Forwarded for reading'], may: MEMBER, above: 'inbox-forwarded' }),
	page('inbox-deputies', '/gemeinde/vertretungen', () => import('@/pages/municipality/DeputiesPage.vue'), { title: ['Vertretungen', 'Deputies'], may: MEMBER, above: 'inbox' }),
	page('oversight', '/landesplanung', () => import('@/pages/oversight/LandPage.vue'), { title: ['Landesplanung', 'Spatial planning of the Land'], may: ['oversight'] }),
	page('overseen', '/landesplanung/:procedure', () => import('@/pages/oversight/LandProcedurePage.vue'), { title: ['Verfahren', 'Procedure'], may: ['oversight'], above: 'oversight' }),
	page('account', '/mein-konto', () => import('@/pages/account/AccountPage.vue'), { title: ['Mein Konto', 'My account'], signedIn: true, above: 'portal' }),
	page('imprint', '/impressum', () => import('@/pages/office/ImprintPage.vue'), { title: ['Impressum', 'Imprint'], above: 'portal' }),
	page('privacy', '/datenschutz', () => import('@/pages/office/PrivacyPage.vue'), { title: ['Datenschutz', 'Privacy'], above: 'portal' }),
	page('accessibility', '/barrierefreiheit', () => import('@/pages/office/AccessibilityPage.vue'), { title: ['Erklärung zur Barrierefreiheit', 'Accessibility statement'], above: 'portal' }),
	page('report-barrier', '/barriere-melden', () => import('@/pages/office/ReportBarrierPage.vue'), { title: ['Barriere melden', 'Report a barrier'], above: 'accessibility' }),
];

/** By the beginning of their addresses: rows that are loaded when somebody goes there. */
export const later: Record<string, () => Promise<{ pages: RouteRecordRaw[] }>> = {
	'/planung': () => import('@/pages/planning/pages'),
	'/verwaltung': () => import('@/pages/administration/pages'),
	'/ogc': () => import('@/pages/ogc/pages'),
};

export const notFound: RouteRecordRaw = {
	name: 'not-found', path: '/:rest(.*)*', component: () => import('@/pages/NotFoundPage.vue'),
	meta: { title: ['Diese Seite gibt es nicht', 'There is no such page'] },
};
