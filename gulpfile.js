const { dest, parallel, src } = require('gulp');
const { Transform } = require('node:stream');

/** Icons lie beside nodes and credentials in dist, where their `file:../../icons/…` paths look for them. */
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));

/** n8n reads the codex (`*.node.json`: category, aliases, links) next to the compiled node. */
const codex = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));

/** What each operation returns, so that its fields can be mapped before anything ran; n8n reads it next to the node. */
const schemas = () => src('nodes/**/__schema__/**/*.json').pipe(dest('dist/nodes'));

/** The compiler indents with four spaces each; with a tab the package is smaller, and reads like its source. */
const indentation = () =>
	src('dist/**/*.js')
		.pipe(
			new Transform({
				objectMode: true,
				transform(file, _encoding, done) {
					const text = file.contents.toString();
					file.contents = Buffer.from(
						text.replace(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4)),
					);
					done(null, file);
				},
			}),
		)
		.pipe(dest('dist'));

exports.default = parallel(icons, codex, schemas, indentation);
