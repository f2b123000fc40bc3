/** A stream of numbers that depends on its name alone, so that an alert looks the same whenever it is drawn. */
export interface Random {
	/** A number in [0, 1). */
	next(): number;
	/** A whole number in [from, to]. */
	whole(from: number, to: number): number;
	pick<T>(list: readonly T[]): T;
	/** Upper-case hex digits. */
	hex(digits: number): string;
}

const BYTES = Array.from({ length: 256 }, (_, byte) =>
	byte.toString(16).toUpperCase().padStart(2, '0'),
);

/** FNV-1a over the name, then mulberry32: small, fast, and the same on every machine. */
export function randomOf(name: string): Random {
	let state = 0x811c9dc5;
	for (let i = 0; i < name.length; i++) state = Math.imul(state ^ name.charCodeAt(i), 0x01000193);

	const bits = (): number => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return (mixed ^ (mixed >>> 14)) >>> 0;
	};
	const next = (): number => bits() / 4_294_967_296;
	const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));

	return {
		next,
		whole,
		pick: <T,>(list: readonly T[]): T => list[whole(0, list.length - 1)] as T,
		hex: (digits) => {
			let text = '';
			while (text.length < digits) {
				const drawn = bits();
				text += `${BYTES[drawn >>> 24]}${BYTES[(drawn >>> 16) & 255]}${BYTES[(drawn >>> 8) & 255]}${BYTES[drawn & 255]}`;
			}
			return text.slice(0, digits);
		},
	};
}
