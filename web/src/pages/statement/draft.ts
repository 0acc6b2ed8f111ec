// SPDX-License-Identifier: EUPL-1.2
/*
 * A statement while it is written: what belongs to it, in which step, what is missing, and what is
 * sent of it. Logic only; web/tests/statement.test.ts proves it without a browser.
 */
import type { Problem } from '@/api/client';
import { kindOf } from '@/api/client';
import type { paths } from '@/api/schema';
import type { SentFile } from '@/shared/uploads';

type Body = NonNullable<paths['/api/v1/rounds/{round}/statements']['post']['requestBody']>['content']['application/json'];
export type Stance = Body['stance'];
export type Inform = 'EMAIL' | 'POST' | 'KEINE';
export type Subject = 'PLAN' | 'UNTERLAGE' | 'ORT' | 'BEIDES';

export const steps = ['start', 'gegenstand', 'text', 'ort', 'dateien', 'kontakt', 'pruefen'] as const;
export type Step = (typeof steps)[number];

export interface Draft {
	/** Idempotency-Key: whatever is sent again is the same statement. */
	key: string;
	stance: Stance | '';
	subject: Subject;
	document: string;
	page: string;
	points: { topic: string; text: string }[];
	latitude: string;
	longitude: string;
	files: SentFile[];
	uploadToken: string;
	named: 'MIT' | 'OHNE' | '';
	person: { given_name: string; family_name: string; organisation: string; street: string; postcode: string; town: string; email: string };
	inform: Inform;
	publishName: boolean;
	notices: boolean;
}

export const empty = (): Draft => ({
	key: crypto.randomUUID(), stance: '', subject: 'PLAN', document: '', page: '', points: [{ topic: '', text: '' }], latitude: '', longitude: '',
	files: [], uploadToken: '', named: '', inform: 'EMAIL', publishName: false, notices: false,
	person: { given_name: '', family_name: '', organisation: '', street: '', postcode: '', town: '', email: '' },
});

export const aboutDocument = ({ subject }: Draft): boolean => subject === 'UNTERLAGE' || subject === 'BEIDES';
export const aboutPlace = ({ subject }: Draft): boolean => subject === 'ORT' || subject === 'BEIDES';

/** The steps of this statement, in their order. */
export const stepsOf = (draft: Draft): Step[] => steps.filter((step) => step !== 'ort' || aboutPlace(draft));

/** Degrees as people write them, with a comma too; undefined for what is no number. */
export function degrees(text: string): number | undefined {
	const value = Number(text.trim().replace(',', '.'));
	return text.trim() === '' || !Number.isFinite(value) ? undefined : value;
}

/** Points that say something. */
export const said = ({ points }: Draft): { topic: string; text: string }[] => points.filter(({ text }) => text.trim() !== '');

export type Missing = 'stance' | 'text' | 'document' | 'place' | 'named' | 'email' | 'street' | 'town' | 'family_name';

/** What a step still lacks: the field, and what to say there. The server looks at everything again. */
export function lacks(step: Step, draft: Draft): [field: string, what: Missing][] {
	const found: [string, Missing][] = [];
	if (step === 'gegenstand' && aboutDocument(draft) && !draft.document) found.push(['document', 'document']);
	if (step === 'text') {
		if (!draft.stance) found.push(['stance', 'stance']);
		if (draft.stance !== 'KEINE_BEDENKEN' && said(draft).length === 0) found.push(['text-0', 'text']);
	}
	if (step === 'ort' && aboutPlace(draft) && (degrees(draft.latitude) === undefined || degrees(draft.longitude) === undefined)) found.push(['latitude', 'place']);
	if (step === 'kontakt') {
		if (!draft.named) found.push(['named', 'named']);
		if (draft.named === 'MIT') {
			const { person, inform } = draft;
			if (!person.family_name.trim() && !person.organisation.trim()) found.push(['family_name', 'family_name']);
			if (inform === 'POST' && !person.street.trim()) found.push(['street', 'street']);
			if (inform === 'POST' && !person.town.trim()) found.push(['town', 'town']);
			if ((inform === 'EMAIL' || draft.notices) && !person.email.trim()) found.push(['email', 'email']);
		}
	}
	return found;
}

/** What is sent; `textVersion` is the privacy notice that was shown. */
export function bodyOf(draft: Draft, textVersion: string): Body {
	const latitude = degrees(draft.latitude);
	const longitude = degrees(draft.longitude);
	const about = {
		...(aboutDocument(draft) && draft.document ? { document: draft.document, ...(draft.page.trim() ? { page: draft.page.trim() } : {}) } : {}),
		...(aboutPlace(draft) && latitude !== undefined && longitude !== undefined ? { geometry: { type: 'Point' as const, coordinates: [longitude, latitude] } } : {}),
	};
	const kind = draft.stance === 'ANREGUNGEN' ? 'ANREGUNG' : draft.stance === 'BEDENKEN' || draft.stance === 'EINWENDUNG' ? 'EINWAND' : 'HINWEIS';
	const body: Body = {
		stance: draft.stance as Stance,
		points: said(draft).map(({ topic, text }) => ({ kind, text, ...(topic.trim() ? { topic: topic.trim() } : {}), ...about })),
	};
	if (draft.files.length) Object.assign(body, { attachments: draft.files.map(({ id }) => id), upload_token: draft.uploadToken });
	if (draft.named === 'MIT') {
		const given = Object.entries(draft.person).map(([field, value]) => [field, value.trim()] as const).filter(([, value]) => value !== '');
		body.person = { ...Object.fromEntries(given), inform: draft.inform };
		if (draft.publishName || draft.notices) body.consents = { publish_name: draft.publishName, notices: draft.notices, text_version: textVersion };
	}
	return body;
}

/** The field of the form that a pointer of the server (RFC 6901) is about. */
export function fieldAt(pointer: string): string {
	const [first = '', second = '', third = ''] = pointer.replace(/^#?\//, '').split('/');
	if (first === 'points') return third === 'geometry' ? 'latitude' : third === 'document' || third === 'page' ? third : third === 'topic' ? `topic-${second}` : `text-${second}`;
	if (first === 'text') return 'text-0';
	if (first === 'attachments' || first === 'upload_token') return 'files';
	if (first === 'person') return second || 'named';
	if (first === 'consents') return second === 'notices' ? 'notices' : 'publish_name';
	return first;
}

/** The step in which a field is. */
export function stepOf(field: string): Step {
	if (field === 'document' || field === 'page' || field === 'subject') return 'gegenstand';
	if (field === 'stance' || /^(text|topic)-/.test(field)) return 'text';
	if (field === 'latitude' || field === 'longitude') return 'ort';
	if (field === 'files') return 'dateien';
	return 'kontakt';
}

const ofFiles = ['attachment_not_found', 'attachment_not_ready', 'attachment_refused', 'attachment_limit', 'upload_token_unknown'];

/** What the server refuses, at the fields of the form; nothing where it is about no field. */
export function refusedFields(problem: Problem): [field: string, message: string][] {
	const known = (problem.errors ?? []).flatMap(({ pointer, detail }) => (pointer && fieldAt(pointer) ? [[fieldAt(pointer), detail ?? problem.title ?? ''] as [string, string]] : []));
	if (known.length === 0 && ofFiles.includes(kindOf(problem))) return [['files', problem.detail ?? problem.title ?? '']];
	return known;
}
