import { WARNINGS as ANSWER_WARNINGS } from '../../../nodes/shared/api/warnings.ts';
import { WARNINGS as FEED_WARNINGS, UNUSABLE_STATES } from '../../../nodes/shared/feed/warnings.ts';
import type { Words } from './words.mts';

/** A line of n8n's log, and what the catalogue says of it. */
interface Line extends Words {
	/** As the log has it; what is filled in stands as `‹its name›`. */
	readonly text: string;
	readonly remedy: string;
}

type LineWords = Omit<Line, 'text'>;

const NOTHING = 'Nothing';
const ASK_SUPPORT = 'ask Cynet support, with the time of the line';

/** With any number and any time, what depends on them is told by a hole. */
const holes = (text: string): string =>
	text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, '‹time›').replace(/\b\d+\b/g, '‹number›');

const {
	wideRefused,
	givenUp,
	sideFailed,
	sweepNarrowed,
	malformedRows,
	skippedRows,
	sharedIds,
	overlapTooShort,
	doubtfulAlerts,
	...plain
} = FEED_WARNINGS;

/** What is seen while the lists of a site are read. */
const FEED_TEXTS = {
	...plain,
	wideRefused: holes(wideRefused(0, 0)),
	givenUp: holes(givenUp(0, 0)),
	recheckFailed: sideFailed('recheck'),
	sweepFailed: sideFailed('sweep'),
	sweepNarrowed: holes(sweepNarrowed(0)),
	malformedRows: holes(malformedRows(0)),
	skippedRows: holes(skippedRows(0)),
	sharedIds: holes(sharedIds(0)),
	overlapTooShort: holes(overlapTooShort(0, 0, 0)),
	doubtfulAlerts: holes(doubtfulAlerts(0, '‹why›')),
};

