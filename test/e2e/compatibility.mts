import { writeFile } from 'node:fs/promises';
import type { Reporter, TestModule } from 'vitest/node';
import { nodePackage } from '../../host/versions.mts';

const PAGE = new URL('../../docs/compatibility.md', import.meta.url);
const COMMAND = 'npm run compatibility';
const MARKS: Readonly<Record<string, string>> = {
	passed: 'yes',
	failed: '**no**',
	skipped: 'not run',
};

const line = (...cells: string[]): string => `| ${cells.join(' | ')} |`;

/** Writes docs/compatibility.md from a run of the e2e tests, a row a scenario, a column a version of n8n. */
export default class Compatibility implements Reporter {
	async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
		const versions = new Set<string>();
		const rows = new Map<string, Map<string, string>>();
		for (const test of modules.flatMap((module) => [...module.children.allTests()])) {
			const [, subject, version] = /^(.+?),? in n8n ([\d.]+) > /.exec(test.fullName) ?? [];
			if (!subject || !version) continue;
			const scenario = `${subject} ${test.name}`;
			const row = rows.get(scenario) ?? new Map<string, string>();
			rows.set(scenario, row.set(version, MARKS[test.result().state] ?? 'not run'));
			versions.add(version);
		}
		const page = [
			'# Compatibility',
			'',
			`Written by \`${COMMAND}\` on ${new Date().toISOString().slice(0, 10)}: the packed package in a real n8n on Node.js ${nodePackage().version}, against the simulated`,
			'Cynet 360 of this repository. Other versions of n8n were not tried, nor was a live Cynet tenant.',
			'',
			line('Scenario', ...[...versions].map((version) => `n8n ${version}`)),
			line('---', ...[...versions].map(() => '---')),
			...[...rows].map(([scenario, row]) =>
				line(scenario, ...[...versions].map((version) => row.get(version) ?? 'not run')),
			),
			'',
		];
		await writeFile(PAGE, page.join('\n'));
	}
}
