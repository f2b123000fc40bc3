import type { IDataObject } from 'n8n-workflow';

import { addressesOf, alertIp } from '../../alert/address';
import { ALERT_TYPES, SEVERITIES, STATUSES } from '../../alert/codes';
import { jsonIn } from '../../alert/json';
import { parseTimestamp } from '../../alert/time';
import { agreed, census, codesIn, counts, kindOf, tally } from '../census';
import { isObject, keyOf, timeOf } from '../rows';
import { step, undecided, type Figures, type Finding } from '../step';
import { small, told } from '../told';
import { ALERT_FIELDS, DETAIL_FIELDS, NESTED_FIELDS, type Word } from '../vocabulary';

type Rows = readonly IDataObject[];

/** What the alerts that were seen tell; nothing more is asked. */
export const fields = step<Rows>(
	[
		'order',
		'fields',
		'codes',
		'details',
		'tags',
		'techniques',
		'sha256',
		'alertIp',
		'dates',
		'ids',
	],
	async (_session, { sample, whole }) => await Promise.resolve((whole ?? sample)?.rows ?? null),
	(rows) => [
		orderOf(rows),
		fieldsOf(rows),
		codesOf(rows),
		detailsOf(rows),
		listOf('tags', rows, 'Tags'),
		listOf('techniques', rows, 'MitreDetails'),
		sha256Of(rows),
		alertIpOf(rows),
		datesOf(rows),
		idsOf(rows),
	],
);

const ORDERS: ReadonlyArray<readonly [field: string, up: Word, down: Word]> = [
	['LastSeen', 'ascending', 'descending'],
	['DateChanged', 'byDateChanged', 'byDateChanged'],
	['ClientDbId', 'byId', 'byId'],
];

/** The first order that fits. Several do where nothing has recurred or changed. */
function orderOf(rows: readonly IDataObject[]): Finding {
	const id = 'order';
	for (const [field, up, down] of ORDERS) {
		const values = rows.map((row) =>
			field === 'ClientDbId' ? Number(row.ClientDbId) : (timeOf(row, field) ?? NaN),
		);
		if (new Set(values).size < 3 || values.some(Number.isNaN)) continue;
		const rises = values.every((value, place) => place === 0 || value >= values[place - 1]!);
		const falls = values.every((value, place) => place === 0 || value <= values[place - 1]!);
		if (rises) return { id, answer: up, seen: told`${up}`, holds: true };
		if (falls) return { id, answer: down, seen: told`${down}`, holds: true };
	}
	return rows.length < 3
		? undecided(id, told`there were too few alerts`)
		: { id, answer: 'mixed', seen: told`in none that the fields show`, holds: true };
}

const NESTED_KNOWN: ReadonlySet<string> = new Set([...ALERT_FIELDS, ...NESTED_FIELDS]);

function fieldsOf(rows: Rows): Finding {
	const names = new Set(rows.flatMap((row) => Object.keys(row)));
	const others = [...names].filter((name) => !ALERT_FIELDS.has(name)).length;
	const missing = [...ALERT_FIELDS].filter((name) => !names.has(name)).length;
	const nested = (field: string) => rows.map((row) => row[field]).filter(isObject);
	return {
		id: 'fields',
		answer: others === 0 ? 'known' : 'beyond',
		seen: told`of the public fields ${missing} are missing, and ${others} others are there`,
		holds: others === 0,
		figures: {
			fields: census(rows, ALERT_FIELDS),
			File: census(nested('File'), NESTED_KNOWN),
			AutoRemediate: census(nested('AutoRemediate'), NESTED_KNOWN),
		},
	};
}

type Names = Readonly<Record<number, string>>;

/** Fields of codes; those of the second kind have no public names. */
const NAMED: Readonly<Record<string, Names>> = {
	Severity: SEVERITIES,
	Status: STATUSES,
	AlertType: ALERT_TYPES,
};
const UNNAMED = ['RemediationStatus', 'EpsActionStatus', 'EpsRemediationActionPerformed'];

function codesOf(rows: Rows): Finding {
	const figures: Record<string, Figures> = {};
	let beyond = 0;
	for (const [field, names] of Object.entries(NAMED)) {
		const codes = codesIn(rows, field);
		beyond += [...codes.keys()].filter((code) => !(Number(code) in names)).length;
		figures[field] = counts(codes);
	}
	for (const field of UNNAMED) figures[field] = counts(codesIn(rows, field));
	return {
		id: 'codes',
		answer: beyond === 0 ? 'known' : 'beyond',
		seen: told`codes without a name: ${beyond}`,
		holds: beyond === 0,
		figures,
	};
}

function detailsKind(value: unknown): Word {
	if (typeof value !== 'string') return kindOf(value);
	if (value.trim() === '') return 'empty';
	return parsed(value) === undefined ? 'malformed' : 'json';
}

const parsed = (value: unknown): unknown => (typeof value === 'string' ? jsonIn(value) : value);

function detailsOf(rows: Rows): Finding {
	const kinds = rows.map(({ IncidentJsonDescription }) => detailsKind(IncidentJsonDescription));
	const objects = rows.map((row) => parsed(row.IncidentJsonDescription)).filter(isObject);
	const answer = agreed(kinds);
	return {
		id: 'details',
		answer,
		seen: told`${answer}`,
		holds: kinds.every((kind) => kind === 'json' || kind === 'empty' || kind === 'null'),
		figures: { types: counts(tally(kinds)), details: census(objects, DETAIL_FIELDS) },
	};
}

const ELEMENTS: Partial<Record<Word, Word>> = {
	text: 'texts',
	date: 'texts',
	longNumber: 'texts',
	object: 'objects',
	number: 'numbers',
	list: 'lists',
};

