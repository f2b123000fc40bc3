import type { IDataObject } from 'n8n-workflow';
import { fitted, unlinked } from './harmless';
import { item } from './headline';
import { CUT_MARK, linkless, pageOf, type Style } from './page';
import type { AlertRecord } from './record';

const CONTINUED = '\n  | ';

const STYLE: Style = {
	fact: (label, value) => `${label}: ${linkless(label, value)}\n`,
	more: (name, value) => `  ${unlinked(name)}: ${unlinked(value)}\n`,
	facts: ['', ''],
	others: ['\nMore:\n', ''],
	long: (label, text, most) => {
		const heading = `\n${label}:${CONTINUED}`;
		const continued = (piece: string): string => piece.replace(/\n/g, CONTINUED);
		return `${heading}${fitted(unlinked(text), most - heading.length - 1, continued, CUT_MARK)}\n`;
	},
	cut: '[cut]\n',
};

/**
 * Plain text for tickets, mails and short messages: one line a field, long texts last. A line that
 * a value begins is marked with a bar, so it
 * is not taken for a field; nothing is a link or a mention.
 */
export const text = (alert: AlertRecord, most?: number): IDataObject =>
	item(alert, { text: pageOf(alert, STYLE, most) });
