const minutes = (milliseconds: number): number => Math.ceil(milliseconds / 60_000);
const iso = (time: number): string =>
	`${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** What the log says about a server: what was seen, what follows from it, what to change. Facts, no secrets. */
export const WARNINGS = {
	noBulk:
		'This server has no /api/alerts/bulk. Reading /api/alerts instead and trying again in an hour.',
	noServerTime:
		'The answer held no SyncTimeUtc and no Date header, so the cursor stays where it is.',
	clockWentBack: "The server's clock went back. Reading again from its new time.",
	offsetIgnored:
		'This server ignores Offset. Reading /api/alerts instead and trying again in an hour.',
	changesCutOff:
		'This server ignores Offset, so changes beyond one page are not seen. Raise Page Size.',
	numberedAgain:
		'The server began to number its alerts again. Alerts are told apart by their new numbers from now on.',
	doubtful:
		'An answer did not say for certain that there are no more alerts, so the cursor stays where it is and they are read again.',
	offsetEnds:
		'This server answers no Offset beyond a limit. Going on from the time of the last row that was read.',
	unreachable:
		'This server answers no Offset beyond a limit, and its list is not in order of time. Older alerts behind the limit are read again at each poll until they can be reached. A smaller Look Back or a larger Page Size can help.',
	wideRefused: (from: number, to: number): string =>
		`The server refuses to list alerts from as far back as ${iso(from)}. New alerts are read from ${iso(to)} on; those in between are tried again.`,
	givenUp: (from: number, to: number): string =>
		`Alerts from ${iso(from)} to ${iso(to)} could not be read for a day. They are given up. Alert: Get Many of the Cynet node can list them once the server answers.`,
	sideFailed: (kind: 'recheck' | 'sweep'): string =>
		`${{ recheck: 'Reading older alerts once more', sweep: 'The sweep for alerts that appear late' }[kind]} failed. New alerts are not affected; it is tried again in some minutes. If this goes on, lower Page Size.`,
	sweepNarrowed: (from: number): string =>
		`The server refuses to sweep as far back as Late Sweep (Hours) says. Alerts that appear late are found only back to ${iso(from)}.`,
	malformedRows: (count: number): string =>
		`${count} rows were no JSON objects and could not be emitted. They stay in Cynet's console.`,
	skippedRows: (count: number): string =>
		`${count} rows could not be served by Cynet, each alone, and were passed over. They stay in Cynet's console.`,
	sharedIds: (count: number): string =>
		`Cynet gave ${count} ids to several alerts each. Alerts with the same id count as one, so only the first of them was emitted. The others are in Cynet's console.`,
	overlapTooShort: (count: number, overlap: number, longest: number): string =>
		`The sweep found ${count} alerts that appeared more than ${minutes(overlap)} minutes after their LastSeen, by ${minutes(longest)} minutes at most. To get such alerts at once, raise Overlap (Minutes).`,
	doubtfulAlerts: (count: number, why: string): string =>
		`${count} alerts were emitted although something about them is uncertain: ${why}.`,
} as const;

/** What the log says where a stored state cannot be used. */
export const UNUSABLE_STATES = {
	foreign: 'The stored state belongs to another server or site. Starting here with the look-back.',
	newer:
		'The stored state was written by a later version of this package. Starting with a look-back of a day at least; alerts may come again. Update the package to go on from the state.',
	corrupt:
		'The stored state is not readable. Starting with a look-back of a day at least; alerts may come again, with the same dedupKey.',
} as const;
