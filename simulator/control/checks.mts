/** What a field must be, and how to say so to whoever sent something else. */
interface Check {
	readonly expects: string;
	holds(value: unknown): boolean;
}

export type Checks = Readonly<Record<string, Check>>;

/** Input that cannot be used; the message names the field and the remedy. */
export class BadInput extends Error {
	constructor(
		readonly field: string,
		remedy: string,
	) {
		super(`${field}: ${remedy}`);
	}
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

export const text: Check = { expects: 'text that is not empty', holds: isText };
export const texts: Check = {
	expects: 'a list of texts',
	holds: (value) => Array.isArray(value) && value.every(isText),
};
export const flag: Check = {
	expects: 'true or false',
	holds: (value) => typeof value === 'boolean',
};
export const object: Check = { expects: 'a JSON object', holds: isObject };
export const anything: Check = { expects: 'anything', holds: () => true };

export const whole = (from: number, to: number = Number.MAX_SAFE_INTEGER): Check => ({
	expects: `a whole number from ${from}${to === Number.MAX_SAFE_INTEGER ? ' up' : ` to ${to}`}`,
	holds: (value) => Number.isInteger(value) && (value as number) >= from && (value as number) <= to,
});

export const oneOf = (...values: unknown[]): Check => ({
	expects: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
	holds: (value) => values.includes(value),
});

export const either = (...checks: Check[]): Check => ({
	expects: checks.map(({ expects }) => expects).join(', or '),
	holds: (value) => checks.some((check) => check.holds(value)),
});

export const optional = (check: Check): Check => ({
	expects: check.expects,
	holds: (value) => value === undefined || check.holds(value),
});

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The input as an object of which every field holds what the table asks. Throws {@link BadInput} for an unknown field
 * (a typing error must not pass for a setting), for a wrong one, and for a required one that is missing.
 */
export function checkFields(
	input: unknown,
	checks: Checks,
	required: readonly string[] = [],
): Record<string, unknown> {
	if (!isObject(input)) throw new BadInput('body', 'send a JSON object');
	for (const field of required) {
		if (input[field] === undefined)
			throw new BadInput(field, `is missing; send ${checks[field]?.expects}`);
	}
	for (const [field, value] of Object.entries(input)) {
		const check = Object.hasOwn(checks, field) ? checks[field] : undefined;
		if (!check)
			throw new BadInput(field, `is not known here; use ${Object.keys(checks).join(', ')}`);
		if (!check.holds(value)) throw new BadInput(field, `send ${check.expects}`);
	}
	return input;
}
