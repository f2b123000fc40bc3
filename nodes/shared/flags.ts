/*
 * The one place where a switch is read. An expression, a model or an imported workflow can make
 * anything of it: the text
 * "true", 1, null, nothing at all.
 */

/**
 * Whether a switch that protects is on, such as Dry Run. Only a plain `false` turns it off;
 * whatever cannot be read protects.
 *
 * @param value as it came out for the item
 * @param isThere whether the field is in the node; one that was never added protects nothing
 */
export function protects(value: unknown, isThere: boolean): boolean {
	return isThere && value !== false;
}

/** What any other switch says: also as text in any letters and as 1 or 0; null where that is not clear. */
export function truthOf(value: unknown): boolean | null {
	if (typeof value === 'boolean') return value;
	if (typeof value !== 'string' && typeof value !== 'number') return null;
	const text = String(value).trim().toLowerCase();
	if (text === 'true' || text === '1') return true;
	return text === 'false' || text === '0' ? false : null;
}
