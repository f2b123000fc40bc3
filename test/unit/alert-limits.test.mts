import { describe, expect, it } from 'vitest';
import { CUT as TOO_DEEP } from '../../nodes/shared/alert/depth.ts';
import { limited, MOST_OF_TEXTS, MOST_VALUES } from '../../nodes/shared/alert/limits.ts';
import { PIECES, SHAPES, everywhere, filledWith } from '../../bench/conversion/shapes.mts';
import { FULL, manyAlerts, rawAlert, simplified, type Json } from './format-kit.mts';

/** How many values there are, how long all texts and names are together, and how deep it goes. */
function sizeOf(alert: unknown): { values: number; texts: number; levels: number } {
	const size = { values: 0, texts: 0, levels: 0 };
	const walk = (value: unknown, level: number): void => {
		size.values++;
		if (typeof value === 'string') size.texts += value.length;
		if (typeof value !== 'object' || value === null) return;
		size.levels = Math.max(size.levels, level);
		for (const [name, inner] of Object.entries(value)) {
			if (!Array.isArray(value)) size.texts += name.length;
			walk(inner, level + 1);
		}
	};
	walk(alert, 0);
	return size;
}

/** With what the details hold in their text. */
const opened = (alert: Json): Json => {
	try {
		return { ...alert, IncidentJsonDescription: JSON.parse(alert.IncidentJsonDescription) };
	} catch {
		return alert;
	}
};

describe('what is converted of an alert', () => {
	it('is the alert itself, unchanged, where it is of any usual size', () => {
		const usual = [...manyAlerts(), FULL, simplified(FULL)];
		expect(usual.filter((alert) => limited(alert) !== alert)).toEqual([]);
		const long = { ...FULL, IncidentDescription: 'x'.repeat(250_000) };
		expect(limited(long)).toBe(long);
		const many = { ...FULL, Files: Array.from({ length: 1_500 }, () => 'C:\\a') };
		expect(limited(many)).toBe(many);
		const details = {
			...FULL,
			IncidentJsonDescription: `${' '.repeat(20_000)}${FULL.IncidentJsonDescription}`,
		};
		expect(limited(details)).toBe(details);
	});

	const HOSTILE = [
		...Object.entries(PIECES).map(
			([what, piece]) => [`texts of ${what}`, () => everywhere(filledWith(piece, 50_000))] as const,
		),
		...Object.entries(SHAPES).map(([what, shape]) => [what, () => shape(20_000)] as const),
	];

	it.each(HOSTILE)('is bounded in values, texts and depth with %s, and marked', (_, made) => {
		const within = limited(made() as Json);
		const { values, texts, levels } = sizeOf({ ...opened(within), AlertGraphJsonRaw: null });
		expect(values).toBeLessThanOrEqual(1.2 * MOST_VALUES);
		expect(texts).toBeLessThanOrEqual(1.1 * MOST_OF_TEXTS);
		expect(levels).toBeLessThanOrEqual(65);
		expect(JSON.stringify(within)).toMatch(/\[cut[\]:]/);
	});

	it('keeps each field that the package reads ahead of ten thousand others', () => {
		const others = SHAPES['many fields']!(10_000);
		for (const alert of [FULL, simplified(FULL)])
			expect(limited({ ...others, ...alert })).toMatchObject(alert);
	});

	it('cuts the longest texts alone, all to one length, and no character in two', () => {
		const wide = '\u{1f600}'.repeat(500_000);
		const within = limited({ ...FULL, Path: wide, UserName: `x${wide}` });
		expect(within).toMatchObject({
			...FULL,
			Path: expect.stringMatching(/^\u{1f600}{60000,}… \[cut\]$/u),
			UserName: expect.stringMatching(/^x\u{1f600}{60000,}… \[cut\]$/u),
		});
		expect(Math.abs(String(within.Path).length - String(within.UserName).length)).toBeLessThan(3);
	});

	it('says in a list how many entries are left out, and in an object how many fields', () => {
		const many = Array.from({ length: 10_000 }, (_, index) => index);
		const { List, Object: object } = limited({
			...FULL,
			List: many,
			Object: Object.fromEntries(many.map((index) => [`k${index}`, index])),
		}) as { List: unknown[]; Object: Json };
		expect(List.slice(0, -1)).toEqual(many.slice(0, List.length - 1));
		expect(List.at(-1)).toBe(`[cut: ${10_001 - List.length} more]`);
		expect(object['[cut]']).toBe(`${10_001 - Object.keys(object).length} more`);
		expect(Object.keys(object).at(-1)).toBe('[cut]');
	});

	it('keeps long details readable: of JSON in a text, JSON in a text comes out', () => {
		const told = {
			...JSON.parse(FULL.IncidentJsonDescription),
			...(SHAPES['many fields']!(20_000) as Json),
		};
		const { IncidentJsonDescription } = limited({
			...FULL,
			IncidentJsonDescription: JSON.stringify(told),
		});
		const details = JSON.parse(IncidentJsonDescription as string) as Json;
		expect(details).toMatchObject(JSON.parse(FULL.IncidentJsonDescription));
		expect(details['[cut]']).toMatch(/^\d+ more$/);
	});

	it('takes details that are no JSON as a text, and leaves out those that are too long to be read', () => {
		const within = (text: string): unknown =>
			limited({ ...FULL, IncidentJsonDescription: text }).IncidentJsonDescription;
		expect(within(`{${'a'.repeat(400_000)}`)).toMatch(/^\{a{200000,}… \[cut\]$/);
		expect(within(JSON.stringify({ a: 'x'.repeat(1_100_000) }))).toBe('[cut]');
		expect(limited({ ...FULL, IncidentJsonDescription: 'x'.repeat(1_100_000) })).toEqual({
			...FULL,
			IncidentJsonDescription: '[cut]',
		});
	});

	it('has a mark for what is nested too deep, also in a narrow object', () => {
		let deep: unknown = 'x';
		for (let level = 0; level < 1_000; level++) deep = { deep };
		expect(JSON.stringify(limited({ ...FULL, deep }))).toContain(JSON.stringify(TOO_DEEP));
		expect(limited({ ...FULL, deep })).toMatchObject(FULL);
	});

	it('keeps names apart that are alike to where they are cut', () => {
		const name = 'k'.repeat(600);
		const { Alike } = limited({
			...rawAlert(1),
			Alike: { [`${name}1`]: 'one', [`${name}2`]: 'two', [`${name}3`]: 'three' },
		}) as { Alike: Json };
		expect(Object.values(Alike)).toEqual(['one', 'two', 'three']);
		for (const one of Object.keys(Alike)) expect(one).toMatch(/^k{490,}… \[cut\]( \(\d\))?$/);
	});

	it('leaves graphs as they are, which an option leaves out', () => {
		const alert = { ...FULL, AlertGraphJsonRaw: 'g'.repeat(2_000_000) };
		expect(limited(alert)).toBe(alert);
	});

	it('makes a field of __proto__, and nothing of it a prototype', () => {
		const alert = JSON.parse(`{"ClientDbId":1,"__proto__":{"polluted":"${'x'.repeat(400_000)}"}}`);
		const within = limited(alert);
		expect(Object.keys(within)).toEqual(['ClientDbId', '__proto__']);
		expect(({} as Json).polluted).toBeUndefined();
		expect((within as Json).polluted).toBeUndefined();
	});
});
