import { block, cut, defanged, line, unlinked } from './harmless';
import { cellsOf } from './flat';
import { LABELS, LONG } from './headline';
import type { AlertRecord } from './record';
import { asText, isEmpty } from './values';

/** Jira takes 32,767 characters in a description. */
export const MOST_OF_PAGE = 30_000;

/** A value that stands in one line, and the name of a field of the vendor's. */
const MOST_OF_FACT = 500;
const MOST_OF_NAME = 100;

/**
 * How much of what is left a recommendation, a command line and a description may take; where there are fewer long
 * texts, the last figures count. What is less goes to the next.
 */
const SHARES = [0.25, 0.4, 0.6];

/** A section with less is not begun. */
const LEAST_OF_SECTION = 40;

/** Ends what was cut. */
export const CUT_MARK = '… [cut]';

/**
 * How one format writes the parts of a page. What it gets is in signs for what nobody sees; markup
 * is its own affair.
 */
export interface Style {
	/** One line, its end included. */
	fact(label: string, value: string): string;
	/** The same for a field of which the vendor chose the name. */
	more(name: string, value: string): string;
	/** Around the facts. */
	readonly facts: readonly [before: string, after: string];
	/** Around what has no label here. */
	readonly others: readonly [before: string, after: string];
	/** A section for a text that may be long, of at most `most` UTF-16 units. */
	long(label: string, text: string, most: number): string;
	/** Says that something was left out. */
	readonly cut: string;
}

/** What is known for people: key facts, each in a line. */
export const factsOf = ({ simple }: AlertRecord): Array<[label: string, value: string]> =>
	LABELS.map(
		([label, field]) =>
			[label, isEmpty(simple[field]) ? '' : inLine(simple[field], MOST_OF_FACT)] as [
				string,
				string,
			],
	).filter(([, value]) => value !== '');

/** The long texts that there are. */
export const longOf = ({ simple }: AlertRecord): Array<[label: string, text: string]> =>
	LONG.map(
		([label, field]) =>
			[label, isEmpty(simple[field]) ? '' : String(simple[field])] as [string, string],
	).filter(([, text]) => text.trim() !== '');

/** What the labels do not tell. */
function othersOf(alert: AlertRecord): Array<[name: string, value: string]> {
	const told = new Set(['severityLevel', ...[...LABELS, ...LONG].map(([, field]) => field)]);
	return cellsOf(alert)
		.filter(([name, value]) => !told.has(name) && !isEmpty(value))
		.map(
			([name, value]) =>
				[inLine(name, MOST_OF_NAME) || '(no name)', inLine(value, MOST_OF_FACT)] as [
					string,
					string,
				],
		)
		.filter(([, value]) => value !== '');
}

/** Mail programs and chats make a link of a bare domain, too. */
const ADDRESSES = ['Domain', 'URL'];

/** A fact for readers that make links of what looks like an address. */
export const linkless = (label: string, value: string): string =>
	ADDRESSES.includes(label) ? defanged(value) : unlinked(value);

/** A value in one line of at most `most`; what is far longer is not looked at. */
function inLine(value: unknown, most: number): string {
	return cut(line(cut(asText(value), 4 * most)), most);
}

/**
 * A page for people: key facts first, long texts after them, then the rest. Never longer than
 * `most` UTF-16 units; what has no room is left
 * out from the end, and the page says so.
 */
export function pageOf(alert: AlertRecord, style: Style, most = MOST_OF_PAGE): string {
	const page = new Page(most - style.cut.length);
	page.list(
		style.facts,
		factsOf(alert).map(([label, value]) => style.fact(label, value)),
	);
	const long = longOf(alert);
	const shares = SHARES.slice(-long.length);
	long.forEach(([label, text], index) => {
		const room = Math.floor(page.left * (shares[index] as number));
		page.add(room < LEAST_OF_SECTION ? null : style.long(label, block(cut(text, 2 * room)), room));
	});
	page.list(
		style.others,
		othersOf(alert).map(([name, value]) => style.more(name, value)),
	);
	return page.isCut ? `${page.text}${style.cut}` : page.text;
}

class Page {
	text = '';
	isCut = false;

	constructor(private readonly most: number) {}

	get left(): number {
		return this.most - this.text.length;
	}

	add(piece: string | null): void {
		if (piece === null || piece.length > this.left) this.isCut = true;
		else this.text += piece;
	}

	/** As many of the lines as there is room for. */
	list([before, after]: readonly [string, string], lines: readonly string[]): void {
		let room = this.left - before.length - after.length;
		const kept = lines.slice(0, lines.findIndex((one) => (room -= one.length) < 0) >>> 0);
		if (kept.length < lines.length) this.isCut = true;
		if (kept.length > 0) this.text += `${before}${kept.join('')}${after}`;
	}
}
