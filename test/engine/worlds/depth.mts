/** Whether a value is nested deeper than so many levels, without a call for each. */
export function isDeeper(value: unknown, most: number): boolean {
	let level: unknown[] = [value];
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > most) return true;
		level = level.flatMap((one) =>
			typeof one === 'object' && one !== null ? Object.values(one) : [],
		);
	}
	return false;
}
