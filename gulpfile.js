const { dest, parallel, src } = require('gulp');

/** Icons lie beside nodes and credentials in dist, where their `file:../../icons/…` paths look for them. */
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));

/** n8n reads the codex (`*.node.json`: category, aliases, links) next to the compiled node. */
const codex = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));

/** What each operation returns, so that its fields can be mapped before anything ran; n8n reads it next to the node. */
const schemas = () => src('nodes/**/__schema__/**/*.json').pipe(dest('dist/nodes'));

exports.default = parallel(icons, codex, schemas);
