// Runs a server as its child, in its own process group, and ends it once the process that started this one is gone.
const { spawn } = require('node:child_process');
require('./keep-with-parent.cjs');

const [program, ...args] = process.argv.slice(2);
const server = spawn(program, args, { stdio: 'inherit' });
server.once('error', (error) => {
	console.error(error.message);
	process.exit(1);
});
server.once('exit', (code) => process.exit(code ?? 1));
// A signal goes to the whole group: the server has it, too, and this one ends with it.
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => undefined);
