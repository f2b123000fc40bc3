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

/** A code as a number: 4 and "4" are 4; null, "", "High" and 1.5 are null. */
export function code(value: unknown): number | null {
	const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	return typeof number === 'number' && Number.isInteger(number) ? number : null;
}

/** A code's name; a code without a name as `Unknown (7)`; no code as null. */
export function codeName(names: Readonly<Record<number, string>>, value: unknown): string | null {
	const number = code(value);
	return number === null ? null : (names[number] ?? `Unknown (${number})`);
}
