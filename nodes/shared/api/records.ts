import type { IDataObject } from 'n8n-workflow';

import { mayBeSameHost, sameForm } from '../alert/host-name';
import { textOf } from './credential';
import { complaintOf, keyOf } from './words';

/*
 * What makes an answer a host, a user or a file. A success that holds an error has none of these
 * shapes, whatever its status.
 */

type Kind = 'host' | 'user' | 'file';

interface Shape {
	/**
	 * The fields that name it, as `keyOf` writes them. The detailed records are in snake case, the
	 * lists in Pascal case.
	 */
	readonly names: readonly string[];
	/**
	 * Fields of which one makes it a record of the kind where no field names it. No source shows what
	 * names a user in full.
	 */
	readonly marks: readonly string[];
	/** Whether two names can be of one. */
	readonly isSame: (one: string, other: string) => boolean;
	/** How an answer says that there is none. */
	readonly absent: RegExp;
}

const ABSENT = (what: string): RegExp =>
	new RegExp(
		[
			'^not found\\W*$',
			`\\b(?:${what})\\b.*\\b(?:(?:(?:can)?not|\\w+n.t) (?:be |been )?(?:found|known|exist)|is missing|unknown)`,
			`\\b(?:no such|there is no|unknown) (?:${what})\\b`,
		].join('|'),
		'i',
	);

const SHAPES: Readonly<Record<Kind, Shape>> = {
	host: {
		names: ['hostname', 'name'],
		marks: [],
		isSame: mayBeSameHost,
		absent: ABSENT('hosts?|computers?|endpoints?|machines?|devices?'),
	},
	user: {
		names: ['username', 'name', 'login', 'loginname', 'samaccountname'],
		marks: [
			'clientdbid',
			'badlogins',
			'goodlogins',
			'isdisabled',
			'islocked',
			'runningfiles',
			'files',
		],
		isSame: mayBeSameUser,
		absent: ABSENT('users?|accounts?|names?'),
	},
	file: {
		names: ['sha256', 'sha256hex'],
		marks: [],
		isSame: (one, other) => sameForm(one) === sameForm(other),
		absent: ABSENT('files?|sha256|hash(?:es)?'),
	},
};

export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The texts in its fields of these names. */
function textsIn(record: IDataObject, names: readonly string[]): string[] {
	return Object.entries(record)
		.filter(([key]) => names.includes(keyOf(key)))
		.map(([, value]) => textOf(value))
		.filter((text) => text !== '');
}

/** What names a record, the first that does; null where nothing does. */
export function nameOf(kind: Kind, record: IDataObject): string | null {
	return textsIn(record, SHAPES[kind].names)[0] ?? null;
}

/**
 * What a record is: `it` the one that was asked for · `other` of another name · `none` a record of
 * nothing, as is answered where
 * there is none · `odd` no record of the kind.
 */
export function judge(
	kind: Kind,
	record: IDataObject,
	asked: string,
): 'it' | 'other' | 'none' | 'odd' {
	const { names, marks, isSame } = SHAPES[kind];
	if (speaksOfFailure(record)) return 'odd';
	const told = textsIn(record, names);
	if (told.length > 0) return told.some((name) => isSame(name, asked)) ? 'it' : 'other';
	const keys = Object.keys(record).map(keyOf);
	if (complaintOf(record) !== undefined) return 'odd';
	if (names.some((name) => keys.includes(name))) return 'none';
	return keys.some((key) => marks.includes(key)) ? 'it' : 'odd';
}

/** Whether a row of a list is a host or a user: it has a name or the number that Cynet gives out. */
export function isRowOf(kind: 'host' | 'user', row: unknown): row is IDataObject {
	return (
		isObject(row) &&
		!speaksOfFailure(row) &&
		textsIn(row, [...SHAPES[kind].names, 'clientdbid']).length > 0
	);
}

/** Whether words of an answer mean that there is none. */
export function saysAbsent(kind: Kind, said: string | undefined): boolean {
	return SHAPES[kind].absent.test(said ?? '');
}

/** Whether words of an answer mean that several have the name, as a server may say that expects one. */
export function saysSeveral(said: string | undefined): boolean {
	return (
		said !== undefined &&
		/\bmore than one\b|\bmultiple\b|\bseveral\b|\bambiguous\b|\bnot unique\b/i.test(said)
	);
}

/** Whether words of an answer mean that the server does not have the address at all. */
export function saysNoAddress(said: string | undefined): boolean {
	return (
		said !== undefined &&
		/\bno (?:http )?(?:resource|route|action|endpoint)\b|\brequest uri\b|^cannot (?:get|post)\b/i.test(
			said,
		)
	);
}

/**
 * Names under which no record has anything of its own. Others, such as `title` and `message`, may
 * be what is known of a user.
 */
const FAILURES = new Set([
	'error',
	'errors',
	'errormessage',
	'errorcode',
	'exception',
	'exceptionmessage',
	'fault',
	'iserror',
	'haserror',
	'haserrors',
	'success',
	'issuccess',
	'succeeded',
	'issucceeded',
]);

/** Whether an object says of itself that something went wrong. */
export function speaksOfFailure(record: IDataObject): boolean {
	const words = Object.entries(record).filter(([key]) => FAILURES.has(keyOf(key)));
	return complaintOf(Object.fromEntries(words)) !== undefined;
}

/** The same login, or one of them is the other without its domain. */
function mayBeSameUser(one: string, other: string): boolean {
	const [first, second] = [one.trim().toLowerCase(), other.trim().toLowerCase()];
	const bare = (name: string): string => name.slice(name.lastIndexOf('\\') + 1);
	return first === second || first === bare(second) || second === bare(first);
}
