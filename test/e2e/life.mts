import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../host/children.mts';
import { query } from '../../host/database.mts';
import { n8nEnvironment } from '../../host/environment.mts';
import { executionsAfter, type Execution } from '../../host/executions.mts';
import { freePorts } from '../../host/ports.mts';
import { until } from '../../host/wait.mts';
import type { Fault } from '../../simulator/faults.mts';
import { ARRIVAL_LIMIT_MS, Instance, POLL_TIMES } from './instance.mts';

type Json = Record<string, unknown>;

interface WorkflowNode extends Json {
	name: string;
	parameters: Json;
}

interface StoredWorkflow extends Json {
	readonly id: string;
	readonly versionId: string;
	nodes: WorkflowNode[];
	connections: Json;
}

const BULK = '/api/alerts/bulk';
const TRIGGER = 'Cynet Trigger';

let sites = 1001;

/** A workflow at a site of its own, so that what came of it can be told from all else in one n8n. */
export class Life {
	private constructor(
		readonly instance: Instance,
		readonly site: string,
		readonly credentialId: string,
		readonly workflowId: string,
		private readonly names: Set<string>,
	) {}

	/** Not yet published. @param names of its triggers */
	static async make(
		instance: Instance,
		options: Json = {},
		names: readonly string[] = [TRIGGER],
	): Promise<Life> {
		const site = String(++sites);
		instance.simulator.settings.sites.push(site);
		const credentialId = await instance.rest.createCredential(
			instance.credential({ clientId: site }),
		);
		const triggers = names.map((name, index) => ({
			id: crypto.randomUUID(),
			name,
			type: 'n8n-nodes-cynet.cynetTrigger',
			typeVersion: 1,
			position: [0, 200 * index],
			parameters: { pollTimes: POLL_TIMES, options },
			credentials: { cynetApi: { id: credentialId, name: 'Cynet' } },
		}));
		const end = {
			id: crypto.randomUUID(),
			name: 'End',
			type: 'n8n-nodes-base.noOp',
			typeVersion: 1,
			position: [240, 0],
			parameters: {},
		};
		const workflowId = await instance.rest.createWorkflow({
			name: `Site ${site}`,
			nodes: [...triggers, end],
			connections: connectionsOf(names),
		});
		return new Life(instance, site, credentialId, workflowId, new Set(names));
	}

	async publish(): Promise<string> {
		return (await this.instance.rest.activate(this.workflowId)).status;
	}

	/** Saves a new version and publishes it. */
	async change(edit: (nodes: WorkflowNode[]) => void): Promise<string> {
		const { rest } = this.instance;
		const { nodes, versionId } = await rest.request<StoredWorkflow>(
			'GET',
			`/workflows/${this.workflowId}`,
		);
		edit(nodes);
		const names = nodes.map(({ name }) => name).filter((name) => name !== 'End');
		for (const name of names) this.names.add(name);
		await rest.request('PATCH', `/workflows/${this.workflowId}`, {
			nodes,
			connections: connectionsOf(names),
			versionId,
		});
		return await this.publish();
	}

	/** As {@link change}, for the options of a trigger. */
	async set(options: Json, name?: string): Promise<string> {
		return await this.change((nodes) => {
			const node = nodes.find((one) => (name ? one.name === name : one.name !== 'End'))!;
			node.parameters = {
				...node.parameters,
				options: { ...(node.parameters.options as Json), ...options },
			};
		});
	}

	raise(count = 1): void {
		this.instance.simulator.raise(count, { site: this.site });
	}

	/** Plays this fault to the requests of this site alone. */
	fault(fault: Fault): void {
		this.instance.simulator.faults.add({ ...fault, match: { ...fault.match, site: this.site } });
	}

	/** Ends the faults of this site; those of others, whose lives go on beside this one, stay. */
	clearFaults(): void {
		const { faults } = this.instance.simulator;
		const others = faults.list().filter(({ match }) => match?.site !== this.site);
		faults.clear();
		faults.add(...others);
	}

	/** The next poll's page is held back that long; returns once it is under way. */
	async holdPoll(delayMs: number, alerts: number): Promise<void> {
		const { ledger } = this.instance.simulator;
		const held = () =>
			ledger.requests.filter(
				({ path, clientId, fault }) => path === BULK && clientId === this.site && fault === 'slow',
			).length;
		const before = held();
		this.raise(alerts);
		this.fault({ kind: 'slow', delayMs, match: { path: BULK }, times: 1 });
		await until('a poll is held back', () => held() > before, { everyMs: 20, limitMs: 70_000 });
	}

