import type { WARNINGS } from '../../../nodes/shared/api/warnings.ts';
import type { NOTES, UNUSABLE_STATES } from '../../../nodes/shared/feed/notes.ts';
import type { Words } from './words.mts';

interface LogWords extends Words {
	readonly remedy: string;
}

const NOTHING = 'Nothing';

export const NOTE_WORDS: Readonly<Record<keyof typeof NOTES, LogWords>> = {
	noBulk: { cause: 'An older server', remedy: 'Nothing. Each poll of a backlog reads all of it, so keep Look Back short', when: 'The paged list is answered with status 404 or 405' },
	noServerTime: { cause: 'A proxy takes headers away, or the server is an unusual one', remedy: 'Let the proxy pass the header Date. No new alert is lost, but every poll reads everything since the start, and changes are not told', when: 'An answer holds no time at all' },
	clockWentBack: { cause: 'Someone set the clock of the server, or it was restored from a copy', remedy: NOTHING, when: 'The time of the server is hours before that of the last poll' },
	rowsMoved: { cause: 'Alerts arrived while the list was read', remedy: NOTHING, when: 'Many alerts arrive between two pages of a list with the newest first' },
	offsetIgnored: { cause: 'An older server', remedy: 'Nothing. Each poll of a backlog reads all of it, so keep Look Back short', when: 'The second page of the list of alerts is the first one again' },
	changesCutOff: { cause: 'An older server', remedy: 'Raise Page Size above the number of changes in one poll', when: 'The second page of the list of changes is the first one again' },
	numberedAgain: { cause: 'The server was set up anew', remedy: 'Nothing, as a rule. Limit 10 of the guarantees says what can be missed', when: 'A known number comes with an alert that is days younger' },
	malformedRows: { cause: 'The server sends a list with gaps', remedy: 'Ask Cynet support, with the time of the line', when: 'A list holds rows that are no objects' },
};

export const WARNING_WORDS: Readonly<Record<keyof typeof WARNINGS, LogWords>> = {
	noRows: { cause: 'The server answers an empty list so, or something keeps its answer back', remedy: 'Nothing, unless it stays while Cynet raises alerts: then look for a proxy between n8n and Cynet', when: 'A list of alerts is answered with status 204, `null`, `[]` or a time alone' },
	said: { cause: 'Cynet could not read all that was asked for', remedy: 'Nothing, unless it stays: then ask Cynet support, with the time and the words of the line', when: 'An answer holds alerts and words of an error' },
	odd: { cause: 'The server or a proxy answers with a part', remedy: 'Nothing, unless it stays: then ask Cynet support, with the time of the line', when: 'An answer with another status than 200 holds alerts' },
	repaired: { cause: 'An alert holds something that the server cannot write as JSON', remedy: 'Look these alerts up in the Cynet console: what could not be read is missing from them', when: 'A row of an answer holds NaN, a raw control character or a comma too many' },
	clocks: { cause: 'The clock of the server or of a proxy is off by more than two minutes', remedy: 'Ask Cynet support, or who runs the proxy, to set the clock. Until then alerts can come later by the difference', when: '`SyncTimeUtc` and the header Date of an answer are more than two minutes apart' },
};

export const STATE_WORDS: Readonly<Record<keyof typeof UNUSABLE_STATES, LogWords>> = {
	foreign: { cause: 'The workflow was copied, or its credential now names another server', remedy: NOTHING, when: 'The stored state was made with another Base URL' },
	newer: { cause: 'The package was set back to an earlier version', remedy: 'Update the package to go on where it stopped', when: 'The stored state has a later version' },
	corrupt: { cause: 'Something wrote into the static data of the workflow', remedy: 'Look for a Code node that writes static data', when: 'The stored state is not readable' },
};

/** By the line as the code has it. `‹warning›` and `‹state›` stand for the two tables above. */
export const LINE_WORDS: Readonly<Record<string, LogWords>> = {
	'Cynet Trigger: n8n was restarted. Handing the last batch over again.': { cause: 'Replay After Restart is on', remedy: 'Nothing: the keys are the same', when: 'n8n starts again after it was handed alerts' },
	'Cynet Trigger: ‹message›. Trying again at the next poll.': { cause: 'The message says it: one of the errors above that waiting can mend', remedy: 'Nothing, unless it stays: after Tolerance the poll fails visibly', when: 'The API is down for less than Tolerance' },
};

/** What only frames one of the two tables. */
export const FRAMES = ['Cynet Trigger: ‹warning›', 'Cynet Trigger: ‹state›'] as const;
