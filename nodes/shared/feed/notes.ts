/** What the log says about a server. Facts, no secrets. */
export const NOTES = {
	noBulk: 'This server has no /api/alerts/bulk. Reading /api/alerts instead and trying again in an hour.',
	noServerTime: 'The answer held no SyncTimeUtc and no Date header, so the cursor stays where it is.',
	clockWentBack: "The server's clock went back. Reading again from its new time.",
	rowsMoved: 'Rows moved between two pages. Stepped back to read them again.',
	offsetIgnored: 'This server ignores Offset. Reading /api/alerts instead and trying again in an hour.',
	changesCutOff: 'This server ignores Offset, so changes beyond one page are not seen. Raise Page Size.',
	numberedAgain: 'The server began to number its alerts again. Alerts are told apart by their new numbers from now on.',
	/** Behind how many. */
	malformedRows: 'rows were no JSON objects and could not be handed over.',
} as const;

/** What the log says where a stored state cannot be used. */
export const UNUSABLE_STATES = {
	foreign: 'The stored state belongs to another server or site. Starting here with the look-back.',
	newer: 'The stored state was written by a later version of this package. Starting with the look-back; alerts may come again. Update the package to go on from the state.',
	corrupt: 'The stored state is not readable. Starting with the look-back; alerts may come again.',
} as const;
