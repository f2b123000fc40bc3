import type { IDataObject } from 'n8n-workflow';
import { fitted, html as escaped, unlinked } from './harmless';
import { item } from './headline';
import { CUT_MARK, linkless, pageOf, type Style } from './page';
import type { AlertRecord } from './record';

const row = (name: string, value: string): string =>
	`<tr><th align="left">${escaped(name)}</th><td>${escaped(value)}</td></tr>\n`;

const STYLE: Style = {
	fact: (label, value) => row(label, linkless(label, value)),
	more: (name, value) => row(unlinked(name), unlinked(value)),
	facts: ['<table>\n', '</table>\n'],
	others: ['<p><b>More</b></p>\n<table>\n', '</table>\n'],
	long: (label, text, most) => {
		const [before, after] = [
			`<p><b>${label}</b></p>\n<pre style="white-space:pre-wrap">`,
			'</pre>\n',
		];
		return `${before}${fitted(unlinked(text), most - before.length - after.length, escaped, CUT_MARK)}${after}`;
	},
	cut: '<p>[cut]</p>\n',
};

/** A piece of HTML for mails and tickets. Nothing of the alert becomes markup, a link or a mention. */
export const html = (alert: AlertRecord, most?: number): IDataObject =>
	item(alert, { html: pageOf(alert, STYLE, most) });
