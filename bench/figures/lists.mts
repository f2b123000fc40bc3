import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { createHost } from '../../test/engine/harness.mts';
import { Cynet, CynetApi } from '../built.mts';
import type { Chapter } from '../figure.mts';
import { atMost, count, megabytes, told } from '../figure.mts';
import { collectGarbage } from '../rounds.mts';
import { startServer, type Server } from '../server.mts';
import { accountAt } from '../trigger.mts';

const HOUR = 3600_000;
const ALERTS = 200_000;
const HOSTS = 50_000;
/** The filter lets so many through, all at the end of the list: it is read whole. */
const MATCHING = 40;
const NAME = 'A name that no other alert has';
/** What is in use is found by collecting garbage, which takes half a second at last. */
const IN_USE_EVERY_MS = 3000;
/** A page, its request, and what n8n and Node keep for themselves. */
const FILTERED_LIMIT = 10 * 2 ** 20;
const PAGES_LIMIT = 16 * 2 ** 20;

interface Measured {
	readonly items: number;
	readonly requests: number;
	/** What is in use only because the items are there. */
	readonly returned: number;
	/** The most during the run, above what was before and what is returned. */
	readonly above: number;
}

/** Get Many over long lists: what is in use beside what is returned. */
export async function lists(): Promise<Chapter> {
	const server = await startServer();
	try {
		const spacingMs = (19 * HOUR) / ALERTS;
		const at = Date.now() - 20 * HOUR;
		await server.fill(ALERTS - MATCHING, { at, spacingMs });
		await server.fill(MATCHING, { at: at + 19.5 * HOUR, IncidentName: NAME });
		await server.setHosts(HOSTS);
		const since = new Date(at - HOUR).toISOString();
		const run = async (resource: 'alert' | 'host', more: INodeParameters): Promise<Measured> =>
			await measure(
				server,
				{ resource, operation: 'getAll', since, ...more },
				resource === 'alert' ? inUseNowAndThen : heapAtEachAnswer,
			);

		// Code is compiled, and a token is there.
		await run('alert', { limit: 1000 });
		const filtered = await run('alert', { limit: 50, filters: { name: NAME } });
		const all = await run('alert', { returnAll: true });
		const raw = await run('alert', { returnAll: true, simple: false });
		const hosts = await run('host', { limit: 50 });
		const allHosts = await run('host', { returnAll: true });
		for (const [found, wanted] of [
			[filtered.items, MATCHING],
			[all.items, ALERTS],
			[raw.items, ALERTS],
			[hosts.items, 50],
			[allHosts.items, HOSTS],
		])
			if (found !== wanted) throw new Error(`${found} items came, not ${wanted}`);

		const cost = ({ requests, returned }: Measured): string =>
			`${count(requests)} requests, ${megabytes(returned)}`;
		return {
			title: `Get Many over ${count(ALERTS)} alerts and ${count(HOSTS)} hosts`,
			figures: [
				atMost(
					`Limit 50 and a filter that ${MATCHING} of ${count(ALERTS)} alerts match: heap in use, above what is returned`,
					filtered.above,
					FILTERED_LIMIT,
					megabytes,
				),
				told('… requests, and what is returned', cost(filtered)),
				atMost(
					`Return All, ${count(ALERTS)} alerts, Simplify on: heap in use, above what is returned`,
					all.above,
					PAGES_LIMIT,
					megabytes,
				),
				told('… requests, and what is returned', cost(all)),
				atMost(
					'… Simplify off: heap in use, above what is returned',
					raw.above,
					PAGES_LIMIT,
					megabytes,
				),
				told('… requests, and what is returned', cost(raw)),
				told(
					`Limit 50 of ${count(HOSTS)} hosts: heap when the answer is parsed, above what is returned`,
					megabytes(hosts.above),
				),
				told('… requests, and what is returned', cost(hosts)),
				told(
					`Return All, ${count(HOSTS)} hosts: heap when the answer is parsed, above what is returned`,
					megabytes(allHosts.above),
				),
				told('… requests, and what is returned', cost(allHosts)),
			],
			notes: [
				`Measured: the node's \`execute\` in n8n's own \`ExecuteContext\`, with pages of 100 alerts. In use is what V8's garbage collection leaves, once in ${IN_USE_EVERY_MS / 1000} seconds; a megabyte or two more or less is n8n's and V8's own.`,
				`Hosts come in one answer, for the API has no pages of them. So Limit bounds what is returned and not what is read: the answer, 32 MB of text at most, is parsed whole, and let go before the node returns. Their figure is the heap at that moment, garbage included.`,
			],
		};
	} finally {
		server.close();
	}
}

/** Begins to look; what it returns ends that. */
type Watch = (note: (size: number) => void) => () => void;

const inUseNowAndThen: Watch = (note) => {
	const timer = setInterval(() => note(used()), IN_USE_EVERY_MS);
	return () => clearInterval(timer);
};

/** All of one answer is there at the moment when it has been parsed: as text and as rows. */
const heapAtEachAnswer: Watch = (note) => {
	const { parse } = JSON;
	JSON.parse = (...given: Parameters<typeof parse>): unknown => {
		const parsed: unknown = parse(...given);
		note(process.memoryUsage().heapUsed);
		return parsed;
	};
	return () => void (JSON.parse = parse);
};

async function measure(
	server: Server,
	parameters: INodeParameters,
	watch: Watch,
): Promise<Measured> {
	const before = used();
	let most = 0;
	const end = watch((size) => (most = Math.max(most, size)));
	const { held, items } = await executeAndHold(server, parameters);
	end();
	const returned = held - used();
	const requests = (await server.newRequests()).length;
	return { items, requests, returned, above: Math.max(most - before - returned, 0) };
}

/** The items are reachable in here, and nowhere else. */
async function executeAndHold(
	server: Server,
	parameters: INodeParameters,
): Promise<{ held: number; items: number }> {
	const output = await execute(server, parameters);
	const held = used();
	return { held, items: output.length };
}

async function execute(server: Server, parameters: INodeParameters): Promise<INodeExecutionData[]> {
	const nodeType = new Cynet();
	const host = createHost({
		credentialType: new CynetApi(),
		credential: accountAt(server.url),
		node: { name: 'Cynet', parameters },
	});
	return (await nodeType.execute.call(host.executeContext(nodeType)))[0]!;
}

function used(): number {
	collectGarbage();
	return process.memoryUsage().heapUsed;
}
