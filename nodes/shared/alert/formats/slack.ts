import type { IDataObject } from 'n8n-workflow';
import { headline, LABELS } from './headline';
import type { AlertRecord } from './record';
import { isEmpty, wellFormed } from './values';

/**
 * What Slack takes of one message (https://docs.slack.dev/reference/block-kit/blocks): 50 blocks, 150 characters in a header, 3,000 in a
 * section, 10 fields of 2,000; and about 13,200 in all blocks as JSON, which is what the smaller figures here are for.
 */
const HEADER = 150;
const FIELD = 260;
const FIELDS_IN_SECTION = 10;
const CONTEXT = 300;

/** In the order of the message; together with header, fields and context they stay below 13,000 characters of JSON. */
const SECTIONS: ReadonlyArray<readonly [title: string, field: string, most: number]> = [
	['Description', 'description', 2400],
	['Recommendation', 'recommendation', 1200],
	['Command line', 'commandLine', 1200],
];

const IN_CONTEXT = ['clientId', 'id', 'event'];

/**
 * A message of Slack's Block Kit, and its text for notifications. It is a summary: what is long is cut, and details are left out.
 * Nothing of the alert becomes a link, a mention or a channel.
 */
export function slack(alert: AlertRecord): IDataObject {
	const { simple } = alert;
	const title = fitted(headline(alert, HEADER), HEADER);
	const fields = LABELS.filter(([, field]) => !IN_CONTEXT.includes(field) && !isEmpty(simple[field]));
	const context = LABELS.filter(([, field]) => IN_CONTEXT.includes(field) && !isEmpty(simple[field]));
	const labelled = ([label, field]: readonly [string, string]) => fitted(String(simple[field]), FIELD - label.length);
	const blocks = [
		{ type: 'header', text: { type: 'plain_text', text: title, emoji: false } },
		...chunks(fields, FIELDS_IN_SECTION).map((chunk) => ({ type: 'section', fields: chunk.map((field) => plain(`*${field[0]}*\n${labelled(field)}`)) })),
		...SECTIONS.filter(([, field]) => !isEmpty(simple[field])).map(([heading, field, most]) => ({
			type: 'section',
			text: plain(`*${heading}*\n${fitted(String(simple[field]), most)}`),
		})),
		...(context.length > 0 ? [{ type: 'context', elements: [plain(fitted(context.map(([label, field]) => `${label} ${String(simple[field])}`).join(' · '), CONTEXT))] }] : []),
	];
	return { text: title, blocks, dedupKey: simple.dedupKey } as IDataObject;
}

/** `verbatim` keeps Slack from making links of addresses. */
const plain = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });

/** Slack's three characters of markup. */
const ESCAPES: ReadonlyMap<string, string> = new Map([['&', '&amp;'], ['<', '&lt;'], ['>', '&gt;']]);

/** The text escaped, and cut to what is at most so long as JSON; never half a character. A text that was cut ends in "…". */
function fitted(text: string, most: number): string {
	let kept = '';
	let room = most - 1;
	for (const character of shown(text, most)) {
		const escaped = ESCAPES.get(character) ?? character;
		room -= JSON.stringify(escaped).length - 2;
		if (room < 0) return `${kept}…`;
		kept += escaped;
	}
	return kept;
}

/** Without control characters, which nobody sees; more than `most` characters never fit. */
function shown(text: string, most: number): string {
	return wellFormed(text.trimStart().slice(0, 2 * most)).replace(/\r\n?/g, '\n').replace(/[^\P{Cc}\n]/gu, ' ');
}

function chunks<T>(list: readonly T[], size: number): T[][] {
	return Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size));
}
