import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv, type AnySchemaObject } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { DURABLE } from '../../host/environment.mts';
import { DEFAULT_N8N } from '../../host/versions.mts';
import {
	compose,
	composeText,
	exampleVariables,
	referencesOf,
	SETUPS,
	type Service,
} from './compose-file.mts';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };
const FILLED_IN = {
	N8N_ENCRYPTION_KEY: 'key',
	POSTGRES_PASSWORD: 'password',
	REDIS_PASSWORD: 'another',
};
const IS_N8N = ({ image }: Service): boolean => image.startsWith('n8n-cynet');
const servicesOf = (setup: (typeof SETUPS)[number]): Array<readonly [string, Service]> =>
	Object.entries(compose(setup, FILLED_IN).services);
const services = SETUPS.flatMap((setup) =>
	servicesOf(setup).map(([name, service]) => ({ name: `${setup}/${name}`, service })),
);
const n8ns = services.filter(({ service }) => IS_N8N(service));

/** The schema of the Compose specification, which the linter dclint carries with it. */
const schema = JSON.parse(
	readFileSync(
		new URL('../../node_modules/dclint/schemas/compose.schema.json', import.meta.url),
		'utf8',
	),
) as AnySchemaObject;
const ajv = new Ajv({ strict: false, allErrors: true });
// Its dialect is named with https, which ajv takes for another one.
const meets = ajv.compile({ ...schema, $schema: undefined });

/** Where a file leaves the specification. */
function leavesAt(text: string): string[] {
	return meets(parse(text, { merge: true }))
		? []
		: meets.errors!.map(({ instancePath }) => instancePath);
}

test.each(SETUPS)('%s keeps to the schema of the Compose specification', (setup) => {
	expect(leavesAt(composeText(setup))).toEqual([]);
});

test.each([
	[
		'a key that does not exist',
		'    restart: unless-stopped',
		'    restrat: unless-stopped',
		'/services/n8n',
	],
	[
		'a list for a duration',
		'interval: 10s',
		'interval: [30]',
		'/services/n8n/healthcheck/interval',
	],
	[
		'a place of its own for what belongs to a service',
		'\nvolumes:',
		'\nhealthcheck: {}\nvolumes:',
		'',
	],
])('%s would be noticed', (_what, right, wrong, where) => {
	expect(composeText('single')).toContain(right);
	expect(leavesAt(composeText('single').replace(right, wrong))).toContain(where);
});

test.each(SETUPS)('%s names every variable in .env.example, and no other', (setup) => {
	expect(Object.keys(exampleVariables(setup)).sort()).toEqual(
		referencesOf(composeText(setup)).sort(),
	);
});

test.each(SETUPS)('%s does not start without its secrets, and ships none', (setup) => {
	expect(() => compose(setup, exampleVariables(setup))).toThrow(
		/N8N_ENCRYPTION_KEY is missing a value: Set it in \.env/,
	);
	for (const secret of Object.keys(FILLED_IN).filter((name) => name in exampleVariables(setup))) {
		expect(exampleVariables(setup)[secret]).toBe('');
		expect(() => compose(setup, { ...FILLED_IN, [secret]: '' })).toThrow(secret);
	}
});

test.each(services)('$name is pinned, restarts, and says whether it is well', ({ service }) => {
	expect(service.image).toMatch(
		service.build
			? /:\d+\.\d+\.\d+-n8n-[\d.]+$/
			: /:\d+\.\d+(\.\d+)?-[a-z0-9.-]+@sha256:[0-9a-f]{64}$/,
	);
	expect(service.restart).toBe('unless-stopped');
	expect(service.healthcheck.test[0]).toBe('CMD');
});

test.each(n8ns)('$name is this version of the package in the n8n that is tested', ({ service }) => {
	expect(service.image).toBe(`n8n-cynet:${version}-n8n-${DEFAULT_N8N}`);
	expect(service.build).toEqual({
		context: '../..',
		dockerfile: 'deploy/Dockerfile',
		args: { N8N_VERSION: DEFAULT_N8N },
	});
});

test.each(n8ns)(
	'$name has durable cursors on, and no rights that it does not need',
	({ service }) => {
		expect(service.environment).toMatchObject(DURABLE);
		expect(service.cap_drop).toEqual(['ALL']);
	},
);

