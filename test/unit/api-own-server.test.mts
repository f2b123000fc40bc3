import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { describe, expect, test } from 'vitest';

import { strayOf, type AnyOptions } from '../../nodes/shared/api/own-server.ts';

const CREDENTIAL: ICredentialDataDecryptedObject = { baseUrl: 'https://cynet.example' };
const at = (options: object, baseUrl = 'https://cynet.example') =>
	strayOf({ ...CREDENTIAL, baseUrl }, options as AnyOptions);

const OWN = [
	'https://cynet.example',
	'https://cynet.example/',
	'https://cynet.example/api/x?name=DOMAIN\\user&mail=a@evil.example#@evil.example',
	'https://cynet.example?x=//evil.example',
	'HTTPS://CYNET.Example/API',
	'https://cynet.example:443/api',
	'https://cynet.example:0443/api',
	'https://cynet.example/@evil.example',
	'https://cynet.example/\\evil.example',
	'https://cynet.example/a b\tc',
];

const ELSEWHERE = [
	'https://evil.example/api',
	'http://cynet.example/api',
	'https://cynet.example:6443/api',
	'https://cynet.example:80',
	'https://cynet.example@evil.example/',
	'https://cynet.example:443@evil.example/',
	'https://cynet.example%40evil.example/',
	'https://user@cynet.example/',
	'https://user:password@cynet.example/',
	'https://@cynet.example/',
	'https://:@cynet.example/',
	'https://evil.example#@cynet.example',
	'https://evil.example?@cynet.example',
	'https://evil.example\\@cynet.example',
	'https://cynet.example\\@evil.example',
	'https://cynet.example\\.evil.example',
	'https:\\\\cynet.example',
	'https:/cynet.example',
	'https:cynet.example',
	'https:///cynet.example',
	'//cynet.example/api',
	'//evil.example/api',
	'\\\\evil.example',
	'/api/x',
	'api/x',
	'cynet.example/api',
	'https://cynet.example.evil.example/',
	'https://cynet.examplee/',
	'https://xcynet.example/',
	'https://api.cynet.example/',
	'https://cynet.example./',
	'https://cynet.example../',
	'https://cynet-example/',
	'https://cynеt.example/',
	'https://xn--cynt-53d.example/',
	'https://cynet。evil.example/',
	'https://cynet.example／.evil.example/',
	'https://cynet.example\t.evil.example',
	'https://evil\t.example',
	'ht\ntps://cynet.example',
	'https:/\t/cynet.example',
	' https://cynet.example',
	'https://cynet.example ',
	'\u0000https://cynet.example',
	'\ufeffhttps://cynet.example',
	'https://[::1]/',
	'https://2130706433/',
	'ftp://cynet.example/',
	'wss://cynet.example/',
	'file:///etc/passwd',
	'javascript:alert(1)//https://cynet.example',
	'data:text/plain,https://cynet.example',
	'blob:https://cynet.example/x',
	'unix:/run/x:https://cynet.example',
	'https://cynet.example:99999/',
	'https://',
	'https://%/',
	'',
	' ',
];

describe.each(['url', 'uri'])('in %s', (field) => {
	test.each(OWN)('%j is the own server', (address) => expect(at({ [field]: address })).toBeNull());

	test.each(ELSEWHERE)('%j is not', (address) =>
		expect(at({ [field]: address })).toBe('otherServer'),
	);

	test.each([
		[['https://cynet.example']],
		[{ href: 'https://cynet.example' }],
		[{ toString: () => 'https://cynet.example' }],
		[7],
		[true],
		[false],
	])('%o is no address', (address) => {
		expect(at({ [field]: address })).toBe('otherServer');
	});

	test('an address may come parsed', () => {
		expect(at({ [field]: new URL('https://cynet.example/x') })).toBeNull();
		expect(at({ [field]: new URL('https://evil.example/x') })).toBe('otherServer');
	});
});

test('a full-width letter is the same letter to whoever looks the name up', () => {
	expect(at({ url: 'https://ｃynet.example/' })).toBeNull();
});

test.each([{}, { url: undefined }, { url: null, uri: undefined }])('%j leads nowhere', (options) =>
	expect(at(options)).toBe('otherServer'),
);

test('of two addresses both must be the own server, for one of them is asked', () => {
	expect(at({ url: 'https://cynet.example/a', uri: 'https://cynet.example/b' })).toBeNull();
	expect(at({ url: 'https://cynet.example/a', uri: 'https://evil.example/b' })).toBe('otherServer');
	expect(at({ url: 'https://evil.example/a', uri: 'https://cynet.example/b' })).toBe('otherServer');
	expect(at({ url: '', uri: 'https://cynet.example/b' })).toBe('otherServer');
});

test.each(['/api/x', 'api/x', '', '?x=1', './x', '../../x', '@evil.example/x', ':6443/x'])(
	'%j behind an address of the own server stays there',
	(url) => {
		expect(at({ baseURL: 'https://cynet.example/', url })).toBeNull();
	},
);

