import { describe, expect, it } from 'vitest';
import { bounded, CUT, isDeeper } from '../../nodes/shared/alert/depth.ts';

/** So many levels of lists or objects around a text. */
const listsOf = (levels: number): unknown =>
	JSON.parse(`${'['.repeat(levels)}"x"${']'.repeat(levels)}`);
const objectsOf = (levels: number): unknown =>
	JSON.parse(`${'{"a":'.repeat(levels)}"x"${'}'.repeat(levels)}`);
const HOSTILE = 100_000;

describe.each([
	['lists', listsOf],
	['objects', objectsOf],
])('nested %s', (_kind, nested) => {
	it('are deeper than one level less than they have', () => {
		for (const levels of [1, 2, 64]) {
			expect(isDeeper(nested(levels), levels)).toBe(false);
			expect(isDeeper(nested(levels), levels - 1)).toBe(true);
		}
		expect(isDeeper(nested(HOSTILE), 1000)).toBe(true);
	});

	it('are the same object up to 64 levels', () => {
		const shallow = nested(64);
		expect(bounded(shallow)).toBe(shallow);
	});

	it('have a short text where they go deeper', () => {
		expect(JSON.stringify(bounded(nested(65)))).toBe(JSON.stringify(nested(64)).replace('x', CUT));
		expect(JSON.stringify(bounded(nested(HOSTILE)))).toBe(
			JSON.stringify(nested(64)).replace('x', CUT),
		);
		expect(bounded(nested(1), 0)).toBe(CUT);
	});
});

it('what stands beside a part that is too deep is kept, and the original is not changed', () => {
	const row = { first: [1, null], deep: { list: [[objectsOf(3)], 'near'] }, last: 'z' };
	const before = JSON.stringify(row);
	expect(bounded(row, 3)).toEqual({ first: [1, null], deep: { list: [CUT, 'near'] }, last: 'z' });
	expect(JSON.stringify(row)).toBe(before);
});

it.each([null, undefined, 7, '', true])('%j is not nested', (value) => {
	expect(isDeeper(value, 0)).toBe(false);
	expect(bounded(value, 0)).toBe(value);
});

it('keys such as __proto__ stay keys', () => {
	const row = JSON.parse(
		'{"__proto__":{"polluted":true},"toString":[[1]],"constructor":{"a":{}}}',
	) as object;
	const copy = bounded(row, 2);
	expect(JSON.stringify(copy)).toBe(
		`{"__proto__":{"polluted":true},"toString":["${CUT}"],"constructor":{"a":"${CUT}"}}`,
	);
	expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
	expect(isDeeper(JSON.parse('{"__proto__":{"a":{}}}'), 2)).toBe(true);
});
