// Sums up what vitest reported: node summary.mjs <folder with reports> [steps that failed …]
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [folder, ...failedSteps] = process.argv.slice(2);
const sum = { passed: 0, failed: 0 };
const skipped = [];
for (const file of readdirSync(folder)) {
	const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
	for (const { assertionResults, status, message, name } of report.testResults) {
		// A file that could not be loaded, or whose set-up broke, has no failed test to show for it.
		if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) {
			sum.failed++;
			console.log(`failed: ${name}: ${message}`);
		}
		for (const { fullName, status: outcome } of assertionResults) {
			if (outcome === 'passed' || outcome === 'failed') sum[outcome]++;
			else skipped.push(fullName);
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
console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
