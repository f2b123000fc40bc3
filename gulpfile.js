const { dest, parallel, src } = require('gulp');
const { Transform } = require('node:stream');
const { n8n } = require('./package.json');

/** The files that n8n loads, as package.json names them, by their sources. */
const entries = Object.fromEntries(
	[...n8n.nodes, ...n8n.credentials].map((path) => {
		const name = path.replace(/^dist\/|\.js$/g, '');
		return [name, `${name}.ts`];
	}),
);

/**
 * One file for each node, for the credential type and for each layer of `nodes/shared`, as readable
 * as the sources: 190 small files take n8n more than twice the time to load.
 */
const code = async () => {
	const { build } = await import('rolldown');
	const layer = /nodes\/shared\/[\w-]+/;
	await build({
		input: entries,
		// What n8n or Node.js brings along.
		external: /^[^./]/,
		platform: 'node',
		tsconfig: 'tsconfig.json',
		output: {
			dir: 'dist',
			format: 'cjs',
			comments: false,
			entryFileNames: '[name].js',
			chunkFileNames: '[name].js',
			codeSplitting: {
				groups: [{ debugName: 'layers', name: (id) => layer.exec(id)[0], test: layer }],
			},
		},
	});
};

/** Icons lie beside nodes and credentials in dist, where their `file:../../icons/…` paths look for them. */
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));

/** n8n reads the codex (`*.node.json`: category, aliases, links) next to the compiled node. */
const codex = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));

/** What each operation returns, so that its fields can be mapped before anything ran; n8n reads it next to the node. */
const schemas = () =>
	src('nodes/**/__schema__/**/*.json')
		.pipe(
			new Transform({
				objectMode: true,
				transform(file, _encoding, done) {
					file.contents = Buffer.from(JSON.stringify(JSON.parse(file.contents.toString())));
					done(null, file);
				},
			}),
		)
		.pipe(dest('dist/nodes'));

exports.default = parallel(code, icons, codex, schemas);
