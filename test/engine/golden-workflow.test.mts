import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { INodeParameters, INodeProperties, INodeTypeDescription } from 'n8n-workflow';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CynetApi } from '../../credentials/CynetApi.credentials.ts';
import { Cynet } from '../../nodes/Cynet/Cynet.node.ts';
import { CynetTrigger } from '../../nodes/CynetTrigger/CynetTrigger.node.ts';
import { triggerSettings } from '../../nodes/CynetTrigger/settings.ts';
import { startRunner, type Runner } from './cynet-kit.mts';
import { createHost } from './harness.mts';

const { NodeHelpers } = createRequire(import.meta.url)(
	'n8n-workflow',
) as typeof import('n8n-workflow');

interface GoldenNode {
	readonly name: string;
	readonly type: string;
	readonly parameters: INodeParameters;
}

/** What users stored with a release: a workflow with every parameter, the credential, and what both came to. */
interface Golden {
	readonly workflow: { readonly nodes: readonly GoldenNode[] };
	readonly credentials: ReadonlyArray<Readonly<Record<string, unknown>>>;
	readonly settings: Readonly<Record<string, unknown>>;
	/** By the node's name: what it asks of Cynet. */
	readonly requests: Readonly<Record<string, readonly string[]>>;
}

/** Each release that brought a parameter or a field adds one. None is ever changed. */
const RELEASED = ['stored-v1.json'];
const goldens = RELEASED.map((file) => ({
	file,
	golden: JSON.parse(readFileSync(new URL(`../golden/${file}`, import.meta.url), 'utf8')) as Golden,
}));
const { golden: newest } = goldens.at(-1)!;

const DESCRIPTIONS: Readonly<Record<string, INodeTypeDescription>> = {
	'n8n-nodes-cynet.cynetTrigger': new CynetTrigger().description,
	'n8n-nodes-cynet.cynet': new Cynet().description,
};
/** As n8n offers the node to AI agents. */
const TOOL = 'n8n-nodes-cynet.cynetTool';
const descriptionOf = (type: string): INodeTypeDescription =>
	type === TOOL
		? { ...new Cynet().description, name: 'cynetTool' }
		: (DESCRIPTIONS[type] as INodeTypeDescription);
const isTrigger = ({ type }: GoldenNode): boolean => type.endsWith('Trigger');

/**
 * The parameters as n8n reads them back: without those that it does not know, with the defaults of
 * those that are missing.
 */
function loaded({ type, parameters }: GoldenNode): INodeParameters {
	const description = descriptionOf(type);
	return NodeHelpers.getNodeParameters(
		description.properties,
		parameters,
		true,
		false,
		null,
		description,
	)!;
}

/** Names of parameters, and of options in collections. */
function namesOf(properties: readonly INodeProperties[]): string[] {
	return properties.flatMap(({ name, type, options }) => [
		name,
		...(type === 'collection'
			? (options as INodeProperties[]).map((option) => `${name}.${option.name}`)
			: []),
	]);
}

const inUse = (parameters: INodeParameters): string[] =>
	Object.entries(parameters).flatMap(([name, value]) => [
		name,
		...(typeof value === 'object' && value !== null && !Array.isArray(value)
			? Object.keys(value).map((option) => `${name}.${option}`)
			: []),
	]);

/** A value that the user could no longer choose. */
function gone(
	properties: readonly INodeProperties[],
	parameters: Readonly<Record<string, unknown>>,
): string[] {
	return Object.entries(parameters).flatMap(([name, value]) => {
		const same = properties.filter((property) => property.name === name);
		if (same.some(({ type }) => type === 'collection'))
			return gone(
				same.flatMap(({ options }) => options as INodeProperties[]),
				value as Record<string, unknown>,
			);
		const choices = same
			.filter(({ type }) => type === 'options' || type === 'multiOptions')
			.flatMap(({ options }) =>
				options!.map((option) => ('value' in option ? option.value : null)),
			);
		const chosen = (Array.isArray(value) ? value : [value]) as Array<string | number>;
		return same.length === 0
			? [name]
			: choices.length === 0
				? []
				: chosen.filter((one) => !choices.includes(one)).map((one) => `${name}: ${one}`);
	});
}

