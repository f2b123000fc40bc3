/**
 * The traits that worlds can have, besides the kinds of servers, faults and clocks that every world
 * draws. Take one out, and no world has it.
 */
const TRAITS = [
	'pauses',
	'late',
	'trickle',
	'wideWindows',
	'lies',
	'capLimit',
	'capOffset',
	'clocks',
	'tokenEnds',
	'sharedUser',
	'pages',
	'retryAfter',
	'poison',
	'identity',
	'dates',
	'farStamps',
	'severityText',
	'clockJumps',
	'replicas',
	'cache',
	'shuffledTies',
] as const;

export type TraitName = (typeof TRAITS)[number];

const { WORLD_TRAITS } = process.env;

/** `WORLD_TRAITS=lies,pages` gives each world just these, `none` no world any. */
export const TRAITS_ON: readonly TraitName[] =
	WORLD_TRAITS === undefined
		? TRAITS
		: (WORLD_TRAITS.split(',').filter((name) => name !== '' && name !== 'none') as TraitName[]);

/** With `WORLD_TRAITS` every world has all of them. */
export const TRAITS_PER_WORLD =
	WORLD_TRAITS === undefined
		? { maxLength: 3 }
		: { minLength: TRAITS_ON.length, maxLength: TRAITS_ON.length };