test.each(services)('$name can gain no rights', ({ service }) => {
	expect(service.security_opt).toEqual(['no-new-privileges:true']);
	expect(service.privileged).toBeUndefined();
});

/** In bytes, of `512m` or `2g`. */
const bytesOf = (limit = '0'): number =>
	Number.parseInt(limit, 10) * (/g$/i.test(limit) ? 2 ** 30 : 2 ** 20);

test.each(services)(
	'$name has a limit of memory, so that one process cannot take the machine with it',
	({ service }) => {
		expect(service.mem_limit).toMatch(/^\d+[mg]$/);
		expect(bytesOf(service.mem_limit)).toBeGreaterThanOrEqual(IS_N8N(service) ? 2 ** 31 : 2 ** 29);
	},
);

test('the queue asks for a password, n8n and the health check know it, and neither takes a refusal for health', () => {
	const { redis, main, worker } = compose('queue', FILLED_IN).services;
	const { command = [], environment, healthcheck } = redis!;
	expect(
		command.slice(command.indexOf('--requirepass'), command.indexOf('--requirepass') + 2),
	).toEqual(['--requirepass', 'another']);
	expect(environment.REDISCLI_AUTH).toBe('another');
	expect(healthcheck.test.join(' ')).toMatch(/redis-cli ping .*PONG/);
	for (const { environment: n8n } of [main!, worker!])
		expect(n8n.QUEUE_BULL_REDIS_PASSWORD).toBe('another');
	expect(redis!.ports).toBeUndefined();
});

test.each(services)('$name is reached from this machine alone', ({ service }) => {
	for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:/);
	expect(service).not.toHaveProperty('network_mode');
});

/** What n8n's configuration declares, and what it reads besides. */
const known = new Set([
	'OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS',
	'N8N_UNVERIFIED_PACKAGES_ENABLED',
	'TZ',
	'NODE_ENV',
]);
const config = dirname(createRequire(import.meta.url).resolve('@n8n/config'));
for (const file of readdirSync(config, { recursive: true, encoding: 'utf8' }).filter((name) =>
	name.endsWith('.js'),
)) {
	for (const [, name] of readFileSync(join(config, file), 'utf8').matchAll(
		/Env\)\('([A-Z0-9_]+)'/g,
	))
		known.add(name!);
}

test.each(n8ns)('$name loads a package that n8n 3.0 counts as unverified', ({ service }) => {
	expect(service.environment.N8N_UNVERIFIED_PACKAGES_ENABLED).toBe('true');
});

test.each(n8ns)('$name sets no variable that n8n does not know', ({ service }) => {
	expect(Object.keys(service.environment).filter((name) => !known.has(name))).toEqual([]);
});

test.each(SETUPS)('%s keeps what n8n and the databases write in volumes', (setup) => {
	const { volumes, services: all } = compose(setup, FILLED_IN);
	const mounted = Object.values(all).flatMap((service) =>
		(service.volumes ?? []).map((volume) => volume.split(':')),
	);
	expect(mounted.map(([name]) => name).sort()).toEqual(Object.keys(volumes).sort());
	expect(mounted).toContainEqual(['n8n_data', '/home/node/.n8n']);
});

test('in queue mode main and workers share key, database and queue; there is one main, and two workers wait for it', () => {
	const { main, worker, ...others } = compose('queue', FILLED_IN).services;
	expect(Object.keys(others)).toEqual(['postgres', 'redis']);
	expect(worker!.environment).toEqual(main!.environment);
	expect(main!.environment).toMatchObject({
		N8N_ENCRYPTION_KEY: 'key',
		EXECUTIONS_MODE: 'queue',
		DB_TYPE: 'postgresdb',
		OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
	});
	expect(main!.environment.DB_POSTGRESDB_PASSWORD).toBe(
		others.postgres!.environment.POSTGRES_PASSWORD,
	);
	expect(main!.deploy?.replicas).toBeUndefined();
	expect(worker).toMatchObject({
		command: ['worker', '--concurrency=10'],
		deploy: { replicas: 2 },
		depends_on: { main: { condition: 'service_healthy' } },
	});
	expect(main!.depends_on).toEqual({
		postgres: { condition: 'service_healthy' },
		redis: { condition: 'service_healthy' },
	});
});
