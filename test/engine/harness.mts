import 'reflect-metadata';
import { subscribe } from 'node:diagnostics_channel';
import { mkdtempSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeParameters,
	INodeProperties,
	INodeType,
	IExecuteFunctions,
	IPollFunctions,
} from 'n8n-workflow';

import { CynetApi } from '../../credentials/CynetApi.credentials.ts';
import { testCredential } from '../../nodes/shared/api/credential-test.ts';
import { clock } from '../../nodes/shared/clock.ts';
import type { RequestRecord } from '../../simulator/simulator.mts';

process.env.N8N_USER_FOLDER ??= mkdtempSync(join(tmpdir(), 'cynet-engine-'));
process.env.N8N_ENCRYPTION_KEY ??= 'a-key-for-tests';
process.env.N8N_LOG_LEVEL ??= 'silent';
process.env.N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS ??= 'false';

// Requests go straight to loopback, whatever proxy this machine has
for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY']) {
	delete process.env[name];
	delete process.env[name.toLowerCase()];
}

/**
 * n8n-core is CommonJS and holds the CommonJS build of n8n-workflow: whoever asks for the other one
 * gets other classes.
 */
const require = createRequire(import.meta.url);
const core = require('n8n-core') as typeof import('n8n-core');
const workflowPackage = require('n8n-workflow') as typeof import('n8n-workflow');
const { NodeHelpers, Workflow, isExpression, createEmptyRunExecutionData } = workflowPackage;

/** n8n's own class: an error of the package must be an instance of it. */
export const { NodeApiError } = workflowPackage;
export type NodeApiError = import('n8n-workflow').NodeApiError;

const CREDENTIAL_ID = 'credential-id';
const TYPE = 'n8n-nodes-cynet.test';

export interface LogLine {
	readonly level: 'debug' | 'info' | 'warn' | 'error';
	readonly message: string;
	readonly metadata?: unknown;
}

export interface HostOptions {
	/** What the user filled in; the rest has its defaults. */
	credential?: Partial<ICredentialDataDecryptedObject>;
	node?: {
		name?: string;
		id?: string;
		type?: string;
		parameters?: INodeParameters;
		typeVersion?: number;
	};
	/** The node's static data as the database holds it. */
	staticData?: IDataObject;
	workflowId?: string;
	mode?: 'trigger' | 'manual';
	/** The workflow's global static data as the database holds it. */
	global?: IDataObject;
	/** Names of nodes in the workflow that are followed by another one. */
	connected?: readonly string[];
	/** `getPollBudgetMs()`; n8n's default unless given. */
	pollBudgetMs?: number;
	/** As n8n before 2.34, which stores a credential with what its expressions came to. */
	olderWriteBack?: boolean;
	/** Another credential type than the package's, to check the harness itself. */
	credentialType?: ICredentialType;
}

export type Host = ReturnType<typeof createHost>;

/**
 * One n8n, one workflow, one node, one stored credential: real contexts and real HTTP of n8n-core. What n8n's database
 * would hold is `storedCredential` and `saved`.
 */
