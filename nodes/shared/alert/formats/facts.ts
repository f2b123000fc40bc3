import type { IDataObject } from 'n8n-workflow';
import { ALERT_TYPES, SEVERITIES, STATUSES, code } from '../codes';
import { sha256, text } from '../simplify';
import { Told, type Section } from '../told';
import type { AlertRecord } from './record';
import { distinct, filled, isEmpty, wellFormed } from './values';

/** A process that led to the alert. */
export interface ProcessFacts {
	readonly path?: string;
	readonly pid?: number;
	readonly sha256?: string;
	readonly user?: string;
}

type Read = (value: unknown) => string | number | null;

const wholeNumber: Read = (value) => {
	const number = code(value);
	return number !== null && number > 0 ? number : null;
};
/** What no system gives to a process stays where it was said. */
const MOST_OF_PID = 0x7fffffff;
const pid: Read = (value) => {
	const number = wholeNumber(value);
	return number !== null && Number(number) <= MOST_OF_PID ? number : null;
};
const word: Read = (value) => (typeof value === 'boolean' ? String(value) : text(value));

/**
 * Where the vendor's details tell a fact, or else the lines of its description; the first key that
 * does counts. The keys, written as `Told`
 * knows them, are those that integrators read and real alerts have; what else is in there stays in `details`.
 */
const IN_TEXTS: ReadonlyArray<
	readonly [fact: string, read: Read, section: Section, ...keys: string[]]
> = [
	['os', text, 'own', 'osversion'],
	['agentVersion', text, 'own', 'cynetepsversion', 'epsversion'],
	['engine', text, 'own', 'detectionengine'],
	['malware', text, 'own', 'malwareid'],
	['malwareType', text, 'own', 'malwaretype'],
	// What was done counts for more than what was meant to be done.
	['prevention', word, 'own', 'actualepsprevention', 'epsprevention', 'devicestatus'],
	['desiredPrevention', word, 'own', 'desiredepsprevention'],
	['remediation', word, 'own', 'remediationstatus'],
	['deviceType', text, 'own', 'devicetype'],
	['deviceName', text, 'own', 'devicename'],
	['deviceId', text, 'own', 'deviceid'],
	['deviceVendor', text, 'own', 'vendor'],
	['deviceProduct', text, 'own', 'product'],
	['parent.path', text, 'parent', 'processpath'],
	['parent.path', text, 'own', 'parentpath'],
	['parent.pid', pid, 'parent', 'processpid'],
	['parent.sha256', sha256, 'parent', 'processsha256'],
	['parent.sha256', sha256, 'own', 'parentsha256'],
	['parent.user', text, 'parent', 'processrunninguser'],
	['grandparent.path', text, 'grandparent', 'processpath'],
	['grandparent.pid', pid, 'grandparent', 'processpid'],
	['grandparent.sha256', sha256, 'grandparent', 'processsha256'],
	['grandparent.user', text, 'grandparent', 'processrunninguser'],
];

/** What of the vendor's other fields has a name of its own here. */
const IN_OTHERS: ReadonlyArray<readonly [fact: string, read: Read, field: string]> = [
	['uniqueness', text, 'Uniqueness'],
	['hostId', wholeNumber, 'HostId'],
];

/**
 * Fields of the simplified form that are told otherwise: facts are drawn from the one, and the
 * other is the severity again.
 */
const NO_FACTS = ['details', 'severityLevel', 'techniques', 'tags'];

/**
 * What is known of an alert, handed out by name. A format takes what it has a place for, and
 * `rest()` is what it did not
 * take: so nothing is lost. Simplified and detailed facts have the names of the simplified form, a process is
 * `parent.path` and so on.
 */
export class Facts {
	private readonly facts: Map<string, string | number>;
	private readonly details: Map<string, unknown>;
	private readonly others: Map<string, unknown>;
	private readonly taken = new Set<string>();

