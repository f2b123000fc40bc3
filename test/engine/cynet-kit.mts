import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { Cynet } from '../../nodes/Cynet/Cynet.node.ts';
import {
	startSimulator,
	type Simulator,
	type SimulatorOptions,
} from '../../simulator/simulator.mts';
import { createHost, virtualClock, type Host, type HostOptions } from './harness.mts';

export const SHA256 = '553C'.padEnd(64, 'A');

export interface Run {
	options?: INodeParameters;
	items?: IDataObject[];
	host?: HostOptions;
	/** Fields of the node itself, such as its type or `onError`. */
	node?: Record<string, unknown> & { type?: string };
}

export interface Runner {
	readonly simulator: Simulator;
	readonly time: ReturnType<typeof virtualClock>;
	host: Host;
	context(
		resource: string,
		operation: string,
		parameters?: INodeParameters,
		run?: Run,
	): ReturnType<Host['executeContext']>;
	/** The items that come out. */
	items(
		resource: string,
		operation: string,
		parameters?: INodeParameters,
		run?: Run,
	): Promise<INodeExecutionData[]>;
	/** The only item that comes out. */
	one(
		resource: string,
		operation: string,
		parameters?: INodeParameters,
		run?: Run,
	): Promise<IDataObject>;
	/** What it throws. */
	refusal(
		resource: string,
		operation: string,
		parameters?: INodeParameters,
		run?: Run,
	): Promise<Refusal>;
	/** Requests other than logins. */
	requests(): Simulator['ledger']['requests'];
	close(): Promise<void>;
}

interface Refusal extends Error {
	description?: string;
	httpCode?: string | null;
	context: { itemIndex?: number };
}

export const nodeType = new Cynet();

/** A simulated Cynet 360, and one n8n-core with the node in it, on a virtual clock. */
export async function startRunner(settings: SimulatorOptions = {}): Promise<Runner> {
	const time = virtualClock();
	const simulator = await startSimulator({ now: () => time.now, ...settings });
	const { username, password } = simulator.settings;
	const credential = {
		baseUrl: simulator.url,
		username,
		password,
		clientId: simulator.settings.sites[0]!,
	};
	let stored: Record<string, unknown> = {};

	const runner: Runner = {
		simulator,
		time,
		host: createHost({ credential }),
		context: (resource, operation, parameters = {}, { options, items = [{}], host, node } = {}) => {
			const all = {
				resource,
				operation,
				...parameters,
				...(options && { options: { ...(parameters.options as object), ...options } }),
			};
			runner.host = createHost({
				...host,
				credential: { ...credential, ...stored, ...host?.credential },
				node: { name: 'Cynet', parameters: all, ...(node?.type && { type: node.type }) },
			});
			const context = runner.host.executeContext(
				nodeType,
				items.map((json) => ({ json })),
			);
			Object.assign((context as unknown as { node: object }).node, node);
			stored = runner.host.storedCredential;
			return context;
		},
		items: async (...wanted) => (await nodeType.execute.call(runner.context(...wanted)))[0]!,
		one: async (...wanted) => {
			const items = await runner.items(...wanted);
			if (items.length !== 1) throw new Error(`${items.length} items came out`);
			return items[0]!.json;
		},
		refusal: async (...wanted) => {
			try {
				await runner.items(...wanted);
			} catch (error) {
				return error as Refusal;
			}
			throw new Error('It went well');
		},
		requests: () => simulator.ledger.requests.filter(({ path }) => !path.endsWith('/token')),
		close: async () => {
			time.restore();
			await simulator.close();
		},
	};
	return runner;
}

/** The same for actions on hosts that are invented: whether a host exists has tests of its own. */
export async function startActing(settings: SimulatorOptions = {}): Promise<Runner> {
	const runner = await startRunner(settings);
	const { context } = runner;
	runner.context = (resource, operation, parameters, run) =>
		context(resource, operation, parameters, {
			...run,
			options: { hostCheck: 'off', ...run?.options },
		});
	return runner;
}