/** A field that holds a list, of which nobody has published the elements. */
function listOf(id: 'tags' | 'techniques', rows: Rows, field: string): Finding {
	const values = rows.filter((row) => field in row).map((row) => row[field]);
	if (values.length === 0)
		return { ...undecided(id, told`there is no such field`), answer: 'missing' };
	const lists = values.filter(Array.isArray) as unknown[][];
	const elements = lists.flat().map((one) => ELEMENTS[kindOf(one)] ?? 'other');
	const notLists = values.filter((value) => !Array.isArray(value)).map(kindOf);
	const filled = notLists.filter((kind) => kind !== 'null' && kind !== 'empty');
	const answer =
		filled.length > 0 ? agreed(filled) : elements.length > 0 ? agreed(elements) : 'empty';
	return {
		id,
		answer,
		seen: answer === 'empty' ? told`empty in all alerts` : told`${answer}`,
		holds: filled.length === 0,
		figures: { types: counts(tally(values.map(kindOf))), details: counts(tally(elements)) },
	};
}

const HEX = /^[\da-f]{64}$/i;
const BASE64 = /^[A-Za-z\d+/]{43}=$/;

function sha256Of(rows: Rows): Finding {
	const forms = rows
		.map(({ Sha256 }) => Sha256)
		.filter((value): value is string => typeof value === 'string' && value !== '')
		.map((value): Word => (HEX.test(value) ? 'hex' : BASE64.test(value) ? 'base64' : 'other'));
	const answer = agreed(forms);
	if (answer === 'none') return undecided('sha256', told`no alert has that field`);
	return {
		id: 'sha256',
		answer,
		seen: told`${answer}`,
		holds: !forms.includes('other'),
		figures: counts(tally(forms)),
	};
}

/** By the alerts of which another text has the address in one order of the bytes alone. */
function alertIpOf(rows: Rows): Finding {
	const orders = rows.flatMap((row): Word[] => {
		const [high, low] = addressesOf(row.AlertIp);
		if (high === undefined || low === undefined) return [];
		const said = alertIp(row, parsed(row.IncidentJsonDescription));
		return said === high ? ['highFirst'] : said === low ? ['lowFirst'] : [];
	});
	const answer = agreed(orders);
	if (answer === 'none') return undecided('alertIp', told`no alert tells it`);
	return {
		id: 'alertIp',
		answer,
		seen: told`${answer}`,
		holds: true,
		figures: counts(tally(orders)),
	};
}

const DATES: ReadonlyArray<readonly [one: string, other: string]> = [
	['LastSeen', 'LastSeenUtc'],
	['DateIn', 'FirstSeenUtc'],
	['LastSeen', 'DateIn'],
	['DateChanged', 'DateIn'],
	['EpsLastSeenLocal', 'EpsLastSeenUtc'],
	['LastSeen', 'EpsLastSeenUtc'],
];

function distanceWord(milliseconds: number): Word {
	if (milliseconds <= -1000) return 'before';
	if (milliseconds < 1000) return 'underSecond';
	if (milliseconds < 60_000) return 'underMinute';
	if (milliseconds < 3600_000) return 'underHour';
	return milliseconds < 86_400_000 ? 'underDay' : 'days';
}

/** The distance of two dates in all alerts that have both. */
const distances = (rows: Rows, one: string, other: string): number[] =>
	rows.flatMap((row) => {
		const [from, to] = [timeOf(row, other), timeOf(row, one)];
		return from === null || to === null ? [] : [to - from];
	});

function datesOf(rows: Rows): Finding {
	const id = 'dates';
	const zoned = rows.flatMap((row): Word[] => {
		const stamp = parseTimestamp(row.LastSeen);
		return stamp === null ? [] : [stamp.zoned ? 'zoned' : 'unzoned'];
	});
	const between: Record<string, Figures> = {};
	for (const [one, other] of DATES) {
		const words = distances(rows, one, other).map(distanceWord);
		between[one] = { ...between[one], [other]: counts(tally(words)) };
	}
	const figures = { types: counts(tally(zoned)), distances: between };
	const apart = distances(rows, 'LastSeen', 'LastSeenUtc');
	if (apart.length === 0) return { ...undecided(id, told`no alert has both`), figures };
	const same = apart.every((distance) => Math.abs(distance) < 1000);
	return same
		? { id, answer: 'same', seen: told`the same: LastSeen is LastSeenUtc`, holds: true, figures }
		: { id, answer: 'shifted', seen: told`they are apart`, holds: false, figures };
}

/** As whole numbers of any length; JavaScript would round long ones. */
const compare = (one: string, other: string): number =>
	one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);

function idsOf(rows: Rows): Finding {
	const id = 'ids';
	const unique = new Set(rows.map(keyOf)).size === rows.length;
	const born = rows
		.map((row) => ({ number: String(row.ClientDbId), at: timeOf(row, 'DateIn') }))
		.filter((one): one is { number: string; at: number } => one.at !== null)
		.sort((one, other) => one.at - other.at || compare(one.number, other.number));
	const pairs = born.slice(1).map(({ number }, place) => compare(number, born[place]!.number));
	const course: Word = pairs.every((step) => step > 0)
		? 'rising'
		: pairs.every((step) => step < 0)
			? 'falling'
			: 'unordered';
	const digits = Math.max(
		0,
		...rows.map(({ ClientDbId }) => String(ClientDbId).replace(/\D/g, '').length),
	);
	return {
		id,
		answer: unique ? (pairs.length === 0 ? 'unique' : course) : 'repeated',
		seen: unique
			? told`unique, ${course} with DateIn, of ${digits} digits at most`
			: told`some alerts share one`,
		holds: unique,
		figures: {
			types: counts(tally(rows.map(({ ClientDbId }) => kindOf(ClientDbId)))),
			digits: small(digits),
		},
	};
}