	constructor(readonly alert: AlertRecord) {
		const simple = Object.entries(alert.simple).filter(
			([fact, value]) => !NO_FACTS.includes(fact) && !isEmpty(value),
		);
		this.facts = new Map(simple as Array<[string, string | number]>);
		this.details = new Map(Object.entries(alert.simple.details ?? {}));
		this.others = new Map(Object.entries(alert.others));
		const told = new Told(alert.simple.details, alert.simple.description);
		for (const [fact, read, section, ...keys] of IN_TEXTS) {
			const known = this.facts.has(fact) ? null : told.find(read, section, keys);
			if (known !== null) this.draw(fact, known.value, known.path);
		}
		for (const [fact, read, field] of IN_OTHERS) {
			const known = read(this.others.get(field));
			if (known === null) continue;
			this.facts.set(fact, known);
			this.others.delete(field);
		}
	}

	/** The fact as text, if it is known and fits its place. */
	take(fact: string, fits: (text: string) => boolean = () => true): string | undefined {
		const known = this.look(fact);
		if (known === undefined || !fits(known)) return undefined;
		this.taken.add(fact);
		return known;
	}

	/** The same, and it stays among what is not taken. */
	look(fact: string): string | undefined {
		const known = this.facts.get(fact);
		return known === undefined ? undefined : String(known);
	}

	/** What is known of the process; it stays among what is not taken until `takeProcess`. */
	process(which: 'parent' | 'grandparent'): ProcessFacts {
		return Object.fromEntries(
			['path', 'pid', 'sha256', 'user'].map((fact) => [fact, this.facts.get(`${which}.${fact}`)]),
		) as ProcessFacts;
	}

	takeProcess(which: 'parent' | 'grandparent'): ProcessFacts {
		for (const fact of ['path', 'pid', 'sha256', 'user']) this.taken.add(`${which}.${fact}`);
		return this.process(which);
	}

	/** The vendor's codes; null where unknown. A severity of the level 1 to 5, or 99. */
	get severity(): number | null {
		return code(this.alert.simple.severityLevel) ?? codeOf(SEVERITIES, this.look('severity'));
	}

	get status(): number | null {
		return codeOf(STATUSES, this.look('status'));
	}

	get type(): number | null {
		return codeOf(ALERT_TYPES, this.look('type'));
	}

	/** The ATT&CK ids of techniques, and the names of tags. */
	get techniques(): string[] {
		return this.alert.simple.techniques as string[];
	}

	get tags(): string[] {
		return this.alert.simple.tags as string[];
	}

	/** When it happened, as near as that is known; ISO 8601. */
	get time(): string | undefined {
		return ['lastSeenAt', 'createdAt', 'firstSeenAt', 'changedAt']
			.map((fact) => this.look(fact))
			.find(Boolean);
	}

	/**
	 * All that was not taken, in the vendor's names where it has one; empty if there is nothing. No
	 * name stands for two things.
	 */
	rest(): IDataObject {
		return Object.fromEntries(distinct([...this.left(), ...this.unread()])) as IDataObject;
	}

	/** The facts that were not taken. */
	left(): Array<[fact: string, value: string | number]> {
		return [...this.facts].filter(([fact]) => !this.taken.has(fact));
	}

	/** What no fact was read from. */
	unread(): Array<[field: string, value: unknown]> {
		const details = filled(Object.fromEntries(this.details));
		return [...(details ? [['details', details] as [string, unknown]] : []), ...this.others];
	}

	/** Hands a fact out from where the details tell it. */
	private draw(fact: string, known: string | number, path: readonly string[] | null): void {
		this.facts.set(fact, typeof known === 'string' ? wellFormed(known) : known);
		const [key, inner] = path ?? [];
		if (key === undefined) return;
		if (inner === undefined) this.details.delete(key);
		else
			this.details.set(
				key,
				Object.fromEntries(
					Object.entries(this.details.get(key) as object).filter(([name]) => name !== inner),
				),
			);
	}
}

/** The code of a name as `codeName` writes it. */
function codeOf(names: Readonly<Record<number, string>>, name: string | undefined): number | null {
	const known = Object.keys(names).find((key) => names[Number(key)] === name);
	return code(known ?? /^Unknown \((-?\d+)\)$/.exec(name ?? '')?.[1]);
}
