import type { IDataObject } from 'n8n-workflow';
import { cellsOf } from './flat';
import { headline, LABELS } from './headline';
import type { AlertRecord } from './record';
import { asText, inOneLine, isEmpty, wellFormed } from './values';

/** Jira takes 255 for a summary. */
const MOST_OF_TITLE = 250;

/** What is a block of its own; in the order of the page. */
const BLOCKS: ReadonlyArray<readonly [title: string, field: string]> = [
	['Description', 'description'],
	['Recommendation', 'recommendation'],
	['Command line', 'commandLine'],
];

/**
 * A page of Markdown (CommonMark) with all that is known, and a title for a ticket. Whatever comes from the alert is written as code: what an
 * attacker chose, such as the name of a file, is neither a link nor an image nor markup.
 */
export function markdown(alert: AlertRecord): IDataObject {
	const { simple } = alert;
	const title = headline(alert, MOST_OF_TITLE);
	const shown = new Set([...LABELS, ...BLOCKS].map(([, field]) => field));
	const more = cellsOf(alert).filter(([name, value]) => !shown.has(name) && !isEmpty(value));
	const sections = [
		`# ${escaped(title)}`,
		list(LABELS.map(([label, field]) => [label, simple[field]])),
		...BLOCKS.flatMap(([heading, field]) => (isEmpty(simple[field]) ? [] : [`## ${heading}`, block(String(simple[field]))])),
		...(more.length > 0 ? ['## More', list(more.map(([name, value]) => [escaped(name), asText(value)]))] : []),
	];
	return { markdown: wellFormed(`${sections.join('\n\n')}\n`), title, dedupKey: simple.dedupKey } as IDataObject;
}

function list(rows: ReadonlyArray<readonly [label: string, value: unknown]>): string {
	return rows.flatMap(([label, value]) => (isEmpty(value) ? [] : [`- **${label}:** ${code(String(value))}`])).join('\n');
}

const escaped = (text: string): string => inOneLine(text).replace(/[\\`*_[\]<>#|~&!]/g, '\\$&');

/** Longer than any run of backticks in the text. */
function fence(text: string, least: number): string {
	return '`'.repeat((text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length + 1), least));
}

function code(text: string): string {
	const line = inOneLine(text);
	const ticks = fence(line, 1);
	const space = /^`|`$/.test(line) ? ' ' : '';
	return `${ticks}${space}${line}${space}${ticks}`;
}

function block(text: string): string {
	const ticks = fence(text, 3);
	return `${ticks}\n${text.replace(/\r\n?/g, '\n')}\n${ticks}`;
}
