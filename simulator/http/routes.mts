import type { Handler } from './answers.mts';

/** A method and a path, `GET /api/file/remediation/{id}`, to what answers it. */
export type Routes = Readonly<Record<string, Handler>>;

interface Found {
	readonly handler: Handler;
	readonly params: Readonly<Record<string, string>>;
}

type Find = (method: string, path: string) => Found | 'otherMethod' | null;

/** Looks routes up: exact paths first, then those with `{names}`. */
export function routeFinder(routes: Routes): Find {
	const patterns = Object.entries(routes).map(([name, handler]) => {
		const [method = '', path = ''] = name.split(' ');
		const pattern = new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
		return { name, method, pattern, handler };
	});

	return (method, path) => {
		const exact = Object.hasOwn(routes, `${method} ${path}`)
			? routes[`${method} ${path}`]
			: undefined;
		if (exact) return { handler: exact, params: {} };
		const fits = patterns.filter(({ pattern }) => pattern.test(path));
		const fit = fits.find((candidate) => candidate.method === method);
		if (fit) return { handler: fit.handler, params: { ...fit.pattern.exec(path)?.groups } };
		return fits.length > 0 ? 'otherMethod' : null;
	};
}
