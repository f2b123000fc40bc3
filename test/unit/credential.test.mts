import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { Cynet } from '../../nodes/Cynet/Cynet.node.ts';
import { CynetTrigger } from '../../nodes/CynetTrigger/CynetTrigger.node.ts';
import { CynetApi } from '../../credentials/CynetApi.credentials.ts';

const credential = new CynetApi();
const property = (name: string) =>
	credential.properties.find((candidate) => candidate.name === name);

test('the names that workflows store never change', () => {
	expect(credential.name).toBe('cynetApi');
	expect(credential.properties.map(({ name }) => name)).toEqual([
		'baseUrl',
		'authentication',
		'username',
		'password',
		'clientId',
		'allowUnauthorizedCerts',
		'accessToken',
		'accessTokenExpiresAt',
		'accessTokenFingerprint',
		'asEntered',
	]);
	expect(property('authentication')).toMatchObject({
		default: 'accountToken',
		options: [{ value: 'accountToken' }, { value: 'v2Login' }],
	});
});

test('n8n asks for a token where there is none, and shows neither the token nor the secret', () => {
	expect(property('accessToken')).toMatchObject({
		type: 'hidden',
		default: '',
		typeOptions: { expirable: true, password: true },
	});
	expect(property('password')?.typeOptions?.password).toBe(true);
});

test('n8n reads the end of the token back, for it is declared; as text, for n8n 1.x cannot show a secret that is a number', () => {
	expect(property('accessTokenExpiresAt')).toMatchObject({ type: 'hidden', default: '' });
});

test.each([CynetTrigger, Cynet])(
	'%o tests it, as n8n asks of one node at least and lint of each',
	(Node) => {
		const { description, methods } = new Node();
		expect(Object.keys(methods.credentialTest)).toContain(description.credentials?.[0]?.testedBy);
	},
);

test('the switch for certificates stays a switch: n8n would blank the value of a password', () => {
	expect(property('allowUnauthorizedCerts')).toMatchObject({ type: 'boolean', default: false });
	expect(property('allowUnauthorizedCerts')?.typeOptions).toBeUndefined();
});

test('both icons exist and hold no script', () => {
	const { light, dark } = credential.icon as { light: string; dark: string };
	expect(light).not.toBe(dark);
	for (const icon of [light, dark]) {
		const path = new URL(icon.replace('file:', ''), new URL('../../credentials/', import.meta.url));
		expect(existsSync(path)).toBe(true);
		expect(readFileSync(path, 'utf8')).toMatch(/viewBox="0 0 60 60"(?!.*<script)/s);
	}
});
