import { clock } from './clock';

/** How long a piece of work may keep all others of this process waiting, in milliseconds. */
const TURN_MS = 20;

/** Makes something of each row, and lets other work of n8n go on in between: thousands of alerts take seconds. */
export async function mapInTurns<T, Made>(rows: readonly T[], make: (row: T) => Made): Promise<Made[]> {
	const made: Made[] = [];
	let began = clock.ticks();
	for (const row of rows) {
		made.push(make(row));
		if (clock.ticks() - began < TURN_MS) continue;
		await clock.wait(0);
		began = clock.ticks();
	}
	return made;
}
