import { expect, test } from 'vitest';

import { normalizeBaseUrl } from '../../nodes/shared/api/base-url.ts';

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
	'https://acme api.cynet.com',
	'https://acme.api.cynet.com:port',
	undefined,
	null,
	42,
])('%j is refused as no http(s) address', (pasted) => {
	expect(normalizeBaseUrl(pasted)).toBeNull();
});
