import type { Answer } from './answers.mts';

const html = (
	status: number,
	title: string,
	text: string,
	headers: Record<string, string> = {},
): Answer => ({
	status,
	headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
	text: `<!doctype html><html><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`,
});

export const LOGIN_PAGE: Answer = html(
	200,
	'Sign in',
	'<form method="post">Sign in to the console</form>',
);

/** What stands between a client and the API answers in its place; the API itself never saw the request. */
export const PAGES = {
	proxyLogin: html(407, 'Proxy Authentication Required', 'This proxy wants a user name.', {
		'proxy-authenticate': 'Basic realm="proxy"',
	}),
	tooEarly: html(425, 'Too Early', 'Send the request again.'),
	networkLogin: html(511, 'Network Authentication Required', 'Log in to this network first.'),
	notAcceptable: html(
		406,
		'Not Acceptable',
		'An appropriate representation of the requested resource could not be found on this server.',
	),
	firewall: html(403, 'Attention Required!', 'The request was blocked. Ray ID: 8f2a6c1d', {
		server: 'edge',
	}),
	challenge: html(403, 'Just a moment...', 'Checking your browser before you go on.', {
		server: 'edge',
		'retry-after': '4102444800',
	}),
	maintenance: html(200, 'We will be back soon', 'The console is under maintenance.'),
	maintenance503: html(503, 'We will be back soon', 'The console is under maintenance.', {
		'retry-after': '120',
	}),
	badGateway: html(502, '502 Bad Gateway', 'nginx'),
} as const satisfies Record<string, Answer>;

export type PageName = keyof typeof PAGES;
