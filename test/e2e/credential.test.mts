import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Instance, VERSIONS } from './instance.mts';
import { expectNoSecrets } from './secrets.mts';

const WRONG_PASSWORD = 'a wrong + "password" / with ümlauts';

describe.each(VERSIONS)('The credential in n8n %s', (version) => {
	let instance: Instance;
	beforeAll(async () => void (instance = await Instance.make('credential', version)));
	afterAll(async () => await instance?.close());

	/** What the editor shows for a credential with these values. */
	const tested = async (data: Record<string, unknown> = {}) => {
		const credential = instance.credential(data);
		return await instance.rest.testCredential(
			await instance.rest.createCredential(credential),
			credential,
		);
	};

	test('is found to be good when it is', async () => {
		expect(await tested()).toMatchObject({ status: 'OK' });
	});

	test.each([
		['a wrong password', { password: WRONG_PASSWORD }, 'Password or Secret Key'],
		['a wrong user name', { username: 'someone-else' }, 'Username or Access Key'],
		['a site that does not exist', { clientId: '999999' }, 'Client ID'],
		['an address that is none', { baseUrl: 'cynet' }, 'Base URL'],
		['an address where nobody listens', { baseUrl: 'http://127.0.0.1:9' }, 'Base URL'],
		['the address of something else', { baseUrl: 'n8n' }, 'Base URL'],
	])('names the field for %s', async (_, data, field) => {
		const address =
			'baseUrl' in data && data.baseUrl === 'n8n' ? { baseUrl: instance.n8n.url } : {};
		const { status, message } = await tested({ ...data, ...address });
		expect(status).toBe('Error');
		expect(message).toContain(field);
	});

	test('is sent to the editor without its token', async () => {
		const { status, workflowId, credentialId } = await instance.publish();
		expect(status).toBe('published');
		await instance.rest.deactivate(workflowId);
		const { data } = await instance.rest.credential(credentialId);
		expect(data).toMatchObject({
			accessToken: expect.any(String),
			accessTokenExpiresAt: expect.any(String),
		});
		const shown = JSON.stringify(data);
		for (const secret of instance.simulator.secrets()) expect(shown).not.toContain(secret);
	});

	test('leaves no secret in the database or the log', async () => {
		await expectNoSecrets(instance, { 'the wrong password': WRONG_PASSWORD });
	});
});
