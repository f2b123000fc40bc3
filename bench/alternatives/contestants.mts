import type { Workflow } from '../../host/rest.mts';
import { handBuilt } from './hand-built.mts';

export interface Account {
	readonly baseUrl: string;
	readonly username: string;
	readonly password: string;
	readonly clientId: string;
}

/** What all contestants are asked for alike. */
export interface Terms {
	/** When to poll: with seconds, in front. */
	readonly crons: readonly string[];
	/** Rows a request. */
	readonly pageSize: number;
	/** How far back each poll reads again. The bare trigger does not. */
	readonly overlapMinutes: number;
	/** Most alerts a poll of Cynet Trigger emits; the others know no limit. */
	readonly maxAlerts: number;
	/** Whether a last node tells the ledger of the server which alerts it was given. */
	readonly withLedger?: boolean;
}

export type Node = Readonly<Record<string, unknown>> & { readonly name: string };
type Credentials = Readonly<Record<string, { readonly id: string; readonly name: string }>>;
type Nodes = (account: Account, credentials: Credentials, terms: Terms) => Node[];

export type Key = 'hand' | 'bare' | 'ours' | 'verbatim';

export interface Contestant {
	readonly key: Key;
	readonly name: string;
	workflow(account: Account, credentials: Credentials, terms: Terms): Workflow;
}

const pollTimes = (crons: readonly string[]): unknown => ({
	item: crons.map((cronExpression) => ({ mode: 'custom', cronExpression })),
});

const bareTrigger: Nodes = (_, credentials, { crons, pageSize }) => [
	{
		name: 'Bare Trigger',
		type: 'CUSTOM.bareTrigger',
		typeVersion: 1,
		credentials,
		parameters: { pollTimes: pollTimes(crons), pageSize },
	},
];

const cynetTrigger =
	(simple: boolean): Nodes =>
	(_, credentials, { crons, pageSize, overlapMinutes, maxAlerts }) => [
		{
			name: 'Cynet Trigger',
			type: 'n8n-nodes-cynet.cynetTrigger',
			typeVersion: 1,
			credentials,
			parameters: {
				pollTimes: pollTimes(crons),
				simple,
				options: { pageSize, overlapMinutes, maxAlerts },
			},
		},
	];

const NODES: Readonly<Record<Key, readonly [name: string, nodes: Nodes]>> = {
	hand: ['Hand-built workflow', handBuilt],
	bare: ['Bare trigger', bareTrigger],
	ours: ['Cynet Trigger', cynetTrigger(true)],
	verbatim: ['Cynet Trigger, Simplify off', cynetTrigger(false)],
};

/** Sends the ids of an execution's alerts in one request. */
const ledgerNode = ({ baseUrl, clientId }: Account): Node => ({
	name: 'Ledger',
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	executeOnce: true,
	parameters: {
		method: 'POST',
		url: `${baseUrl}/ledger/alerts`,
		sendBody: true,
		specifyBody: 'json',
		jsonBody: `={{ JSON.stringify($input.all().map(({ json }) => ({ dedupKey: json.dedupKey ?? 'cynet:${clientId}:' + json.ClientDbId }))) }}`,
		options: {},
	},
});

export const CONTESTANTS = Object.fromEntries(
	Object.entries(NODES).map(([key, [name, nodes]]) => [
		key,
		{
			key,
			name,
			workflow: (account, credentials, terms) =>
				inLine(name, [
					...nodes(account, credentials, terms),
					...(terms.withLedger ? [ledgerNode(account)] : []),
				]),
		} as Contestant,
	]),
) as Readonly<Record<Key, Contestant>>;

/** A workflow of nodes one behind the other, with n8n's own settings. */
function inLine(name: string, nodes: readonly Node[]): Workflow {
	const link = (next: Node) => ({ main: [[{ node: next.name, type: 'main', index: 0 }]] });
	return {
		name,
		nodes: nodes.map((node, index) => ({
			id: crypto.randomUUID(),
			position: [index * 240, 0],
			...node,
		})),
		connections: Object.fromEntries(
			nodes.slice(1).map((next, index) => [nodes[index]!.name, link(next)]),
		),
	};
}
