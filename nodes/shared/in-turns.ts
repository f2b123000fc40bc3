import { clock } from './clock';

/** How long work may keep all else in this process waiting, in milliseconds. */
const TURN_MS = 20;

let turnBegan = 0;

/** Lets other work of n8n go on from time to time: thousands of alerts take seconds. To be called for each. */
export async function takeTurns(): Promise<void> {
	if (clock.ticks() - turnBegan < TURN_MS) return;
	await clock.wait(0);
	turnBegan = clock.ticks();
}

/** Makes something of each row, in turns with other work. */
export async function mapInTurns<T, Made>(
	rows: readonly T[],
	make: (row: T) => Made,
): Promise<Made[]> {
	const made: Made[] = [];
	for (const row of rows) {
		made.push(make(row));
		await takeTurns();
	}
	return made;
}
