// SPDX-License-Identifier: EUPL-1.2
/*
 * Files that go with a statement: announced, sent one after the other, and from then on named by the
 * draft. They go on while people are in another step. Without sign-in the first one brings a token,
 * with which the others and the statement belong together (docs/api/attachment.md).
 */
import { computed, onScopeDispose, reactive } from 'vue';
import { api, ask, once, type Answer, type Problem, type Schemas } from '@/api/client';
import { sha256, upload } from '@/lib/upload';

/** A file that the server has, or had. */
export interface SentFile { id: string; name: string; size: number }
export type FileState = 'WAITS' | 'READS' | 'SENDS' | 'DONE' | 'FAILED' | 'REFUSED' | 'LOST';
export interface Item { key: string; id: string; name: string; size: number; sent: number; state: FileState; problem: Problem | undefined }
type Announced = Omit<Schemas['new_attachment'], 'statement'>;
interface Work { file: File; abort: AbortController; once: { 'Idempotency-Key': string }; announced?: Announced }

export interface Uploads {
	items: Item[];
	/** None is on its way or has failed. */
	settled: { readonly value: boolean };
	add(files: Iterable<File>): void;
	again(item: Item): void;
	remove(item: Item): void;
	/** Looks which files of a draft the server still has. */
	restore(files: readonly SentFile[]): Promise<void>;
}

export interface UploadsOf {
	announce(body: { name: string; media_type: string; size: number; sha256: string }, headers: { 'Idempotency-Key': string; 'Upload-Token'?: string }): Promise<Answer<Announced>>;
	mediaType(file: File): string;
	token(): string;
	changed(files: SentFile[], token: string): void;
	done(item: Item): void;
}

export function useUploads(of: UploadsOf): Uploads {
	const items = reactive<Item[]>([]);
	const work = new Map<string, Work>();
	let line: Promise<void> = Promise.resolve();
	const withToken = (): { 'Upload-Token'?: string } => (of.token() ? { 'Upload-Token': of.token() } : {});
	const tell = (token = of.token()): void => of.changed(items.filter(({ id, state }) => id && state !== 'REFUSED').map(({ id, name, size }) => ({ id, name, size })), token);

	function fail(item: Item, problem: Problem): void {
		item.problem = problem;
		// What the server does not want is not sent again; everything else may be.
		item.state = problem.status >= 400 && problem.status < 500 && problem.status !== 429 ? 'REFUSED' : 'FAILED';
	}
	/** Asks how a file stands; true where the server has all of it. */
	async function look(item: Item): Promise<boolean> {
		const { data, problem } = await ask(api.GET('/api/v1/attachments/{attachment}', { params: { path: { attachment: item.id }, header: withToken() } }));
		if (problem) item.state = problem.status === 404 ? 'LOST' : 'FAILED';
		else if (data?.state === 'ABGELEHNT') fail(item, { type: 'about:blank', title: data.reason ?? '', status: 422 } as Problem);
		else item.state = data?.state === 'LAEDT' ? 'LOST' : 'DONE';
		if (item.state === 'LOST') item.id = '';
		return item.state === 'DONE';
	}
	async function send(item: Item): Promise<void> {
		const job = work.get(item.key);
		if (!job || job.abort.signal.aborted) return;
		item.problem = undefined;
		item.sent = 0;
		item.state = 'READS';
		const announced = job.announced ? { data: job.announced } : await of.announce(
			{ name: job.file.name, media_type: of.mediaType(job.file), size: job.file.size, sha256: await sha256(job.file) }, { ...job.once, ...withToken() });
		if (announced.problem || !announced.data) return fail(item, announced.problem ?? ({ type: 'about:blank', title: '', status: 0 } as Problem));
		job.announced = announced.data;
		item.id = announced.data.id;
		tell(announced.data.upload_token ?? of.token());
		item.state = 'SENDS';
		const place = announced.data.upload;
		const problem = place ? await upload(place.url, job.file, { headers: withToken() as Record<string, string>, signal: job.abort.signal, progress: (sent) => (item.sent = sent) }) : undefined;
		if (problem) return fail(item, problem);
		if (!(await look(item))) return;
		work.delete(item.key);
		of.done(item);
	}
	function queue(item: Item): void {
		item.state = 'WAITS';
		line = line.then(() => send(item)).catch(() => {}).then(() => tell());
	}
	onScopeDispose(() => work.forEach(({ abort }) => abort.abort()));
	return {
		items,
		settled: computed(() => items.every(({ state }) => state === 'DONE')),
		add(files) {
			for (const file of files) {
				const key = crypto.randomUUID();
				// A file that is named again takes the place of the one that was lost.
				const lost = items.findIndex(({ state, name }) => state === 'LOST' && name === file.name);
				if (lost >= 0) items.splice(lost, 1);
				items.push({ key, id: '', name: file.name, size: file.size, sent: 0, state: 'WAITS', problem: undefined });
				work.set(key, { file, abort: new AbortController(), once: once() });
				const item = items.at(-1);
				if (item) queue(item);
			}
		},
		again(item) {
			if (work.has(item.key)) queue(item);
			else void look(item).then(() => tell());
		},
		remove(item) {
			work.get(item.key)?.abort.abort();
			work.delete(item.key);
			items.splice(items.findIndex(({ key }) => key === item.key), 1);
			if (item.id) void ask(api.DELETE('/api/v1/attachments/{attachment}', { params: { path: { attachment: item.id }, header: withToken() } }));
			tell();
		},
		async restore(files) {
			for (const { id, name, size } of files) {
				items.push({ key: id, id, name, size, sent: size, state: 'WAITS', problem: undefined });
				const item = items.at(-1);
				if (item) await look(item);
			}
			if (files.length) tell();
		},
	};
}
