import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const require = createRequire(import.meta.url);

/** Most changes fail a unit test at once; the others are for the rest. */
class UnitFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const rank = ({ moduleId }: TestSpecification) => Number(!moduleId.includes('/unit/'));
		return [...files].sort((a, b) => rank(a) - rank(b));
	}
}

/** By the part of the code that they test. */
const TESTS: Readonly<Record<string, string[]>> = {
	alert: ['test/unit/alert-*.test.mts'],
	'alert/formats': ['test/unit/format-*.test.mts', 'test/property/format-*.test.mts'],
	feed: ['test/unit/feed-*.test.mts', 'test/property/{backlog,events,feed,gaps,refusals}.test.mts'],
	api: [
		'test/unit/{api,credential}*.test.mts',
		'test/engine/{api,credential,cynet}*.test.mts',
		'test/engine/messages/*.test.mts',
	],
};

/**
 * The tests that Stryker runs against each change of feed, alert with its formats, and api: few
 * runs of the properties, always the same ones,
 * so that a change's fate is no matter of luck.
 */
export default defineConfig({
	resolve: { alias: { 'n8n-workflow': require.resolve('n8n-workflow') } },
	test: {
		include: process.env.PART ? TESTS[process.env.PART] : Object.values(TESTS).flat(),
		exclude: ['test/property/gaps.test.mts'],
		setupFiles: ['test/property/same-runs.mts'],
		env: { FEED_RUNS: '5', FEED_BACKLOG: '3000', FORMAT_ALERTS: '120', FORMAT_RUNS: '30' },
		sequence: { sequencer: UnitFirst },
		// Stryker has limits of its own.
		testTimeout: 600_000,
	},
});
