import { CUT as TOO_DEEP, MOST_LEVELS } from './depth';
import { cut } from './formats/harmless';
import { isRawAlert, type RawAlert } from './identity';
import { jsonIn } from './json';
import { GRAPHS } from './leave-out';

/** How much of one alert is converted. No attested alert comes near any of it. */
export const MOST_VALUES = 2_000;
/** Of all texts and names together, in UTF-16 units. */
export const MOST_OF_TEXTS = 300_000;
const LONGEST_NAME = 500;

const DETAILS = 'IncidentJsonDescription';
/** Details that are shorter hold few values. */
const SHORTEST_DETAILS = 10_000;
/** What is longer is left out: a part of JSON tells nothing. */
const LONGEST_DETAILS = 1_000_000;

/** An object with more than `width` entries keeps so many of them, and nothing goes deeper than `levels`. */
interface Shape {
	readonly width: number;
	readonly levels: number;
}

/** From wide to narrow: the first in which the alert has few enough values. The last one always does. */
const SHAPES: readonly Shape[] = [
	{ width: MOST_VALUES, levels: MOST_LEVELS + 1 },
	{ width: 500, levels: MOST_LEVELS + 1 },
	{ width: 100, levels: MOST_LEVELS + 1 },
	{ width: 40, levels: 16 },
	{ width: 40, levels: 3 },
	{ width: 10, levels: 3 },
];

/** Stands for what was left out. */
const CUT = '[cut]';
const TEXT_CUT = `… ${CUT}`;

/** The fields that Cynet is known to send, and those of the simplified form: kept before all others. */
const KNOWN: ReadonlySet<string> = new Set(
	(
		'ClientDbId Uniqueness IncidentName IncidentDescription IncidentJsonDescription IncidentRecomendation ' +
		'HostId HostIp HostName UserId UserName ProductId Sha256 Sha256Hex File Path CommandLine AlertIp ' +
		'AlertDomain AlertUrl DomainId DomainCrc Severity Status AlertType ScanGroupName Tags MitreDetails ' +
		'DateIn FirstSeenUtc LastSeen LastSeenUtc DateChanged RemediationStatus EpsActionStatus ' +
		'EpsRemediationActionPerformed EpsLastSeenLocal EpsLastSeenUtc AutoRemediate AutoRemediationId ' +
		'Modules ScanGuid ' +
		'cynet id clientId dedupKey event name severity severityLevel status type description recommendation host ' +
		'hostIp user path commandLine sha256 domain url ip scanGroup techniques tags createdAt firstSeenAt ' +
		'lastSeenAt changedAt details'
	).split(' '),
);

/**
 * The same alert where it is of any usual size; else a copy that takes no longer to convert than a
 * large one: of objects and lists with the most entries the first ones, and of its texts the
 * longest cut to one length. A mark stands wherever something was left out. Fields that the package
 * reads are kept before all others. Graphs stay as they are: each is one text, and an option leaves
 * them out.
 */
export function limited(alert: RawAlert): RawAlert {
	const copy = new Copy(withDetails(alert));
	const made = copy.made();
	if (!copy.isCut) return alert;
	return typeof alert[DETAILS] === 'string' && isRawAlert(made[DETAILS])
		? { ...made, [DETAILS]: JSON.stringify(made[DETAILS]) }
		: made;
}

/** Details that are JSON in a long text, as an object: cut as a text, they would tell nothing. */
function withDetails(alert: RawAlert): RawAlert {
	const text = alert[DETAILS];
	if (typeof text !== 'string' || text.length < SHORTEST_DETAILS || text.length > LONGEST_DETAILS)
		return alert;
	const details = jsonIn(text);
	return isRawAlert(details) ? { ...alert, [DETAILS]: details } : alert;
}

/** The length to which the longest texts are cut, so that all together have so many units at most. */
function fairLength(lengths: readonly number[], most: number): number {
	let left = most;
	const ascending = [...lengths].sort((one, other) => one - other);
	for (const [index, length] of ascending.entries()) {
		const share = Math.floor(left / (ascending.length - index));
		if (length > share) return share;
		left -= length;
	}
	return Infinity;
}

