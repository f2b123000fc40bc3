import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { childEnvironment, run } from '../../host/children.mts';
import { query } from '../../host/database.mts';
import { HOSTS, PROJECT } from '../../host/paths.mts';
import { DEFAULT_N8N } from '../../host/versions.mts';
import { compose } from '../repository/compose-file.mts';
import { Instance } from './instance.mts';
import { buildImage, startCommand } from './image.mts';

const FOLDER = join(HOSTS, 'e2e', 'image');
const { environment, healthcheck } = compose('single', {
	N8N_ENCRYPTION_KEY: 'a-key-that-only-this-test-uses',
}).services.n8n!;

describe(`What the Dockerfile builds, started as in deploy/single, in n8n ${DEFAULT_N8N}`, () => {
	let instance: Instance;
	beforeAll(async () => {
		instance = await Instance.make('image', DEFAULT_N8N, {
			more: environment,
			install: async (installation, userFolder) => {
				const image = await buildImage(join(PROJECT, 'deploy/Dockerfile'), installation, FOLDER);
				const [command, ...args] = startCommand(image, ['true']);
				const { code, tail } = await run(command!, args, {
					env: childEnvironment({ HOME: userFolder }),
				});
				expect({ code, tail }).toEqual({ code: 0, tail: '' });
			},
		});
		// The Dockerfile's own npm ci is in it.
	}, 2_400_000);
	afterAll(async () => {
		await instance?.close();
		await rm(FOLDER, { recursive: true, force: true });
	});

	test('both nodes have the type names that an installation from the panel gives them', async () => {
		const response = await fetch(`${instance.n8n.url}/types/nodes.json`, {
			headers: { cookie: instance.rest.session },
		});
		const names = ((await response.json()) as Array<{ name: string }>)
			.map(({ name }) => name)
			.filter((name) => /cynet/i.test(name));
		expect(names.sort()).toEqual([
			'n8n-nodes-cynet.cynet',
			'n8n-nodes-cynet.cynetTool',
			'n8n-nodes-cynet.cynetTrigger',
		]);
	});

	test('the icon is served out of the image', async () => {
		const response = await fetch(`${instance.n8n.url}/icons/n8n-nodes-cynet/dist/icons/cynet.svg`, {
			headers: { cookie: instance.rest.session },
		});
		expect([response.status, response.headers.get('content-type')]).toEqual([
			200,
			expect.stringContaining('image/svg'),
		]);
	});

	test('alerts arrive, and the cursor is a durable one', async () => {
		const { status, workflowId } = await instance.publish();
		expect(status).toBe('published');
		instance.simulator.raise(12);
		await instance.settle();
		expect(instance.simulator.ledger.report()).toMatchObject({ raised: 12, lost: 0, twice: 0 });
		expect(await query(instance.n8n, 'SELECT workflowId FROM poller_state')).toEqual([
			{ workflowId },
		]);
	});

	test('the health check tells a running n8n from one that is gone', async () => {
		const [, command, ...args] = healthcheck.test;
		expect(command).toBe('node');
		const check = async (): Promise<number | null> =>
			(
				await run(
					instance.n8n.installation.node,
					args.map((arg) => arg.replace('127.0.0.1:5678', new URL(instance.n8n.url).host)),
				)
			).code;
		expect(await check()).toBe(0);
		await instance.n8n.stop();
		expect(await check()).toBe(1);
	});
});
