import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A text that the code says to a user. What is filled in stands as `‹its name›`. */
interface Message {
	readonly text: string;
	/** What to do next. */
	readonly remedy: string;
}

interface Found {
	/** What the nodes refuse, or cannot do, in words of their own. The other errors are those of `REASONS`. */
	readonly refusals: readonly Message[];
	/** What goes to n8n's log, as it stands in the code. */
	readonly logLines: readonly string[];
	/** Whatever is thrown, as it stands in the code. */
	readonly throws: readonly string[];
	/** Whatever reads like a sentence, wherever it stands; but for what is thrown to be caught within (`RangeError`). */
	readonly sentences: readonly string[];
}

/**
 * Three words or more that begin with a capital, a quotation mark or something filled in, and are
 * no title: Parent Process Details.
 */
const SENTENCE = /^["‹\p{Lu}]\S*(?=.* (?!and |of )\p{Ll})(?: \S+){2}/u;

const ROOT = new URL('../../../', import.meta.url);

let read: Found | undefined;

/** All that the code of the package can say. */
export const readCode = (): Found => (read ??= readAll());

function readAll(): Found {
	const found = {
		refusals: [] as Message[],
		logLines: [] as string[],
		throws: [] as string[],
		sentences: [] as string[],
	};
	for (const folder of ['nodes/', 'credentials/']) {
		for (const name of readdirSync(new URL(folder, ROOT), { recursive: true, encoding: 'utf8' })) {
			if (name.endsWith('.ts')) readFile(new URL(folder + name, ROOT), found);
		}
	}
	return found;
}

function readFile(
	file: URL,
	found: { refusals: Message[]; logLines: string[]; throws: string[]; sentences: string[] },
): void {
	const source = ts.createSourceFile(
		fileURLToPath(file),
		readFileSync(file, 'utf8'),
		ts.ScriptTarget.ES2022,
		true,
	);
	const numbers = constantsOf(source);
	const texts = (node: ts.Expression | undefined) => textsOf(node, numbers);
	// What only hands the two through says nothing of its own.
	const add = (messages: readonly string[], remedy: ts.Expression | undefined) => {
		for (const text of messages)
			for (const told of texts(remedy)) found.refusals.push({ text, remedy: told });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isNewExpression(node) && nameOf(node.expression) === 'RangeError') return;
		if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) {
			const text = plain(node);
			if (SENTENCE.test(text)) found.sentences.push(text);
		}
		if (ts.isThrowStatement(node)) found.throws.push(onOneLine(node.expression.getText(source)));
		if (ts.isCallExpression(node)) {
			const [first, second, third] = node.arguments;
			const name = nameOf(node.expression);
			if (name === 'refuse') add(texts(first), second);
			if (name === 'filled')
				add(
					texts(second).map((field) => `"${field}" is empty`),
					third,
				);
			if (
				ts.isPropertyAccessExpression(node.expression) &&
				nameOf(node.expression.expression) === 'logger'
			)
				found.logLines.push(texts(first)[0] ?? '');
		}
		if (ts.isNewExpression(node) && nameOf(node.expression) === 'NodeOperationError') {
			const [, message, options] = node.arguments ?? [];
			const own = texts(message);
			add(own.length > 0 ? own : ['‹what n8n says›'], descriptionOf(options));
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
}

function nameOf(node: ts.Expression): string {
	if (ts.isPropertyAccessExpression(node)) return node.name.text;
	return ts.isIdentifier(node) ? node.text : '';
}

function descriptionOf(options: ts.Expression | undefined): ts.Expression | undefined {
	if (!options || !ts.isObjectLiteralExpression(options)) return undefined;
	return options.properties
		.filter(ts.isPropertyAssignment)
		.find(({ name }) => name.getText() === 'description')?.initializer;
}

/** `const SEARCHED_DAYS = 30` and the like. */
function constantsOf(source: ts.SourceFile): Map<string, string> {
	const declarations = source.statements
		.filter(ts.isVariableStatement)
		.flatMap(({ declarationList }) => [...declarationList.declarations]);
	return new Map(
		declarations
			.filter(({ initializer }) => initializer && ts.isNumericLiteral(initializer))
			.map(({ name, initializer }) => [name.getText(), (initializer as ts.NumericLiteral).text]),
	);
}

/** A literal, a template, or both arms of a choice; nothing for what is handed through. */
function textsOf(node: ts.Expression | undefined, numbers: ReadonlyMap<string, string>): string[] {
	if (!node) return [];
	if (ts.isStringLiteralLike(node)) return [node.text];
	if (ts.isConditionalExpression(node))
		return [...textsOf(node.whenTrue, numbers), ...textsOf(node.whenFalse, numbers)];
	if (!ts.isTemplateExpression(node)) return [];
	const filled = (hole: ts.Expression) => numbers.get(hole.getText()) ?? `‹${holeOf(hole)}›`;
	return [
		node.head.text +
			node.templateSpans
				.map(({ expression, literal }) => filled(expression) + literal.text)
				.join(''),
	];
}

/** With the holes as they come. */
const plain = (node: ts.StringLiteralLike | ts.TemplateExpression): string =>
	ts.isTemplateExpression(node)
		? node.head.text + node.templateSpans.map(({ literal }) => `‹›${literal.text}`).join('')
		: node.text;

/** What counts something. */
const COUNTS = new Set(['length', 'alerts', 'seconds', 'unserved', 'unreadable']);

/** A word for what is filled in: `call.text('format')` is the format, `names.length` a number. */
function holeOf(node: ts.Expression): string {
	if (ts.isCallExpression(node))
		return nameOf(node.expression) === 'join' ? 'names' : holeOf(node.arguments[0]!);
	if (ts.isStringLiteral(node)) return words(node.text);
	if (ts.isElementAccessExpression(node)) return 'state';
	const name = nameOf(node);
	return COUNTS.has(name) ? 'number' : words(name);
}

const words = (name: string): string =>
	name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Matches what the text becomes when it is filled in. */
export function patternOf(text: string): RegExp {
	const escaped = text.split(/‹[^›]*›/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(`^${escaped.join('[^]+?')}$`);
}

/** Code as it stands on one line, however it was broken into several. */
const onOneLine = (text: string) =>
	text
		.replace(/\s+/g, ' ')
		.replace(/([([]) /g, '$1')
		.replace(/,? ([)\]])/g, '$1');
