// The first step of `npm run demo`, in plain JavaScript: it runs before anything is installed.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	console.error(
		`The demo needs Node 20.19 or newer, and this is ${process.version}. Install a newer one (https://nodejs.org) and start again.`,
	);
	process.exit(2);
}
process.chdir(PROJECT);
if (!isInstalled()) await install();
const { register } = await import('tsx/esm/api');
register();
await import('./demo.mts');

/**
 * Whether each package of the lock file lies in node_modules in its version; npm notes there what
 * it has installed, at the end.
 */
function isInstalled() {
	const notes = 'node_modules/.package-lock.json';
	if (!existsSync(notes)) return false;
	const wanted = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
	const there = JSON.parse(readFileSync(notes, 'utf8')).packages;
	return Object.entries(wanted).every(([path, { version, optional, peer, devOptional }]) => {
		if (path === '' || optional || peer || devOptional) return true;
		return there[path]?.version === version && existsSync(path);
	});
}

async function install() {
	console.log('Installing the development tools with npm ci: one to two minutes …');
	const start = Date.now();
	const tick = setInterval(
		() => console.log(`  npm ci: ${Math.round((Date.now() - start) / 1000)} s`),
		5000,
	);
	const child = spawn('npm', ['ci'], { stdio: 'inherit' });
	const forward = (signal) => child.kill(signal);
	process.on('SIGINT', forward).on('SIGTERM', forward);
	const code = await new Promise((resolve) =>
		child.once('error', () => resolve(1)).once('exit', resolve),
	);
	process.off('SIGINT', forward).off('SIGTERM', forward);
	clearInterval(tick);
	if (code === 0) return;
	console.error(
		'npm ci did not succeed. Read its lines above; without a network connection to the npm registry the demo cannot be installed.',
	);
	process.exit(1);
}
