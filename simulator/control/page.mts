import type { Settings } from '../settings.mts';

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A plain list of what the simulator understands besides the API. */
export function page(routes: readonly string[], { sites, username, password }: Settings): string {
	const items = routes.map((route) => `<li><code>${escape(route)}</code></li>`).join('');
	return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Cynet 360 simulator</title><h1>Cynet 360 simulator</h1>
<p>Username or Access Key <code>${escape(username)}</code>, Password or Secret Key <code>${escape(password)}</code>, Client ID <code>${escape(sites.join(', '))}</code>. The API is below <code>/api</code>.</p>
<ul>${items}</ul></html>`;
}
