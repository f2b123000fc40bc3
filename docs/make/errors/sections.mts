import { FATES } from '../../../nodes/Cynet/remediation/fates.ts';
import { explain, type Reason } from '../../../nodes/shared/api/reasons.ts';
import { sentence, table } from '../markdown.mts';
import { readCode } from './code.mts';
import { FATE_WORDS } from './fates.mts';
import { HINT_WORDS } from './hints.mts';
import { LOG } from './log.mts';
import { ANSWER, CREDENTIAL, CREDENTIAL_TEST, ELSEWHERE, LOGIN, WAY } from './reasons.mts';
import { NODE_REFUSALS, TRIGGER_REFUSALS } from './refusals.mts';
import type { Words } from './words.mts';

const HEADS = ['Message', 'Cause', 'What to do next', 'How it comes about'];

/** Holes are shown in italics. n8n's expressions are code, or GitHub would swallow them. */
const shown = (text: string): string =>
	text.replace(/‹([^›]*)›/g, '*$1*').replace(/\{\{.*?\}\}+/g, '`$&`');

const row = (message: string, { cause, when }: Words, remedy: string): string[] => [
	shown(message),
	sentence(cause),
	sentence(shown(remedy)),
	sentence(when),
];

const ofReasons = (words: Readonly<Partial<Record<Reason, Words>>>) => () =>
	table(
		HEADS,
		(Object.keys(words) as Reason[]).map((reason) =>
			row(explain(reason).message, words[reason]!, explain(reason).description),
		),
	);

const ofRefusals = (words: Readonly<Record<string, Words>>) => () => {
	const rows = Object.entries(words).map(([text, said]) => row(text, said, remedyOf(text)));
	return table(HEADS, rows);
};

function remedyOf(text: string): string {
	const found = readCode().refusals.find((refusal) => refusal.text === text);
	if (!found)
		throw new Error(`The code no longer says "${text}": change docs/make/errors/refusals.mts.`);
	return found.remedy;
}

const log = (): string =>
	table(
		HEADS,
		[...LOG.values()].map((line) => row(line.text, line, line.remedy)),
	);

function fates(): string {
	const rows = (Object.keys(FATES) as Array<keyof typeof FATES>).map((fate) => {
		const { meaning, remedy, when } = FATE_WORDS[fate];
		return [FATES[fate], meaning, remedy, when].map(sentence);
	});
	return table(['Text', 'What it means', ...HEADS.slice(2)], rows);
}

const hints = (): string =>
	table(
		['Hint', 'When'],
		Object.values(HINT_WORDS).map(({ text, when }) => [shown(text), sentence(when)]),
	);

/** The tables of docs/errors.md: messages and remedies out of the code, cause and occasion out of this folder. */
export const errorSections: Readonly<Record<string, () => string>> = {
	'errors: credential': ofReasons(CREDENTIAL),
	'errors: elsewhere': ofReasons(ELSEWHERE),
	'errors: login': ofReasons(LOGIN),
	'errors: credential test': ofReasons(CREDENTIAL_TEST),
	'errors: answer': ofReasons(ANSWER),
	'errors: way': ofReasons(WAY),
	'errors: trigger': ofRefusals(TRIGGER_REFUSALS),
	'errors: node': ofRefusals(NODE_REFUSALS),
	'errors: fates': fates,
	'errors: hints': hints,
	'errors: log': log,
};
