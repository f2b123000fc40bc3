import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { reasonNotLinear } from './linear-expression.mts';

const FOLDER = join(import.meta.dirname, '../../nodes/shared/alert');
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
	name.endsWith('.ts'),
);

/** The expressions that stand in a file, and how many it makes of texts. */
const expressionsIn = (name: string) => EXPRESSIONS[name]!;
const EXPRESSIONS = Object.fromEntries(FILES.map((name) => [name, readExpressions(name)]));

function readExpressions(name: string): { written: RegExp[]; made: number } {
	const written: RegExp[] = [];
	let made = 0;
	const visit = (node: ts.Node): void => {
		if (ts.isRegularExpressionLiteral(node)) {
			const end = node.text.lastIndexOf('/');
			written.push(new RegExp(node.text.slice(1, end), node.text.slice(end + 1)));
		}
		if (ts.isIdentifier(node) && node.text === 'RegExp' && ts.isNewExpression(node.parent)) made++;
		ts.forEachChild(node, visit);
	};
	const text = readFileSync(join(FOLDER, name), 'utf8');
	visit(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true));
	return { written, made };
}

describe('an expression whose steps grow faster than the text', () => {
	it.each([
		/(a+)+b/,
		/(a*)*b/,
		/(a|a)*b/,
		/(?:\w+\s?)+$/,
		/^\s*\s*x/,
		/^\d+\d+$/,
		/^(?:a|b)*[ab]*c/,
		/\s+$/,
		/b+c|a*/g,
		/\w+@/,
		/[a-z]+(?=\d)/i,
		/".*"x/,
		/[,;]+$|^x/,
		/^x|[,;]+$/,
	])('is told: %s', (expression) => {
		expect(reasonNotLinear(expression)).toBeDefined();
	});

	it.each([
		/\s+/g,
		/\S\s+\S/,
		/^\s*x/,
		/^(?:[a-z]+\.)+[a-z]{2,}$/,
		/\..*/,
		/^a{0,60}\s*b/,
		/"[^"]*"/,
		/^([^\\]+)\\+([^\\]+)$/,
	])('is not taken for one that is in proportion: %s', (expression) => {
		expect(reasonNotLinear(expression)).toBeUndefined();
	});
});

describe('what runs over the text of an alert takes steps in proportion to it', () => {
	it.each(FILES.filter((name) => expressionsIn(name).written.length > 0))('in %s', (name) => {
		for (const expression of expressionsIn(name).written)
			expect(reasonNotLinear(expression)).toBeUndefined();
	});

	it('where an expression is made of texts, too', async () => {
		const files = FILES.filter((name) => expressionsIn(name).made > 0);
		// What they import is there before, so that each makes its own expressions alone.
		for (const name of files) await import(join(FOLDER, name));
		const Original = RegExp;
		const made: RegExp[] = [];
		onTestFinished(() => void vi.unstubAllGlobals());
		vi.stubGlobal(
			'RegExp',
			new Proxy(Original, {
				construct(target, [source, flags]) {
					const expression = new target(source as string, flags as string);
					// Others import, too.
					if (new Error().stack?.includes('nodes/shared/alert/')) made.push(expression);
					return expression;
				},
			}),
		);
		for (const name of files) await import(`${join(FOLDER, name)}?anew`);
		const expected = FILES.reduce((sum, name) => sum + expressionsIn(name).made, 0);
		expect(expected).toBeGreaterThan(0);
		expect(made.map(reasonNotLinear)).toEqual(Array.from({ length: expected }, () => undefined));
	});
});
