import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

/**
 * n8n-core loads the CommonJS build of n8n-workflow; with the other build,
 * `instanceof NodeApiError` would never hold.
 */
const alias = { 'n8n-workflow': require.resolve('n8n-workflow') };

const project = (name: string, more: Record<string, unknown> = {}) => ({
	resolve: { alias },
	test: { name, include: [`test/${name}/**/*.test.mts`], ...more },
});

/**
 * Vitest leaves one core alone, which is half of them on a machine with two. A limit of time is for
 * what never ends: beside n8n's installation each second takes several.
 */
const onAllCores = {
	maxWorkers: availableParallelism(),
	testTimeout: 600_000,
	hookTimeout: 300_000,
};

/** To load the code anew for each file is half of the time. What a file changes, it sets back. */
const inOneProcess = { ...onAllCores, isolate: false };

export default defineConfig({
	test: {
		projects: [
			project('unit', {
				...inOneProcess,
				setupFiles: ['test/unit/leave-no-trace.mts', 'test/unit/quick-fingerprints.mts'],
			}),
			project('templates', { ...inOneProcess, setupFiles: ['test/unit/leave-no-trace.mts'] }),
			project('repository', { ...inOneProcess, setupFiles: ['test/unit/leave-no-trace.mts'] }),
			project('property', onAllCores),
			project('engine', onAllCores),
			// Waiting for n8n is most of these: files, and the lives of workflows in one n8n, go on side by side.
			project('e2e', {
				testTimeout: 600_000,
				hookTimeout: 1_200_000,
				maxWorkers: 2,
				maxConcurrency: 4,
			}),
			project('targets', {
				testTimeout: 600_000,
				hookTimeout: 1_200_000,
				fileParallelism: false,
				disableConsoleIntercept: true,
			}),
			project('browser', { testTimeout: 120_000, hookTimeout: 1_200_000, maxWorkers: 2 }),
			// Waiting for n8n is most of it: the three ways run side by side.
			project('kill', { hookTimeout: 1_200_000, maxWorkers: 3, disableConsoleIntercept: true }),
			// Waiting for containers is most of it: both set-ups run side by side, in one Docker engine.
			project('deploy', {
				globalSetup: 'test/deploy/engine.mts',
				testTimeout: 600_000,
				hookTimeout: 1_200_000,
				maxWorkers: 2,
				disableConsoleIntercept: true,
			}),
			// One mode after the other: each is two deployments of n8n.
			project('day', {
				hookTimeout: 1_200_000,
				fileParallelism: false,
				disableConsoleIntercept: true,
			}),
			project('queue', { hookTimeout: 1_200_000, maxWorkers: 2, disableConsoleIntercept: true }),
		],
	},
});
