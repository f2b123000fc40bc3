import { readFile } from 'node:fs/promises';
import { executionsAfter } from '../../host/executions.mts';
import type { Fault } from '../../simulator/simulator.mts';
import type { Deployment } from './deployments.mts';

/** A site that cannot be read for a while, and what n8n must say of it. */
interface Trouble {
	readonly what: string;
	readonly fault: Omit<Fault, 'match' | 'times'>;
	/** What must stand behind the site's name, in n8n's log or as the error of a failed execution. */
	readonly said: RegExp;
	/** The deployment and the workflow that poll it. */
	readonly at: readonly [deployment: number, workflow: number];
}

const TROUBLES: readonly Trouble[] = [
	{
		what: 'never answers',
		fault: { kind: 'timeout' },
		said: /did not answer in time/,
		at: [0, 0],
	},
	{
		what: 'answers 500',
		fault: { kind: 'status', status: 500 },
		said: /Cynet is not available|500/,
		at: [0, 1],
	},
	{
		what: 'answers with a web page and status 200',
		fault: { kind: 'page', page: 'maintenance' },
		said: /web page instead of data/,
		at: [0, 2],
	},
	{
		what: 'answers 403, as for the Client ID of a stranger',
		fault: {
			kind: 'status',
			status: 403,
			body: { Message: 'This user has no access to this client_id' },
		},
		said: /does not let the API user do this/,
		at: [1, 0],
	},
	{
		what: 'trickles, a byte a second',
		fault: { kind: 'trickle', everyMs: 1000 },
		said: /did not answer in time/,
		at: [1, 1],
	},
];

export interface SickSite {
	readonly site: string;
	readonly what: string;
	begin(): void;
	/** What n8n says of it; null for nothing, or nothing of what is wrong. */
	said(): Promise<string | null>;
}

/** The last site of its workflow: its turn comes last, until it is in trouble. */
export function sickSites(deployments: readonly Deployment[]): SickSite[] {
	return TROUBLES.map(({ what, fault, said, at: [number, workflow] }) => {
		const deployment = deployments[number]!;
		const site = deployment.workflows[workflow]!.at(-1)!;
		return {
			site,
			what,
			begin: () => deployment.simulator.faults.add({ ...fault, times: 'forever', match: { site } }),
			said: async () => await saidOf(deployment, site, said),
		};
	});
}

async function saidOf({ main }: Deployment, site: string, said: RegExp): Promise<string | null> {
	const log = await readFile(main.logFile, 'utf8');
	const errors = (await executionsAfter(main)).flatMap(({ error }) => error ?? []);
	const named = new RegExp(`Site ${site}: [^\\n]*`);
	for (const line of [...log.split('\n'), ...errors]) {
		const [sentence] = named.exec(line) ?? [];
		if (sentence !== undefined && said.test(sentence)) return sentence;
	}
	return null;
}
