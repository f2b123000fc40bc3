import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MINUTE, idOf, keyOf, setStage, stage, start, trigger } from './trigger-helpers.mts';

describe('the list of cases', () => {
	it('holds every number from A1 to E7 once', () => {
		const files = readdirSync(import.meta.dirname).filter((file) =>
			/^case-.*\.test\.mts$/.test(file),
		);
		const text = files
			.map((file) => readFileSync(`${import.meta.dirname}/${file}`, 'utf8'))
			.join('\n');
		const numbers = [...text.matchAll(/['"]([A-E]\d+): /g)].map(([, number]) => number);
		const wanted = Object.entries({ A: 12, B: 10, C: 15, D: 6, E: 7 }).flatMap(([letter, count]) =>
			Array.from({ length: count }, (_, i) => `${letter}${i + 1}`),
		);
		expect(wanted).toHaveLength(50);
		expect(numbers.sort()).toEqual(wanted.sort());
	});
});

describe('content', () => {
	setStage();

	it('E1: a changed status is nothing to `created`, and one item to `updated`', async () => {
		const { raise, change } = await start();
		const created = trigger();
		const updated = trigger({ parameters: { events: ['updated'] } });
		const [alert] = raise();
		expect(await created.poll()).toEqual([keyOf(alert!)]);
		expect(await updated.poll()).toEqual([]);
		stage.now += MINUTE;
		change('1001', idOf(alert), 3);
		expect(await created.pollFor(15)).toEqual([]);
		expect(await updated.pollFor(15)).toEqual([`${keyOf(alert!)}:2026-05-09T12:01:00.000Z`]);
	});

	it('E2: a recurrence is nothing to `created`, and one item to `recurred`', async () => {
		const { raise, recur } = await start();
		const created = trigger();
		const recurred = trigger({ parameters: { events: ['recurred'] } });
		const [alert] = raise();
		expect(await created.poll()).toEqual([keyOf(alert!)]);
		expect(await recurred.poll()).toEqual([]);
		stage.now += MINUTE;
		recur('1001', idOf(alert));
		expect(await created.pollFor(70)).toEqual([]);
		expect(await recurred.pollFor(70)).toEqual([`${keyOf(alert!)}:2026-05-09T12:01:00.000Z`]);
	});

	it('E3: 500 alerts that a filter leaves out do not stop the cursor; an unknown severity is above none', async () => {
		const { raise } = await start();
		const { poll, after, state } = trigger({
			parameters: { filters: { severities: [4, 5] } },
			options: { maxAlerts: 10 },
		});
		await poll();
		raise(500, { Severity: 2 });
		raise(5, { Severity: 99 });
		const [high] = raise(1, { Severity: 4 });
		expect(await after(MINUTE)).toEqual([keyOf(high!)]);
		expect(state().alerts.cursor).toBe(stage.now);
		const unknown = trigger({ parameters: { filters: { severities: [99] } } });
		expect(await unknown.poll()).toHaveLength(5);
	});

	it.each(['1001, 1002', '1001;1002', ' 1001\n1002\n', '1001 1002,1001'])(
		'E4: the same id in two sites is two alerts, with the sites given as %j',
		async (clientIds) => {
			const { raise } = await start({ sites: ['1001', '1002'] });
			raise(3, { site: '1001' });
			raise(3, { site: '1002' });
			const { items, poll } = trigger({ options: { clientIds } });
			const got = await items();
			expect(got.map(({ clientId, id }) => `${String(clientId)}:${String(id)}`).sort()).toEqual([
				'1001:1',
				'1001:2',
				'1001:3',
				'1002:1',
				'1002:2',
				'1002:3',
			]);
			expect(new Set(got.map(({ dedupKey }) => dedupKey)).size).toBe(6);
			expect(await poll()).toEqual([]);
		},
	);

	it.each([
		['absent', undefined, null],
		['empty', '', null],
		['an object', { Hostname: 'PC-7' }, { Hostname: 'PC-7' }],
		['malformed', '{"Hostname": "PC-', null],
		['a list', '[1]', null],
		['2 MB', JSON.stringify({ text: 'x'.repeat(2_000_000) }), { text: 'x'.repeat(2_000_000) }],
	])(
		'E5: an IncidentJsonDescription that is %s is kept verbatim, and parsed where that can be',
		async (_, given, details) => {
			const { raise } = await start();
			raise(1, { IncidentJsonDescription: given });
			const [simple] = await trigger().items();
			const [raw] = await trigger({ parameters: { simple: false } }).items();
			expect(simple!.details).toEqual(details);
			expect(raw!.IncidentJsonDescription).toEqual(given);
		},
	);

	it('E6: every field comes as the API sent it; a number that JavaScript cannot hold comes rounded', async () => {
		const { raise } = await start();
		const json =
			'{"zebra":1.0,"ClientDbId":5,"alpha":{"b":[],"a":null},"__proto__":{"polluted":true},"text":"\\u0000 \\ud800 \\u2028","big":9007199254740993,"exponent":1e3,"LastSeen":"2026-05-09T12:00:00+00:00","DateIn":"2026-05-09T12:00:00+00:00"}';
		raise(1, { json });
		const { n8n, nodeType } = trigger({ parameters: { simple: false } });
		const { cynet, ...alert } = (await n8n.poll(nodeType))![0]![0]!.json;
		expect(cynet).toEqual({ event: 'created', clientId: '1001', dedupKey: 'cynet:1001:5' });
		expect(JSON.stringify(alert)).toBe(JSON.stringify(JSON.parse(json)));
		expect(alert.big).toBe(9007199254740992);
		expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
	});

	it.each(['Simulated attack', 'test', 'EICAR test file'])(
		'E7: an alert named "%s" is emitted; only a filter of the user leaves it out',
		async (IncidentName) => {
			const { raise } = await start();
			const [alert] = raise(1, { IncidentName });
			expect(await trigger().poll()).toEqual([keyOf(alert!)]);
		},
	);
});
