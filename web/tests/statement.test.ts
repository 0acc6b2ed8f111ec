// SPDX-License-Identifier: EUPL-1.2
import { describe, expect, it } from 'vitest';
import type { Problem } from '@/api/client';
import { bodyOf, degrees, empty, fieldAt, lacks, refusedFields, stepOf, stepsOf } from '@/pages/statement/draft';
import { readReceipt, verdictOf } from '@/pages/statement/receipt';

const draft = (more: object) => ({ ...empty(), ...more });

describe('a statement while it is written', () => {
	it('has the step of a place only where it is about one', () => {
		expect(stepsOf(empty())).not.toContain('ort');
		expect(stepsOf(draft({ subject: 'BEIDES' }))).toContain('ort');
	});
	it('lacks what its step asks for, and nothing that does not apply', () => {
		expect(lacks('text', empty())).toEqual([['stance', 'stance'], ['text-0', 'text']]);
		expect(lacks('text', draft({ stance: 'KEINE_BEDENKEN' }))).toEqual([]);
		expect(lacks('ort', draft({ subject: 'ORT', latitude: '53,6', longitude: '' }))).toEqual([['latitude', 'place']]);
		expect(lacks('ort', draft({ subject: 'PLAN' }))).toEqual([]);
		expect(lacks('kontakt', draft({ named: 'OHNE' }))).toEqual([]);
		expect(lacks('kontakt', draft({ named: 'MIT' })).map(([field]) => field)).toEqual(['family_name', 'email']);
		expect(lacks('kontakt', draft({ named: 'MIT', inform: 'POST' })).map(([field]) => field)).toEqual(['family_name', 'street', 'town']);
	});
	it('reads degrees with comma or point', () => expect(['53,6', ' 53.6 ', '', 'x'].map(degrees)).toEqual([53.6, 53.6, undefined, undefined]));
});

describe('what is sent', () => {
	const points = [{ topic: ' Lärm ', text: 'Zu laut.' }, { topic: 'leer', text: '  ' }];
	it('is what was said, each point with document and place', () => {
		expect(bodyOf(draft({ stance: 'BEDENKEN', subject: 'BEIDES', document: 'Begründung', page: '3', latitude: '53,6', longitude: '9,8', points, named: 'OHNE' }), '1')).toEqual({
			stance: 'BEDENKEN', points: [{ kind: 'EINWAND', topic: 'Lärm', text: 'Zu laut.', document: 'Begründung', page: '3', geometry: { type: 'Point', coordinates: [9.8, 53.6] } }] });
	});
	it('has no document or place that no longer applies, and no person without a name', () => {
		const body = bodyOf(draft({ stance: 'HINWEISE', subject: 'PLAN', document: 'Begründung', latitude: '53,6', longitude: '9,8', points, named: 'OHNE', publishName: true, person: { ...empty().person, email: 'a@b.example' } }), '1');
		expect(body).toEqual({ stance: 'HINWEISE', points: [{ kind: 'HINWEIS', topic: 'Lärm', text: 'Zu laut.' }] });
	});
	it('has consents only where one was given, with the version that was shown', () => {
		const named = { stance: 'HINWEISE', points, named: 'MIT', inform: 'KEINE', person: { ...empty().person, family_name: 'Muster' } };
		expect(bodyOf(draft(named), '2026-11').consents).toBeUndefined();
		expect(bodyOf(draft({ ...named, publishName: true }), '2026-11')).toMatchObject({ person: { family_name: 'Muster', inform: 'KEINE' }, consents: { publish_name: true, notices: false, text_version: '2026-11' } });
	});
	it('names files with their token', () => {
		expect(bodyOf(draft({ stance: 'HINWEISE', points, files: [{ id: 'a', name: 'a.png', size: 1 }], uploadToken: 't' }), '1')).toMatchObject({ attachments: ['a'], upload_token: 't' });
	});
});

describe('what is refused', () => {
	it('belongs to a field, and the field to a step', () => {
		const known: [string, string, string][] = [['/stance', 'stance', 'text'], ['/points/1/text', 'text-1', 'text'], ['/points/0/geometry', 'latitude', 'ort'], ['/points/0/document', 'document', 'gegenstand'],
			['/attachments/0', 'files', 'dateien'], ['/person/email', 'email', 'kontakt'], ['/consents', 'publish_name', 'kontakt']];
		for (const [pointer, field, step] of known) expect([fieldAt(pointer), stepOf(fieldAt(pointer))], pointer).toEqual([field, step]);
	});
	it('leads to the files where it is about them without saying so', () => {
		expect(refusedFields({ type: '/problems/upload_token_unknown', title: 'Weg', status: 404 } as Problem)).toEqual([['files', 'Weg']]);
		expect(refusedFields({ type: '/problems/round_not_open', title: 'Zu', status: 409 } as Problem)).toEqual([]);
	});
});

describe('a receipt', () => {
	it('is read from its file, and nothing else is', () => {
		expect(['', '%PDF-1.4', 'x', '[]', '{"receipt":{}}'].map(readReceipt)).toEqual(['check_empty', 'check_pdf', 'check_no_json', 'check_no_json', 'check_no_signature']);
		expect(readReceipt('{"receipt":{"number":"1"},"signature":{"key":"k"}}')).toEqual({ receipt: { number: '1' }, signature: { key: 'k' } });
	});
	it('is genuine before it is sealed, and not without signature', () => {
		expect(verdictOf({ signed: true, recorded: true, chained: true, sealed: false })).toBe('genuine');
		expect(verdictOf({ signed: true, recorded: false, chained: true, sealed: true })).toBe('in_part');
		expect(verdictOf({ signed: false, recorded: true, chained: true, sealed: true })).toBe('false');
	});
});
