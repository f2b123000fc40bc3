// Whether a tag may be published: node check-release.mjs v<version>. Says what to do about whatever stands in the way.
import { readFileSync } from 'node:fs';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** What stands in the way of publishing this tag, in sentences. */
export function obstacles(tag, manifest, lock, changelog) {
	const { version, repository, homepage, author } = manifest;
	const checks = [
		[
			tag === `v${version}`,
			`The tag is ${tag}, the version in package.json ${version}: set the version, commit, and tag that commit v${version}.`,
		],
		[
			lock.version === version,
			`package-lock.json says ${lock.version}: run "npm install --package-lock-only".`,
		],
		[
			new RegExp(`^## \\[${version.replaceAll('.', '\\.')}\\] - \\d{4}-\\d{2}-\\d{2}$`, 'm').test(
				changelog,
			),
			`CHANGELOG.md has no section "## [${version}] - <date>": rename "Unreleased".`,
		],
		[
			/github\.com/.test(repository?.url ?? ''),
			'package.json names no "repository" on GitHub: npm refuses provenance without it, and n8n verifies against it.',
		],
		[Boolean(homepage), 'package.json names no "homepage": n8n shows it to users.'],
		[
			!author?.email?.endsWith('.invalid'),
			'The author in package.json has no real address: n8n asks for one.',
		],
	];
	return checks.filter(([holds]) => !holds).map(([, sentence]) => sentence);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
	const found = obstacles(
		process.argv[2] ?? '',
		JSON.parse(read('package.json')),
		JSON.parse(read('package-lock.json')),
		read('CHANGELOG.md'),
	);
	for (const sentence of found) console.error(sentence);
	process.exitCode = found.length > 0 ? 1 : 0;
}
