const { dest, parallel, src } = require('gulp');
const { Transform } = require('node:stream');

/** Icons lie beside nodes and credentials in dist, where their `file:../../icons/…` paths look for them. */
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));

/** n8n reads the codex (`*.node.json`: category, aliases, links) next to the compiled node. */
const codex = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));

/** What each operation returns, so that its fields can be mapped before anything ran; n8n reads it next to the node. */
const schemas = () => src('nodes/**/__schema__/**/*.json').pipe(dest('dist/nodes'));

/**
 * What the compiler writes in more words than the source: four spaces for a tab, and `(0, x.call)()`,
 * which only matters to functions that use `this`. The package may have 150 KB.
 */
const shorter = () =>
	src('dist/**/*.js')
		.pipe(
			new Transform({
				objectMode: true,
				transform(file, _encoding, done) {
					const text = file.contents.toString();
					file.contents = Buffer.from(
						text
							.replace(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4))
							.replace(/\(0, (\w+_\d+\.\w+)\)/g, '$1'),
					);
					done(null, file);
				},
			}),
		)
		.pipe(dest('dist'));

exports.default = parallel(icons, codex, schemas, shorter);