describe.each(goldens)('$file', ({ golden }) => {
	test.each(golden.workflow.nodes)('$name loads with each parameter as it was', (node) => {
		expect(loaded(node)).toMatchObject(node.parameters);
		expect(gone(descriptionOf(node.type).properties, node.parameters)).toEqual([]);
	});

	test.each(golden.credentials)(
		'a credential with $authentication has no field that is unknown',
		(credential) => {
			expect(gone(new CynetApi().properties, credential)).toEqual([]);
		},
	);

	test('the trigger comes to the same settings', () => {
		const { parameters } = golden.workflow.nodes.find(isTrigger)!;
		expect(
			triggerSettings(createHost({ node: { parameters } }).context(new CynetTrigger())),
		).toEqual(golden.settings);
	});

	describe('in front of a server', () => {
		let runner: Runner;
		beforeEach(
			async () =>
				void (runner = await startRunner({
					sites: ['1001', '1002'],
					licensedSiteGuids: ['a1b2c3d4-0000-0000-0000-000000000001'],
				})),
		);
		afterEach(async () => await runner.close());

		// What a diagnosis asks may change with each release.
		const lookingOrActing = golden.workflow.nodes.filter(
			(node) => !isTrigger(node) && node.parameters.operation !== 'diagnose',
		);
		test.each(lookingOrActing)('$name asks the same of it', async ({ name, type, parameters }) => {
			runner.simulator.raise(1, { site: '1002' });
			const { resource, operation, ...others } = parameters as Record<string, string>;
			await runner
				.items(resource!, operation!, others, {
					items: [{ ClientDbId: 1 }],
					...(type === TOOL && { node: { type } }),
				})
				.catch(() => undefined);
			expect(asked(runner)).toEqual(golden.requests[name]);
		});

		test.each(golden.credentials)(
			'a credential with $authentication logs in as it did, and its token is used while it lives',
			async ({ baseUrl: _stands, ...credential }) => {
				const host = { credential: { ...credential, baseUrl: runner.simulator.url } };
				await runner
					.items('alert', 'count', { since: '2026-05-31T10:00:00.000Z' }, { host })
					.catch(() => undefined);
				const [login, count] = runner.simulator.ledger.requests;
				expect(
					[login, count].map((request) => request && `${request.method} ${request.path}`),
				).toEqual([
					credential.authentication === 'v2Login'
						? 'POST /api/v2/login'
						: 'POST /api/account/token',
					expect.stringMatching(/^GET \/api\/alerts/),
				]);
				expect(count).toMatchObject({ clientId: credential.clientId, status: 200 });
			},
		);
	});
});

/** What the server was asked, each thing once, and what it was told to do. */
function asked({ requests, simulator }: Runner): string[] {
	const told = simulator.ledger.remediations.map(
		({ action, site, host, sha256 }) =>
			`${action} at ${site} on ${String(host)}, file ${String(sha256)}`,
	);
	return [
		...new Set(
			requests().map(
				({ method, path, query, clientId }) =>
					`${method} ${path} ${JSON.stringify(query)} at ${String(clientId)}`,
			),
		),
		...told,
	];
}

describe('the newest golden file', () => {
	test.each(newest.workflow.nodes)(
		'$name leaves no parameter out: for a new one add a file',
		(node) => {
			expect(loaded(node)).toEqual(node.parameters);
		},
	);

	test.each(Object.entries(DESCRIPTIONS))(
		'%s has every parameter and option in some node',
		(type, { properties }) => {
			const used = new Set(
				newest.workflow.nodes
					.filter((node) => node.type === type || node.type === `${type}Tool`)
					.flatMap(({ parameters }) => inUse(parameters)),
			);
			expect([...new Set(namesOf(properties))].filter((name) => !used.has(name))).toEqual([]);
		},
	);

	test('has every field of the credential, and each way to log in', () => {
		const { properties } = new CynetApi();
		for (const credential of newest.credentials)
			expect(Object.keys(credential)).toEqual(properties.map(({ name }) => name));
		expect(newest.credentials.map(({ authentication }) => authentication)).toEqual(
			properties
				.find(({ name }) => name === 'authentication')!
				.options!.map((option) => ('value' in option ? option.value : '')),
		);
	});
});