const FEED_WORDS: Readonly<Record<keyof typeof FEED_TEXTS, LineWords>> = {
	noBulk: {
		cause: 'An older server',
		remedy: 'Nothing. Each poll of a backlog reads all of it, so keep Look Back short',
		when: 'The paged list is answered with status 404 or 405',
	},
	noServerTime: {
		cause: 'A proxy takes headers away, or the server is an unusual one',
		remedy:
			'Let the proxy pass the header Date. No new alert is lost, but every poll reads everything since the start, and changes are not emitted',
		when: 'An answer holds no time at all',
	},
	clockWentBack: {
		cause: 'Someone set the clock of the server, or it was restored from a copy',
		remedy: NOTHING,
		when: 'The time of the server is hours before that of the last poll',
	},
	offsetIgnored: {
		cause: 'An older server',
		remedy: 'Nothing. Each poll of a backlog reads all of it, so keep Look Back short',
		when: 'The second page of the list of alerts is the first one again',
	},
	changesCutOff: {
		cause: 'An older server',
		remedy: 'Raise Page Size above the number of changes in one poll',
		when: 'The second page of the list of changes is the first one again',
	},
	numberedAgain: {
		cause: 'The server was set up anew',
		remedy: 'Nothing, as a rule. Limit 10 of the guarantees says what can be missed',
		when: 'A known number comes with an alert that is days younger',
	},
	doubtful: {
		cause: 'The answer was empty or not whole, as a server or a proxy under load sends it',
		remedy:
			'Nothing, unless it stays while Cynet raises alerts: then look for a proxy between n8n and Cynet',
		when: 'The last page of a list is answered with status 204 or 206',
	},
	offsetEnds: {
		cause: 'The server limits how deep a list can be read',
		remedy: NOTHING,
		when: 'A page far down a list is refused, and the list is in order of time',
	},
	unreachable: {
		cause: 'The server limits how deep a list can be read',
		remedy:
			'Raise Page Size, or choose a smaller Look Back. Where the server has the list without pages, that one is read meanwhile, and nothing is missing',
		when: 'A page far down a list is refused, and the list begins with the newest alert',
	},
	wideRefused: {
		cause:
			'The server limits how old the alerts of a list may be, or a long list takes it too long. After a pause of n8n or a first poll with a long Look Back, that is not far enough',
		remedy:
			'Nothing at first: the older alerts are tried again for a day. A line says if they are given up. If Look Back is longer than you need, choose a smaller one',
		when: 'A list of the last 24 hours is refused, and one of the last minutes is not',
	},
	givenUp: {
		cause: 'The server has refused for a day to list alerts that old',
		remedy:
			'Look at the alerts of that time in the Cynet console, or list them with Alert: Get Many. The trigger does not emit them',
		when: 'The server refuses for more than a day to go back as far as the trigger must',
	},
	recheckFailed: {
		cause:
			'The server fails at an older part of the list, or is too slow with it. The trigger reads that part a second time, for alerts that moved while it read it first',
		remedy: 'Nothing, unless it stays: then lower Page Size',
		when: 'New alerts are listed, but what is older is refused',
	},
	sweepFailed: {
		cause: 'The server fails at the list of the last hours, or is too slow with it',
		remedy:
			'Nothing, unless it stays: then lower Page Size or Late Sweep (Hours). Until a sweep succeeds, an alert that appears later than Overlap is not found',
		when: 'New alerts are listed, but the hourly sweep is refused',
	},
	sweepNarrowed: {
		cause: 'The server limits how old the alerts of a list may be',
		remedy:
			'Set Late Sweep (Hours) to what the server lists. Alerts that appear later than that are in the Cynet console only',
		when: 'The hourly sweep is refused twice',
	},
	malformedRows: {
		cause: 'The server sends a list with gaps',
		remedy: `Compare with the Cynet console, and ${ASK_SUPPORT}`,
		when: 'A list holds rows that are no objects',
	},
	skippedRows: {
		cause: 'The server fails at every page that holds one of these rows, and serves all others',
		remedy: `Look for these alerts in the Cynet console around that time, and ${ASK_SUPPORT}`,
		when: 'Every page that holds a certain alert is answered with status 500',
	},
	sharedIds: {
		cause:
			'The server numbers its alerts wrongly, or began to number them again: two alerts with one ClientDbId differ in DateIn and Uniqueness',
		remedy: `Compare with the Cynet console, and ${ASK_SUPPORT}`,
		when: 'A list holds two alerts with one ClientDbId, of different DateIn and Uniqueness',
	},
	overlapTooShort: {
		cause: 'Cynet shows some alerts late, as after a host was offline',
		remedy:
			'Nothing is lost. To get such alerts at once and not within an hour, set Overlap (Minutes) to the last number of the line or more',
		when: 'An alert appears two hours after its LastSeen',
	},
	doubtfulAlerts: {
		cause:
			'The alert has no id or no date that can be relied on, or a severity that is not known. In doubt it counts as new, and as of any severity',
		remedy: `Nothing. If an alert comes twice, compare its dedupKey. If it stays, ${ASK_SUPPORT}`,
		when: 'An alert has a severity without a known name or number',
	},
};

const ANSWER_TEXTS: Readonly<Record<keyof typeof ANSWER_WARNINGS, string>> = {
	noRows: ANSWER_WARNINGS.noRows,
	said: `${ANSWER_WARNINGS.said}: ‹its words›`,
	odd: `${ANSWER_WARNINGS.odd}: ‹status›`,
	repaired: `${ANSWER_WARNINGS.repaired}: ‹number›`,
	clocks: `${ANSWER_WARNINGS.clocks}: SyncTimeUtc ‹time›, Date ‹time›`,
};

