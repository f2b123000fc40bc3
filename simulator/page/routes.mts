import { readFileSync } from 'node:fs';
import type { Handler } from '../http/answers.mts';
import type { Routes } from '../http/routes.mts';
import type { Settings } from '../settings.mts';

/** What the browser gets besides the page itself, below `/page/`. */
const FILES: Record<string, string> = {
	'page.css': 'text/css; charset=utf-8',
	'icon.svg': 'image/svg+xml',
	'page.mjs': 'text/javascript; charset=utf-8',
	'actions.mjs': 'text/javascript; charset=utf-8',
	'chart.mjs': 'text/javascript; charset=utf-8',
	'show.mjs': 'text/javascript; charset=utf-8',
	'theme.mjs': 'text/javascript; charset=utf-8',
};

const HEADERS = {
	'cache-control': 'no-store',
	'content-security-policy':
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	'referrer-policy': 'no-referrer',
	'x-content-type-options': 'nosniff',
};

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/**
 * The page that shows what goes on, and its files. Read from disk at each request: they are small,
 * and whoever works on them need not start again.
 */
export function pageRoutes(
	routes: () => readonly string[],
	{ username, password, sites }: Settings,
): Routes {
	const serve =
		(type: string, text: () => string): Handler =>
		() => ({ status: 200, text: text(), headers: { ...HEADERS, 'content-type': type } });
	const facts = (): Record<string, string> => ({
		username,
		password,
		sites: sites.join(', '),
		routes: routes()
			.map((route) => `<li><code>${escape(route)}</code></li>`)
			.join('\n'),
	});
	const page = (): string => {
		const { routes: list, ...texts } = facts();
		return read('page.html').replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) =>
			name === 'routes' ? (list ?? '') : escape(texts[name] ?? ''),
		);
	};
	return {
		'GET /': serve('text/html; charset=utf-8', page),
		...Object.fromEntries(
			Object.entries(FILES).map(([name, type]) => [
				`GET /page/${name}`,
				serve(type, () => read(name)),
			]),
		),
	};
}
