import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { clock } from '../../nodes/shared/clock.ts';
import { nodeType, SHA256, startActing, type Runner, type Run } from './cynet-kit.mts';

let runner: Runner;
/** A file that Cynet knows: its remediations are under way for ten seconds, and then status 2. */
let known: string;
beforeEach(async () => {
	runner = await startActing();
	known = String(runner.simulator.raise(40).find(({ Sha256Hex }) => Sha256Hex)!.Sha256Hex);
});
afterEach(async () => await runner.close());

const hosts = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ host: `WS-${1000 + index}` }));
const killing = async (options: INodeParameters, run: Run = {}): Promise<IDataObject[]> =>
	(
		await runner.items(
			'file',
			'kill',
			{ hostName: '={{ $json.host }}', sha256: known },
			{ items: hosts(1), ...run, options: { waitForOutcome: true, ...options } },
		)
	).map(({ json }) => json);
const questions = () =>
	runner.simulator.ledger.requests.filter(
		({ method, path }) => method === 'GET' && path.startsWith('/api/file/remediation/'),
	);
const outcomesOf = (items: readonly IDataObject[]) =>
	items.map(
		({ outcome }) =>
			outcome as {
				endedBy: string;
				waitedSeconds: number;
				statuses: IDataObject[];
				message?: string;
			},
	);