export function createHost(options: HostOptions = {}) {
	const credentialType = options.credentialType ?? new CynetApi();
	const storedCredential: ICredentialDataDecryptedObject = {
		...defaultsOf(credentialType.properties),
		...(options.credential as ICredentialDataDecryptedObject),
	};
	const credentialsHelper = credentialsHelperOf(
		credentialType,
		storedCredential,
		options.olderWriteBack,
	);
	const additionalData = { credentialsHelper } as never;
	const log: LogLine[] = [];
	const logger = loggerOf(log);

	const nodeName = options.node?.name ?? 'Cynet Trigger';
	const nodeKey = `node:${nodeName}`;
	const mode = options.mode ?? 'trigger';
	let parameters: INodeParameters = options.node?.parameters ?? {};
	let saved: string | null =
		options.staticData === undefined && options.global === undefined
			? null
			: JSON.stringify({ [nodeKey]: options.staticData, global: options.global });
	let registration: {
		nodeType: INodeType;
		workflow: Registration;
		context: IPollFunctions;
	} | null = null;

	type Registration = InstanceType<typeof Workflow>;

	function workflowOf(nodeType: INodeType): { workflow: Registration; node: INode } {
		const workflow = new Workflow({
			id: options.workflowId ?? 'workflow-id',
			name: 'Test',
			active: true,
			connections: Object.fromEntries(
				(options.connected ?? []).map((name) => [
					name,
					{ main: [[{ node: 'End', type: 'main', index: 0 }]] },
				]),
			),
			settings: {},
			staticData: saved === null ? {} : (JSON.parse(saved) as IDataObject),
			nodeTypes: {
				getByName: (type: string) => variantOf(nodeType, type),
				getByNameAndVersion: (type: string) => variantOf(nodeType, type),
				getKnownTypes: () => ({}),
			},
			nodes: [
				...(options.connected
					? [
							{
								id: 'end',
								name: 'End',
								type: TYPE,
								typeVersion: 1,
								position: [0, 0],
								parameters: {},
							},
						]
					: []),
				{
					id: options.node?.id ?? 'node-id',
					name: nodeName,
					type: options.node?.type ?? TYPE,
					typeVersion: options.node?.typeVersion ?? 1,
					position: [0, 0],
					parameters: structuredClone(parameters),
					credentials: { [credentialType.name]: { id: CREDENTIAL_ID, name: 'Cynet account' } },
				},
			],
		} as never);
		return { workflow, node: workflow.getNode(nodeName)! };
	}

	/**
	 * A new registration of the node, as after a start of n8n or a change of the node: static data is
	 * what was saved last.
	 */
	function context(nodeType: INodeType = bareNodeType(credentialType.name)): IPollFunctions {
		const { workflow, node } = workflowOf(nodeType);
		const budget = options.pollBudgetMs;
		const created = new core.PollContext(
			workflow as never,
			node,
			additionalData,
			mode,
			'init',
			undefined,
			undefined,
			undefined,
			undefined,
			undefined,
			budget === undefined ? undefined : () => budget,
		);
		Object.defineProperty(created, 'logger', { value: logger });
		loseCauses(created.helpers);
		const asPoll = created as unknown as IPollFunctions;
		registration = { nodeType, workflow, context: asPoll };
		return asPoll;
	}

	function save(): void {
		const data = registration?.workflow.staticData;
		if (data !== undefined) saved = JSON.stringify(data);
	}

	/**
	 * One tick of the current registration. n8n saves static data when items were emitted, and only
	 * then; what it emits, it reads.
	 */
	async function poll(nodeType: INodeType): Promise<INodeExecutionData[][] | null> {
		if (registration?.nodeType !== nodeType) context(nodeType);
		const result = await nodeType.poll!.call(registration!.context);
		if (result?.[0]) save();
		return result;
	}

	return {
		context,
		poll,
		/** A new registration and its first poll, after which n8n saves static data whatever came of it. */
		activate: async (nodeType: INodeType): Promise<INodeExecutionData[][] | null> => {
			context(nodeType);
			try {
				return await poll(nodeType);
			} finally {
				save();
			}
		},
		/** An `ExecuteContext` for an action node that gets those items. */
		executeContext: (
			nodeType: INodeType,
			items: INodeExecutionData[] = [{ json: {} }],
		): IExecuteFunctions => {
			const { workflow, node } = workflowOf(nodeType);
			const created = new core.ExecuteContext(
				workflow as never,
				node,
				additionalData,
				mode,
				createEmptyRunExecutionData() as never,
				0,
				items,
				{ main: [items] },
				{ node, data: { main: [items] }, source: null },
				[],
			);
			Object.defineProperty(created, 'logger', { value: logger });
			loseCauses(created.helpers);
			return created as unknown as IExecuteFunctions;
		},
		/** n8n's credential test as it runs in the editor, with the message that the user gets to see. */
		testCredential: async () =>
			await testCredential.call(new core.CredentialTestContext() as never, {
				id: CREDENTIAL_ID,
				name: 'Cynet account',
				type: credentialType.name,
				data: (await credentialsHelper.getDecrypted()) as ICredentialDataDecryptedObject,
			}),
		setParameters: (next: INodeParameters): void => {
			parameters = next;
			registration = null;
		},
		/** The live static data of the node, as the poll sees it. */
		get staticData(): IDataObject {
			if (registration === null) context();
			const { workflow } = registration!;
			return workflow.getStaticData('node', workflow.getNode(nodeName)!) as IDataObject;
		},
		/** The node's static data as n8n saved it last. */
		get saved(): IDataObject | null {
			return saved === null
				? null
				: ((JSON.parse(saved) as Record<string, IDataObject>)[nodeKey] ?? null);
		},
		/** The workflow's global static data as n8n saved it last. */
		get savedGlobal(): IDataObject | null {
			return saved === null
				? null
				: ((JSON.parse(saved) as Record<string, IDataObject>).global ?? null);
		},
		save,
		storedCredential,
		log,
	};
}

