import type { IDataObject } from 'n8n-workflow';

export { ipVersion, isIp } from '../address';

/** Whether there is nothing to tell: null, an empty text, list or object. 0 and false say something. */
export function isEmpty(value: unknown): boolean {
	if (value === null || value === undefined || value === '') return true;
	return typeof value === 'object' && Object.keys(value).length === 0;
}

/** The object without what is empty; undefined if nothing is left. */
export function filled(object: Readonly<Record<string, unknown>>): IDataObject | undefined {
	const entries = Object.entries(object).filter(([, value]) => !isEmpty(value));
	return entries.length > 0 ? (Object.fromEntries(entries) as IDataObject) : undefined;
}

/** A list of what is not empty. */
export function listOf<T>(...values: ReadonlyArray<T | null | undefined>): T[] {
	return values.filter((value) => !isEmpty(value)) as T[];
}

/**
 * The same, but that a name which was there before has `other.` ahead of it: what an alert calls
 * its fields stands for nothing else.
 */
export function distinct<T>(
	entries: ReadonlyArray<readonly [name: string, value: T]>,
): Array<[name: string, value: T]> {
	const next = new Map<string, string>();
	return entries.map(([name, value]) => {
		let own = next.get(name) ?? name;
		while (next.has(own)) own = `other.${own}`;
		next.set(own, `other.${own}`).set(name, `other.${own}`);
		return [own, value];
	});
}

/** The text in well-formed Unicode: half a surrogate pair, which no UTF-8 can carry, becomes U+FFFD. */
export function wellFormed(text: string): string {
	return /[\uD800-\uDFFF]/.test(text) ? Buffer.from(text).toString() : text;
}

/** The last part of a path of Windows or Unix. */
export function fileName(path: string): string {
	return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** What stands behind the last dot of a file's name; a name that only begins with one has none. */
export function extension(path: string): string {
	const name = fileName(path);
	const dot = name.lastIndexOf('.');
	return dot > 0 ? name.slice(dot + 1) : '';
}

/** `DOM\user` in two; without a domain the name alone. */
export function account(user: string): { name: string; domain?: string } {
	const [, domain, name] = /^([^\\]+)\\+([^\\]+)$/.exec(user) ?? [];
	return domain && name ? { name, domain } : { name: user };
}

/** What no address on the internet is: of one network, of one machine, of many. */
const PRIVATE =
	/^(?:0|10|127|2(?:2[4-9]|[345]\d)|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.|^(?:f[cdef]|::1?$|::ffff:)/i;

/** Whether an address (as `isIp` knows it) may be one on the internet. */
export const isPublicIp = (ip: string): boolean => !PRIVATE.test(ip);

/** A value in one text: a list of plain values as such, an object as JSON. */
export function asText(value: unknown): string {
	if (typeof value !== 'object') return String(value);
	const isPlainList = Array.isArray(value) && value.every((one) => typeof one !== 'object');
	return isPlainList ? value.join(', ') : JSON.stringify(value);
}
