// SPDX-License-Identifier: EUPL-1.2
/* Roles that somebody may give: an operator names administrators, they name the others (docs/api/body.md). */
import type { Schemas } from '@/api/client';
import { may } from '@/app/session';

export type MemberRole = Exclude<Schemas['role'], 'operator' | 'auditor'>;
export const rolesToGive = (kind: string): MemberRole[] => (may('operator') ? ['reader', 'body_administrator']
	: ['reader', 'clerk', 'releaser', 'manager', 'body_administrator', ...(kind === 'LANDESPLANUNG' ? ['oversight' as const] : [])]);
