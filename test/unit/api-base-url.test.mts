import { expect, test, vi } from 'vitest';

import { isReadByOthers, normalizeBaseUrl } from '../../nodes/shared/api/base-url.ts';

const API = 'https://acme.api.cynet.com';

test.each([
	API,
	`${API}/`,
	`  ${API}//\n`,
	`${API}/api`,
	`${API}/api/`,
	`${API}/API`,
	`${API}/api/account/token`,
	`${API}/api/v2/login`,
	`${API}/api/v3/token/`,
	`${API}/api/login`,
	`${API}//api//login`,
	`${API}?client=1`,
	`${API}/#/home`,
	`${API}/api/?x=/`,
	'HTTPS://ACME.API.Cynet.COM',
	`${API}:443`,
	`${API}:443/api`,
	'https://acme.api.cynet.com.',
	'https://acme.api.cynet.com.:443/',
])('%j is understood as the address of the API', (pasted) => {
	expect(normalizeBaseUrl(pasted)).toBe(API);
});

test.each([
	['https://10.0.0.1:6443/api', 'https://10.0.0.1:6443'],
	['http://localhost:8080', 'http://localhost:8080'],
	['https://[::1]:6443/api', 'https://[::1]:6443'],
	['https://proxy.example/cynet/api', 'https://proxy.example/cynet'],
	['https://proxy.example/apis', 'https://proxy.example/apis'],
	['https://proxy.example/api/other', 'https://proxy.example/api/other'],
	['https://api', 'https://api'],
	['http://localhost:80/', 'http://localhost'],
	['http://localhost:443', 'http://localhost:443'],
	['https://proxy.example/Cynet/API', 'https://proxy.example/Cynet'],
	['https://proxy.example//cynet//api//account//token//', 'https://proxy.example//cynet'],
	['https://proxy.example/account/token', 'https://proxy.example/account/token'],
	['https://proxy.example/login', 'https://proxy.example/login'],
	['https://api/api', 'https://api'],
])('%j keeps its port, its path in front of /api and a host that looks like one', (pasted, url) => {
	expect(normalizeBaseUrl(pasted)).toBe(url);
});

test.each([
	'',
	'   ',
	'acme.api.cynet.com',
	'ftp://acme.api.cynet.com',
	'see https://acme.api.cynet.com',
	'https://',
	'https:///api',
	'javascript:alert(1)',
	'https://user:secret@acme.api.cynet.com',
	'https://user@acme.api.cynet.com',
	'https://:secret@acme.api.cynet.com',
	'https://acme api.cynet.com',
	'https://acme.api.cynet.com:port',
	'https://.',
	'https:acme.api.cynet.com',
	'https:\\\\acme.api.cynet.com',
	'https://acme.api.cynet.com/a b',
	`${API}/${'a'.repeat(2_048 - API.length)}`,
	undefined,
	null,
	42,
])('%j is refused as no http(s) address', (pasted) => {
	expect(normalizeBaseUrl(pasted)).toBeNull();
});

test.each([
	['slashes', `https://a${'/'.repeat(200_000)}b`],
	['colons', `https://${':'.repeat(200_000)}`],
	['pasted ends', `https://a${'/api'.repeat(50_000)}/x`],
	['white space', `https://a${' '.repeat(200_000)}b`],
])('200,000 characters are refused before anything reads them: %s', (_, pasted) => {
	const parse = vi.spyOn(globalThis, 'URL');
	expect(normalizeBaseUrl(pasted)).toBeNull();
	expect(parse).not.toHaveBeenCalled();
	parse.mockRestore();
});

test.each([
	'http://acme.api.cynet.com',
	'HTTP://10.0.0.1:8080',
	'http://localhost.example',
	'http://127.0.0.1.example',
	'http://0.0.0.0',
	'http://[::2]',
	'http://[2001:db8::1]',
	'http://localhostt',
	'http://128.0.0.1',
	'http://xlocalhost',
])('%s sends in the clear', (address) =>
	expect(isReadByOthers(normalizeBaseUrl(address)!)).toBe(true),
);

test.each([
	'https://acme.api.cynet.com',
	'http://localhost:5678',
	'http://LOCALHOST.',
	'http://simulator.localhost',
	'http://127.0.0.1',
	'http://127.1',
	'http://2130706433',
	'http://127.255.0.7:80',
	'http://[::1]:1',
	'https://10.0.0.1',
])('%s does not', (address) => expect(isReadByOthers(normalizeBaseUrl(address)!)).toBe(false));

test('an address may have 2,048 characters', () => {
	const longest = `${API}/${'a'.repeat(2_047 - API.length)}`;
	expect([longest.length, normalizeBaseUrl(longest)]).toEqual([2_048, longest]);
});

test.each(['/', '//', '/api/', '//api//', '/api//account//token//'])(
	'of the path %j nothing stays',
	(path) => expect(normalizeBaseUrl(`${API}${path}`)).toBe(API),
);
