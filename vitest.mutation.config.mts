import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

/**
 * The tests that Stryker runs against each change of feed, alert and api: few runs of the properties, always the same ones,
 * so that a change's fate is no matter of luck.
 */
export default defineConfig({
	resolve: { alias: { 'n8n-workflow': require.resolve('n8n-workflow') } },
	test: {
		exclude: ['test/property/gaps.test.mts'],
		include: ['test/unit/{alert,api,credential,feed}*.test.mts', 'test/property/**/*.test.mts'],
		setupFiles: ['test/property/same-runs.mts'],
		env: { FEED_RUNS: '30', FEED_BACKLOG: '5000' },
		testTimeout: 60_000,
	},
});