class Copy {
	isCut = false;
	private shape: Shape = SHAPES[0] as Shape;
	private longest = Infinity;
	/** Listing the names of a hundred thousand fields takes its time. */
	private readonly names = new Map<object, string[]>();

	constructor(private readonly alert: RawAlert) {}

	made(): RawAlert {
		let lengths: number[] = [];
		for (const shape of SHAPES) {
			this.shape = shape;
			lengths = [];
			if (this.measure(this.alert, 0, lengths, MOST_VALUES) >= 0) break;
		}
		this.longest = fairLength(lengths, MOST_OF_TEXTS);
		return this.of(this.alert, 0) as RawAlert;
	}

	/** How many values may still come; below zero where it is too many. Counts only as far as that. */
	private measure(value: unknown, level: number, lengths: number[], room: number): number {
		if (typeof value === 'string') lengths.push(value.length);
		let left = room - 1;
		if (typeof value !== 'object' || value === null || level >= this.shape.levels) return left;
		for (const [name, inner] of this.entries(value, level)) {
			if (left < 0) break;
			if (level === 0 && isGraph(name, inner)) continue;
			if (name !== null) lengths.push(Math.min(name.length, LONGEST_NAME));
			left = this.measure(inner, level + 1, lengths, left);
		}
		return left;
	}

	private of(value: unknown, level: number): unknown {
		if (typeof value === 'string') return this.text(value, this.longest);
		if (typeof value !== 'object' || value === null) return value;
		if (level >= this.shape.levels) {
			this.isCut = true;
			return level > MOST_LEVELS ? TOO_DEEP : CUT;
		}
		const entries = this.entries(value, level);
		const left =
			(Array.isArray(value) ? value.length : this.namesOf(value).length) - entries.length;
		if (left > 0) this.isCut = true;
		if (Array.isArray(value)) {
			const list = entries.map(([, inner]) => this.of(inner, level + 1));
			return left > 0 ? [...list, `[cut: ${left} more]`] : list;
		}
		const object = new Map<string, unknown>();
		for (const [name, inner] of entries) {
			const own = this.text(name as string, Math.min(this.longest, LONGEST_NAME));
			const one = level === 0 && isGraph(name, inner) ? inner : this.of(inner, level + 1);
			// Names that were alike to where they are cut.
			object.set(object.has(own) ? `${own} (${object.size})` : own, one);
		}
		if (left > 0) object.set(CUT, `${left} more`);
		return Object.fromEntries(object);
	}

	private text(text: string, most: number): string {
		if (text.length <= most) return text;
		this.isCut = true;
		return cut(text, most, TEXT_CUT);
	}

	/** What is kept of an object or list. */
	private entries(value: object, level: number): Array<readonly [string | null, unknown]> {
		const { width } = this.shape;
		if (Array.isArray(value)) return value.slice(0, width).map((inner) => [null, inner] as const);
		const first = this.namesOf(value).slice(0, width);
		const kept = level === 0 ? [...new Set([...first, ...knownIn(value)])] : first;
		return kept.map((name) => {
			const inner = (value as RawAlert)[name];
			const isTooLong =
				level === 0 &&
				name === DETAILS &&
				typeof inner === 'string' &&
				inner.length > LONGEST_DETAILS;
			this.isCut ||= isTooLong;
			return [name, isTooLong ? CUT : inner] as const;
		});
	}

	private namesOf(value: object): string[] {
		let names = this.names.get(value);
		if (!names) this.names.set(value, (names = Object.keys(value)));
		return names;
	}
}

const knownIn = (alert: object): string[] =>
	[...KNOWN, ...GRAPHS].filter((name) => Object.hasOwn(alert, name));

const isGraph = (name: string | null, value: unknown): boolean =>
	GRAPHS.includes(name as string) && typeof value === 'string';
