/** The vendor's number codes and their names, as integrators of the vendor publish them. */

export const SEVERITIES: Readonly<Record<number, string>> = {
	1: 'Information',
	2: 'Low',
	3: 'Medium',
	4: 'High',
	5: 'Critical',
	99: 'Unknown',
};

/** "Unknown" is coded 99: taken as a level, it would rank above Critical. */
export const SEVERITY_UNKNOWN = 99;

export const STATUSES: Readonly<Record<number, string>> = {
	0: 'Open',
	1: 'Pending',
	2: 'Ignored',
	3: 'Closed',
};

export const ALERT_TYPES: Readonly<Record<number, string>> = {
	0: 'File',
	1: 'Domain',
	2: 'IP',
	3: 'URL',
	4: 'User',
	5: 'Host',
	6: 'System',
};

const DIGITS = /^\s*-?\d{1,15}\s*$/;

/** A code as a number: 4 and "4" are 4; null, "", "High", 1.5, "1e3" and what is rounded are null. */
export function code(value: unknown): number | null {
	const number = typeof value === 'string' && DIGITS.test(value) ? Number(value) : value;
	return Number.isSafeInteger(number) ? (number as number) : null;
}

/** What a code is called that cannot be read. */
const UNKNOWN = 'Unknown';

type Names = Readonly<Record<number, string>>;

/** No name of a code is longer: what is, need not be read. */
const LONGEST_NAME = 40;

/** The same, and a name in any letter case is its code: 4, "4" and " high " are 4, "Sev-9" is null. */
export function codeOf(names: Names, value: unknown): number | null {
	if (typeof value !== 'string') return code(value);
	if (value.length > LONGEST_NAME) return null;
	const said = value.trim().toLowerCase();
	const known = Object.keys(names).find((number) => names[Number(number)]?.toLowerCase() === said);
	return code(known ?? value);
}

/** A code's name; a code without a name as `Unknown (7)`, what is no code as "Unknown"; null where nothing is said. */
export function codeName(names: Names, value: unknown): string | null {
	const number = codeOf(names, value);
	if (number !== null) return names[number] ?? `Unknown (${number})`;
	return value === null || value === undefined || value === '' ? null : UNKNOWN;
}

/**
 * The code of a severity that the vendor names, the code for "Unknown" among them; null for all
 * else, which is uncertain.
 */
export function severityOf(value: unknown): number | null {
	const number = codeOf(SEVERITIES, value);
	return number !== null && number in SEVERITIES ? number : null;
}
