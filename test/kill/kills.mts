import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../../host/wait.mts';
import { Instance, VERSIONS } from '../e2e/instance.mts';

/** `KILLS=3 npm run test:kill` for a short run. */
export const KILLS = Number(process.env.KILLS ?? 100);
const VERSION = VERSIONS[0]!;

/**
 * n8n that is killed while it activates a workflow at its start takes it up again only when its own
 * claim on that work has run out:
 * two minutes, here one. An activation that takes longer than 0.7 of that n8n gives up for good:
 * half a minute is too short for a busy machine.
 */
export const SHORT_CLAIM = {
	N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '60',
	N8N_WORKFLOW_PUBLICATION_OUTBOX_POLL_INTERVAL_MS: '2000',
};
const ALIVE_AGAIN_MS = 300_000;

/** Of starting n8n again, and of the last alerts' way through it. */
export const TIME_LIMIT_MS = ALIVE_AGAIN_MS + KILLS * 180_000;

const ALERTS_A_MINUTE = 600;
/** A kill comes at a random moment within so much time of the first poll after a start: some two polls. */
const KILL_WITHIN_MS = 5000;

interface Damage {
	kills: number;
	raised: number;
	/** Alerts in no execution. */
	lost: number;
	/** Copies beyond the first. */
	twice: number;
	/** Emitted, but never raised. */
	unknown: number;
}

/**
 * Kills a real n8n with -9 at random moments while alerts come in all the time, and counts what the
 * trigger emitted in n8n's
 * own database.
 */
export async function killAgainAndAgain(
	name: string,
	{ durable, options }: { durable: boolean; options: Record<string, unknown> },
): Promise<Damage> {
	const instance = await Instance.make(`kill-${name}`, VERSION, { durable, more: SHORT_CLAIM });
	try {
		const { n8n, simulator, rest } = instance;
		const workflowId = await instance.createWorkflow(
			await rest.createCredential(instance.credential()),
			options,
		);
		await rest.activate(workflowId);
		simulator.source.start({ perMinute: ALERTS_A_MINUTE });
		const nextPoll = async (): Promise<void> => {
			const asked = simulator.ledger.requests.length;
			await until('n8n polls', () => simulator.ledger.requests.length > asked, {
				limitMs: ALIVE_AGAIN_MS,
				everyMs: 5,
			});
		};
		const nextEmission = async (): Promise<void> => {
			const { delivered } = simulator.ledger.report();
			await until('n8n emits new alerts', () => simulator.ledger.report().delivered > delivered, {
				limitMs: ALIVE_AGAIN_MS,
			});
		};
		for (let kill = 1; kill <= KILLS; kill++) {
			await nextPoll();
			// On a busy machine the first poll after a start takes longer than all the time until the
			// kill, and the same would be tried for ever.
			if (kill % 2 === 0) await nextEmission();
			await wait(Math.random() * KILL_WITHIN_MS);
			await n8n.kill();
			await n8n.startAgain();
			if (kill % 10 === 0) console.log(`${name}: ${kill} of ${KILLS} kills`);
		}
		await nextPoll();
		simulator.source.stop();
		await caughtUp(instance);
		await until(
			'no execution is unfinished',
			async () =>
				(await instance.executions()).every(
					({ status }) => status !== 'new' && status !== 'running',
				),
			{ limitMs: 120_000 },
		);
		const damage = damageOf(simulator.ledger.expectedKeys(), await instance.emitted());
		console.log(`${name}: ${JSON.stringify(damage)}`);
		return damage;
	} finally {
		await instance.close();
	}
}

/** Waits until polls bring nothing any more: what has not come by then never comes. */
async function caughtUp(instance: Instance): Promise<void> {
	let before = -1;
	for (let now = 0; now > before; now = (await instance.executions()).length) {
		before = now;
		await instance.polls(5);
	}
}

function damageOf(raised: string[], emitted: string[]): Damage {
	const expected = new Set(raised);
	const arrived = new Set(emitted);
	return {
		kills: KILLS,
		raised: expected.size,
		lost: raised.filter((key) => !arrived.has(key)).length,
		twice: emitted.length - arrived.size,
		unknown: [...arrived].filter((key) => !expected.has(key)).length,
	};
}
