// SPDX-License-Identifier: EUPL-1.2
// Signing in and one's own account.
import type { Catalogue } from './language';

export default {
	lead: ['Für Planende, Gemeinden, Ämter und Behörden. Um eine Stellungnahme als Privatperson abzugeben, brauchen Sie kein Konto.',
		'For planners, municipalities, Ämter and authorities. To comment as a private person you need no account.'],
	by_issuer: ['Mit einem Servicekonto', 'With a service account'],
	local: ['Mit E-Mail-Adresse und Kennwort', 'With e-mail address and password'],
	forgotten: ['Kennwort vergessen oder noch keines?', 'Forgotten your password, or none yet?'],
} as const satisfies Catalogue;
