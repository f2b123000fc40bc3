import type { IDataObject } from 'n8n-workflow';
import { block, cut, fitted, unlinked } from './harmless';
import { headline, item } from './headline';
import { CUT_MARK, factsOf, linkless, longOf } from './page';
import type { AlertRecord } from './record';

/**
 * Teams takes 28 KB of a message
 * (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors); a workflow wraps
 * the card in some more.
 */
const MOST_OF_CARD = 26 * 1024;
/** Each in a block of its own, for not every Teams shows a line break within one. */
const MOST_LINES = 40;
const MOST_OF_LINES = 2500;

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
/** A run of text, in which Teams knows no Markdown: that is why all of the card is made of them. */
const run = (text: string, more: IDataObject = {}): IDataObject => ({
	type: 'TextRun',
	text,
	...more,
});
const BOLD = { weight: 'Bolder' };
const lineOf = (...inlines: IDataObject[]): IDataObject => ({
	type: 'RichTextBlock',
	spacing: 'Small',
	inlines,
});

/**
 * An Adaptive Card 1.4 for Microsoft Teams, at most 26 KB as JSON. Its texts are runs, in which
 * nothing is a link, a mention or markup. To post
 * it, put it into `attachments` of a message.
 */
export function adaptiveCard(alert: AlertRecord): IDataObject {
	const facts = factsOf(alert).map(([label, value]) =>
		lineOf(run(`${label}: `, BOLD), run(linkless(label, value))),
	);
	const body: IDataObject[] = [lineOf(run(headline(alert), { ...BOLD, size: 'Large' })), ...facts];
	const card = {
		type: 'AdaptiveCard',
		$schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
		version: '1.4',
		msteams: { width: 'Full' },
		body,
	};
	let left = MOST_OF_CARD - bytes(card) - bytes(lineOf(run(CUT_MARK)));
	for (const [label, text] of longOf(alert)) {
		for (const one of [{ ...lineOf(run(label, BOLD)), separator: true }, ...linesOf(text)]) {
			left -= bytes(one) + 1;
			if (left < 0) break;
			body.push(one);
		}
	}
	if (left < 0) body.push(lineOf(run(CUT_MARK)));
	return item(alert, { card });
}

function linesOf(text: string): IDataObject[] {
	const lines = fitted(
		unlinked(block(cut(text, 2 * MOST_OF_LINES))),
		MOST_OF_LINES,
		String,
		CUT_MARK,
		Buffer.byteLength,
	).split('\n');
	const shown = lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), CUT_MARK] : lines;
	return shown
		.filter((one) => one.trim() !== '')
		.map((one) => lineOf(run(one.replace(/\t/g, ' '))));
}