const ANSWER_WORDS: Readonly<Record<keyof typeof ANSWER_WARNINGS, LineWords>> = {
	noRows: {
		cause: 'The server answers an empty list so, or something keeps its answer back',
		remedy:
			'Nothing, unless it stays while Cynet raises alerts: then look for a proxy between n8n and Cynet',
		when: 'A list of alerts is answered with status 204, `null`, `[]` or a time alone',
	},
	said: {
		cause: 'Cynet could not read all that was asked for',
		remedy:
			'Nothing, unless it stays: then ask Cynet support, with the time and the words of the line',
		when: 'An answer holds alerts and words of an error',
	},
	odd: {
		cause: 'The server or a proxy answers with a part',
		remedy: `Nothing, unless it stays: then ${ASK_SUPPORT}`,
		when: 'An answer with another status than 200 holds alerts',
	},
	repaired: {
		cause: 'An alert holds something that the server cannot write as JSON',
		remedy:
			'Look these alerts up in the Cynet console: what could not be read is missing from them',
		when: 'A row of an answer holds NaN, a raw control character or a comma too many',
	},
	clocks: {
		cause: 'The clock of the server or of a proxy is off by more than two minutes',
		remedy:
			'Ask Cynet support, or who runs the proxy, to set the clock. Until then alerts can come later by the difference',
		when: '`SyncTimeUtc` and the header Date of an answer are more than two minutes apart',
	},
};

const STATE_WORDS: Readonly<Record<keyof typeof UNUSABLE_STATES, LineWords>> = {
	foreign: {
		cause: 'The workflow was copied, or its credential now names another server',
		remedy: NOTHING,
		when: 'The stored state was made with another Base URL',
	},
	newer: {
		cause: 'The package was set back to an earlier version',
		remedy: 'Update the package to go on where it stopped',
		when: 'The stored state has a later version',
	},
	corrupt: {
		cause: 'Something wrote into the static data of the workflow',
		remedy: 'Look for a Code node that writes static data',
		when: 'The stored state is not readable',
	},
};

