// Sums up what vitest reported: node summary.mjs <folder with reports> [steps that failed …]
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...failedSteps] = process.argv.slice(2);
const sum = { passed: 0, failed: 0 };
const skipped = [];
const failed = [];
for (const file of readdirSync(folder)) {
	const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
	for (const { assertionResults, status, message, name } of report.testResults) {
		// A file that could not be loaded, or whose set-up broke, has no failed test to show for it.
		if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
			sum.failed++;
			failed.push(`${name}: ${message}`);
		}
		for (const { fullName, status: outcome, failureMessages } of assertionResults) {
			if (outcome === 'passed' || outcome === 'failed') sum[outcome]++;
			else skipped.push(fullName);
			if (outcome === 'failed')
				failed.push(`${fullName}: ${failureMessages.join('\n').slice(0, 1_500)}`);
		}
	}
}
// A step that failed without a failed test: lint, types, build, an installation.
if (failedSteps.length > 0) console.log(`failed steps: ${failedSteps.join(', ')}`);
if (failedSteps.length > 0 && sum.failed === 0) sum.failed = failedSteps.length;
console.log(
	skipped.length === 0
		? 'skipped: nothing'
		: `skipped: ${skipped.length}\n${skipped.map((name) => `  ${name}`).join('\n')}`,
);
// Last, for whoever sees only the end of what a run printed.
for (const text of failed) console.log(`failed: ${text}`);
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
