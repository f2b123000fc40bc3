import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/** The project's folder, and the built package in it: CommonJS, as n8n loads it. */
export const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const built = <Module,>(path: string): Module => require(`${PROJECT}dist/${path}.js`) as Module;

export const { CynetTrigger } = built<typeof import('../nodes/CynetTrigger/CynetTrigger.node.ts')>(
	'nodes/CynetTrigger/CynetTrigger.node',
);
export const { Cynet } =
	built<typeof import('../nodes/Cynet/Cynet.node.ts')>('nodes/Cynet/Cynet.node');
export const { CynetApi } = built<typeof import('../credentials/CynetApi.credentials.ts')>(
	'credentials/CynetApi.credentials',
);
/** The package's only clock; to put virtual time in its place, replace its members. */
export const { clock } = built<typeof import('../nodes/shared/clock.ts')>('nodes/shared/api');

/** What npm knows of the package. */
export const manifest = require(`${PROJECT}package.json`) as {
	readonly n8n: { readonly nodes: readonly string[]; readonly credentials: readonly string[] };
	readonly dependencies?: Readonly<Record<string, string>>;
};