/**
 * As n8n 1.x, whose `ExecutionBaseError` overwrites the cause: `httpCode` and the message are all
 * that is left of an error of axios.
 */
function loseCauses(helpers: { httpRequestWithAuthentication: unknown }): void {
	const request = helpers.httpRequestWithAuthentication as (
		...parameters: unknown[]
	) => Promise<unknown>;
	helpers.httpRequestWithAuthentication = async function (this: unknown, ...parameters: unknown[]) {
		return await request.apply(this, parameters).catch((error: Error) => {
			if (!(error instanceof NodeApiError)) throw error;
			error.cause = undefined;
			throw error;
		});
	};
}

/** What n8n knows of the item for which it reads a credential. */
interface ResolveValues {
	readonly workflow: InstanceType<typeof Workflow>;
	readonly runExecutionData: unknown;
	readonly runIndex: number;
	readonly itemIndex: number;
	readonly node: INode;
	readonly connectionInputData: INodeExecutionData[];
}

/**
 * `CredentialsHelper` of n8n 2.41, or for `olderWriteBack` of n8n before 2.34, with one stored
 * credential in the place of the database.
 */
function credentialsHelperOf(
	type: ICredentialType,
	stored: ICredentialDataDecryptedObject,
	olderWriteBack = false,
) {
	const expressions = new Workflow({
		nodes: [],
		connections: {},
		active: false,
		nodeTypes: { getByNameAndVersion: () => bareNodeType(type.name) },
	} as never).expression;
	const mockNode = {
		name: '',
		typeVersion: 1,
		type: 'mock',
		position: [0, 0],
		parameters: {},
	} as never as INode;
	const resolve = (value: string, credentials: ICredentialDataDecryptedObject) =>
		isExpression(value)
			? String(
					expressions.getSimpleParameterValue(
						mockNode,
						value,
						'internal',
						{ $credentials: credentials } as never,
						undefined,
						'',
					) || '',
				)
			: value;

	return {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		getCredentialsProperties: () => type.properties,
		/** Only what is declared is read back, and defaults fill the gaps. Expressions see the item, where there is one. */
		getDecrypted: async (...[, , , mode = 'internal', executeData, , values]: unknown[]) => {
			const declared = NodeHelpers.getNodeParameters(
				type.properties,
				structuredClone(stored) as INodeParameters,
				true,
				false,
				null,
				null,
			) as ICredentialDataDecryptedObject;
			// There `$self` shows what was entered; since 2.34 what it comes to.
			if (olderWriteBack) declared.asEntered = JSON.stringify(stored);
			const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } =
				(values ?? {}) as ResolveValues;
			return (
				values
					? workflow.expression.getParameterValue(
							declared as never,
							runExecutionData as never,
							runIndex,
							itemIndex,
							node.name,
							connectionInputData,
							mode as never,
							{},
							executeData as never,
							false,
							declared as never,
						)
					: expressions.getComplexParameterValue(
							mockNode,
							declared as never,
							mode as never,
							{},
							undefined,
							undefined,
							declared as never,
						)
			) as ICredentialDataDecryptedObject;
		},
		preAuthentication: async (
			helpers: { helpers: { httpRequest: (options: IHttpRequestOptions) => Promise<unknown> } },
			credentials: ICredentialDataDecryptedObject,
			_typeName: string,
			node: INode,
			expired: boolean,
		) => {
			const token = type.properties.find(
				(property) => property.type === 'hidden' && property.typeOptions?.expirable === true,
			)?.name;
			if (token === undefined || typeof type.preAuthentication !== 'function') return undefined;
			const testing = node.parameters?.temp === '' && node.type === 'n8n-nodes-base.noOp';
			if (credentials[token] !== '' && !expired && !testing) return undefined;
			const httpRequest = async (options: IHttpRequestOptions) =>
				await helpers.helpers.httpRequest(options);
			const output = await type.preAuthentication.call(
				{ helpers: { httpRequest } } as never,
				credentials,
			);
			if (output[token] === undefined || !node.credentials) return undefined;
			if (olderWriteBack)
				return Object.assign(stored, Object.assign(credentials, output)) && credentials;
			for (const [name, value] of Object.entries(output)) {
				if (name === token || !isExpression(stored[name])) stored[name] = value as string;
			}
			return Object.assign(credentials, output);
		},
		authenticate: async (
			credentials: ICredentialDataDecryptedObject,
			_typeName: string,
			request: IHttpRequestOptions,
		) => {
			const { authenticate } = type;
			if (typeof authenticate === 'function') return await authenticate(credentials, request);
			const merged = request as unknown as Record<string, Record<string, string>>;
			for (const [section, entries] of Object.entries(authenticate?.properties ?? {})) {
				const target = (merged[section] ??= {});
				for (const [name, value] of Object.entries(entries as Record<string, string>)) {
					target[resolve(name, credentials)] = resolve(value, credentials);
				}
			}
			return request;
		},
	};
}