describe('waiting for the outcome', () => {
	test('begins when all items were sent, and is one wait for all of them', async () => {
		const begin = runner.time.now;
		const items = await killing({ waitSeconds: 60 }, { items: hosts(10) });
		expect(runner.simulator.ledger.remediations.map(({ at }) => at - begin)).toEqual(
			Array.from({ length: 10 }, () => 0),
		);
		expect(runner.time.now - begin).toBe(60_000);
		expect(
			outcomesOf(items).map(({ endedBy, waitedSeconds, statuses }) => [
				endedBy,
				waitedSeconds,
				statuses[0]!.status,
			]),
		).toEqual(items.map(() => ['timeLimit', 60, 2]));
	});

	test('gives each item its own limit and its own final codes', async () => {
		const items = await killing(
			{ waitSeconds: '={{ $json.wait }}', finalStatuses: '={{ $json.codes }}' },
			{
				items: [
					{ host: 'A', wait: 7, codes: '24' },
					{ host: 'B', wait: 600, codes: '2' },
					{ host: 'C', wait: '90', codes: '9' },
				],
			},
		);
		expect(outcomesOf(items).map(({ endedBy, waitedSeconds }) => [endedBy, waitedSeconds])).toEqual(
			[
				['timeLimit', 7],
				['finalStatus', 12],
				['timeLimit', 90],
			],
		);
	});

	test.each([
		['a 404', { kind: 'status', status: 404 }],
		['an empty object', { kind: 'status', status: 200, body: '{}' }],
		['an empty answer', { kind: 'noContent' }],
		['an answer in another shape', { kind: 'foreign' }],
		['a web page', { kind: 'html' }],
		['a 500', { kind: 'status', status: 500 }],
		['a 403', { kind: 'status', status: 403 }],
		['an answer that breaks off', { kind: 'half' }],
		['words of an error', { kind: 'status', status: 200, body: { error: 'not ready' } }],
	] as const)('does not end with %s at the first question', async (_name, fault) => {
		runner.simulator.faults.add({
			...fault,
			match: { method: 'GET', path: '/api/file/remediation/*' },
		});
		expect(outcomesOf(await killing({ waitSeconds: 600, finalStatuses: '2' }))).toMatchObject([
			{ endedBy: 'finalStatus', statuses: [{ status: 2, statusInfo: 'Succeeded' }] },
		]);
	});

	test.each(['reset', 'html', 'timeout'] as const)(
		'does not end with an outage of 40 seconds (%s)',
		async (kind) => {
			if (kind === 'timeout') {
				const { timeOutIfUnanswered } = await import('./harness.mts');
				runner.simulator.settings.onRequest = timeOutIfUnanswered;
			}
			runner.simulator.faults.add({
				kind,
				times: 'forever',
				forSeconds: 40,
				match: { method: 'GET' },
			});
			const [outcome] = outcomesOf(await killing({ waitSeconds: 600, finalStatuses: '2' }));
			expect(outcome).toMatchObject({ endedBy: 'finalStatus', statuses: [{ status: 2 }] });
			expect(outcome!.waitedSeconds).toBeGreaterThanOrEqual(40);
		},
	);

	test('is not hidden by a remediation that Cynet does not know', async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 404,
			times: 'forever',
			match: { path: '/api/file/remediation/13002' },
		});
		const outcomes = outcomesOf(
			await killing({ waitSeconds: 30, finalStatuses: '2' }, { items: hosts(3) }),
		);
		expect(outcomes.map(({ endedBy }) => endedBy)).toEqual([
			'finalStatus',
			'noAnswer',
			'finalStatus',
		]);
		expect(outcomes[1]).toMatchObject({
			message: 'Cynet does not know this remediation',
			statuses: [{ id: 13_002, message: 'Cynet does not know this remediation' }],
		});
	});

	test('nor by another of the same item', async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 200,
			body: '{"remediation_items":[7,13001]}',
			match: { method: 'POST', path: '/api/file/*' },
		});
		await killing({ waitSeconds: 1 });
		await runner.one('file', 'kill', { hostName: 'X', sha256: known });
		runner.simulator.faults.add({
			kind: 'status',
			status: 200,
			body: '{"remediation_items":[7,13001]}',
			match: { method: 'POST', path: '/api/file/*' },
		});
		const [outcome] = outcomesOf(await killing({ waitSeconds: 30, finalStatuses: '2' }));
		expect(outcome).toMatchObject({
			endedBy: 'timeLimit',
			statuses: [
				{ id: 7, message: 'Cynet does not know this remediation' },
				{ id: 13_001, status: 2 },
			],
		});
	});

	test('honours a server that asks to be left alone, and asks for each in turn', async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 429,
			retryAfter: 45,
			times: 2,
			match: { method: 'GET' },
		});
		const outcomes = outcomesOf(
			await killing({ waitSeconds: 300, finalStatuses: '2' }, { items: hosts(4) }),
		);
		expect(runner.time.waits.filter((wait) => wait === 45_000)).toHaveLength(2);
		expect(
			new Set(
				questions()
					.slice(0, 3)
					.map(({ path }) => path),
			).size,
		).toBe(3);
		expect(outcomes.map(({ endedBy }) => endedBy)).toEqual(outcomes.map(() => 'finalStatus'));
	});

	test('of a day asks less and less often', async () => {
		const [outcome] = outcomesOf(await killing({ waitSeconds: 86_400, finalStatuses: '9' }));
		expect(outcome).toMatchObject({ endedBy: 'timeLimit', waitedSeconds: 86_400 });
		expect(questions().length).toBeLessThan(400);
		expect(questions().length).toBeGreaterThan(250);
	});

	test('ends at once where the keys are refused, for a wrong password is not tried every five seconds', async () => {
		runner.simulator.settings.onRequest = ({ method }) => {
			if (method !== 'GET') return;
			runner.simulator.expireTokens();
			runner.simulator.settings.password = 'another one';
		};
		const outcomes = outcomesOf(await killing({ waitSeconds: 600 }, { items: hosts(5) }));
		expect(
			outcomes.map(({ endedBy, waitedSeconds, message }) => [endedBy, waitedSeconds, message]),
		).toEqual(
			outcomes.map(() => ['noAnswer', 0, 'Cynet does not accept the username and password']),
		);
		// One before the first action, and one that was refused.
		expect(runner.simulator.ledger.exchanges).toBe(2);
	});

	test('ends at Stop, in the middle of a pause, and says so for every item', async () => {
		const stop = new AbortController();
		const context = runner.context(
			'file',
			'kill',
			{ hostName: '={{ $json.host }}', sha256: known },
			{ items: hosts(3), options: { waitForOutcome: true, waitSeconds: 600 } },
		);
		context.getExecutionCancelSignal = () => stop.signal;
		clock.wait = async () => {
			setImmediate(() => stop.abort());
			await new Promise(() => {});
		};
		const items = (await nodeType.execute.call(context))[0]!.map(({ json }) => json);
		expect(items.map(({ accepted }) => accepted)).toEqual([true, true, true]);
		expect(outcomesOf(items).map(({ endedBy }) => endedBy)).toEqual([
			'canceled',
			'canceled',
			'canceled',
		]);
	});

	test('asks for an id of 64 bits as it is', async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 200,
			body: '{"remediation_items":[9007199254740993]}',
			match: { method: 'POST', path: '/api/file/*' },
		});
		runner.simulator.faults.add({
			kind: 'status',
			status: 200,
			body: '{"id":9007199254740993,"status":24}',
			match: { path: '/api/file/remediation/9007199254740993' },
		});
		expect(outcomesOf(await killing({}))).toMatchObject([
			{ endedBy: 'finalStatus', statuses: [{ id: '9007199254740993', status: 24 }] },
		]);
	});

	test('is told for the items that were accepted, beside those that were not', async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 403,
			skip: 1,
			match: { method: 'POST', path: '/api/file/*' },
		});
		const items = await killing(
			{ finalStatuses: '2' },
			{ items: hosts(3), node: { onError: 'continueRegularOutput' } },
		);
		expect(
			items.map(({ accepted, outcome, error }) => [
				accepted,
				(outcome as IDataObject | undefined)?.endedBy,
				error === undefined,
			]),
		).toEqual([
			[true, 'finalStatus', true],
			[undefined, undefined, false],
			[true, 'finalStatus', true],
		]);
	});
});

