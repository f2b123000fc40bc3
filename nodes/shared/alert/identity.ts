import { createHash } from 'crypto';
import { bounded } from './depth';
import { parseTimestamp, type Timestamp } from './time';

/** An alert as the API sends it: a JSON object of which no field is certain. */
export type RawAlert = Record<string, unknown>;

/** What happened to the alert. */
export type AlertEvent = 'created' | 'recurred' | 'updated';

export function isRawAlert(row: unknown): row is RawAlert {
	return typeof row === 'object' && row !== null && !Array.isArray(row);
}

/**
 * An id is written whole into the key for ticketing systems. A longer text, or one with what nobody
 * sees, is told by its hash.
 */
export const LONGEST_ID = 200;
const UNSEEN = /\p{C}/u;

/** What programs write where they have nothing. */
const NOTHING = new Set([
	'null',
	'undefined',
	'none',
	'nil',
	'nan',
	'infinity',
	'unknown',
	'n/a',
	'false',
	'true',
	'[object object]',
]);
/** Zero, however long, and the empty GUID, with or without its dashes and braces. */
const ZEROS = /^[{(]?(?:0x)?[0-]+[)}]?$/i;
/** Zero bytes in base64. */
const ZERO_BYTES = /^A{2,}={0,2}$/;
const READABLE = /[\p{L}\p{N}]/u;
const DIGITS = /^\d+$/;
/** A whole number as a program writes it that knows fractions only. */
const WHOLE = /^(\d+)\.0+$/;
/** One and the same, whether in upper or lower case, with or without braces. */
const GUID = /^[{(]?([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})[)}]?$/i;
/** More digits than these are not all told by a number. */
const MOST_DIGITS = 16;

/**
 * The alert's id within its site. `ClientDbId` as a number, or as a text where it is one; else
 * `Uniqueness`; else a hash of what
 * does not change. A value that all alerts may share (zero, "null", the empty GUID) is no id, nor
 * is a number that was rounded.
 */
export function alertId(alert: RawAlert): number | string {
	return ownId(alert) ?? uniqueness(alert) ?? fingerprint(alert);
}

/** What `ClientDbId` says, if that can tell alerts apart. */
export function ownId({ ClientDbId: id }: RawAlert): number | string | null {
	// JSON.parse rounds what is beyond 2^53, to the same number as its neighbours.
	if (typeof id === 'number') return Number.isSafeInteger(id) && id > 0 ? id : null;
	const text = textId(id);
	const number =
		text !== null && text.length <= MOST_DIGITS && DIGITS.test(text) ? Number(text) : NaN;
	return Number.isSafeInteger(number) ? number : text;
}

/** The vendor's fingerprint. One in digits is none: it would be mistaken for a number of Cynet's. */
function uniqueness(alert: RawAlert): string | null {
	const text = textId(alert.Uniqueness);
	return text !== null && DIGITS.test(text) ? null : text;
}

/** The text without white space around it, if it can be an id; never longer than an id may be. */
function textId(value: unknown): string | null {
	if (typeof value !== 'string') return null;
	const text = inOneSpelling(value.trim());
	if (ZEROS.test(text) || ZERO_BYTES.test(text) || !READABLE.test(text)) return null;
	if (text.length > LONGEST_ID || UNSEEN.test(text)) return hash(text);
	return NOTHING.has(text.toLowerCase()) || isOddNumber(text) ? null : text;
}

/** The same id may be written in another way after a release of the server, or by another of its machines. */
function inOneSpelling(text: string): string {
	return WHOLE.exec(text)?.[1] ?? GUID.exec(text)?.[1]?.toLowerCase() ?? text;
}

/** Below zero, a fraction, or rounded by who wrote it (`9.2e+18`). */
function isOddNumber(text: string): boolean {
	return /[-.+]/.test(text) && !Number.isNaN(Number(text));
}

const hash = (text: string): string =>
	createHash('sha256').update(text, 'utf16le').digest('base64');

