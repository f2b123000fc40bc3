import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { expect, test } from 'vitest';

import { AS_ENTERED, handBack, whole } from '../../nodes/shared/api/entered.ts';
import { CREDENTIAL } from './api-kit.mts';

const ENTERED = {
	baseUrl: '={{ $json.url }}',
	username: 'plain',
	password: '={{ $secrets.x }}',
	allowUnauthorizedCerts: '={{ true }}',
};
const read = (asEntered: unknown): ICredentialDataDecryptedObject => ({
	...CREDENTIAL,
	asEntered: asEntered as string,
});

test('the field asks n8n for each field that may hold an expression', () => {
	expect(AS_ENTERED).toMatch(/^=\{\{ JSON\.stringify\(\{ .+ \}\) \}\}$/);
	for (const name of [
		'baseUrl',
		'authentication',
		'username',
		'password',
		'clientId',
		'allowUnauthorizedCerts',
		'allowedHttpRequestDomains',
		'allowedDomains',
	])
		expect(AS_ENTERED).toContain(`${name}: $self["${name}"]`);
});

test('expressions are given back to be stored, and the field itself; what was typed is not', () => {
	const { baseUrl, password, allowUnauthorizedCerts } = ENTERED;
	expect(handBack(read(JSON.stringify(ENTERED)))).toEqual({
		baseUrl,
		password,
		allowUnauthorizedCerts,
		asEntered: AS_ENTERED,
	});
});

test('after n8n put them into the credential too, it still is what they came to, as often as that happens', () => {
	const handed = read(JSON.stringify(ENTERED));
	for (let round = 0; round < 3; round++) {
		Object.assign(handed, handBack(handed), { accessToken: `token-${round}` });
		expect(handed.baseUrl).toBe(ENTERED.baseUrl);
		expect(whole(handed)).toMatchObject({
			baseUrl: CREDENTIAL.baseUrl,
			username: CREDENTIAL.username,
			password: CREDENTIAL.password,
			accessToken: `token-${round}`,
		});
	}
});

test('a credential of another item is another object, with another meaning', () => {
	const [one, two] = [read(JSON.stringify(ENTERED)), read(JSON.stringify(ENTERED))];
	two.baseUrl = 'https://two.example';
	for (const handed of [one, two]) Object.assign(handed, handBack(handed));
	expect([whole(one).baseUrl, whole(two).baseUrl]).toEqual([
		CREDENTIAL.baseUrl,
		'https://two.example',
	]);
});

test.each([
	['nothing', undefined],
	['null', null],
	['nothing in JSON', 'null'],
	['a number', 7],
	['half a JSON', '{"baseUrl":"={{'],
	['the expression itself', AS_ENTERED],
	['a list', '["={{ 1 }}"]'],
	[
		'fields that are none of ours',
		'{"accessToken":"={{ 1 }}","__proto__":"={{ 2 }}","constructor":"={{ 3 }}"}',
	],
	['no expressions', '{"baseUrl":"https://x","username":7,"password":null}'],
])('%s in the field gives nothing back but the field', (_, asEntered) => {
	const handed = read(asEntered);
	expect(handBack(handed)).toEqual({ asEntered: AS_ENTERED });
	expect(whole(handed)).toEqual(handed);
});
