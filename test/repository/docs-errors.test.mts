import { expect, test } from 'vitest';

import { patternOf, readCode } from '../../docs/make/errors/code.mts';
import { FATE_WORDS } from '../../docs/make/errors/fates.mts';
import { FRAMES, LOG, WRITTEN_LINES } from '../../docs/make/errors/log.mts';
import { REASON_WORDS, WAY } from '../../docs/make/errors/reasons.mts';
import { NODE_REFUSALS, TRIGGER_REFUSALS } from '../../docs/make/errors/refusals.mts';
import { FATES } from '../../nodes/Cynet/remediation/fates.ts';
import { REASONS, type Reason } from '../../nodes/shared/api/reasons.ts';
import { WARNINGS as ANSWER_WARNINGS } from '../../nodes/shared/api/warnings.ts';
import { WARNINGS as FEED_WARNINGS } from '../../nodes/shared/feed/warnings.ts';
import {
	ADVICE,
	QUESTIONS,
	SHAREABLE,
	WHY,
	WITHHELD,
} from '../../nodes/shared/diagnose/questions.ts';
import { DETAIL_FIELDS } from '../../nodes/shared/diagnose/vocabulary.ts';
import { SAID, TEXTS } from './texts.mts';

const code = readCode();

test('the catalogue has every refusal of the code, each once, and none that the code has not', () => {
	const wanted = [...new Set(code.refusals.map(({ text }) => text))];
	expect(wanted.length).toBeGreaterThan(30);
	expect([...Object.keys(TRIGGER_REFUSALS), ...Object.keys(NODE_REFUSALS)].sort()).toEqual(
		wanted.sort(),
	);
});

test('the catalogue has every reason of the API module', () => {
	expect(Object.keys(REASON_WORDS).sort()).toEqual(Object.keys(REASONS).sort());
});

test('the catalogue has what a failed remediation says', () => {
	expect(Object.keys(FATE_WORDS)).toEqual(Object.keys(FATES));
});

test('the catalogue has every line of the log', () => {
	expect([...FRAMES, ...WRITTEN_LINES].sort()).toEqual([...new Set(code.logLines)].sort());
});

test('the catalogue has every warning', () => {
	const warnings = { ...FEED_WARNINGS, ...ANSWER_WARNINGS };
	expect([...LOG.keys()]).toEqual(
		expect.arrayContaining(Object.keys(warnings).filter((name) => name !== 'sideFailed')),
	);
});

test('waiting helps with what the page says it helps with', () => {
	const transient = (Object.keys(REASONS) as Reason[]).filter(
		(reason) => REASONS[reason].transient,
	);
	expect(Object.keys(WAY).slice(4).sort()).toEqual(transient.sort());
});

/** Where a thrown error comes from. Anything else would be a message that the catalogue does not know of. */
const KNOWN = [
	/^(this|call)?\.?refuse\(/, // a refusal
	/^new NodeOperationError\(context\.getNode\(\), ('|\(error as Error\)\.message)/, // a refusal
	/^(apiError|unexpected|retold|loginError|credentialError)\(/, // a reason
	/^absent \? retold\(.*\) : error$/,
	/^((outcome|trouble)\.error|reported)$/, // an error that was made before
	/^new Node(Api|Operation)Error\([\w.]*getNode\(\), (error\b|outcome\.error\b|told\(error\b)/, // an error that is handed through
	/^new RangeError\(/, // a state that cannot be unpacked: caught, and said in the log
];

test('nothing is thrown whose message is not in the catalogue', () => {
	expect(code.throws.filter((thrown) => !KNOWN.some((known) => known.test(thrown)))).toEqual([]);
});

/** What the diagnosis asks and says: its page lists the questions. */
const DIAGNOSIS = [
	...Object.values(QUESTIONS).flatMap(({ question, assumed }) => [question, assumed]),
	...Object.values(ADVICE),
	...Object.values(WHY),
	SHAREABLE,
	WITHHELD,
	...DETAIL_FIELDS,
];

/** What reads like a sentence and is none that a user is told of an error. */
const OTHER_SENTENCES = [
	'Cynet accepts the keys and the Client ID.', // the credential is right
	'Base URL starts with http://, so keys, token and alerts travel in the clear: anyone on the way can read and use them.', // the same
	'Remedy. The answer says: words', // what the server said, behind a remedy
	'Remedy. Cynet asks to be left alone for 37 seconds', // how long a server asks to wait, behind a remedy
	'Cynet has accepted the request. It is not done yet: it can take up to 24 hours, and Cynet accepts requests for hosts that are off or out of reach as well. Do not say that it is done.', // what an agent is told of a remediation that was accepted
	'Remedy. n8n says: words', // what n8n said, behind a remedy
	'Reading older alerts once more', // the beginning of a warning
	'The sweep for alerts that appear late', // the same
	'Reading the list of changes', // the same, for a scan that is never read beside another
];

/** A number of the trigger tells its range behind what it is for. */
const withoutRange = (text: string): string => text.replace(/ From \d+ to \d+\.$/, '');

test('no sentence of the code escapes the catalogue: each is in it, or a field shows it', () => {
	const known = [
		...SAID,
		...Object.values(ANSWER_WARNINGS),
		...TEXTS.flatMap(({ text }) => text.split('\n')).flatMap((line) => [line, withoutRange(line)]),
		...DIAGNOSIS,
		...OTHER_SENTENCES,
	];
	expect(code.sentences.length).toBeGreaterThan(150);
	expect(
		code.sentences.filter((sentence) => {
			const pattern = patternOf(sentence);
			return !known.some((text) => pattern.test(text));
		}),
	).toEqual([]);
});
