import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came, secrets included. */
interface Seen {
	readonly method: string;
	/** With its query. */
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	/** What it carried, from either header. */
	readonly token: string | null;
	/** Whose token that is; null for one that this tenant never issued, or that has ended. */
	readonly user: string | null;
	readonly body: string;
}

export type Tenant = Awaited<ReturnType<typeof startTenant>>;

/**
 * A server with users of its own on loopback, which notes who asks with which token. Every path
 * answers `{"ok":true}` to a token that lives.
 */
export async function startTenant(users: Readonly<Record<string, string>>) {
	const seen: Seen[] = [];
	const issued = new Map<string, string>();
	const live = new Set<string>();
	/** Answers by path, without its query: a status, or where a redirect leads. */
	const answers = new Map<string, number | string>();
	/** Paths that do not exist, whoever asks. */
	const missing = new Set<string>();
	/** With a body of its own. */
	const bodies = new Map<string, (query: URLSearchParams) => unknown>();

	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request
			.on('data', (chunk: Buffer) => chunks.push(chunk))
			.on('end', () => {
				const body = Buffer.concat(chunks).toString();
				const { headers, method = '', url: path = '' } = request;
				const { pathname, searchParams } = new URL(path, 'http://tenant.invalid');
				const token =
					String(headers.access_token ?? '') ||
					(headers.authorization ?? '').replace(/^Bearer /, '') ||
					null;
				const user = (token !== null && live.has(token) && issued.get(token)) || null;
				seen.push({ method, path, headers, token, user, body });
				const answer = (status: number, what: unknown, more: Record<string, string> = {}) =>
					response
						.writeHead(status, { 'content-type': 'application/json', ...more })
						.end(JSON.stringify(what));
				if (isLogin(path)) return void logIn(body, answer);
				if (missing.has(pathname)) return void answer(404, { message: 'No such path' });
				if (user === null) return void answer(401, { message: 'Unauthorized' });
				const told = answers.get(pathname);
				if (typeof told === 'string') return void answer(302, {}, { location: told });
				return void answer(
					told ?? 200,
					told === undefined || told < 300
						? (bodies.get(pathname)?.(searchParams) ?? { ok: true, user })
						: { message: 'No' },
				);
			});
	});

	function logIn(body: string, answer: (status: number, what: unknown) => unknown): void {
		const {
			user_name: plain,
			password,
			accessKey,
			secretKey,
		} = JSON.parse(body) as Record<string, string | undefined>;
		const name = plain ?? accessKey ?? '';
		if (users[name] === undefined || users[name] !== (password ?? secretKey))
			return void answer(401, { message: 'Wrong keys' });
		const token = `${name}-${randomBytes(12).toString('hex')}`;
		issued.set(token, name);
		live.add(token);
		answer(200, accessKey === undefined ? { access_token: token } : { access: token });
	}

	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return {
		port,
		url: `http://127.0.0.1:${port}`,
		seen,
		answers,
		missing,
		bodies,
		/** Requests other than logins. */
		asked: () => seen.filter(({ path }) => !isLogin(path)),
		/** Requests to that path, whatever its query. */
		to: (path: string) => seen.filter((one) => one.path.split('?')[0] === path),
		logins: () => seen.filter(({ path }) => isLogin(path)).length,
		/** Every token issued so far is refused from now on. */
		endTokens: () => live.clear(),
		tokens: () => [...issued.keys()],
		close: async () => {
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			server.closeAllConnections();
			await closed;
		},
	};
}

const isLogin = (path: string): boolean =>
	path === '/api/account/token' || path === '/api/v2/login';