describe('Get Remediation', () => {
	const ids = async (count: number) => {
		await runner.items(
			'file',
			'kill',
			{ hostName: '={{ $json.host }}', sha256: SHA256 },
			{ items: hosts(count) },
		);
		return runner.simulator.ledger.remediations.map(({ id }) => id);
	};

	test.each([
		['an expression that gives a list', '={{ [13001, 13002] }}'],
		['a list in the item', '={{ $json.remediationIds }}'],
		['text with commas', ' 13001,13002 , 13001,'],
		['a list as text', '[13001, 13002]'],
		['texts in a list', '={{ ["13001", "13002"] }}'],
	])('takes %s', async (_name, remediationId) => {
		await ids(2);
		const items = await runner.items(
			'file',
			'getRemediation',
			{ remediationId },
			{ items: [{ remediationIds: [13_001, 13_002] }] },
		);
		expect(items.map(({ json }) => [json.id, json.status, json.found])).toEqual([
			[13_001, 24, true],
			[13_002, 24, true],
		]);
	});

	test('of several, one that is not known hides none of the others', async () => {
		await ids(2);
		const items = await runner.items('file', 'getRemediation', {
			remediationId: '13001, 5, 13002',
		});
		expect(items.map(({ json }) => [json.id, json.found])).toEqual([
			[13_001, true],
			[5, false],
			[13_002, true],
		]);
	});

	test('asks for an id of 64 bits as it is', async () => {
		runner.simulator.faults.add({
			kind: 'status',
			status: 200,
			body: '{"id":9007199254740993,"status":9,"statusInfo":"x"}',
			match: { path: '/api/file/remediation/9007199254740993' },
		});
		expect(
			await runner.one('file', 'getRemediation', { remediationId: '9007199254740993' }),
		).toEqual({ id: '9007199254740993', status: 9, statusInfo: 'x' });
	});

	test.each([{}, { error: 'gone' }, { Message: 'x' }, []])(
		'does not take %j for a status',
		async (body) => {
			runner.simulator.faults.add({
				kind: 'status',
				status: 200,
				body,
				match: { path: '/api/file/remediation/*' },
			});
			expect((await runner.refusal('file', 'getRemediation', { remediationId: '5' })).message).toBe(
				'The answer is not what this operation returns',
			);
		},
	);
});
