// SPDX-License-Identifier: EUPL-1.2
// A server with one procedure, and a planner who files broken plans in it.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { startServer } from '../../harness/server.mjs';
import { temporary } from '../files/support.mjs';

class Desk {
	constructor(server, socket) {
		this.server = server;
		this.socket = socket;
	}

	// Over the Unix socket, which is a reverse proxy's: no rate limits it. Anew each time: between two the server may hang up.
	post(path, body, type) {
		return new Promise((resolve, reject) => {
			const asked = request({ agent: false, socketPath: this.socket, path: `/api/v1${path}`, method: 'POST', headers: { Host: 'x', 'Accept-Language': 'en', Authorization: `Bearer ${this.planner.token}`,
				'Content-Type': type, 'Accept-Language': 'en', 'Content-Length': Buffer.byteLength(body) } }, async (reply) => {
				let text = '';
				for await (const chunk of reply.setEncoding('utf8'))
					text += chunk;
				resolve({ status: reply.statusCode, text, body: JSON.parse(text) });
			});
			asked.on('error', reject).end(body);
		});
	}

	file(body, type, query = '') {
		return this.post(`/procedures/${this.procedure}/plans${query}`, body, type);
	}

	preview(body) {
		return this.post('/affected-preview', body.replace('{', '{"kind":"BP_REGEL","planning_municipalities":["02000000"],'), 'application/json');
	}

	/** How many plans the database has. */
	async stored() {
		const [{ count }] = await this.server.sql('select count(*) from pp.plan');
		return count;
	}

	/** That answer is a refusal with this problem, sentence and place. */
	refuses(reply, problem, sentence, placed = () => {}) {
		assert.equal(reply.body.type, `/problems/${problem}`, reply.text);
		assert.ok(reply.status >= 400 && reply.status < 500 && reply.status === reply.body.status, reply.text);
		assert.match(reply.body.detail, sentence);
		placed(reply.body.place);
	}

	/** That answer proposes a geometry of so many m², and says what it changes. */
	async proposes(reply, sentence, area) {
		assert.equal(reply.status, 200, reply.text);
		const { geometry, crs, changes } = reply.body.proposal;
		assert.equal(crs, 'EPSG:25832');
		assert.match(changes[0], sentence);
		assert.match(changes[0], / at \d+\.\d{3} \d+\.\d{3}$/);
		const [judged] = await this.server.sql(`select ST_IsValid(g) as valid, ST_Area(g) as area from (select ST_GeomFromGeoJSON('${JSON.stringify(geometry)}') as g) t`);
		assert.equal(judged.valid, true);
		assert.ok(Math.abs(judged.area - area) < 0.01, `${judged.area} m²`);
	}

	async close() {
		await this.server.stop();
	}
}

export async function openDesk() {
	const socket = temporary('desk.sock');
	const desk = new Desk(await startServer({ settings: { socket } }), socket);
	desk.planner = await desk.server.account('manager', '02000000');
	const { id } = await desk.server.must(201, 'POST', '/procedures', { token: desk.planner,
		body: { kind: 'BP_REGEL', title: 'Broken plans', planning_municipalities: ['02000000'] } });
	desk.procedure = id;
	return desk;
}
