/** What can be wrong with one row so that the page that holds it goes bad. */
export const POISONS = ['nan', 'control', 'comma', 'deep', 'huge', 'unservable'] as const;

export type Poison = (typeof POISONS)[number];

const LEVELS = 5000;
const CHARACTERS = 300_000;

const DAMAGE: Record<Exclude<Poison, 'unservable'>, (json: string) => string> = {
	nan: (json) => json.replace(/"AlertIp":[^,]*/, '"AlertIp":NaN'),
	// As a file name that an attacker chose and nobody escaped.
	control: (json) => json.replace('"CommandLine":', '"Note":"a\u0001\nb","CommandLine":'),
	comma: (json) => `${json.slice(0, -1)},}`,
	deep: (json) =>
		json.replace('"MitreDetails":[]', `"MitreDetails":${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`),
	huge: (json) =>
		json.replace('"IncidentDescription":"', `"IncidentDescription":"${'x'.repeat(CHARACTERS)}`),
};

/** The row's JSON, damaged. A row that is `unservable` is not damaged: the server fails at it. */
export function poisoned(json: string, poison: Poison): string {
	return poison === 'unservable' ? json : DAMAGE[poison](json);
}
