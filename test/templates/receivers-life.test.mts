import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { basic } from '../targets/receivers/contract.mts';
import {
	NO_WAY_BACK,
	STERN,
	isDone,
	issuesOf,
	jira,
	setWorkflow,
} from '../targets/receivers/jira.mts';
import { startReceiver, type Receiver } from '../targets/receivers/receiver.mts';
import { incidentsOf, servicenow, setRule } from '../targets/receivers/servicenow.mts';

/** That the receivers of tickets refuse and overwrite what the real targets do, over a ticket's life. */

let receiver: Receiver;
afterEach(async () => await receiver.close());

interface Answer {
	readonly status: number;
	readonly body: any;
}

async function ask(
	authorization: string,
	method: string,
	path: string,
	body?: unknown,
): Promise<Answer> {
	const response = await fetch(`${receiver.url}${path}`, {
		method,
		headers: { authorization, 'content-type': 'application/json' },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	return { status: response.status, body: text === '' ? '' : JSON.parse(text) };
}

describe('The receiver for Jira', () => {
	const call = async (method: string, path: string, body?: unknown) =>
		await ask(basic('soc@example.com', 'jira-token'), method, `/rest/api/2${path}`, body);
	const move = async (id: string, more = {}) =>
		(await call('POST', '/issue/SOC-1/transitions', { transition: { id }, ...more })).status;
	const comment = (body: unknown) => ({ update: { comment: [{ add: { body } }] } });
	const found = async (more = {}) =>
		(
			await call('POST', '/search/jql', {
				jql: 'labels = "cynet-1001-62" ORDER BY created ASC',
				fields: ['status'],
				...more,
			})
		).body.issues[0];

	beforeEach(async () => {
		receiver = await startReceiver(jira);
	});
	const open = async (more = {}) =>
		await call('POST', '/issue', {
			fields: {
				project: { key: 'SOC' },
				issuetype: { name: 'Task' },
				priority: { id: '2' },
				summary: 's',
				labels: ['cynet-1001-62'],
				description: '{noformat}\nd\n{noformat}',
			},
			...more,
		});

	test('shows fields, transitions and properties only to who asks for them', async () => {
		await open({ properties: [{ key: 'cynet', value: { told: 'x' } }] });
		expect(Object.keys(await found())).toEqual(['id', 'key', 'fields']);
		expect(Object.keys((await found()).fields)).toEqual(['status']);
		expect((await found({ properties: ['cynet'] })).properties).toEqual({ cynet: { told: 'x' } });
		const { transitions } = await found({ expand: 'transitions' });
		expect(transitions.map(({ id, to }: any) => [id, to.statusCategory.key])).toEqual([
			['11', 'new'],
			['21', 'indeterminate'],
			['31', 'done'],
		]);
	});

	test('moves an issue only by a transition that its status has, and answers with nothing', async () => {
		setWorkflow(receiver.kept, STERN);
		await open();
		expect(await move('31')).toBe(400);
		expect(await move('741')).toBe(400);
		expect(await move('711')).toBe(204);
		expect(await move('711')).toBe(400);
		setWorkflow(receiver.kept, NO_WAY_BACK);
		await open();
		expect((await call('POST', '/issue/SOC-2/transitions', { transition: { id: '2' } })).body).toBe(
			'',
		);
		expect(isDone(receiver.kept, issuesOf(receiver.kept).get('SOC-2')!)).toBe(true);
	});

	test('demands what a screen demands, and takes no comment and no field without one', async () => {
		await open();
		expect(await move('31', comment('why'))).toBe(400);
		expect(await move('31', { fields: { resolution: { name: 'Done' } } })).toBe(400);
		setWorkflow(receiver.kept, STERN);
		await open();
		const other = async (more = {}) =>
			await call('POST', '/issue/SOC-2/transitions', { transition: { id: '721' }, ...more });
		expect((await other()).body.errors).toEqual({ resolution: 'resolution is required.' });
		expect((await other({ fields: { assignee: null } })).status).toBe(400);
		expect(
			(await other({ fields: { resolution: { name: 'Done' } }, ...comment('why') })).status,
		).toBe(204);
		expect(issuesOf(receiver.kept).get('SOC-2')).toMatchObject({
			status: 'Gelöst',
			comments: ['why'],
		});
	});

	test('does not edit what is done, takes no empty comment and no markup, and keeps nothing of what it refuses', async () => {
		await open();
		const edit = async (body: unknown) => (await call('PUT', '/issue/SOC-1', body)).status;
		expect(await edit(comment('a'))).toBe(204);
		for (const bad of ['', null, '[x|https://x]', '@all', '{noformat}'])
			expect([
				bad,
				await edit({ ...comment(bad), properties: [{ key: 'cynet', value: 1 }] }),
			]).toEqual([bad, 400]);
		expect(await edit({ ...comment('b'), properties: [{ key: 'cynet' }] })).toBe(400);
		expect(await move('31')).toBe(204);
		expect(await edit(comment('c'))).toBe(400);
		expect((await call('PUT', '/issue/SOC-1/properties/cynet', { told: 'x' })).status).toBe(201);
		expect((await call('PUT', '/issue/SOC-9', comment('a'))).status).toBe(404);
		expect(issuesOf(receiver.kept).get('SOC-1')).toMatchObject({
			comments: ['a'],
			properties: { cynet: { told: 'x' } },
		});
	});
});

describe('The receiver for ServiceNow', () => {
	const call = async (method: string, path: string, body?: unknown) =>
		await ask(basic('cynet', 'snow-password'), method, `/api/now/table/incident${path}`, body);
	const QUERY = `?sysparm_query=${encodeURIComponent('correlation_id=cynet:1001:62^ORDERBYDESCsys_created_on')}`;
	const open = async (more = {}): Promise<string> =>
		(
			await call('POST', '', {
				short_description: 's',
				description: 'd',
				correlation_id: 'cynet:1001:62',
				urgency: '1',
				impact: '2',
				...more,
			})
		).body.result.sys_id as string;
	const RESOLVED = { state: '6', close_code: 'c', close_notes: 'n' };

	beforeEach(async () => {
		receiver = await startReceiver(servicenow);
	});

	test('resolves only with a code and notes, which it keeps', async () => {
		const id = await open();
		for (const missing of [{ close_code: '' }, { close_notes: '' }, { close_code: undefined }])
			expect(
				(await call('PATCH', `/${id}`, { ...RESOLVED, ...missing })).body.error.detail,
			).toMatch(/Data Policy Exception/);
		expect((await call('PATCH', `/${id}`, RESOLVED)).body.result).toMatchObject({ state: '6' });
		expect((await call('PATCH', `/${id}`, { state: '2' })).status).toBe(200);
		expect((await call('PATCH', `/${id}`, { state: '6' })).status).toBe(200);
	});

	test('leaves a closed incident alone, and does not know another one', async () => {
		const id = await open();
		incidentsOf(receiver.kept).get(id)!.state = '7';
		expect((await call('PATCH', `/${id}`, { state: '2' })).status).toBe(403);
		expect((await call('PATCH', '/nobody', { state: '2' })).status).toBe(404);
		expect(incidentsOf(receiver.kept).get(id)!.state).toBe('7');
	});

	test('cuts what is long, forgets what it does not know, and shows a note to nobody', async () => {
		const id = await open();
		const { body } = await call('PATCH', `/${id}`, {
			correlation_display: 'x'.repeat(101),
			unknown: 'y',
			work_notes: 'a note',
		});
		expect(body.result.correlation_display).toHaveLength(100);
		expect(JSON.stringify(body)).not.toMatch(/unknown|a note/);
		expect(incidentsOf(receiver.kept).get(id)!.notes).toEqual(['a note']);
	});

	test('finds the newest of several, and lets a business rule overwrite what is written', async () => {
		await open();
		setRule(receiver.kept, (changes) => ({ ...changes, state: '2' }));
		const id = await open();
		expect(
			(await call('GET', `${QUERY}&sysparm_limit=1&sysparm_fields=sys_id,state`)).body.result,
		).toEqual([{ sys_id: id, state: '2' }]);
		expect((await call('PATCH', `/${id}`, RESOLVED)).body.result.state).toBe('2');
	});
});
