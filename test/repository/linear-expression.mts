import { RegExpParser } from '@eslint-community/regexpp';
import type { AST } from '@eslint-community/regexpp';

/**
 * Every sign that an expression here may tell apart: ASCII, and of each kind of others one: letters,
 * digits, accents, blanks, breaks, what nobody sees, a half and a whole pair.
 */
const SIGNS = [
	...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
	...'éÀ字ßКſ０²\u0301\u00a0\u3000\u0085\u2028\u200b\u00ad\ufe0f\uff0e\ud800\u{1f600}',
];

/** A place of the expression at which it takes one sign: which ones, and the places behind it; one twice if two ways lead there. */
interface Place {
	/** A bit for each of `SIGNS`. */
	readonly takes: bigint;
	/** Its number in the expression. */
	readonly at: number;
	readonly next: Place[];
}
/** A part of the expression: where it may begin and end, and whether it may be empty. */
interface Part {
	readonly first: Place[];
	readonly last: Place[];
	readonly isEmpty: boolean;
}

const EMPTY: Part = { first: [], last: [], isEmpty: true };

function chain(before: Part, after: Part): Part {
	for (const place of before.last) place.next.push(...after.first);
	return {
		first: before.isEmpty ? [...before.first, ...after.first] : before.first,
		last: after.isEmpty ? [...before.last, ...after.last] : after.last,
		isEmpty: before.isEmpty && after.isEmpty,
	};
}
function repeated(part: Part): Part {
	for (const place of part.last) place.next.push(...part.first);
	return { ...part, isEmpty: true };
}
const maybe = (part: Part): Part => ({ ...part, isEmpty: true });

/**
 * Whether and why an engine that goes back, as that of JavaScript does, may take more than a number
 * of steps in proportion to the text: undefined if it cannot. By the ambiguity of the automaton of
 * the expression's places (Weber and Seidl 1991, "On the degree of ambiguity of finite automata"):
 * more steps need a text that can lead from one loop to itself in two ways, or from one loop to
 * another as well as around each of them. That the search begins anew at each sign counts as a loop.
 */
export function reasonNotLinear({ source, flags }: RegExp): string | undefined {
	const pattern = new RegExpParser().parsePattern(
		source,
		0,
		source.length,
		flags.includes('u') ? { unicode: true } : {},
	);
	const all: Place[] = [];
	let hasAssertion = false;

	function place(raw: string): Part {
		const one = new RegExp(`^(?:${raw})$`, flags.replace('g', ''));
		const takes = SIGNS.reduce((bits, sign) => (bits << 1n) | (one.test(sign) ? 1n : 0n), 0n);
		const made: Place = { takes, at: all.length, next: [] };
		all.push(made);
		return { first: [made], last: [made], isEmpty: false };
	}
	function partOf(node: AST.Element): Part {
		switch (node.type) {
			case 'Character':
			case 'CharacterClass':
			case 'CharacterSet':
				return place(node.raw);
			case 'Group':
			case 'CapturingGroup':
				return either(node.alternatives);
			case 'Quantifier': {
				let part = EMPTY;
				for (let times = 0; times < node.min; times++) part = chain(part, partOf(node.element));
				if (node.max === Infinity) return chain(part, repeated(partOf(node.element)));
				// Nested: a(a(a)?)?, for each is tried only behind the one before.
				let rest = EMPTY;
				for (let times = node.min; times < node.max; times++)
					rest = maybe(chain(partOf(node.element), rest));
				return chain(part, rest);
			}
			case 'Assertion':
				hasAssertion ||= node.kind !== 'start';
				if (/[^\\][*+]|,\}/.test(node.raw.replace(/\[[^\]]*\]/g, 'x')))
					throw new Error(`A loop looks around: ${node.raw}`);
				return EMPTY;
			default:
				throw new Error(`Nothing is known of the steps of ${node.raw}`);
		}
	}
	const inOrder = (nodes: readonly AST.Element[]): Part => nodes.map(partOf).reduce(chain, EMPTY);
	const either = (alternatives: readonly AST.Alternative[]): Part => {
		const parts = alternatives.map(({ elements }) => inOrder(elements));
		return {
			first: parts.flatMap(({ first }) => first),
			last: parts.flatMap(({ last }) => last),
			isEmpty: parts.some(({ isEmpty }) => isEmpty),
		};
	};

	const ends = new Set<Place>();
	for (const { elements } of pattern.alternatives) {
		const isFromStart = elements[0]?.type === 'Assertion' && elements[0].kind === 'start';
		const anywhere = isFromStart ? EMPTY : repeated(place('[^]'));
		for (const end of chain(anywhere, inOrder(elements)).last) ends.add(end);
	}
	/** Where the expression has matched already, nothing is tried again. */
	const isDone = (one: Place): boolean => !hasAssertion && ends.has(one);

	const loops = all.filter((one) => !isDone(one) && reaches([one], one));
	for (const from of loops) {
		if (goesRoundInTwoWays(from)) return `${source} has two ways around one loop`;
		for (const to of loops)
			if (from !== to && goesOnAndStays(from, to)) return `${source} has two loops for one text`;
	}
	return undefined;

	function goesRoundInTwoWays(from: Place): boolean {
		const round = all.filter((one) => reaches([from], one) && reaches([one], from));
		if (round.some(({ next }) => round.some((one) => next.filter((n) => n === one).length > 1)))
			return true;
		return meets([[from, from]], ([one, other]) => one !== other && meetsAgain(one!, other!, from));
	}
	function meetsAgain(one: Place, other: Place, from: Place): boolean {
		return meets([[one, other]], ([a, b]) => a === from && b === from);
	}
	function goesOnAndStays(from: Place, to: Place): boolean {
		return meets([[from, from, to]], ([a, b, c]) => a === from && b === to && c === to);
	}
	/** Whether the same text can lead all of them to where it is so. */
	function meets(begin: Place[][], isSo: (places: Place[]) => boolean): boolean {
		const keyOf = (places: Place[]) => places.map(({ at }) => at).join();
		const seen = new Set<string>();
		const open = [...begin];
		for (let places = open.pop(); places; places = open.pop()) {
			const steps = places.reduce<Place[][]>(
				(sets, one) => sets.flatMap((set) => [...new Set(one.next)].map((next) => [...set, next])),
				[[]],
			);
			for (const step of steps) {
				if (seen.has(keyOf(step))) continue;
				if (step.reduce((signs, { takes }) => signs & takes, ~0n) === 0n) continue;
				if (isSo(step)) return true;
				seen.add(keyOf(step));
				open.push(step);
			}
		}
		return false;
	}
	function reaches(from: Place[], to: Place): boolean {
		const seen = new Set<Place>();
		const open = [...from];
		for (let one = open.pop(); one; one = open.pop())
			for (const next of one.next) {
				if (next === to) return true;
				if (!seen.has(next)) {
					seen.add(next);
					open.push(next);
				}
			}
		return false;
	}
}
