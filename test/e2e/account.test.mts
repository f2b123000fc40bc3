import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findSecrets } from '../../host/database.mts';
import { executionsAfter, type Execution } from '../../host/executions.mts';
import type { Workflow } from '../../host/rest.mts';
import { until } from '../../host/wait.mts';
import { startSimulator, type Simulator } from '../../simulator/simulator.mts';
import { startTenant, type Tenant } from '../engine/tenants.mts';
import { Instance, OWNER, VERSIONS } from './instance.mts';

type Parameters = Readonly<Record<string, unknown>>;

const CALL = {
	method: 'GET',
	url: '',
	authentication: 'predefinedCredentialType',
	nodeCredentialType: 'cynetApi',
	options: {},
};

describe.each(VERSIONS)('Whose token goes where, in n8n %s', (version) => {
	let instance: Instance;
	let own: Tenant;
	let other: Tenant;

	beforeAll(async () => {
		[own, other] = [await startTenant({ ada: 'a', ben: 'b' }), await startTenant({ ada: 'a' })];
		instance = await Instance.make('account', version);
	});
	beforeEach(() => void [own, other].forEach(({ seen }) => (seen.length = 0)));
	afterAll(async () => {
		await instance?.close();
		await Promise.all([own?.close(), other?.close()]);
	});

	const credentialFor = async (data: Parameters) =>
		await instance.rest.createCredential(instance.credential(data));

	/** As a user does in the window of the credential: what is secret stays as n8n shows it. */
	const edit = async (id: string, changes: Parameters) => {
		const { data } = await instance.rest.credential(id);
		await instance.rest.updateCredential(id, {
			name: 'Cynet',
			type: 'cynetApi',
			data: { ...(data as object), ...changes },
		});
	};

	/** Runs nodes one after the other by hand, each with those items. */
	async function run(
		credentialId: string,
		nodes: ReadonlyArray<readonly [type: string, parameters: Parameters]>,
		items: readonly object[] = [{}],
	): Promise<Execution> {
		const credentials = { cynetApi: { id: credentialId, name: 'Cynet' } };
		const steps = nodes.map(([type, parameters], index) => ({
			id: crypto.randomUUID(),
			name: `Step ${index}`,
			type,
			typeVersion: type.endsWith('httpRequest') ? 4.2 : 1,
			position: [240, 200 * index],
			parameters,
			credentials,
		}));
		const workflow = {
			name: 'By hand',
			nodes: [
				{
					id: crypto.randomUUID(),
					name: 'Start',
					type: 'n8n-nodes-base.manualTrigger',
					typeVersion: 1,
					position: [0, 0],
					parameters: {},
				},
				...steps,
			],
			connections: {
				Start: { main: [steps.map(({ name }) => ({ node: name, type: 'main', index: 0 }))] },
			},
			pinData: { Start: items.map((json) => ({ json })) },
			settings: { executionOrder: 'v1' },
		};
		const id = await instance.rest.createWorkflow(workflow as unknown as Workflow);
		const saved = await instance.rest.request<Workflow>('GET', `/workflows/${id}`);
		const before = (await executionsAfter(instance.n8n, 0, 'Start')).at(-1)?.id ?? 0;
		await instance.rest.request('POST', `/workflows/${id}/run`, {
			workflowData: saved,
			triggerToStartFrom: { name: 'Start' },
		});
		return await until('the execution has ended', async () => {
			const [execution] = await executionsAfter(instance.n8n, before, 'Step 0');
			return execution && !['new', 'running'].includes(execution.status) && execution;
		});
	}

	const http = (url: string, more: Parameters = {}) =>
		['n8n-nodes-base.httpRequest', { ...CALL, url, ...more }] as const;
	const HOSTS = [
		'n8n-nodes-cynet.cynet',
		{ resource: 'host', operation: 'getAll', limit: 1 },
	] as const;

	test('a changed user acts from the next run on, and a changed address is shown no token of the one before', async () => {
		for (const tenant of [own, other])
			tenant.bodies.set('/api/hosts', () => ({ Entities: [{ HostName: 'A' }] }));
		const id = await credentialFor({ baseUrl: own.url, username: 'ada', password: 'a' });
		const both = (tenant: Tenant) => [HOSTS, http(`${tenant.url}/api/x`)];
		expect(await run(id, both(own))).toMatchObject({ status: 'success', error: null });
		await edit(id, { username: 'ben', password: 'b' });
		expect(await run(id, both(own))).toMatchObject({ status: 'success', error: null });
		expect(own.asked().map(({ path, user }) => [path.split('?')[0], user])).toEqual([
			['/api/hosts', 'ada'],
			['/api/x', 'ada'],
			['/api/hosts', 'ben'],
			['/api/x', 'ben'],
		]);

		await edit(id, { baseUrl: other.url, username: 'ada', password: 'a' });
		expect(await run(id, [http(`${other.url}/api/x`), HOSTS])).toMatchObject({
			status: 'success',
			error: null,
		});
		expect(
			other.seen.map(({ path, user, token }) => [
				path.split('?')[0],
				user,
				own.tokens().includes(token ?? ''),
			]),
		).toEqual([
			['/api/account/token', null, false],
			['/api/x', 'ada', false],
			['/api/hosts', 'ada', false],
		]);
	});

	test('of three tenants by expression each has its own host isolated, each time, and the expressions stay', async () => {
		const tenants: Simulator[] = [];
		for (const name of ['a', 'b', 'c'])
			tenants.push(
				await startSimulator({
					username: `user-${name}`,
					password: `password-${name}`,
					sites: ['1001'],
				}),
			);
		try {
			const items = tenants.map(({ url, settings: { username, password } }, index) => ({
				url,
				username,
				password,
				host: `WS-010${index + 1}`,
			}));
			const expressions = {
				baseUrl: '={{ $json.url }}',
				username: '={{ $json.username }}',
				password: '={{ $json.password }}',
			};
			const id = await credentialFor(expressions);
			const isolate = [
				'n8n-nodes-cynet.cynet',
				{ resource: 'host', operation: 'isolate', hostName: '={{ $json.host }}' },
			] as const;
			for (let round = 0; round < 2; round++)
				expect(
					await run(id, [isolate, http('={{ $json.url }}/api/host?name={{ $json.host }}')], items),
				).toMatchObject({ status: 'success', error: null });
			for (const [index, { ledger }] of tenants.entries()) {
				expect(ledger.remediations.map(({ host }) => host)).toEqual([
					items[index]!.host,
					items[index]!.host,
				]);
				expect(
					ledger.requests.filter(({ path }) => path === '/api/host').map(({ status }) => status),
				).toEqual([200, 200]);
				expect(ledger.requests.filter(({ status }) => status === 401)).toEqual([]);
			}
			expect((await instance.rest.credential(id)).data).toMatchObject({
				baseUrl: expressions.baseUrl,
				username: expressions.username,
			});
		} finally {
			for (const tenant of tenants) await tenant.close();
		}
	});

	test('the HTTP Request node takes the token to no other origin, also not by a redirect or a next page', async () => {
		const id = await credentialFor({ baseUrl: own.url, username: 'ada', password: 'a' });
		own.answers.set('/api/away', `${other.url}/api/x`);
		const next = {
			pagination: {
				pagination: {
					paginationMode: 'responseContainsNextURL',
					nextURL: `={{ $pageCount ? "${other.url}/api/x" : "${own.url}/api/x" }}`,
					limitPagesFetched: true,
					maxRequests: 3,
				},
			},
		};
		for (const [url, options] of [
			[`${other.url}/api/x`],
			[`http://127.0.0.1:${own.port}@127.0.0.1:${other.port}/api/x`],
			[`${own.url}/api/x`, next],
			[`${own.url}/api/x`, { proxy: other.url }],
		] as const) {
			const { status, error } = await run(id, [http(url, options ? { options } : {})]);
			expect([status, error]).toEqual(['error', expect.stringMatching(/Cynet API credential/)]);
		}
		expect((await run(id, [http(`${own.url}/api/away`)])).status).toBe('error');
		expect(other.seen).toEqual([]);
	});

	test('the HTTP Request node sends a change once, whatever it is answered, and with a token that lives, in its own pagination too', async () => {
		const id = await credentialFor({ baseUrl: own.url, username: 'ada', password: 'a' });
		await run(id, [http(`${own.url}/api/x`)]);
		for (const status of [404, 429, 500]) {
			own.answers.set(`/api/${status}`, status);
			expect((await run(id, [http(`${own.url}/api/${status}`, { method: 'POST' })])).status).toBe(
				'error',
			);
			expect(own.to(`/api/${status}`).map(({ user }) => user)).toEqual(['ada']);
		}
		own.endTokens();
		expect(await run(id, [http(`${own.url}/api/change`, { method: 'POST' })])).toMatchObject({
			status: 'success',
			error: null,
		});
		expect(own.to('/api/change').map(({ user }) => user)).toEqual(['ada']);
		own.bodies.set('/api/pages', (query) => (Number(query.get('page')) < 2 ? [1] : []));
		const options = {
			pagination: {
				pagination: {
					paginationMode: 'updateAParameterInEachRequest',
					parameters: { parameters: [{ type: 'qs', name: 'page', value: '={{ $pageCount }}' }] },
				},
			},
		};
		own.endTokens();
		expect(await run(id, [http(`${own.url}/api/pages`, { options })])).toMatchObject({
			status: 'success',
			error: null,
		});
		expect(own.to('/api/pages').map(({ user }) => user)).toEqual(['ada', 'ada', 'ada']);
	});

	test('none of it leaves a token in the database or the log', async () => {
		const tokens = [...own.tokens(), ...other.tokens()];
		expect(tokens.length).toBeGreaterThan(3);
		const found = await findSecrets(instance.n8n, {
			owner: OWNER.email,
			...Object.fromEntries(tokens.map((token, index) => [`token ${index}`, token])),
		});
		expect([...new Set(found.map(({ label }) => label))]).toEqual(['owner']);
	});
});
