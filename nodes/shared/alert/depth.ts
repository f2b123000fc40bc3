/**
 * No attested alert goes deeper. JSON.parse makes any depth; JSON.stringify, and with it n8n's
 * storing of an execution, overflows
 * its stack at some thousands of levels. Nothing here goes down further than this, so it cannot overflow itself.
 */
export const MOST_LEVELS = 64;

/** Stands where the rest of a value was. */
export const CUT = `[cut: nested deeper than ${MOST_LEVELS} levels]`;

/** Whether objects and lists are nested deeper than so many levels. A plain value has none. */
export function isDeeper(value: unknown, levels: number): boolean {
	if (typeof value !== 'object' || value === null) return false;
	if (levels === 0) return true;
	if (Array.isArray(value)) return value.some((inner) => isDeeper(inner, levels - 1));
	for (const key in value)
		if (isDeeper((value as Record<string, unknown>)[key], levels - 1)) return true;
	return false;
}

/**
 * The same value where it is shallow enough, as nearly all are; else a copy in which `CUT` stands
 * for what is too deep.
 */
export function bounded<T>(value: T, levels = MOST_LEVELS): T {
	return isDeeper(value, levels) ? (shortened(value, levels) as T) : value;
}

function shortened(value: unknown, levels: number): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if (levels === 0) return CUT;
	if (Array.isArray(value)) return value.map((inner) => shortened(inner, levels - 1));
	// Makes a field of `__proto__` too, where an assignment would make it the prototype.
	return Object.fromEntries(
		Object.entries(value).map(([key, inner]) => [key, shortened(inner, levels - 1)]),
	);
}
