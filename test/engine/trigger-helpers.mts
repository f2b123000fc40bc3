import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, expect } from 'vitest';
import { CynetTrigger } from '../../nodes/CynetTrigger/CynetTrigger.node.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { unpackState, type SiteState } from '../../nodes/shared/feed/state.ts';
import {
	startSimulator,
	type Simulator,
	type SimulatorOptions,
} from '../../simulator/simulator.mts';
import { createHost, NodeApiError, type HostOptions } from './harness.mts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const BULK = '/api/alerts/bulk';
export const KEY = 'site 1001';

/** The time, and the one simulator of the running test. */
export const stage = {
	/** True time, and the server's. */
	now: 0,
	/** How far this machine's clock is ahead of it. */
	skew: 0,
	waited: [] as number[],
	simulator: undefined as unknown as Simulator,
};

const real = { ...clock };
let workflows = 0;

/** Before each test noon on 9 May 2026, after it no simulator. */
export function setStage(): void {
	beforeEach(() => {
		Object.assign(stage, { now: Date.UTC(2026, 4, 9, 12, 0, 0), skew: 0, waited: [] });
		clock.now = () => stage.now + stage.skew;
		clock.ticks = () => stage.now;
		clock.limit = async () => await new Promise(() => {});
		clock.random = () => 0.5;
		clock.wait = async (milliseconds) => {
			stage.waited.push(milliseconds);
			stage.now += milliseconds;
		};
	});
	afterEach(async () => {
		Object.assign(clock, real);
		await stage.simulator.close();
	});
}

export async function start(options: SimulatorOptions = {}): Promise<Simulator> {
	return (stage.simulator = await startSimulator({ now: () => stage.now, ...options }));
}

export interface Trigger {
	options?: INodeParameters;
	parameters?: INodeParameters;
	host?: HostOptions;
}

/** A workflow with the trigger, in an n8n of its own. */
export function trigger({ options = {}, parameters = {}, host = {} }: Trigger = {}) {
	const nodeType = new CynetTrigger();
	const credential = {
		baseUrl: stage.simulator.url,
		username: 'ACCESS-KEY',
		password: 'SECRET-KEY-OF-THE-SIMULATOR',
		clientId: '1001',
		...host.credential,
	};
	const n8n = createHost({
		workflowId: `workflow ${++workflows}`,
		...host,
		credential,
		node: { ...host.node, parameters: { simple: true, ...parameters, options } },
	});
	const items = async () => (await n8n.poll(nodeType))?.[0]?.map((item) => item.json) ?? [];
	return {
		n8n,
		nodeType,
		/** One tick; the keys of the items. */
		poll: async () => keys(await n8n.poll(nodeType)),
		items,
		/** One tick after that time. */
		after: async (milliseconds: number) => {
			stage.now += milliseconds;
			return keys(await n8n.poll(nodeType));
		},
		/** A tick a minute; the keys of all items. */
		pollFor: async (minutes: number) => {
			const all: string[] = [];
			for (let minute = 0; minute < minutes; minute++) {
				stage.now += MINUTE;
				all.push(...keys(await n8n.poll(nodeType)));
			}
			return all;
		},
		/** One tick; event and id of the items, as `updated 7`. */
		told: async () => (await items()).map(({ event, id }) => `${String(event)} ${String(id)}`),
		activate: async () => keys(await n8n.activate(nodeType)),
		/** The workflow is registered anew, as after a change of it. */
		restart: () => n8n.context(nodeType),
		/** The user changes the node. */
		set: (next: Omit<Trigger, 'host'>) =>
			n8n.setParameters({
				simple: true,
				...parameters,
				...next.parameters,
				options: { ...options, ...next.options },
			}),
		state: (clientId = '1001') => stateOf(n8n.staticData[`site ${clientId}`], clientId),
	};
}

/** n8n in another process that finds what this one saved last: nothing is remembered but that. */
export function afterRestart(
	old: ReturnType<typeof trigger>,
	like: Trigger = {},
): ReturnType<typeof trigger> {
	return trigger({ ...like, host: { ...like.host, staticData: old.n8n.saved ?? undefined } });
}

export function stateOf(packed: unknown, clientId = '1001'): SiteState {
	const found = unpackState(packed, { server: stage.simulator.url, clientId });
	if (found.kind !== 'ok') throw new Error(`The state is ${found.kind}`);
	return found.state;
}

export function keys(result: INodeExecutionData[][] | null): string[] {
	return (result?.[0] ?? []).map((item) => String(item.json.dedupKey));
}

export const keyOf = (alert: { ClientDbId?: unknown }, site = '1001') =>
	`cynet:${site}:${String(alert.ClientDbId)}`;
export const idOf = (alert: { ClientDbId?: unknown } | undefined) => alert!.ClientDbId as number;
export const requests = (path = BULK) =>
	stage.simulator.ledger.requests.filter((request) => request.path === path);
export const iso = (at: number) => new Date(at).toISOString();

/** Calls back right before the nth request for that list (from 1) is answered. */
export function beforeAnswer(count: number, what: () => void, path = BULK): void {
	let seen = 0;
	stage.simulator.settings.onRequest = (request) => {
		if (request.path === path && ++seen === count) what();
	};
}

export async function errorOf(
	promise: Promise<unknown>,
): Promise<InstanceType<typeof NodeApiError>> {
	try {
		await promise;
	} catch (error) {
		expect(error).toBeInstanceOf(NodeApiError);
		return error as InstanceType<typeof NodeApiError>;
	}
	throw new Error('Nothing was thrown');
}