/** What the code writes in place, by the line as it stands there. */
const LINE_WORDS = {
	'Cynet Trigger: ‹message›. Trying again at the next poll.': {
		cause:
			'The message says it: one of the errors above. It may pass by itself, or this is the first poll after a start of n8n, which must not fail',
		remedy:
			'Do what the message says above. If it may pass by itself, nothing: after Tolerance the poll fails visibly',
		when: 'The API is down for less than Tolerance',
	},
	'Cynet Trigger: This poll was skipped, because the one before has been running for ‹number› seconds. If this comes often, choose a longer interval under Poll Times or a lower Max Alerts per Poll.':
		{
			cause: 'A poll takes longer than the interval between two, as while a backlog is read',
			remedy:
				'Nothing, unless it comes often: then choose a longer interval under Poll Times or a lower Max Alerts per Poll',
			when: 'A poll is due while the one before is still reading',
		},
	'Cynet Trigger: The poll before has not ended in ‹number› seconds and was given up. Its alerts are read again now.':
		{
			cause: 'A request or n8n itself got stuck',
			remedy:
				'Nothing, unless it comes again: then look for what n8n or a proxy was busy with at that time, and lower Max Alerts per Poll',
			when: 'A poll is due, and the one before began more than five and a half minutes ago',
		},
	'Cynet Trigger: This poll was skipped, because n8n is still writing the last batch.': {
		cause:
			'With durable cursors n8n saves the alerts and the cursor together, and has not done so yet',
		remedy: 'Nothing, unless it comes often: then look at the load of the database of n8n',
		when: 'With durable cursors, a poll is due before n8n has saved the last one',
	},
	'Cynet Trigger: n8n dropped the last batch, so its alerts (‹number›) are emitted again. If an execution did get them, they come twice.':
		{
			cause:
				'The workflow was changed, switched off or published again while a poll was running, or n8n could not save the batch',
			remedy: 'Nothing. Alerts that come twice have the same dedupKey',
			when: 'The workflow is switched off while it is polled, and published again later',
		},
	'Cynet Trigger: n8n was restarted. Emitting the last batch again.': {
		cause: 'Replay After Restart is on',
		remedy: 'Nothing: the keys are the same',
		when: 'n8n starts again after alerts were emitted',
	},
	"Cynet: ‹number› rows of the list could not be served and ‹number› could not be read. They are left out; Cynet's console has them.":
		{
			cause:
				'The server fails at every page that holds one of these rows, or sends a list with gaps',
			remedy: `Look for these alerts in the Cynet console, and ${ASK_SUPPORT}`,
			when: 'Fetch Test Event or Alert: Get Many meets rows that are no objects',
		},
	"Cynet: ‹number› rows of the list of ‹list› could not be read. They are left out; Cynet's console has them.":
		{
			cause: 'The server sends a list with gaps, or with an error in the place of a row',
			remedy: `Compare with the Cynet console, and ${ASK_SUPPORT}`,
			when: 'Host: Get Many or User: Get Many meets rows that are no hosts or users',
		},
	'Cynet: An answer did not say for certain that there are no more alerts. The list may not be whole.':
		{
			cause: 'The answer was empty or not whole, as a server or a proxy under load sends it',
			remedy:
				'List the alerts once more. If the line stays, look for a proxy between n8n and Cynet',
			when: 'Fetch Test Event or Alert: Get Many meets a page that is answered with status 204 or 206',
		},
	'Cynet Trigger: This site shows neither alerts nor hosts. If it is not new, check Client ID: Cynet may answer a wrong one with empty lists.':
		{
			cause: 'Client ID names another site, or the site has no agents yet',
			remedy: 'Compare Client ID with the console. For a new site: nothing',
			when: 'The first poll of a new trigger finds no alert, and the site has no host',
		},
	'Cynet: ‹pages› pages read, ‹number› alerts found so far.': {
		cause: 'Many alerts are listed, and this is how far it has come',
		remedy: 'Nothing. If it takes too long, stop the execution and choose a later Since',
		when: 'Alert: Get Many has read fifty pages more',
	},
	'Cynet: Diagnosis, after ‹asked› of at most 60 requests: ‹question›': {
		cause: 'Connection: Diagnose is under way, and this is its next question',
		remedy: 'Nothing: it takes a minute, and longer only with the options that say so',
		when: 'Connection: Diagnose runs',
	},
} satisfies Readonly<Record<string, LineWords>>;

/** What only frames another text: a warning, or what is said of a state. */
export const FRAMES = [
	'Cynet Trigger: ‹warning›',
	'Cynet Trigger: ‹state›',
	'Cynet: ‹warning›',
] as const;

export const WRITTEN_LINES: readonly string[] = Object.keys(LINE_WORDS);

export type LogName =
	| keyof typeof LINE_WORDS
	| keyof typeof FEED_TEXTS
	| keyof typeof ANSWER_WARNINGS
	| keyof typeof UNUSABLE_STATES;

const join = <Name extends string>(
	texts: Readonly<Record<Name, string>>,
	words: Readonly<Record<Name, LineWords>>,
): Array<readonly [LogName, Line]> =>
	(Object.keys(texts) as Name[]).map(
		(name) => [name as LogName, { text: texts[name], ...words[name] }] as const,
	);

/** What stands before each line, and tells who wrote it. */
const PREFIX = /^Cynet( Trigger)?: /;

const withoutPrefix = Object.fromEntries(
	WRITTEN_LINES.map((line) => [line, line.replace(PREFIX, '')]),
) as Record<keyof typeof LINE_WORDS, string>;

/** Every line of the log, in the order of the page. */
export const LOG: ReadonlyMap<LogName, Line> = new Map([
	...join(withoutPrefix, LINE_WORDS),
	...join(FEED_TEXTS, FEED_WORDS),
	...join(ANSWER_TEXTS, ANSWER_WORDS),
	...join(UNUSABLE_STATES, STATE_WORDS),
]);
