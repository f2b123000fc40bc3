// `npm run bench`: measures what the package promises, writes docs/benchmarks.md, and fails when a target is missed.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Chapter } from './figure.mts';
import { backlog } from './figures/backlog.mts';
import { conversion } from './figures/conversion.mts';
import { idle } from './figures/idle.mts';
import { lists } from './figures/lists.mts';
import { pollTime } from './figures/poll-time.mts';
import { size } from './figures/size.mts';
import { stateSize } from './figures/state-size.mts';
import { reportOf } from './report.mts';
import { PROJECT } from './built.mts';

const FIGURES: readonly (() => Promise<Chapter>)[] = [
	pollTime,
	backlog,
	stateSize,
	idle,
	lists,
	size,
	conversion,
];

const [asked] = process.argv.slice(2);
const one = FIGURES.find(({ name }) => name === asked);
if (one) {
	process.stdout.write(JSON.stringify(await one()));
	process.exit(0);
}

const chapters: Chapter[] = [];
for (const { name } of FIGURES) {
	process.stderr.write(`${name} …\n`);
	// Each in a process of its own: what one leaves in memory slows the next down.
	const told = execFileSync(
		process.execPath,
		[...process.execArgv, fileURLToPath(import.meta.url), name],
		{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
	);
	const chapter = JSON.parse(told) as Chapter;
	for (const { what, result, target, met } of chapter.figures) {
		process.stderr.write(
			`  ${met === false ? 'MISSED ' : ''}${what}: ${result}${target === null ? '' : ` (${target})`}\n`,
		);
	}
	chapters.push(chapter);
}
await writeFile(`${PROJECT}docs/benchmarks.md`, reportOf(chapters));
const missed = chapters.some(({ figures }) => figures.some(({ met }) => met === false));
process.exit(missed ? 1 : 0);
