// SPDX-License-Identifier: EUPL-1.2
// How jobs are.
import type { Catalogue } from './language';

export default {
	job_QUEUED: ['wartet', 'waits'],
	job_RUNNING: ['läuft', 'running'],
	job_DONE: ['fertig', 'done'],
	job_FAILED: ['fehlgeschlagen', 'failed'],
	job_CANCELLED: ['abgebrochen', 'cancelled'],
} as const satisfies Catalogue;
