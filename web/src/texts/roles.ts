// SPDX-License-Identifier: EUPL-1.2
// What somebody may do in a body or for the platform.
import type { Catalogue } from './language';

export default {
	role_reader: ['lesen', 'read'],
	role_clerk: ['bearbeiten', 'draft'],
	role_releaser: ['freigeben und absenden', 'release and send'],
	role_manager: ['Verfahren führen', 'conduct procedures'],
	role_body_administrator: ['Konten der Stelle verwalten', 'manage the accounts of the body'],
	role_oversight: ['Landesplanung', 'spatial planning of the Land'],
	role_operator: ['Plattform betreiben', 'operate the platform'],
	role_auditor: ['prüfen', 'audit'],
	state_pending: ['wartet auf Bestätigung', 'waits for confirmation'],
	state_confirmed: ['bestätigt', 'confirmed'],
	state_ended: ['beendet', 'ended'],
} as const satisfies Catalogue;
