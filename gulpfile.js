const { dest, parallel, src } = require('gulp');
const { rmSync } = require('node:fs');
const { Transform } = require('node:stream');
const ts = require('typescript');

/** Icons lie beside nodes and credentials in dist, where their `file:../../icons/…` paths look for them. */
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));

/** n8n reads the codex (`*.node.json`: category, aliases, links) next to the compiled node. */
const codex = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));

/** Each file's text, changed. */
const changed = (change) =>
	new Transform({
		objectMode: true,
		transform(file, _encoding, done) {
			const text = change(file.contents.toString());
			// A module of types alone: nothing loads it.
			if (text.trim() === '"use strict";') return done(null, void rmSync(file.path));
			file.contents = Buffer.from(text);
			done(null, file);
		},
	});

/** What each operation returns, so that its fields can be mapped before anything ran; n8n reads it next to the node. */
const schemas = () =>
	src('nodes/**/__schema__/**/*.json')
		.pipe(changed((text) => JSON.stringify(JSON.parse(text))))
		.pipe(dest('dist/nodes'));

/** The calls `(0, module.name)(…)` that the compiler writes for `name(…)`, without the zero: it only matters to functions that use `this`. */
function withPlainCalls(text) {
	const file = ts.createSourceFile('', text, ts.ScriptTarget.Latest);
	const found = [];
	const visit = (node) => {
		const called = ts.isTaggedTemplateExpression(node)
			? node.tag
			: ts.isCallExpression(node) && node.expression;
		if (called && ts.isParenthesizedExpression(called)) {
			const { expression } = called;
			if (ts.isBinaryExpression(expression) && expression.left.getText(file) === '0')
				found.push([called, expression.right]);
		}
		ts.forEachChild(node, visit);
	};
	visit(file);
	return found
		.reverse()
		.reduce(
			(rest, [called, name]) =>
				rest.slice(0, called.getStart(file)) + name.getText(file) + rest.slice(called.end),
			text,
		);
}

/** Without the `exports.name = void 0;` that the compiler writes above the true value, and a mark for default exports: there are none. */
function withoutVoids(text) {
	const file = ts.createSourceFile('', text, ts.ScriptTarget.Latest);
	return file.statements
		.filter((statement) =>
			/^((exports\.\w+ = )+void 0|Object\.defineProperty\(exports, "__esModule", .*);$/.test(
				statement.getText(file),
			),
		)
		.reverse()
		.reduce((rest, { pos, end }) => rest.slice(0, pos) + rest.slice(end), text);
}

/** What the compiler writes in more words than the source, for the package may have 150 KB: tabs are four spaces each, too. */
const shorter = () =>
	src('dist/**/*.js')
		.pipe(
			changed((text) =>
				withoutVoids(withPlainCalls(text)).replace(/^(?: {4})+/gm, (spaces) =>
					'\t'.repeat(spaces.length / 4),
				),
			),
		)
		.pipe(dest('dist'));

exports.default = parallel(icons, codex, schemas, shorter);
