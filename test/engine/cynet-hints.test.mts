import type { INodeParameters, NodeExecutionHint } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { patternOf } from '../../docs/make/errors/code.mts';
import { HINT_WORDS } from '../../docs/make/errors/hints.mts';
import { nodeType, SHA256, startRunner, type Runner } from './cynet-kit.mts';

let runner: Runner;
beforeEach(async () => void (runner = await startRunner({ sites: ['1001', '1002'] })));
afterEach(async () => await runner.close());

const SINCE = '2026-05-31T00:00:00Z';
const FILE = { sha256: SHA256, hostName: 'WS-0101' };

/** The hints of one execution, as n8n keeps them. */
async function hintsOf(
	resource: string,
	operation: string,
	parameters: INodeParameters = {},
	run: Parameters<Runner['context']>[3] = {},
): Promise<string[]> {
	const context = runner.context(resource, operation, parameters, run);
	await nodeType.execute.call(context);
	return (context as unknown as { hints: NodeExecutionHint[] }).hints.map(({ message }) => message);
}

const WAYS: Readonly<Record<keyof typeof HINT_WORDS, () => Promise<string[]>>> = {
	nothingRead: async () => await hintsOf('alert', 'getAll', { since: SINCE }),
	nothingMatched: async () => {
		runner.simulator.raise(3, { Severity: 2 });
		return await hintsOf('alert', 'getAll', { since: SINCE, filters: { severities: [5] } });
	},
	cut: async () => {
		runner.simulator.raise(5);
		return await hintsOf('alert', 'getAll', { since: SINCE, limit: 2 });
	},
	cutOf: async () => await hintsOf('host', 'getAll', { since: SINCE, limit: 1 }),
	accepted: async () => await hintsOf('file', 'kill', FILE),
	dryRun: async () => await hintsOf('file', 'kill', FILE, { options: { dryRun: true } }),
	alertCut: async () =>
		await hintsOf('alert', 'convert', {
			alert: JSON.stringify({
				ClientDbId: 1,
				CommandLine: 'x'.repeat(1_000_000),
				cynet: { clientId: '1001', dedupKey: 'cynet:1001:1', event: null },
			}),
		}),
	noSite: async () => await hintsOf('alert', 'convert', { alert: '{"ClientDbId":1}' }),
};

describe.each(Object.entries(HINT_WORDS))('%s', (hint, { text, when }) => {
	test(`${when}: it is hinted at, once`, async () => {
		const hints = await WAYS[hint as keyof typeof WAYS]();
		expect(hints).toHaveLength(1);
		expect(hints[0]).toMatch(patternOf(text));
		// n8n's editor renders HTML.
		expect(hints[0]).not.toMatch(/[<>]/);
	});
});

test('the figures are those of the list', async () => {
	runner.simulator.raise(3, { Severity: 2 });
	expect(await hintsOf('alert', 'getAll', { since: SINCE, filters: { severities: [5] } })).toEqual([
		'No alert matched: 3 were read at site 1001, and the filters left out all of them. Remove filters, or choose an earlier Since.',
	]);
	const all = await runner.items('host', 'getAll', { since: SINCE, returnAll: true });
	expect(await hintsOf('host', 'getAll', { since: SINCE, limit: 1 })).toEqual([
		`Limit cut the results: 1 of ${all.length} are returned. Raise Limit, or turn on Return All.`,
	]);
});

test('a list that is whole hints at nothing', async () => {
	runner.simulator.raise(2);
	expect(await runner.items('alert', 'getAll', { since: SINCE, limit: 3 })).toHaveLength(2);
	expect(await hintsOf('alert', 'getAll', { since: SINCE, limit: 3 })).toEqual([]);
	expect(await hintsOf('alert', 'getAll', { since: SINCE, returnAll: true })).toEqual([]);
	expect(await hintsOf('host', 'getAll', { since: SINCE, returnAll: true })).toEqual([]);
});

test('many items say each thing once, with their number', async () => {
	const items = Array.from({ length: 12 }, (_, index) => ({ site: index % 2 ? '1001' : '1002' }));
	const hints = await hintsOf('file', 'kill', FILE, {
		items,
		options: { clientId: '={{ $json.site }}', dryRun: true },
	});
	expect(hints).toEqual([expect.stringContaining('nothing was sent for 12 of the items')]);
});

test('an n8n that takes no hints is given none, and the items come out', async () => {
	const context = runner.context('file', 'kill', FILE, { options: { dryRun: true } });
	Object.assign(context, { addExecutionHints: undefined });
	expect((await nodeType.execute.call(context))[0]).toHaveLength(1);
});

test('Convert asks nobody and needs no credential', async () => {
	const context = runner.context(
		'alert',
		'convert',
		{ alert: '={{ $json }}', format: 'ocsf' },
		{
			items: [
				{ ClientDbId: 7, cynet: { clientId: '1002', dedupKey: 'cynet:1002:7', event: null } },
			],
		},
	);
	Object.assign((context as unknown as { node: object }).node, { credentials: undefined });
	const [items] = await nodeType.execute.call(context);
	expect(JSON.stringify(items)).toContain('1002:7');
	expect(runner.simulator.ledger.requests).toEqual([]);
});

test.each(['acme', 'acme-corp', '٣'])(
	'a Client ID that Cynet refuses and that is no number (%s) is told as such',
	async (clientId) => {
		const host = { credential: { clientId } as never };
		const told = await runner.refusal('alert', 'count', { since: SINCE }, { host });
		expect(told.message).toBe('The Client ID is not the number of a site');
	},
);

test('a Client ID with a blank behind it is that of the site', async () => {
	const host = { credential: { clientId: '1001 ' } as never };
	expect(await runner.one('alert', 'count', { since: SINCE }, { host })).toMatchObject({
		count: 0,
	});
});

test('a number that Cynet refuses is told as missing rights or another site', async () => {
	const told = await runner.refusal(
		'alert',
		'count',
		{ since: SINCE },
		{ options: { clientId: '9' } },
	);
	expect(told.message).toBe('Cynet does not let the API user do this');
	expect(told.description).toContain('Client ID');
});