	/** What each execution of this workflow got from a trigger, by n8n's database. */
	private async executions(trigger?: string): Promise<Execution[]> {
		const names = trigger ? [trigger] : [...this.names];
		const ours = new Set(
			(
				await query<{ id: number }>(
					this.instance.n8n,
					'SELECT id FROM execution_entity WHERE "workflowId" = ?',
					this.workflowId,
				)
			).map(({ id }) => Number(id)),
		);
		const all = await Promise.all(
			names.map(async (name) => await executionsAfter(this.instance.n8n, 0, name)),
		);
		return all.flat().filter(({ id }) => ours.has(id));
	}

	/** The dedup keys that a trigger's executions got. */
	async emitted(trigger?: string, site = this.site): Promise<string[]> {
		const keys = (await this.executions(trigger)).flatMap(({ items }) =>
			items.map(({ dedupKey }) => String(dedupKey)),
		);
		return keys.filter((key) => key.startsWith(`cynet:${site}:`));
	}

	/** Waits until so many alerts have come, then three more polls, and says what is lost and what came twice. */
	async balance(
		expected: number,
		{ trigger, site = this.site }: { trigger?: string; site?: string } = {},
	): Promise<{ lost: number; twice: number }> {
		await until(
			'all alerts came',
			async () => new Set(await this.emitted(trigger, site)).size >= expected,
			{ everyMs: 500, limitMs: ARRIVAL_LIMIT_MS },
		).catch(() => undefined);
		await this.polls(3, site);
		// Of an execution that has not ended it cannot be told which trigger began it.
		await until(
			'no execution is unfinished',
			async () =>
				(await this.executions()).every(({ status }) => status !== 'new' && status !== 'running'),
			{ everyMs: 500 },
		);
		const keys = await this.emitted(trigger, site);
		const distinct = new Set(keys).size;
		return { lost: expected - distinct, twice: keys.length - distinct };
	}

	/** The static data and the durable cursors of the workflow, as n8n's database holds them. */
	async kept(): Promise<string> {
		const { n8n } = this.instance;
		const cursors = await query(
			n8n,
			'SELECT * FROM poller_state WHERE "workflowId" = ?',
			this.workflowId,
		).catch(() => []);
		return JSON.stringify([
			await query(n8n, 'SELECT "staticData" FROM workflow_entity WHERE id = ?', this.workflowId),
			cursors,
		]);
	}

	/** Waits for so many more requests to a site's list. */
	async polls(count: number, site = this.site): Promise<void> {
		const begun = () =>
			this.instance.simulator.ledger.requests.filter(
				({ path, clientId }) => path === BULK && clientId === site,
			).length;
		const before = begun();
		await until(`${count} more polls of ${site}`, () => begun() >= before + count, {
			limitMs: ARRIVAL_LIMIT_MS,
		});
	}

	/** Imports the workflow as it is on the command line, while n8n runs: it knows nothing of that. */
	async importAgain(durable: boolean): Promise<void> {
		const { n8n, rest } = this.instance;
		const workflow = await rest.request<StoredWorkflow>('GET', `/workflows/${this.workflowId}`);
		const file = join(n8n.userFolder, 'import.json');
		await writeFile(
			file,
			JSON.stringify([
				{
					id: workflow.id,
					name: workflow.name,
					nodes: workflow.nodes,
					connections: workflow.connections,
					settings: {},
					active: false,
				},
			]),
		);
		const [port = 0, brokerPort = 0] = await freePorts(2);
		const env = n8nEnvironment({
			userFolder: n8n.userFolder,
			installation: n8n.installation,
			port,
			brokerPort,
			durable,
		});
		const { tail } = await run(
			n8n.installation.node,
			[n8n.installation.bin, 'import:workflow', `--input=${file}`],
			{ cwd: n8n.userFolder, env },
		);
		// n8n 1.123 does not end with 0 even so.
		if (!tail.includes('Successfully imported')) throw new Error(tail);
	}

	async unpublish(): Promise<void> {
		await this.instance.rest.deactivate(this.workflowId);
	}
}

const connectionsOf = (triggers: readonly string[]) =>
	Object.fromEntries(
		triggers.map((name) => [name, { main: [[{ node: 'End', type: 'main', index: 0 }]] }]),
	);