/** What stays the same when the alert happens again or its record changes. */
const LASTING_FIELDS = [
	'IncidentName',
	'IncidentRecomendation',
	'AlertType',
	'HostId',
	'HostName',
	'HostIp',
	'ProductId',
	'UserId',
	'UserName',
	'DomainId',
	'DomainCrc',
	'Path',
	'CommandLine',
	'Sha256',
	'Sha256Hex',
	'AlertDomain',
	'AlertUrl',
	'AlertIp',
] as const;
const LASTING_TEXTS = ['IncidentDescription', 'IncidentJsonDescription'] as const;
const LASTING_TIMES = ['DateIn', 'FirstSeenUtc'] as const;

/** Of a description, the parts that tell how far things have come. */
const MOVING_PART = /status|prevention|remediat|\blast/i;
/** Of a row in words that are not known, the fields that do. */
const MOVING_FIELD =
	/status|prevent|remediat|last|chang|updat|modif|severity|tags|graph|group|action|assign|comment|^file$/i;

/**
 * Tells apart what differs in anything that lasts; a row without a text under the vendor's names is
 * taken whole, for its words are not known.
 */
function fingerprint(alert: RawAlert): string {
	const said = (field: string): unknown => (alert[field] === '' ? null : (alert[field] ?? null));
	const known = [
		...LASTING_FIELDS.map(said),
		...LASTING_TEXTS.map((field) => lastingText(said(field))),
	];
	const times = LASTING_TIMES.map((field) => parseTimestamp(alert[field])?.time ?? said(field));
	const speaks = known.some((value) => typeof value === 'string');
	const others = speaks
		? []
		: Object.keys(alert)
				.filter((field) => !MOVING_FIELD.test(field))
				.sort()
				.map((field) => [field, alert[field]]);
	return hash(
		JSON.stringify(bounded([said('ClientDbId'), said('Uniqueness'), known, times, others])),
	);
}

function lastingText(value: unknown): string | null {
	if (value === null) return null;
	const text = typeof value === 'string' ? value : JSON.stringify(bounded(value));
	return text
		.split(/[\n,]/)
		.filter((part) => !MOVING_PART.test(part))
		.join();
}

/**
 * The key under which a ticketing system remembers the alert: `cynet:<clientId>:<id>`, for what can happen
 * more than once to an alert with the time of it added. The same each time that one event is emitted.
 * @param at milliseconds since the epoch, or null
 */
export function dedupKey(clientId: string, id: number | string, at: number | null = null): string {
	const key = `cynet:${clientId}:${id}`;
	return at === null ? key : `${key}:${new Date(at).toISOString()}`;
}

/** Cynet was founded after it: a date from before is a default value, or of a clock that was never set. */
const FIRST_PLAUSIBLE = Date.UTC(2010, 0, 1);

/** A date without a zone may be the server's local time, which is so far off at most. */
const MOST_OFFSET = 14 * 3600_000;

function plausible(value: unknown): Timestamp | null {
	const stamp = parseTimestamp(value);
	return stamp && stamp.time >= FIRST_PLAUSIBLE ? stamp : null;
}

/**
 * When the alert was raised, in milliseconds since the epoch: `DateIn`, if it names its zone and is
 * from 2010 on. Null where that
 * is not certain: `FirstSeenUtc` tells when the threat was seen first, which may be long before. May be in the future.
 */
export function bornAt(alert: RawAlert): number | null {
	const raised = plausible(alert.DateIn);
	return raised?.zoned ? raised.time : null;
}

/**
 * Whether the alert was beyond doubt raised before that time (milliseconds since the epoch). False
 * where `DateIn` is missing or not
 * plausible, or could be later in the server's time zone: in doubt an alert is new.
 */
export function certainlyBefore(alert: RawAlert, time: number): boolean {
	const raised = plausible(alert.DateIn);
	return raised !== null && raised.time + (raised.zoned ? 0 : MOST_OFFSET) < time;
}

/** When the alert happened last, in milliseconds since the epoch, or null. From 2010 on; may be in the future. */
export function lastSeenAt(alert: RawAlert): number | null {
	return (plausible(alert.LastSeenUtc) ?? plausible(alert.LastSeen))?.time ?? null;
}

/**
 * When the alert's record changed last, in milliseconds since the epoch, or null. From 2010 on; may
 * be in the future.
 */
export function changedAt(alert: RawAlert): number | null {
	return plausible(alert.DateChanged)?.time ?? null;
}