function defaultsOf(properties: INodeProperties[]): ICredentialDataDecryptedObject {
	return Object.fromEntries(
		properties.map(({ name, default: value }) => [name, value]),
	) as ICredentialDataDecryptedObject;
}

/** As n8n offers a node to agents: under a name of its own. */
function variantOf(nodeType: INodeType, type: string): INodeType {
	if (!type.endsWith('Tool')) return nodeType;
	const { description } = nodeType;
	return Object.assign(Object.create(nodeType) as INodeType, {
		description: { ...description, name: `${description.name}Tool` },
	});
}

function bareNodeType(credential: string): INodeType {
	return {
		description: {
			displayName: 'Test',
			name: TYPE,
			group: ['trigger'],
			version: 1,
			description: '',
			defaults: { name: 'Test' },
			inputs: [],
			outputs: ['main'],
			credentials: [{ name: credential, required: true }],
			properties: [],
		},
	};
}

function loggerOf(log: LogLine[]) {
	const at = (level: LogLine['level']) => (message: string, metadata?: unknown) => {
		log.push({ level, message, metadata });
	};
	return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Requests of n8n's HTTP client that have begun and not ended. */
export const underWay = new Set<ClientRequest>();
subscribe('http.client.request.start', (message) => {
	const { request } = message as { request: ClientRequest };
	underWay.add(request);
	request.once('close', () => underWay.delete(request));
});

/**
 * To be told of a request that the simulator gets: one that it leaves without an answer then runs
 * into the time-out of n8n's HTTP client at once, not half a minute later.
 */
export function timeOutIfUnanswered(record: RequestRecord): void {
	setImmediate(() => {
		if (record.fault === 'timeout') for (const request of underWay) request.emit('timeout');
	});
}

const realClock = { ...clock };

/** Puts time and chance of the package into the test's hands; `restore` gives them back. Waiting moves the time. */
export function virtualClock(start = Date.parse('2026-06-01T12:00:00Z')) {
	const time = {
		now: start,
		waits: [] as number[],
		restore: () => Object.assign(clock, realClock),
	};
	clock.now = () => time.now;
	clock.ticks = () => time.now;
	clock.limit = async () => await new Promise(() => {});
	clock.random = () => 0.5;
	clock.wait = async (milliseconds) => {
		time.waits.push(milliseconds);
		time.now += milliseconds;
	};
	return time;
}
