// What n8n's own scanner of community packages says of the source and of the packed package: node scan.mjs
// It lints both without the lines that switch a rule off. Provenance needs a published package and is not looked at.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import {
	analyzePackage,
	SOURCE_FILE_PATTERNS,
} from '@n8n/scan-community-package/scanner/scanner.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'scan-'));
const folderFor = (name) => {
	mkdirSync(join(folder, name));
	return join(folder, name);
};

/** Says what was found; whether that is what is wanted. */
async function scan(what, where, patterns, wanted = true) {
	const { passed, message, details } = await analyzePackage(where, patterns);
	const isRight = passed === wanted;
	console.log(
		`${what}: ${passed ? 'nothing found' : message}${isRight ? '' : `\n${details ?? ''}`}`,
	);
	return isRight;
}

try {
	execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
	const packed = folderFor('packed');
	execFileSync('sh', ['-c', `tar xzf "${folder}"/*.tgz -C "${packed}"`]);
	const source = folderFor('source');
	execFileSync('sh', ['-c', `git -C "${root}" archive HEAD | tar x -C "${source}"`]);
	const bad = folderFor('bad');
	writeFileSync(
		join(bad, 'bad.js'),
		'// eslint-disable-next-line\nconsole.log(process.env.HOME);\n',
	);

	const right = [
		await scan('The packed package', join(packed, 'package')),
		await scan('The source', source, SOURCE_FILE_PATTERNS),
		await scan('A bad example, to see that the scanner works', bad, undefined, false),
	];
	process.exitCode = right.every(Boolean) ? 0 : 1;
} finally {
	rmSync(folder, { recursive: true, force: true });
}