test.each([
	['https://cynet.example', '//evil.example/x'],
	['https://cynet.example', 'https://evil.example/x'],
	['https://cynet.example', 'HTTP://cynet.example/x'],
	['https://cynet.example', 'http:evil.example/x'],
	['https://cynet.example', '/\\evil.example/x'],
	['https://evil.example', '/x'],
	['https://evil.example', 'https://cynet.example/x'],
	['https://cynet.example@evil.example', '/x'],
	['', 'https://cynet.example/x'],
	['cynet.example', '/x'],
	[{ href: 'https://cynet.example' }, '/x'],
])('baseURL %j with %j leads away, or may', (baseURL, url) =>
	expect(at({ baseURL, url })).toBe('otherServer'),
);

test('an address typed with a dot behind the host is its own server, both ways', () => {
	expect(at({ url: 'https://cynet.example./x' }, 'https://cynet.example./')).toBeNull();
	expect(at({ url: 'https://cynet.example/x' }, 'https://cynet.example./')).toBeNull();
});

test.each([
	['http://localhost:5678', 'http://localhost:5678/x', null],
	['http://127.0.0.1:5678', 'http://127.1:5678/x', null],
	['http://127.0.0.1:5678', 'http://127.0.0.1:5679/x', 'otherServer'],
	['http://[::1]:1', 'http://[0:0:0:0:0:0:0:1]:1/x', null],
	['https://cynet.example/tenant/api', 'https://cynet.example/other', null],
])('for %s, %s comes to %s', (baseUrl, url, stray) => expect(at({ url }, baseUrl)).toBe(stray));

test.each(['http://proxy.example:3128', ' x', { host: 'proxy.example', port: 3128 }, true, ['x']])(
	'%j is a proxy that a node names',
	(proxy) => {
		expect(at({ url: 'https://cynet.example', proxy })).toBe('throughProxy');
	},
);

test.each([undefined, null, '', '  ', false])('%j is no proxy', (proxy) =>
	expect(at({ url: 'https://cynet.example', proxy })).toBeNull(),
);

test.each([
	{ Host: 'evil.example' },
	{ host: 'cynet.example:6443' },
	{ ' hOST ': '' },
	{ host: ['evil.example'] },
	{ host: null },
])('the header %j names another host', (headers) => {
	expect(at({ url: 'https://cynet.example', headers })).toBe('otherHost');
});

test.each([{ Host: 'CYNET.example ' }, { 'x-forwarded-host': 'x' }, null, undefined, [], 'x'])(
	'the headers %j name no other host',
	(headers) => {
		expect(at({ url: 'https://cynet.example', headers })).toBeNull();
	},
);

test.each([
	'host',
	'hostname',
	'port',
	'socketPath',
	'lookup',
	'createConnection',
	'servername',
	'checkServerIdentity',
])('a connection whose %s is set leads away', (name) => {
	expect(at({ url: 'https://cynet.example', agentOptions: { [name]: 'x' } })).toBe('otherServer');
});

test('a certificate of the client may be set', () => {
	expect(
		at({
			url: 'https://cynet.example',
			agentOptions: { ca: 'x', cert: 'x', key: 'x', passphrase: 'x' },
		}),
	).toBeNull();
});

const server = 'https://acme.api.cynet.com';
const stray = (options: object, baseUrl = server) => strayOf({ baseUrl }, options as AnyOptions);

test('an address that is none is not the one of a credential that has white space around its own', () => {
	expect(stray({ url: `${server}/x` }, ` ${server} `)).toBeNull();
	for (const url of ['https://user@acme.api.cynet.com', 'x', '', ' ', 7, {}])
		expect(stray({ url }, ` ${server} `)).toBe('otherServer');
});

test('what is null is not given', () => {
	expect(stray({ url: null, uri: `${server}/x`, baseURL: null, agentOptions: null })).toBeNull();
	expect(stray({ url: null, uri: null })).toBe('otherServer');
});

test.each([
	'https:///acme.api.cynet.com/x',
	'HTTPS:///acme.api.cynet.com/x',
	'//acme.api.cynet.com/x',
	'/x ',
	'ftp://acme.api.cynet.com',
])('behind a base address %j is not beyond doubt', (url) => {
	expect(stray({ url, baseURL: server })).toBe('otherServer');
	expect(stray({ url: '/x', baseURL: server })).toBeNull();
});

test.each(
	[
		['host', 'hostname', 'port', 'path', 'socketPath'],
		['lookup', 'createConnection', 'servername', 'checkServerIdentity'],
	].flat(),
)('an agent with %s leads away', (name) => {
	expect(stray({ url: server, agentOptions: { [name]: undefined } })).toBe('otherServer');
	expect(stray({ url: server, agentOptions: { ca: 'x' } })).toBeNull();
});

test('a host may be named as the credential writes it', () => {
	const headers = { Host: 'ACME.api.cynet.com.' };
	expect(stray({ url: server, headers }, `${server}.`)).toBeNull();
	expect(stray({ url: server, headers })).toBe('otherHost');
});
