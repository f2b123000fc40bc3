/** `npm run test:mutation` takes one part after the other, so that a change meets the tests of its own part only. */
const { PART = '{alert,alert/formats,api,feed}' } = process.env;

/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
	testRunner: 'vitest',
	plugins: ['@stryker-mutator/vitest-runner'],
	// The runner takes no config with projects.
	vitest: { configFile: 'vitest.mutation.config.mts', related: false },
	// Not the form of the filters: it is description for n8n's editor.
	mutate: [`nodes/shared/${PART}/*.ts`, '!nodes/shared/alert/filter-properties.ts'],
	coverageAnalysis: 'perTest',
	concurrency: 2,
	dryRunTimeoutMinutes: 30,
	timeoutMS: 15_000,
	timeoutFactor: 2,
	ignorePatterns: [
		'/.ci',
		'/.hosts',
		'/bench',
		'/demo',
		'/deploy',
		'/dist',
		'/docs',
		'/host',
		'/reports',
		'/workflows',
	],
	reporters: ['clear-text', 'progress', 'html', 'json'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	thresholds: { high: 95, low: 90, break: 85 },
};
