// `npm run bench`: measures what the package promises, writes docs/benchmarks.md, and fails when a target is missed.
import { writeFile } from 'node:fs/promises';
import type { Chapter } from './figure.mts';
import { backlog } from './figures/backlog.mts';
import { conversion } from './figures/conversion.mts';
import { idle } from './figures/idle.mts';
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
	size,
	conversion,
];

const chapters: Chapter[] = [];
for (const figure of FIGURES) {
	process.stderr.write(`${figure.name} …\n`);
	const chapter = await figure();
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
