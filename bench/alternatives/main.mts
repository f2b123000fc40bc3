// `npm run bench:alternatives`: Cynet Trigger in one real n8n beside what a user would pick
// instead. Writes docs/alternatives.md, and fails when
// a target is missed. MINUTES=9 ROUNDS=1 for a short run.
import { writeFile } from 'node:fs/promises';
import { PROJECT } from '../../host/paths.mts';
import { Ground } from './ground.mts';
import { countLosses } from './losses.mts';
import { figuresOf, reportOf } from './report.mts';
import { race } from './speed.mts';

const say = (line: string): void => console.log(line);

/** A whole number from the environment. */
function setting(name: string, preset: number, least: number): number {
	const value = Number(process.env[name] ?? preset);
	if (Number.isInteger(value) && value >= least) return value;
	throw new Error(
		`${name} is to be a whole number from ${least} up, for example ${name}=${preset}`,
	);
}

const MINUTES = setting('MINUTES', 30, 9);
const ROUNDS = setting('ROUNDS', 5, 1);

const ground = await Ground.make();
try {
	say(`Speed: ${ROUNDS} rounds of each size, a minute a round …`);
	const races = [];
	for (const alerts of [2_000, 10_000])
		races.push({ alerts, rounds: await race(ground, alerts, ROUNDS, say) });
	say(`Lost and twice: ${MINUTES} minutes …`);
	const outcome = {
		races,
		losses: await countLosses(ground, MINUTES, say),
		n8n: ground.n8n.installation.version,
	};
	await writeFile(`${PROJECT}docs/alternatives.md`, reportOf(outcome));
	const figures = figuresOf(outcome);
	for (const { what, result, target, met } of figures)
		say(
			`${met === false ? 'MISSED ' : ''}${what}: ${result}${target === null ? '' : ` (${target})`}`,
		);
	if (figures.some(({ met }) => met === false)) process.exitCode = 1;
} finally {
	await ground.close();
}
