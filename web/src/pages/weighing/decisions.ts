// SPDX-License-Identifier: EUPL-1.2
/* What may be proposed; of what is disregarded as late nothing else (the server refuses it too). */
import type { Schemas } from '@/api/client';

const weighed = ['GEFOLGT', 'TEILWEISE_GEFOLGT', 'BEREITS_GEFOLGT', 'NICHT_GEFOLGT', 'ZURUECKGESTELLT', 'KENNTNISNAHME'] as const;
export const decisions = (lateOnly = false): readonly Schemas['weighing_decision'][] => (lateOnly ? ['UNBERUECKSICHTIGT_VERSPAETET'] : weighed);
/** The day of today in Germany, as a field for days has it. */
export const today = (): string => new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Berlin' });
