import { installN8n } from './install.mts';
import { DEFAULT_N8N, OLDER_N8N } from './versions.mts';

// Installs the n8n's that the tests run in, or those that are named, side by side: most of it is
// waiting for the registry.
const versions = process.argv.length > 2 ? process.argv.slice(2) : [DEFAULT_N8N, OLDER_N8N];
const results = await Promise.allSettled(
	versions.map(
		async (version) =>
			await installN8n(version, (line) => console.log(`n8n ${version}: ${line.trim()}`)),
	),
);
for (const result of results) {
	if (result.status === 'fulfilled') continue;
	console.error(result.reason instanceof Error ? result.reason.message : String(result.reason));
	process.exitCode = 1;
}
