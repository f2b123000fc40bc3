import type { IDataObject } from 'n8n-workflow';
import { ALERT_TYPES, SEVERITIES, STATUSES, code } from '../codes';
import { isRawAlert } from '../identity';
import { sha256, text } from '../simplify';
import type { AlertRecord } from './record';
import { filled, isEmpty, wellFormed } from './values';

/** A process that led to the alert. */
export interface ProcessFacts {
	readonly path?: string;
	readonly pid?: number;
	readonly sha256?: string;
	readonly user?: string;
}

type Read = (value: unknown) => string | number | null;
type Path = readonly [key: string] | readonly [key: string, inner: string];

const wholeNumber: Read = (value) => {
	const number = code(value);
	return number !== null && number > 0 ? number : null;
};
const word: Read = (value) => (typeof value === 'boolean' ? String(value) : text(value));

/**
 * Where the vendor's details tell a fact; the first path that does counts. The keys are those that integrators read and a
 * real alert has; what else is in there stays in `details`.
 */
const IN_DETAILS: ReadonlyArray<readonly [fact: string, read: Read, ...paths: Path[]]> = [
	['os', text, ['OS Version']],
	['agentVersion', text, ['CynetEPS Version'], ['EPS Version']],
	['engine', text, ['Extra Info', 'Detection Engine']],
	['malware', text, ['Extra Info', 'Malware ID'], ['Malware ID']],
	['malwareType', text, ['Extra Info', 'Malware Type'], ['Malware Type']],
	['prevention', word, ['EPS Prevention']],
	['parent.path', text, ['Parent Process Details', 'Process Path'], ['Extra Info', 'Parent Path']],
	['parent.pid', wholeNumber, ['Parent Process Details', 'Process PID']],
	['parent.sha256', sha256, ['Parent Process Details', 'Process SHA256'], ['Extra Info', 'Parent SHA256']],
	['parent.user', text, ['Parent Process Details', 'Process Running User']],
	['grandparent.path', text, ['Grandparent Process Details', 'Process Path']],
	['grandparent.pid', wholeNumber, ['Grandparent Process Details', 'Process PID']],
	['grandparent.sha256', sha256, ['Grandparent Process Details', 'Process SHA256']],
	['grandparent.user', text, ['Grandparent Process Details', 'Process Running User']],
];

/** What of the vendor's other fields has a name of its own here. */
const IN_OTHERS: ReadonlyArray<readonly [fact: string, read: Read, field: string]> = [
	['uniqueness', text, 'Uniqueness'],
	['hostId', wholeNumber, 'HostId'],
];

/** Fields of the simplified form that are told otherwise: facts are drawn from the one, and the other is the severity again. */
const NO_FACTS = ['details', 'severityLevel', 'techniques', 'tags'];

/**
 * What is known of an alert, handed out by name. A format takes what it has a place for, and `rest()` is what it did not
 * take: so nothing is lost. Simplified and detailed facts have the names of the simplified form, a process is
 * `parent.path` and so on.
 */
export class Facts {
	private readonly facts: Map<string, string | number>;
	private readonly details: Map<string, unknown>;
	private readonly others: Map<string, unknown>;
	private readonly taken = new Set<string>();

	constructor(readonly alert: AlertRecord) {
		const simple = Object.entries(alert.simple).filter(([fact, value]) => !NO_FACTS.includes(fact) && !isEmpty(value));
		this.facts = new Map(simple as Array<[string, string | number]>);
		this.details = new Map(Object.entries(alert.simple.details ?? {}));
		this.others = new Map(Object.entries(alert.others));
		for (const [fact, read, ...paths] of IN_DETAILS) this.draw(fact, read, paths, this.details);
		for (const [fact, read, field] of IN_OTHERS) this.draw(fact, read, [[field]], this.others);
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
		const known = ['path', 'pid', 'sha256', 'user'].map((fact) => [fact, this.facts.get(`${which}.${fact}`)]);
		return Object.fromEntries(known.filter(([, value]) => value !== undefined)) as ProcessFacts;
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
		return listIn(this.alert.simple.techniques);
	}

	get tags(): string[] {
		return listIn(this.alert.simple.tags);
	}

	/** When it happened, as near as that is known; ISO 8601. */
	get time(): string | undefined {
		return ['lastSeenAt', 'createdAt', 'firstSeenAt', 'changedAt'].map((fact) => this.look(fact)).find(Boolean);
	}

	/** All that was not taken, in the vendor's names where it has one; empty if there is nothing. */
	rest(): IDataObject {
		const facts = [...this.facts].filter(([fact]) => !this.taken.has(fact));
		const details = filled(Object.fromEntries(this.details));
		return Object.fromEntries([...this.others, ...facts, ...(details ? [['details', details] as const] : [])]) as IDataObject;
	}

	/** Moves a fact from where it is told to where it is handed out. */
	private draw(fact: string, read: Read, paths: readonly Path[], from: Map<string, unknown>): void {
		for (const [key, inner] of paths) {
			const outer = from.get(key);
			const told = inner === undefined ? outer : isRawAlert(outer) ? outer[inner] : undefined;
			const known = read(told);
			if (known === null) continue;
			this.facts.set(fact, typeof known === 'string' ? wellFormed(known) : known);
			if (inner === undefined) from.delete(key);
			else from.set(key, Object.fromEntries(Object.entries(outer as object).filter(([name]) => name !== inner)));
			return;
		}
	}
}

const listIn = (value: unknown): string[] => (Array.isArray(value) ? (value as string[]) : []);

/** The code of a name as `codeName` writes it. */
function codeOf(names: Readonly<Record<number, string>>, name: string | undefined): number | null {
	const known = Object.keys(names).find((key) => names[Number(key)] === name);
	return code(known ?? /^Unknown \((-?\d+)\)$/.exec(name ?? '')?.[1]);
}
