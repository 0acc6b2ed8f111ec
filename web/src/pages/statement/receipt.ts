// SPDX-License-Identifier: EUPL-1.2
/* What people bring to be checked, and what the platform's answer means for them. */
import type { Schemas } from '@/api/client';

/** A receipt from the text of its file, or why it is none: a key of the texts. */
export function readReceipt(text: string): Schemas['receipt'] | 'check_empty' | 'check_pdf' | 'check_no_json' | 'check_no_signature' {
	if (!text.trim()) return 'check_empty';
	if (text.startsWith('%PDF')) return 'check_pdf';
	try {
		const read: unknown = JSON.parse(text);
		if (!read || typeof read !== 'object' || !('receipt' in read) || !read.receipt || typeof read.receipt !== 'object') return 'check_no_json';
		return 'signature' in read && read.signature ? (read as Schemas['receipt']) : 'check_no_signature';
	} catch {
		return 'check_no_json';
	}
}

/** Sealed comes by and by, so it takes nothing from a receipt that is genuine otherwise. */
export function verdictOf({ signed, recorded, chained }: Schemas['receipt_check']): 'genuine' | 'in_part' | 'false' {
	if (!signed) return 'false';
	return recorded && chained ? 'genuine' : 'in_part';
}
