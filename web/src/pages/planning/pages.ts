// SPDX-License-Identifier: EUPL-1.2
/* Pages of those who conduct procedures: the way to a round, its board, what came in and its weighing. */
import { page } from '@/app/pages';

export const pages = [
	page('desk', '/planung', () => import('./DeskPage.vue'), { title: ['Meine Verfahren', 'My procedures'], may: ['manager'] }),
	page('new-procedure', '/planung/neu', () => import('./NewProcedurePage.vue'), { title: ['Neues Verfahren', 'New procedure'], may: ['manager'], above: 'desk' }),
	page('lists', '/planung/verteiler', () => import('./ListsPage.vue'), { title: ['Verteiler', 'Distribution lists'], may: ['manager'], above: 'desk' }),
	page('overview', '/planung/:procedure', () => import('./OverviewPage.vue'), { title: ['Verfahren', 'Procedure'], may: ['manager'], above: 'desk' }),
	page('facts', '/planung/:procedure/grunddaten', () => import('./FactsPage.vue'), { title: ['Grunddaten', 'Basic facts'], may: ['manager'], above: 'overview' }),
	page('guests', '/planung/:procedure/beteiligte', () => import('./GuestsPage.vue'), { title: ['Wer eingeladen wird', 'Who is invited'], may: ['manager'], above: 'overview' }),
	page('life', '/planung/:procedure/verlauf', () => import('./LifePage.vue'), { title: ['Verlauf', 'Course of the procedure'], may: ['manager'], above: 'overview' }),
	page('keeping', '/planung/:procedure/aufbewahrung', () => import('./KeepingPage.vue'), { title: ['Aufbewahrung', 'Retention'], may: ['manager'], above: 'life' }),
	page('extent', '/planung/:procedure/geltungsbereich', () => import('./ExtentPage.vue'), { title: ['Geltungsbereich', 'Extent'], may: ['manager'], above: 'overview' }),
	page('affected', '/planung/:procedure/betroffene', () => import('./AffectedPage.vue'), { title: ['Betroffene', 'Who is affected'], may: ['manager'], above: 'overview' }),
	page('start', '/planung/:procedure/start', () => import('./StartPage.vue'), { title: ['Fristen und Start', 'Dates and start'], may: ['manager'], above: 'overview' }),
	page('entry', '/planung/:procedure/eingang', () => import('@/pages/weighing/EntryPage.vue'), { title: ['Eingang erfassen', 'Enter what came in'], may: ['manager'], above: 'overview' }),
	page('statements', '/planung/:procedure/stellungnahmen', () => import('@/pages/weighing/StatementsPage.vue'), { title: ['Stellungnahmen', 'Statements'], may: ['manager'], above: 'overview' }),
	page('read-statement', '/planung/:procedure/stellungnahmen/:statement', () => import('@/pages/weighing/StatementPage.vue'), { title: ['Stellungnahme', 'Statement'], may: ['manager'], above: 'statements' }),
	page('weighing', '/planung/:procedure/abwaegung', () => import('@/pages/weighing/WeighingPage.vue'), { title: ['Abwägung', 'Weighing'], may: ['manager'], above: 'overview' }),
	page('round', '/planung/:procedure/runden/:round', () => import('@/pages/board/RoundBoardPage.vue'), { title: ['Rücklauf', 'Responses'], may: ['manager'], above: 'overview' }),
	page('planned-invitation', '/planung/:procedure/einladungen/:invitation', () => import('@/pages/board/InvitationPage.vue'), { title: ['Einladung', 'Invitation'], may: ['manager'], above: 'overview' }),
];
