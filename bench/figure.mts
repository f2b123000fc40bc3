/** One line of the report. */
export interface Figure {
	readonly what: string;
	readonly result: string;
	/** What was promised, and whether it holds; null for a figure that only explains another. */
	readonly target: string | null;
	readonly met: boolean | null;
}

/** The figures of one subject, and how they came about. */
export interface Chapter {
	readonly title: string;
	readonly figures: readonly Figure[];
	/** What was measured, against what, and what disturbs it. */
	readonly notes: readonly string[];
}

/** A promised figure: at most that much. */
export function atMost(
	what: string,
	value: number,
	limit: number,
	format: (value: number) => string,
): Figure {
	return { what, result: format(value), target: `≤ ${format(limit)}`, met: value <= limit };
}

/** A promised figure: at least that much. */
export function atLeast(
	what: string,
	value: number,
	limit: number,
	format: (value: number) => string,
): Figure {
	return { what, result: format(value), target: `≥ ${format(limit)}`, met: value >= limit };
}

/** A figure without a promise. */
export function told(what: string, result: string): Figure {
	return { what, result, target: null, met: null };
}

const grouped = (value: number, digits = 0): string =>
	value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });

export const count = (value: number): string => grouped(value);
export const times = (value: number): string => `${grouped(value, 2)} ×`;
export const milliseconds = (value: number): string => `${grouped(value, 1)} ms`;
/** Megabytes and kilobytes are 1,048,576 and 1,024 bytes. */
export const megabytes = (value: number): string => `${grouped(value / 2 ** 20, 1)} MB`;
export const kilobytes = (value: number): string => `${grouped(value / 2 ** 10, 1)} KB`;
