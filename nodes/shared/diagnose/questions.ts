/** What the diagnosis asks about, in the order in which it answers, and what the package takes for granted. */
export const QUESTIONS = {
	login: {
		question: 'Which login works?',
		assumed: 'The one that Authentication in the credential names',
	},
	header: {
		question: 'In which header does a token travel?',
		assumed: 'A token is taken in the header of its own login',
	},
	oneToken: {
		question: 'Does a login end the token before it?',
		assumed: 'An API user has one valid token',
	},
	unknownToken: {
		question: 'How is a token answered that Cynet does not know?',
		assumed: 'In one of the ways that are taken for the end of a token',
	},
	noClientId: {
		question: 'How is a request without a Client ID answered?',
		assumed: 'It is refused',
	},
	foreignClientId: {
		question: 'How is the Client ID of another customer answered?',
		assumed: 'It is refused, or answered with an empty list',
	},
	envelope: {
		question: 'What does a list of alerts look like?',
		assumed: 'An object with SyncTimeUtc and Entities',
	},
	clocks: {
		question: 'Do the clocks of the server agree?',
		assumed: 'SyncTimeUtc and the header Date are at most two minutes apart',
	},
	boundary: {
		question: 'Is an alert listed that was last seen exactly at the asked time?',
		assumed: 'Either: each list begins one second early',
	},
	zone: {
		question: 'In which zone is the asked time read?',
		assumed: 'A time without a zone is UTC',
	},
	formats: {
		question: 'In which forms is the asked time taken?',
		assumed: 'The form 2026-05-29 13:26:24 is taken',
	},
	order: {
		question: 'In which order do alerts come?',
		assumed: 'In any order',
	},
	readings: {
		question: 'Do two readings of a list agree?',
		assumed: 'Rows keep their places while nothing happens',
	},
	offset: {
		question: 'Does Offset count rows or pages, from 0 or from 1?',
		assumed: 'Rows, from 0',
	},
	limit: {
		question: 'How many alerts does one page hold at most?',
		assumed: 'At least Page Size, which is 100 unless it was changed',
	},
	offsetCap: {
		question: 'How far does Offset reach?',
		assumed: 'To the end of the list. Where it ends before, reading goes on by time',
	},
	unpaged: {
		question: 'Does the list without pages show the same alerts?',
		assumed: 'The same',
	},
	dateChanged: {
		question: 'Does a recurrence move DateChanged?',
		assumed: 'Either',
	},
	count: {
		question: 'What does the count of alerts count?',
		assumed: 'Alerts that changed since DateChanged',
	},
	fields: {
		question: 'Which fields does an alert have?',
		assumed: 'Those of the published sample, each of which may be missing',
	},
	codes: {
		question: 'Are there codes without a name?',
		assumed: 'Those that are known. Any other is shown with its number',
	},
	details: {
		question: 'What does IncidentJsonDescription hold?',
		assumed: 'JSON as text',
	},
	tags: { question: 'What do tags look like?', assumed: 'A list' },
	techniques: { question: 'What do MITRE details look like?', assumed: 'A list' },
	sha256: {
		question: 'Is the field Sha256 base64 or hexadecimal?',
		assumed: 'Either. Sha256Hex comes first',
	},
	alertIp: {
		question: 'In which order do the bytes of AlertIp stand?',
		assumed: 'As the other texts of the alert tell',
	},
	dates: {
		question: 'Do the dates of one alert agree?',
		assumed: 'LastSeen is LastSeenUtc. A date without a zone is UTC',
	},
	ids: {
		question: 'Is ClientDbId unique, and does it rise?',
		assumed: 'Unique within a site; that it rises is not needed',
	},
	hosts: { question: 'What do hosts look like?', assumed: 'A list in Entities' },
	hostNames: {
		question: 'Do several hosts have one name?',
		assumed: 'They can: acting on such a name is refused',
	},
	users: { question: 'What do users look like?', assumed: 'A list in Entities' },
	oneHost: { question: 'What does one host look like?', assumed: 'An object in small letters' },
	oneUser: { question: 'What does one user look like?', assumed: 'An object in small letters' },
	files: { question: 'What does a file look like?', assumed: 'An object in small letters' },
	inventedHost: {
		question: 'How is the name of a host answered that does not exist?',
		assumed: 'With status 404, or with nothing',
	},
	inventedUser: {
		question: 'How is the name of a user answered that does not exist?',
		assumed: 'With status 404, or with nothing',
	},
	inventedFile: {
		question: 'How is the hash of a file answered that was never seen?',
		assumed: 'With nothing, or with status 404',
	},
	remediations: {
		question: 'Which statuses do the remediations have?',
		assumed: 'A number, of which only 24 is known: the file does not exist',
	},
	espm: {
		question: 'What do the ESPM lists look like?',
		assumed: 'A list in data, or status 403 or 404 without the add-on',
	},
	lateness: {
		question: 'How late do alerts show up?',
		assumed: 'Within Overlap (Minutes), which is 10 unless it was changed',
	},
	recurrence: {
		question: 'What does a recurrence move while one looks on?',
		assumed: 'LastSeen. ClientDbId stays',
	},
	usedToken: {
		question: 'How long does a token live that is used all the time?',
		assumed: 'Not known: it is renewed after 55 minutes, or as seen',
	},
	unusedToken: {
		question: 'How long does a token live that nobody uses?',
		assumed: 'Not known: 20 minutes unless the tenant has changed it',
	},
	rate: {
		question: 'Does the server ask for fewer requests?',
		assumed: 'One request a second is no trouble',
	},
} as const;

export type QuestionId = keyof typeof QUESTIONS;

/** What a setting is to become, and where it is. */
export const ADVICE = {
	authentication: 'Authentication in the Cynet API credential',
	apiUser: 'API user of this n8n',
	clientId: 'Client ID in the Cynet API credential',
	pageSize: 'Page Size in the options of the trigger',
	overlap: 'Overlap (Minutes) in the options of the trigger',
	sweep: 'Late Sweep (Hours) in the options of the trigger',
	issue: 'An issue with this report',
	clock: 'Clock of the machine that n8n runs on',
} as const;

/** Why a setting is to change. */
export const WHY = {
	onlyLogin: 'Only this login gives a token.',
	noLogin: 'Neither login takes the keys of the credential.',
	oneToken: 'Every login with the same keys ends the token before it.',
	nothingThere: 'This site shows neither alerts nor hosts: a wrong Client ID may be answered so.',
	cap: 'The server sends no more alerts in one answer.',
	late: 'Alerts showed up later than it covers.',
	clock: 'It is minutes away from the clock of the server.',
	otherwise: 'The server does not do what the package takes for granted.',
} as const;

/** Why the report is not there. */
export const WITHHELD =
	'The report is withheld: a text of this tenant was found in it. Please open an issue that says so, without the report. The verdicts are for you alone.';
/** What one may do with it. */
export const SHAREABLE =
	'This report holds numbers, truth values, months and public names only. You can share it.';
