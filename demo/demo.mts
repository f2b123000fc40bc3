import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { accountOf } from '../host/account.mts';
import { installN8n } from '../host/install.mts';
import { N8n } from '../host/n8n.mts';
import { installPackage, packPackage } from '../host/package.mts';
import { HOSTS } from '../host/paths.mts';
import { freePort, freePorts } from '../host/ports.mts';
import { Rest } from '../host/rest.mts';
import { hasDurableCursors } from '../host/versions.mts';
import { startSimulator, type Simulator } from '../simulator/simulator.mts';
import { introduction } from './introduction.mts';
import { HELP, readOptions, type Options } from './options.mts';
import { Repairs } from './repair.mts';
import { Show } from './show.mts';
import { demoWorkflow } from './workflow.mts';

const OWNER = { email: 'demo@example.com', password: 'Demo-of-Cynet-360' };

/** Resolves at the first Ctrl+C or request to end; further ones change nothing, for everything is ending already. */
const stopped = new Promise<'stopped'>((resolve) => {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
		process.on(signal, () => resolve('stopped'));
});

let showing = false;

async function demo(options: Options): Promise<number> {
	const port = await choosePort(options.port, 5690, '--port');
	const simulatorPort = await choosePort(options.simulatorPort, 8360, '--simulator-port');
	const installation = await installN8n(options.n8nVersion);
	console.log('Building and packing the package …');
	const tarball = await packPackage();
	const userFolder = join(HOSTS, 'demo', String(port));
	// Fresh at each start: the counts begin at nothing, and so must n8n.
	await rm(userFolder, { recursive: true, force: true });
	await installPackage(installation, tarball, userFolder);

	const durable = hasDurableCursors(options.n8nVersion);
	const simulator = await startSimulator({ port: simulatorPort });
	const n8n = await N8n.make({ installation, userFolder, port, durable });
	try {
		const rest = new Rest(n8n);
		const show = new Show(
			simulator,
			n8n,
			new Repairs(n8n, rest, (key) => simulator.ledger.has(key)),
			`${OWNER.email}, ${OWNER.password}`,
		);
		simulator.collector = show;
		console.log(`The simulated Cynet 360 and its page: ${simulator.url}`);
		console.log(`Starting n8n ${options.n8nVersion} with an empty user folder …`);
		await n8n.start();
		const workflowId = await publish(rest, simulator);
		show.url = `${n8n.url}/workflow/${workflowId}`;
		simulator.source.start({ perMinute: options.rate });
		console.log(
			introduction({
				n8nUrl: n8n.url,
				workflowId,
				pid: n8n.pid,
				owner: OWNER,
				simulatorUrl: simulator.url,
				rate: options.rate,
				logFile: n8n.logFile,
				survivesKill: durable,
			}),
		);
		showing = true;
		await show.run(stopped, options.minutes);
		const { lost, twice } = show.end();
		return lost > 0 || twice > 0 ? 1 : 0;
	} finally {
		await n8n.stop(5000);
		await simulator.close();
	}
}

/**
 * Owner, credential and workflow, just as a user makes them in the editor. Throws with n8n's reason
 * if one is refused.
 */
async function publish(rest: Rest, simulator: Simulator): Promise<string> {
	await rest.setUpOwner(OWNER);
	const credential = accountOf(simulator, {}, 'Simulated Cynet 360');
	const credentialId = await rest.createCredential(credential);
	const test = await rest.testCredential(credentialId, credential);
	if (test.status !== 'OK') throw new Error(`n8n's test of the credential: ${test.message}`);
	return await rest.publish(demoWorkflow(credentialId, simulator.url));
}

async function choosePort(given: number | null, usual: number, option: string): Promise<number> {
	if (given !== null) return await freePort(given, option);
	return await freePort(usual, option).catch(async () => (await freePorts(1))[0] ?? 0);
}

async function main(): Promise<number> {
	const options = readOptions(process.argv.slice(2));
	if (options.help) {
		console.log(HELP);
		return 0;
	}
	return await demo(options);
}

// Before the show there is nothing worth an orderly end: what was started ends with this process.
const stoppedEarly = stopped.then(async () =>
	showing ? await new Promise<never>(() => undefined) : 130,
);
const failed = (error: unknown): number => {
	console.error(error instanceof Error ? error.message : String(error));
	return 2;
};
process.exit(await Promise.race([main().catch(failed), stoppedEarly]));
