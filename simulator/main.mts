import { parseArgs } from 'node:util';
import { startSimulator, type Simulator } from './simulator.mts';

const HELP = `Runs a simulated Cynet 360 on this machine.

Usage: npm run simulator -- [options]

  --port <n>      port to listen on (8360)
  --host <name>   address to listen on (127.0.0.1)
  --rate <n>      alerts a minute (6; 0 = none)
  --burst <n>     alerts that come at one moment (1)
  --sites <list>  client ids, comma-separated (1001)
  --seed <n>      the same seed raises the same alerts (1)
  --help          this text
`;

const OPTIONS = {
	port: { type: 'string', default: '8360' },
	host: { type: 'string', default: '127.0.0.1' },
	rate: { type: 'string', default: '6' },
	burst: { type: 'string', default: '1' },
	sites: { type: 'string', default: '1001' },
	seed: { type: 'string', default: '1' },
	help: { type: 'boolean', default: false },
} as const;

const introduction = ({
	url,
	settings,
	source,
}: Simulator): string => `The simulated Cynet 360 listens on ${url}

Credential of the n8n node:
  Base URL                 ${url}
  Username or Access Key   ${settings.username}
  Password or Secret Key   ${settings.password}
  Client ID                ${settings.sites.join(', ')}

Alerts: ${source.pace.perMinute} a minute, ${source.pace.burst} at a time
Ledger: POST ${url}/ledger/alerts takes delivered items, GET ${url}/ledger says what was lost or came twice
Page:   ${url}/ shows what goes on, has buttons to disturb it, and lists all endpoints, among them
  POST /control/raise   {"count": 10}
  POST /control/faults  {"kind": "status", "status": 429, "retryAfter": 7}
  POST /control/source  {"perMinute": 60, "burst": 20}

Stop it with Ctrl+C.
`;

/** A number option; the message names the option and the remedy. */
function numberOf(name: string, text: string): number {
	const value = Number(text);
	if (text.trim() === '' || !(value >= 0))
		throw new Error(`--${name}: send a number from 0 up, not "${text}"`);
	return value;
}

async function main(): Promise<void> {
	const { values } = parseArgs({ options: OPTIONS });
	if (values.help) return void process.stdout.write(HELP);
	const sites = values.sites
		.split(',')
		.map((site) => site.trim())
		.filter((site) => site !== '');
	if (sites.length === 0) throw new Error('--sites: name at least one client id');
	const pace = {
		perMinute: numberOf('rate', values.rate),
		burst: Math.max(1, Math.floor(numberOf('burst', values.burst))),
	};
	const simulator = await startSimulator({
		port: numberOf('port', values.port),
		host: values.host,
		sites,
		seed: numberOf('seed', values.seed),
	});
	simulator.source.start(pace);
	process.stdout.write(introduction(simulator));
	for (const signal of ['SIGINT', 'SIGTERM'] as const)
		process.once(signal, () => void simulator.close());
}

main().catch((error: unknown) => {
	process.stderr.write(
		`${error instanceof Error ? error.message : String(error)}\nSee npm run simulator -- --help\n`,
	);
	process.exitCode = 2;
});
